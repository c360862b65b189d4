"""Makes resnet.json: what PyTorch (float64) says of torchvision's ResNets on reproducible numbers.

Needs: torch, torchvision, numpy. Run: python make_fixtures.py, in this folder.
Weights and images are not stored: ReferenceNumbers.swift draws the same ones.
"""
import json
import numpy as np
import torch

stub = torch.library.Library("torchvision", "DEF")
stub.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
stub.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
import torchvision  # noqa: E402

torch.set_default_dtype(torch.float64)
LABELS = 5


def numbers(name, count):
    """SplitMix64 over FNV-1a of the name: uniform in [-1, 1), 24 bits, exactly representable in float32."""
    seed = np.uint64(0xCBF29CE484222325)
    with np.errstate(over="ignore"):
        for byte in name.encode():
            seed = (seed ^ np.uint64(byte)) * np.uint64(0x100000001B3)
        z = seed + (np.arange(1, count + 1, dtype=np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.float64) * 2.0**-23 - 1


def value(name, shape, firm=False):
    u = torch.from_numpy(numbers(name, int(np.prod(shape)))).reshape(shape)
    if firm and len(shape) == 1 and name.endswith(("weight", "bias")) and ("bn" in name or "downsample" in name):
        # Norms stand 2.5 standard deviations above their gates or, every other channel, below: few values are near theirs.
        side = 0.4 if name.endswith("weight") else torch.from_numpy(1 - 2.0 * (np.arange(shape[0]) % 2))
        return (side * (1 + 0.1 * u)).float().double()
    if name.endswith("running_mean"):
        return (0.1 * u).float().double()
    if name.endswith("running_var"):
        return (1 + 0.5 * u.abs()).float().double()
    if len(shape) == 1:
        # A quiet last norm of each bottleneck, as in trained networks.
        one = 0.2 if ".bn3." in name else 1
        return ((one if name.endswith("weight") else 0) + 0.1 * one * u).float().double()
    bound = np.float32(np.sqrt(np.float32(6) / np.float32(np.prod(shape[1:]))))
    return (u.float() * torch.tensor(bound, dtype=torch.float32)).double()


class MaxAverage(torch.nn.Module):
    def forward(self, x):
        return torch.cat([x.amax((2, 3)), x.mean((2, 3))], 1)


def network(arch, head, firm=False):
    model = getattr(torchvision.models, arch)(num_classes=LABELS)
    if head == "fastai":
        features = model.fc.in_features
        parts = [("bn1", torch.nn.BatchNorm1d(2 * features)), ("linear1", torch.nn.Linear(2 * features, 512, bias=False)),
                 ("relu", torch.nn.ReLU()), ("bn2", torch.nn.BatchNorm1d(512)),
                 ("linear2", torch.nn.Linear(512, LABELS, bias=False))]
        model.avgpool, model.fc = MaxAverage(), torch.nn.Identity()
        model.head = torch.nn.Sequential()
        for name, module in parts:
            model.head.add_module(name, module)
        body = model.forward
        model.forward = lambda x: model.head(body(x))
    state = {k: v if k.endswith("tracked") else value(k, tuple(v.shape), firm) for k, v in model.state_dict().items()}
    model.load_state_dict(state)
    return model


def images(count, height, width, draw=0):
    return torch.from_numpy(numbers(f"images {count} {height} {width} {draw}", count * height * width * 3)).reshape(
        count, height, width, 3).permute(0, 3, 1, 2).contiguous()


def targets(count):
    return (torch.from_numpy(numbers(f"targets {count}", count * LABELS)).reshape(count, LABELS) > 0).double()


def samples(name, tensor):
    flat = tensor.detach().reshape(-1)
    at = ((numbers("samples " + name, 24) + 1) / 2 * flat.numel()).astype(int)
    return [float(flat[i]) for i in at]


def inference(arch, head, height, width):
    with torch.no_grad():
        return {"arch": arch, "head": head, "height": height, "width": width,
                "logits": network(arch, head).eval()(images(2, height, width)).reshape(-1).tolist()}


# A rounding error may flip a ReLU's gate, and then moves a deep gradient by far more than itself: any two correct float32
# programs differ by a percent on such images. So images are drawn again until small changes of the weights, and float32
# in PyTorch itself, leave the gradients as they are. A ResNet-50 has too many gates for that: its norms hold them firm.
NUDGES = 2


def nudge(model, seed):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for p in model.parameters():
            p.mul_(1 + 1e-6 * (2 * torch.rand(p.shape, generator=generator, dtype=p.dtype) - 1))


def step(arch, head, x, dtype=torch.float64, seed=None, firm=False):
    model = network(arch, head, firm).train().to(dtype)
    if seed is not None:
        nudge(model, seed)
    logits = model(x.to(dtype))
    loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, targets(len(x)).to(dtype))
    loss.backward()
    return model, logits, loss


def difference(model, other):
    named = dict(other.named_parameters())
    return max(float((named[n].grad.double() - p.grad).norm() / p.grad.norm()) for n, p in model.named_parameters())


def training(arch, head, count, height, width, firm=False):
    for draw in range(400):
        x = images(count, height, width, draw)
        model, logits, loss = step(arch, head, x, firm=firm)
        noise = difference(model, step(arch, head, x, torch.float32, firm=firm)[0])
        for seed in range(NUDGES):
            if noise < 4e-4:
                noise = max(noise, difference(model, step(arch, head, x, seed=seed, firm=firm)[0]))
        print(arch, head, draw, noise, flush=True)
        if noise < 4e-4:
            break
    gradients = {n: {"norm": float(p.grad.norm()), "samples": samples(n, p.grad)} for n, p in model.named_parameters()}
    running = {n: samples(n, b) for n, b in model.named_buffers() if not n.endswith("tracked")}
    return {"arch": arch, "head": head, "count": count, "height": height, "width": width, "draw": draw, "firm": firm,
            "loss": float(loss.detach()), "noise": noise,
            "logits": logits.reshape(-1).tolist(), "gradients": gradients, "running": running}


def trajectory(arch, x, steps, lr, mom=0.9, sqr=0.99, eps=1e-5, wd=0.01, dtype=torch.float64, seed=None):
    """fastai's Adam, restated: decoupled decay first, not on norms and biases; then the debiased step."""
    model = network(arch, "fastai").train().to(dtype)
    if seed is not None:
        nudge(model, seed)
    x, t, losses, state = x.to(dtype), targets(len(x)).to(dtype), [], {}
    for step in range(1, steps + 1):
        model.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(model(x), t)
        loss.backward()
        losses.append(float(loss.detach()))
        with torch.no_grad():
            for n, p in model.named_parameters():
                avg, square = state.setdefault(n, [torch.zeros_like(p), torch.zeros_like(p)])
                avg.mul_(mom).add_(p.grad, alpha=1 - mom)
                square.mul_(sqr).addcmul_(p.grad, p.grad, value=1 - sqr)
                if p.ndim > 1:
                    p.mul_(1 - lr * wd)
                p.addcdiv_(avg, (square / (1 - sqr**step)).sqrt() + eps, value=-lr / (1 - mom**step))
    return losses


def adam(arch, count, size, steps, lr=1e-4):
    for draw in range(400):
        x = images(count, size, size, draw)
        losses = trajectory(arch, x, steps, lr)
        others = [trajectory(arch, x, steps, lr, dtype=torch.float32)]
        others += [trajectory(arch, x, steps, lr, seed=seed) for seed in range(NUDGES)]
        noise = max(abs(a - b) for other in others for a, b in zip(losses, other))
        print("adam", draw, noise, flush=True)
        if noise < 6e-5:
            break
    return {"arch": arch, "count": count, "size": size, "draw": draw, "lr": lr, "losses": losses}


def rounded(x):
    if isinstance(x, float):
        return float(f"{x:.9g}")
    if isinstance(x, list):
        return [rounded(v) for v in x]
    return {k: rounded(v) for k, v in x.items()} if isinstance(x, dict) else x


result = {
    "inference": [inference(f"resnet{d}", "linear", h, w) for d in (18, 34, 50, 101, 152) for h, w in ((64, 64), (97, 131))]
    + [inference("resnet18", "fastai", 33, 33), inference("resnet50", "fastai", 64, 64)],
    "training": [training("resnet18", "linear", 4, 40, 32), training("resnet18", "fastai", 4, 32, 40),
                 training("resnet50", "linear", 8, 32, 32, firm=True)],
    "adam": adam("resnet18", 8, 32, 10),
}
with open("resnet.json", "w") as file:
    json.dump(rounded(result), file, separators=(",", ":"))
