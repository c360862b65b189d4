"""Makes the pictures beside it and what Pillow sees in them (<name>.rgb: width, height as u16 LE, then RGB bytes).

Needs: pillow, numpy. Run: python make_fixtures.py, in this folder.
"""
import struct
import zlib
from pathlib import Path
import numpy as np
from PIL import Image, ImageOps

W, H = 23, 17
rng = np.random.default_rng(5)
y, x = np.mgrid[0:H, 0:W]
rgb = np.stack([x * 11, y * 15, (x * y) % 256], 2).astype(np.uint8)
rgb[4:9, 5:15] = rng.integers(0, 256, (5, 10, 3))
picture = Image.fromarray(rgb)


def expect(name, image):
    image = image.convert("RGB")
    with open(name + ".rgb", "wb") as f:
        f.write(struct.pack("<HH", *image.size) + image.tobytes())


def jpeg(name, image, **options):
    image.save(name, "JPEG", quality=90, **options)
    expect(name, ImageOps.exif_transpose(Image.open(name)))


jpeg("baseline.jpg", picture)
jpeg("full chroma.JPEG", picture, subsampling=0)
jpeg("progressive.jfif", picture, progressive=True)
jpeg("restart.jpg", picture, restart_marker_blocks=1)
jpeg("grey.jpg", picture.convert("L"))
inks = picture.convert("CMYK")
jpeg("cmyk.jpg", inks)
jpeg("rgb.jpg", picture, keep_rgb=True)
# Markers beyond the eighth, after which they are counted from 0 again.
jpeg("many restarts.jpg", Image.fromarray(np.tile(rgb, (2, 2, 1))), subsampling=0, restart_marker_blocks=1)
# A quantiser for each of chroma.
flat = [[2 + k // 8 * step for k in range(64)] for step in (1, 2, 7)]
picture.save("three quantisers.jpg", "JPEG", qtables=flat, subsampling=0)
expect("three quantisers.jpg", Image.open("three quantisers.jpg"))


def adobe(data):
    """Where Adobe's segment begins, and where it ends."""
    at = data.index(b"\xFF\xEE")
    return at, at + 2 + int.from_bytes(data[at + 2:at + 4], "big")


def patched(name, data):
    Path(name).write_bytes(data)
    expect(name, Image.open(name))


data = Path("cmyk.jpg").read_bytes()
start, end = adobe(data)
patched("cmyk unmarked.jpg", data[:start] + data[end:])
# Pillow does not write YCCK: inks that are Y, Cb, Cr and K as its file has them, each the other way round, and Adobe's
# segment, whose last byte says so.
cmyk = np.asarray(inks)
ycc = np.asarray(Image.fromarray(np.ascontiguousarray(cmyk[..., :3])).convert("YCbCr"))
Image.fromarray(np.dstack([255 - ycc, cmyk[..., 3:]]), "CMYK").save("ycck.jpg", "JPEG", quality=90)
data = Path("ycck.jpg").read_bytes()
start, end = adobe(data)
patched("ycck.jpg", data[:end - 1] + b"\2" + data[end:])
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    jpeg(f"orientation{orientation}.jpg", picture, exif=exif)
# The other byte order, and a tag before the one that counts.
exif = Image.Exif()
exif.endian = "<"
exif[0x010F] = "Assay"
exif[0x0112] = 6
jpeg("little endian.jpg", picture, exif=exif)


def on_white(image):
    image = image.convert("RGBA")
    a = np.asarray(image).astype(int)
    alpha = a[..., 3:]
    return Image.fromarray(((a[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8))


def png(name, image, **options):
    image.save(name, "PNG", **options)
    expect(name, on_white(ImageOps.exif_transpose(Image.open(name))))


def raw_png(name, color, depth, rows, expected, interlace=0, extra=b""):
    """A PNG that Pillow cannot write: any depth and colour type, rows given as bytes."""
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    data = b"".join(b"\0" + row for row in rows)
    with open(name, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", W, H, depth, color, 0, 0, interlace))
                + extra + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b""))
    expect(name, Image.fromarray(expected.astype(np.uint8)))


alpha = Image.fromarray(np.dstack([rgb, ((x * 13 + y) % 256).astype(np.uint8)]))
grey = picture.convert("L")
png("rgb.PNG", picture)
png("rgba.png", alpha)
png("oriented.png", picture, exif=exif)
png("grey.png", grey)
png("grey alpha.png", alpha.convert("LA"))
png("palette.png", picture.quantize(32))
png("one bit.png", picture.convert("1"))
palette = picture.quantize(8)
png("palette transparent.png", palette, transparency=3)
palette16 = picture.quantize(16)
png("palette4.png", palette16, bits=4)
wide = rgb.astype(int) * 257
raw_png("rgb16.png", 2, 16, [wide[r].astype(">u2").tobytes() for r in range(H)], rgb)
grey16 = np.asarray(grey).astype(int) * 257
raw_png("grey16.png", 0, 16, [grey16[r].astype(">u2").tobytes() for r in range(H)], np.repeat(np.asarray(grey)[..., None], 3, 2))
grey2 = (np.asarray(grey) >> 6).astype(int)
packed = [bytes(sum(int(v) << (6 - 2 * i) for i, v in enumerate(row[c:c + 4])) for c in range(0, W, 4)) for row in grey2]
raw_png("grey2.png", 0, 2, packed, np.repeat((grey2 * 85)[..., None], 3, 2))
# Adam7: seven passes.
rows = []
for x0, y0, dx, dy in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)):
    rows += [row.tobytes() for row in rgb[y0::dy, x0::dx] if row.size]
raw_png("interlaced.png", 2, 8, rows, rgb, interlace=1)

cases = [(None, 11, 8), (None, 40, 30), (None, 23, 9), (None, 7, 17), ((3.25, 2.5, 17.75, 14.0), 8, 8),
         ((0.0, 4.0, 12.0, 9.0), 24, 24), ((5, 4, 6, 5), 3, 4), (None, 1, 1)]
with open("resize.bin", "wb") as f:
    for box, w, h in cases:
        full = box or (0, 0, W, H)
        f.write(struct.pack("<ddddHH", *full, w, h) + picture.resize((w, h), Image.BILINEAR, box=box).tobytes())
