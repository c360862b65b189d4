"""Makes png_matrix.bin: PNGs of every colour type, depth, interlace and transparency, and their pixels on white.

The files are written, and the pixels worked out, from the PNG specification alone; at the end Pillow is asked for a second
opinion where it can give one. Needs: numpy, pillow. Run: python make_png_matrix.py, in this folder.

png_matrix.bin: records of u16 LE length and name, u32 LE length and PNG, u16 LE width and height, then RGB bytes.
"""
import io
import struct
import warnings
import zlib
import numpy as np
from PIL import Image

GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}
DEPTHS = {GREY: (1, 2, 4, 8, 16), RGB: (8, 16), PALETTE: (1, 2, 4, 8), GREY_ALPHA: (8, 16), RGBA: (8, 16)}
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
rng = np.random.default_rng(11)


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def packed(row, depth):
    """Samples of one row as bytes: below 8 bits the first sample stands in the high bits."""
    values = [int(v) for v in row.reshape(-1)]
    if depth == 16:
        return b"".join(struct.pack(">H", v) for v in values)
    each = 8 // depth
    values += [0] * (-len(values) % each)
    return bytes(sum(v << (8 - depth * (i + 1)) for i, v in enumerate(values[at:at + each]))
                 for at in range(0, len(values), each))


def paeth(a, b, c):
    p = a + b - c
    return min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]


def filtered(rows, step):
    """The rows with their filter bytes, each row of another filter."""
    out, above = b"", bytes(len(rows[0])) if rows else b""
    for number, row in enumerate(rows):
        kind = number % 5
        left = bytes(step) + row
        corner = bytes(step) + above
        guess = {0: lambda i: 0, 1: lambda i: left[i], 2: lambda i: above[i], 3: lambda i: (left[i] + above[i]) // 2,
                 4: lambda i: paeth(left[i], above[i], corner[i])}[kind]
        out += bytes([kind]) + bytes((row[i] - guess(i)) & 255 for i in range(len(row)))
        above = row
    return out


def write(samples, color, depth, interlaced, extra):
    height, width, channels = samples.shape
    step = max(1, channels * depth // 8)
    parts = ADAM7 if interlaced else ((0, 0, 1, 1),)
    data = b""
    for x0, y0, dx, dy in parts:
        part = samples[y0::dy, x0::dx]
        if part.size:
            data += filtered([packed(row, depth) for row in part], step)
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, int(interlaced))
    body = zlib.compress(data)
    # Two IDAT chunks, as large files have them.
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", body[:7])
            + chunk(b"IDAT", body[7:]) + chunk(b"IEND", b""))


def expected(samples, color, depth, palette, transparent):
    """RGB bytes on white; a transparent colour is compared at full depth, then the high byte counts."""
    height, width, _ = samples.shape
    alpha = np.full((height, width), 255, int)
    if color == PALETTE:
        rgb = palette[samples[..., 0]]
        if transparent is not None:
            alphas = np.concatenate([transparent, np.full(256 - len(transparent), 255, int)])
            alpha = alphas[samples[..., 0]]
    else:
        wide = samples.astype(int)
        to8 = (lambda v: v >> 8) if depth == 16 else (lambda v: v * 255 // ((1 << depth) - 1))
        grey = color in (GREY, GREY_ALPHA)
        rgb = np.repeat(to8(wide[..., :1]), 3, 2) if grey else to8(wide[..., :3])
        if color in (GREY_ALPHA, RGBA):
            alpha = to8(wide[..., -1])
        elif transparent is not None:
            alpha = np.where((wide == transparent).all(2), 0, 255)
    alpha = alpha[..., None]
    return ((rgb * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)


def pillows(png, color, depth, transparent):
    """What Pillow sees, or None where it keeps 16-bit grey's depth, or compares tRNS with samples of another depth."""
    if depth == 16 and (color == GREY or transparent is not None):
        return None
    if color == GREY and depth in (2, 4) and transparent is not None:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image = np.asarray(Image.open(io.BytesIO(png)).convert("RGBA")).astype(int)
    alpha = image[..., 3:]
    return ((image[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)


records, compared = [], 0


def add(name, width, height, color, depth, interlaced, is_transparent=False, extra=b""):
    global compared
    samples = rng.integers(0, 1 << depth, (height, width, CHANNELS[color]))
    palette = transparent = None
    if color == PALETTE:
        palette = rng.integers(0, 256, (1 << depth, 3))
        extra += chunk(b"PLTE", palette.astype(np.uint8).tobytes())
        if is_transparent:
            transparent = rng.integers(0, 256, max(1, (1 << depth) * 3 // 4))
            extra += chunk(b"tRNS", transparent.astype(np.uint8).tobytes())
    elif is_transparent:
        transparent = samples[height // 2, width // 2]
        # Its neighbour has the same high byte and another low one.
        samples[0, 0] = transparent ^ (1 if depth == 16 else 0)
        extra += chunk(b"tRNS", b"".join(struct.pack(">H", int(v)) for v in transparent))
    png = write(samples, color, depth, interlaced, extra)
    pixels = expected(samples, color, depth, palette, transparent)
    seen = pillows(png, color, depth, transparent)
    if seen is not None:
        compared += 1
        assert (seen == pixels).all(), name
    name = name.encode()
    records.append(struct.pack("<H", len(name)) + name + struct.pack("<I", len(png)) + png
                   + struct.pack("<HH", width, height) + pixels.tobytes())


NAMES = {GREY: "grey", RGB: "rgb", PALETTE: "palette", GREY_ALPHA: "grey-alpha", RGBA: "rgba"}
for color, depths in DEPTHS.items():
    for depth in depths:
        for interlaced in (False, True):
            for is_transparent in ((False, True) if color in (GREY, RGB, PALETTE) else (False,)):
                add(f"{NAMES[color]}{depth}{' adam7' if interlaced else ''}{' tRNS' if is_transparent else ''}", 11, 9,
                    color, depth, interlaced, is_transparent)
# Passes without a pixel.
for width, height in ((1, 1), (2, 3), (5, 1), (1, 5), (4, 4)):
    add(f"rgb16 adam7 {width}x{height}", width, height, RGB, 16, True)
    add(f"grey1 adam7 {width}x{height}", width, height, GREY, 1, True)
# Chunks that describe colours, or a background, and do not change the samples.
gamma = chunk(b"gAMA", struct.pack(">I", 100000))
profile = chunk(b"iCCP", b"broken\0\0" + zlib.compress(b"no profile at all"))
chromaticities = chunk(b"cHRM", struct.pack(">8I", 31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000))
for color, depth in ((GREY, 8), (GREY_ALPHA, 16), (RGB, 8), (RGB, 16), (RGBA, 8), (RGBA, 16)):
    background = chunk(b"bKGD", bytes(2 * (1 if color in (GREY, GREY_ALPHA) else 3)))
    significant = chunk(b"sBIT", bytes([5] * CHANNELS[color]))
    for name, extra in (("gAMA", gamma), ("gAMA cHRM", gamma + chromaticities), ("sRGB", chunk(b"sRGB", b"\3")),
                        ("bad iCCP", profile), ("sBIT bKGD", significant + background)):
        add(f"{NAMES[color]}{depth} {name}", 5, 4, color, depth, depth == 16, extra=extra)

with open("png_matrix.bin", "wb") as f:
    f.write(b"".join(records))
print(len(records), "pictures,", compared, "of them as Pillow sees them")
