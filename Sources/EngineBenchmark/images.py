#!/usr/bin/env python3
"""Pillow's side of `engine-benchmark images`: images.py JPEG REPEATS prints two medians in milliseconds: of a full
decode, and of a decode, a crop of the middle 60 % of each edge and its resize to 224. Needs Pillow."""

import statistics
import sys
import time

from PIL import Image


def median(repeats, body):
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        body()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def decode(path):
    picture = Image.open(path)
    picture.load()
    return picture


def crop(path):
    picture = decode(path)
    width, height = picture.size
    box = (width // 5, height // 5, width * 4 // 5, height * 4 // 5)
    return picture.resize((224, 224), Image.Resampling.BILINEAR, box=box)


if __name__ == "__main__":
    path, repeats = sys.argv[1], int(sys.argv[2])
    print(median(repeats, lambda: decode(path)), median(repeats, lambda: crop(path)))
