#!/usr/bin/env python3
"""Pillow's side of `engine-benchmark images`. Says in one line what it is, then answers each line, a task and a JPEG's
path, with the milliseconds that it took: "decode" all of it, "crop" the middle 60 % of each edge out of that and resize
it to 224, or "draft", the same with the decoder halving the picture. Needs Pillow."""

import sys
import time

import PIL
from PIL import Image, features


def crop(picture):
    width, height = picture.size
    box = (width // 5, height // 5, width * 4 // 5, height * 4 // 5)
    return picture.resize((224, 224), Image.Resampling.BILINEAR, box=box)


def perform(task, path):
    picture = Image.open(path)
    if task == "draft":
        picture.draft("RGB", (picture.width // 2, picture.height // 2))
    picture.load()
    return picture if task == "decode" else crop(picture)


if __name__ == "__main__":
    print(f"Pillow {PIL.__version__}, libjpeg-turbo {features.version_feature('libjpeg_turbo')}", flush=True)
    for line in sys.stdin:
        task, path = line.rstrip("\n").split(" ", 1)
        began = time.perf_counter()
        perform(task, path)
        print((time.perf_counter() - began) * 1000, flush=True)
