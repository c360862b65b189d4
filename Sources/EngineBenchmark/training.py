#!/usr/bin/env python3
"""fastai and Assay trained on the same folder: the same network, size, split, schedule, rates and epochs.

    training.py DEMO --assay .build/release/assay --seeds 1 2 3 --epochs 4

DEMO is a folder that `assay demo` made, or any with labels.csv (fname,labels,is_valid) and images. Prints a Markdown row
for each training: accuracy_multi and mean average precision of the validation images after the last epoch, the seconds
of each epoch with its loading and validation, and of the whole program. Without --assay fastai's alone. Nothing else
should use the cores meanwhile; the two take turns, seed by seed.

Both start from fresh weights of their own making and draw their own random crops, so their figures differ as two seeds'
do. Requirements, Python 3.11: torch==2.13.0 torchvision==0.28.0 fastai==2.8.12 scikit-learn pandas (see peers.py).
"""

import argparse
import csv
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SIZE, BATCH, MIN_SCALE = 128, 64, 0.35


def fastai(options, seed):
    """One training in fastai; a process of its own, so that each pays its imports."""
    import warnings

    warnings.filterwarnings("ignore")
    import torch
    from peers import torchvision_models

    resnet18 = torchvision_models(torch).resnet18
    import pandas
    from fastai.callback.core import Callback
    from fastai.vision.all import (
        CategoryMap, ColReader, ColSplitter, DataBlock, FlipItem, ImageBlock, MultiCategoryBlock, Normalize,
        RandomResizedCrop, accuracy_multi, imagenet_stats, set_seed, vision_learner)
    from sklearn.metrics import average_precision_score

    torch.set_num_threads(options.threads)
    set_seed(seed, reproducible=True)
    table = pandas.read_csv(f"{options.folder}/labels.csv", keep_default_na=False)
    block = DataBlock(
        blocks=(ImageBlock, MultiCategoryBlock(vocab=sorted({l for ls in table.labels for l in ls.split(";") if l}))),
        get_x=ColReader("fname", pref=f"{options.folder}/images/"),
        get_y=lambda row: [label for label in row["labels"].split(";") if label],
        splitter=ColSplitter(),
        item_tfms=[RandomResizedCrop(SIZE, min_scale=MIN_SCALE), FlipItem(0.5)],
        batch_tfms=Normalize.from_stats(*imagenet_stats))
    loaders = block.dataloaders(table, bs=BATCH, num_workers=options.workers)
    learner = vision_learner(loaders, resnet18, pretrained=False, normalize=False, metrics=accuracy_multi)
    learner.unfreeze()
    times = []

    class Clock(Callback):
        def before_epoch(self):
            self.began = time.perf_counter()

        def after_epoch(self):
            times.append(time.perf_counter() - self.began)

    with learner.no_bar(), learner.no_logging():
        learner.fit_one_cycle(options.epochs, options.lr, cbs=Clock())
        scores, targets = learner.get_preds(dl=loaders.valid)
    carried = targets.sum(0) > 0
    return {
        "accuracy_multi": float(accuracy_multi(scores, targets, sigmoid=False)),
        "mean_average_precision": float(average_precision_score(targets[:, carried], scores[:, carried])),
        "epochs": times,
    }


def assay(options, seed):
    folder = Path(tempfile.mkdtemp(prefix="training-"))
    try:
        subprocess.run(
            [options.assay, "train", "--labels", f"{options.folder}/labels.csv", "--images",
             f"{options.folder}/images", "--out", folder / "run", "--arch", "resnet18", "--size", str(SIZE),
             "--batch-size", str(BATCH), "--min-scale", str(MIN_SCALE), "--epochs", str(options.epochs), "--lr",
             str(options.lr), "--seed", str(seed), "--threads", str(options.threads)],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        figures = json.load(open(folder / "run/record.json"))["figures"]
        times = [float(row["time"]) for row in csv.DictReader(open(folder / "run/history.csv"))]
        return {
            "accuracy_multi": figures["accuracy_multi"], "mean_average_precision": figures["mean_average_precision"],
            "epochs": times}
    finally:
        shutil.rmtree(folder)


def in_a_process(options, seed):
    words = [sys.executable, __file__, options.folder, "--one", str(seed), "--epochs", str(options.epochs), "--lr",
             str(options.lr), "--threads", str(options.threads), "--workers", str(options.workers)]
    return json.loads(subprocess.run(words, check=True, stdout=subprocess.PIPE).stdout.splitlines()[-1])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Trains fastai and Assay on the same folder.")
    parser.add_argument("folder")
    parser.add_argument("--assay", help="the program; without it fastai alone")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--lr", type=float, default=3e-3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--workers", type=int, default=0, help="fastai's loading processes; none are the fastest on two cores")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one is not None:
        print(json.dumps(fastai(options, options.one)))
        sys.exit()
    print("| | seed | accuracy_multi | mean average precision | an epoch, s | program, s |\n|---|---|---|---|---|---|")
    for seed in options.seeds:
        for name, train in [("fastai", in_a_process)] + ([("Assay", assay)] if options.assay else []):
            began = time.perf_counter()
            got = train(options, seed)
            seconds = time.perf_counter() - began
            epochs = ", ".join(f"{value:.1f}" for value in got["epochs"])
            print(
                f"| {name} | {seed} | {got['accuracy_multi']:.4f} | {got['mean_average_precision']:.4f} | {epochs} "
                f"| {seconds:.1f} |", flush=True)
