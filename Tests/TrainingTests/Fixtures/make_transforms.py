"""Makes transforms.json: what fastai itself draws and does with its transforms.

histograms: of 20000 draws of a kind, the share that falls in each of equal bins of a range.
views: a noise picture seen through drawn flips, warps, rotations and zooms, composed into one interpolation.
lighting: a few colours after brightness, contrast, saturation and hue.

Needs: torch, torchvision, fastai, Pillow. Run: python make_transforms.py, in this folder.
"""
import json
import math
import random

import numpy as np
import torch
from PIL import Image

stub = torch.library.Library("torchvision", "DEF")
stub.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
stub.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
from fastai.vision.augment import (  # noqa: E402
    Brightness, Contrast, Flip, Hue, RandomErasing, RandomResizedCrop, RandomResizedCropGPU, Rotate, Saturation, Warp,
    Zoom, _BrightnessLogit, _ContrastLogit, _WarpCoord, rotate_mat, setup_aug_tfms, zoom_mat)
from fastai.vision.core import TensorImage  # noqa: E402

random.seed(1)
torch.manual_seed(1)
COUNT, BINS = 20000, 10


def histogram(values, low, high):
    counts, _ = np.histogram(np.asarray(values, dtype=float), BINS, (low, high))
    return {"low": low, "high": high, "shares": [round(c / len(values), 5) for c in counts]}


def crops(width, height):
    crop = RandomResizedCrop(224, min_scale=0.35)
    picture = Image.new("RGB", (width, height))
    areas, ratios = [], []
    for _ in range(COUNT):
        crop.before_call(picture, 0)
        w, h = crop.cp_size
        areas.append(w * h / (width * height))
        ratios.append(math.log(w / h))
    return areas, ratios


many = torch.zeros(COUNT, 1, 1, 1)
areas, ratios = crops(1280, 960)
rotations = rotate_mat(many, max_deg=10, p=0.75)
zooms = zoom_mat(many, max_zoom=1.1, p=0.75)
warp = _WarpCoord(magnitude=0.2, p=0.75)
warp.before_call(many)
brightness, contrast = _BrightnessLogit(0.2, 0.75), _ContrastLogit(0.2, 0.75)
brightness.before_call(many)
contrast.before_call(many)
square = RandomResizedCropGPU(460, min_scale=0.75, ratio=(1, 1))
sides = []
for _ in range(COUNT):
    square.before_call(torch.zeros(1, 3, 720, 720), 0)
    sides.append(square.cp_size[0] * square.cp_size[1] / 720**2)
erasing = RandomErasing(p=1)
erased = []
for _ in range(COUNT):
    top, bottom, left, right = erasing._bounds(128 * 128, 128, 128)
    erased.append((min(bottom, 128) - top) * (min(right, 128) - left) / 128**2)
histograms = {
    "area": histogram(areas, 0.34, 1.001),
    "log_ratio": histogram(ratios, -0.3, 0.3),
    "angle": histogram(torch.atan2(rotations[:, 0, 1], rotations[:, 0, 0]).numpy() * 180 / math.pi, -10.7, 10.5),
    "zoom": histogram((1 / zooms[:, 0, 0]).numpy(), 0.995, 1.105),
    "warp": histogram((-1 - warp.targ_pts[:, 0, 1]).numpy(), -0.215, 0.21),
    "level": histogram(brightness.change.numpy(), 0.39, 0.605),
    "log_contrast": histogram(contrast.change.log().numpy(), -0.24, 0.235),
    "square_area": histogram(sides, 0.74, 1.001),
    "erased": histogram(erased, 0, 0.31),
}


def close(value):
    return [round(float(v), 5) for v in np.asarray(value).flatten()]


pixels = np.random.default_rng(3).integers(0, 256, (40, 40, 3), dtype=np.uint8)
source = TensorImage(torch.tensor(pixels).permute(2, 0, 1)[None] / 255)
views = []
for flips, degrees, zoom, across, down, x, y in [
        (0, 0, 1, 0.5, 0.5, 0, 0), (1, 0, 1, 0.5, 0.5, 0, 0), (0, 9, 1, 0.5, 0.5, 0, 0), (0, 0, 1.1, 0.2, 0.9, 0, 0),
        (0, 0, 1, 0.5, 0.5, 0.15, -0.1), (1, -7, 1.08, 0.3, 0.8, -0.2, 0.12)]:
    transforms = setup_aug_tfms([
        Flip(p=1, draw=flips, size=24), Warp(p=1, draw_x=x, draw_y=y, size=24), Rotate(p=1, draw=degrees, size=24),
        Zoom(p=1, draw=zoom, draw_x=across, draw_y=down, size=24)])
    seen = transforms[0](source.clone(), split_idx=0)
    views.append({
        "flips": bool(flips), "degrees": degrees, "zoom": zoom, "across": across, "down": down, "x": x, "y": y,
        "seen": close(seen[0].permute(1, 2, 0))})

colours = [[0, 0.5, 1], [0.2, 0.2, 0.2], [0.9, 0.1, 0.4], [0.3, 0.8, 0.05], [0.001, 0.002, 0.999], [0.4, 0.3, 0.9]]
lighting = []
for level, factor, colour, turn in [
        (0.6, 1, 1, 0), (0.4, 0.8, 1, 0), (0.55, 1.25, 1, 0), (0.5, 1, 0.6, 0), (0.45, 1.1, 1.3, 0), (0.5, 1, 1, 0.93),
        (0.5, 1, 1, 1.07)]:
    x = TensorImage(torch.tensor(colours).T[None, :, :, None].clone())
    steps = [Brightness(p=1, draw=level), Contrast(p=1, draw=factor), Saturation(p=1, draw=colour)]
    if turn:
        steps.append(Hue(p=1, draw=turn))
    for step in setup_aug_tfms(steps):
        x = step(x, split_idx=0)
    lighting.append({
        "level": level, "contrast": factor, "saturation": colour, "hue": turn,
        "colours": close(x[0, :, :, 0].T)})

with open("transforms.json", "w") as file:
    json.dump({
        "histograms": histograms, "pixels": pixels.flatten().tolist(), "views": views,
        "colours": close(colours), "lighting": lighting}, file, separators=(",", ":"))
    file.write("\n")
