"""Makes fastai.json: what fastai itself does with learning rates, in three parts.

schedules: every parameter group's rate and the momentum before each batch, of its fit methods.
finders: the four suggestions that it makes of recorded losses.
training: the loss of each of 30 steps of a ResNet-18, in float64, that TrainingPeerTests repeats.
finding: what its lr_find recorded of the same network and pictures, from 1e-6 to 3e-4 in 40 steps.

Needs: torch, torchvision, fastai. Run: python make_fastai.py, in this folder.
"""
import json
import math
import tempfile
from types import SimpleNamespace

import numpy as np
import torch

stub = torch.library.Library("torchvision", "DEF")
stub.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
stub.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
from fastai.callback.schedule import minimum, slide, steep, valley  # noqa: E402
from fastai.vision.all import (  # noqa: E402
    BCEWithLogitsLossFlat, Callback, DataLoaders, Learner, create_vision_model, params, resnet18)
from fastai.vision.learner import _resnet_split  # noqa: E402

torch.set_num_threads(2)
MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15


class Generator:
    """SeededGenerator of the Evaluation room."""

    def __init__(self, seed, *parts):
        self.state = seed
        for part in parts:
            self.state = self.next() ^ (part * 0xD6E8FEB86659FD93 & MASK)
        if parts:
            self.next()

    def next(self):
        self.state = self.state + GOLDEN & MASK
        z = self.state
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
        z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
        return z ^ z >> 31

    def permutation(self, count):
        order = list(range(count))
        for i in range(count - 1, 0, -1):
            j = int((self.next() >> 11) * 2.0**-53 * (i + 1))
            order[i], order[j] = order[j], order[i]
        return order


def bits(seed, index):
    """CounterRandom of the Neural room, over an array of indices."""
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + (index + np.uint64(1)) * np.uint64(GOLDEN)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def fresh(index, shape, seed=42):
    """A convolution's or linear layer's first weights, as Parameters.initialise draws them."""
    fan = shape[0] * math.prod(shape[2:]) if len(shape) == 4 else shape[1]
    stream = int(bits(seed, np.array([MASK ^ index], dtype=np.uint64))[0])
    at = np.arange(math.prod(shape), dtype=np.uint64)
    u = (bits(stream, 2 * at) >> np.uint64(11)).astype(np.float64) * 2.0**-53
    v = (bits(stream, 2 * at + np.uint64(1)) >> np.uint64(11)).astype(np.float64) * 2.0**-53
    normal = (np.sqrt(-2 * np.log(1 - u)) * np.cos(2 * np.pi * v)).astype(np.float32)
    values = np.sqrt(np.float32(2) / np.float32(fan)) * normal
    if len(shape) == 2:
        return values.reshape(shape[1], shape[0]).T
    return values.reshape(shape[2], shape[3], shape[1], shape[0]).transpose(3, 2, 0, 1)


class Batches:
    """A loader whose order is told an epoch at a time."""

    def __init__(self, epochs):
        self.epochs, self.epoch = epochs, 0

    def __len__(self):
        return len(self.epochs[0])

    def __iter__(self):
        self.epoch += 1
        return iter(self.epochs[(self.epoch - 1) % len(self.epochs)])

    def to(self, device):
        return self


class Recording(Callback):
    order = 70  # after the schedule's

    def __init__(self):
        self.rates, self.momenta, self.losses = [], [], []

    def before_batch(self):
        if self.training:
            self.rates.append([float(h["lr"]) for h in self.opt.hypers])
            self.momenta.append(float(self.opt.hypers[-1]["mom"]))

    def after_loss(self):
        if self.training:
            self.losses.append(self.learn.loss_grad.item())


# MARK: schedules

def schedule(name, run, count=7):
    batch = (torch.ones(2, 2), torch.zeros(2, 1))
    loader = Batches([[batch] * count])
    model = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Linear(2, 2), torch.nn.Linear(2, 1))
    learner = Learner(DataLoaders(loader, Batches([[batch]]), device=torch.device("cpu")), model,
                      loss_func=torch.nn.BCEWithLogitsLoss(), splitter=lambda m: [params(part) for part in m])
    recording = Recording()
    with learner.no_bar(), learner.no_logging():
        learner.add_cb(recording)
        run(learner)
    return {"name": name, "batches": count, "rates": recording.rates, "momenta": recording.momenta}


schedules = [
    schedule("one-cycle", lambda learner: learner.fit_one_cycle(3, 1e-3)),
    schedule("one-cycle slice", lambda learner: learner.fit_one_cycle(3, slice(1e-5, 1e-3))),
    schedule("one-cycle last", lambda learner: learner.fit_one_cycle(2, slice(1e-3))),
    schedule("fine-tune", lambda learner: learner.fine_tune(3, base_lr=3e-3, freeze_epochs=2)),
    schedule("flat-cosine", lambda learner: learner.fit_flat_cos(4, slice(1e-4, 2e-3))),
    schedule("flat", lambda learner: learner.fit(2, 1e-3)),
]


# MARK: finders

def finder(losses, num_it=100):
    """As Learner.lr_find picks from what its recorder holds."""
    rates = [1e-7 * (10 / 1e-7) ** (i / num_it) for i in range(len(losses))]
    lrs, part = torch.tensor(rates[num_it // 10:-5]), torch.tensor(losses[num_it // 10:-5])
    return {"losses": [float(loss) for loss in torch.tensor(losses)],
            "minimum": float(minimum(lrs, part, num_it)[0]), "steep": float(steep(lrs, part, num_it)[0]),
            "valley": float(valley(lrs, part, num_it)[0]), "slide": float(slide(lrs, part, num_it)[0])}


def curve(seed, count, noise, drop, rise):
    """A smoothed loss that falls by `drop` and then explodes."""
    random = np.random.RandomState(seed)
    raw, average, smooth = [], 0.0, []
    for i in range(count):
        raw.append(0.7 - drop / (1 + math.exp(-(i - 55) / 6)) + math.exp((i - rise) / 3) + noise * random.randn())
        average = 0.98 * average + 0.02 * raw[-1]
        smooth.append(average / (1 - 0.98 ** (i + 1)))
    return smooth


finders = [finder(curve(seed, count, noise, drop, rise)) for seed, count, noise, drop, rise in [
    (1, 100, 0.02, 0.4, 95), (2, 93, 0.05, 0.3, 88), (3, 100, 0.1, 0.1, 92), (4, 61, 0.01, 0.2, 55),
    (5, 100, 0.0, 0.5, 200), (6, 100, 0.3, 0.0, 400), (7, 34, 0.02, 0.0, 20)]]


# MARK: training

LABELS, TRAINING, COUNT, BATCH, EDGE = 4, 160, 176, 16, 64


def picture(index):
    """An 8 x 8 grid of colours, and which of four labels made it lighter."""
    random = Generator(7, index)
    target = [random.next() >> 63 for _ in range(LABELS)]
    grid = np.zeros((8, 8, 3), dtype=np.uint8)
    for y in range(8):
        for x in range(8):
            for c in range(3):
                grid[y, x, c] = (random.next() >> 58) + 64 * target[c] + (96 if target[3] and y < 4 else 0)
    return grid.repeat(EDGE // 8, 0).repeat(EDGE // 8, 1), target


def network(dtype):
    pictures = [picture(index) for index in range(COUNT)]
    mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    x = torch.stack([torch.from_numpy(image) for image, _ in pictures]).double()
    x = ((x / 255 - mean) / std).permute(0, 3, 1, 2).contiguous().to(dtype)
    t = torch.tensor([target for _, target in pictures]).to(dtype)
    epochs = []
    for epoch in range(5):
        order = Generator(42, 1, epoch).permutation(TRAINING)
        epochs.append([(x[order[i:i + BATCH]], t[order[i:i + BATCH]]) for i in range(0, TRAINING, BATCH)])
    model = create_vision_model(resnet18, LABELS, pretrained=False, ps=0.0)
    with torch.no_grad():
        for index, (name, parameter) in enumerate(model.named_parameters()):
            if parameter.ndim > 1:
                parameter.copy_(torch.from_numpy(fresh(index, tuple(parameter.shape)).copy()))
            else:
                parameter.fill_(1 if name.endswith("weight") else 1e-3 if name.startswith("1.") else 0)
    model = model.to(dtype)
    learner = Learner(DataLoaders(Batches(epochs), Batches([[(x[TRAINING:], t[TRAINING:])]]),
                                  device=torch.device("cpu")), model, loss_func=BCEWithLogitsLossFlat(),
                      splitter=_resnet_split, path=tempfile.mkdtemp())
    return learner


def training(dtype):
    learner, recording = network(dtype), Recording()
    with learner.no_bar(), learner.no_logging():
        learner.add_cb(recording)
        learner.fine_tune(2, base_lr=3e-4, freeze_epochs=1)
    return recording.losses, [float(value) for values in learner.recorder.values for value in values[1:2]]


def finding(dtype):
    learner = network(dtype)
    with learner.no_bar():
        learner.lr_find(start_lr=1e-6, end_lr=3e-4, num_it=40, show_plot=False, suggest_funcs=None)
    return [float(loss) for loss in learner.recorder.losses]


exact, validation = training(torch.float64)
rough, _ = training(torch.float32)
noise = max(abs(a - b) for a, b in zip(exact, rough))
found, roughly = finding(torch.float64), finding(torch.float32)
finding_noise = max(abs(a - b) for a, b in zip(found, roughly))
print("lr_find: float32 differs by", finding_noise, "steps", len(found), len(roughly), "losses", found[0], found[-1])
print("30 steps: float32 differs by", noise, "losses", exact[0], exact[-1], "validation", validation)


def rounded(x, digits=10):
    if isinstance(x, float):
        return float(f"{x:.{digits}g}")
    if isinstance(x, list):
        return [rounded(v, digits) for v in x]
    return {k: rounded(v, digits) for k, v in x.items()} if isinstance(x, dict) else x


result = {"schedules": rounded(schedules), "finders": rounded(finders, 17),
          "training": {"losses": rounded(exact), "validation": rounded(validation), "noise": noise},
          "finding": {"losses": rounded(found), "noise": finding_noise}}
with open("fastai.json", "w") as file:
    json.dump(result, file, separators=(",", ":"))
