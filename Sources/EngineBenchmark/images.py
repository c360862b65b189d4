#!/usr/bin/env python3
"""Pillow's side of `engine-benchmark images`. Says in one line what it is, then answers each line, a task, a box in pixels
of the whole picture (left, top, right, bottom) and a folder of JPEGs, with the milliseconds that each took: "decode" all of
it, "crop" the box out of that and resize it to 224, "draft", the same with the decoder halving the picture, or "squish" all
of it to 256 and keep the 224 in its middle. Needs Pillow."""

import os
import sys
import time

import PIL
from PIL import Image, features


def perform(task, box, path):
    picture = Image.open(path)
    width = picture.width
    if task == "draft":
        picture.draft("RGB", (picture.width // 2, picture.height // 2))
    picture.load()
    if task == "decode":
        return picture
    if task == "squish":
        return picture.resize((256, 256), Image.Resampling.BILINEAR).crop((16, 16, 240, 240))
    scale = picture.width / width
    return picture.resize((224, 224), Image.Resampling.BILINEAR, box=[edge * scale for edge in box])


if __name__ == "__main__":
    print(f"Pillow {PIL.__version__}, libjpeg-turbo {features.version_feature('libjpeg_turbo')}", flush=True)
    for line in sys.stdin:
        task, *box, folder = line.rstrip("\n").split(" ", 5)
        box = [float(edge) for edge in box]
        paths = [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
        began = time.perf_counter()
        for path in paths:
            perform(task, box, path)
        print((time.perf_counter() - began) * 1000 / len(paths), flush=True)
