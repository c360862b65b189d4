#!/usr/bin/env python3
"""The peers that engine-benchmark measures Assay against: PyTorch and ONNX Runtime, one contender a process.

Requirements, Python 3.11 (torch from PyTorch's CPU wheels; torchvision with --no-deps if its wheel wants CUDA):
    torch==2.13.0 torchvision==0.28.0 onnx==1.22.0 onnxruntime==1.32.0 numpy==2.4.6

    peers.py export FOLDER NETWORK:SIZE:BATCH...                  weights and ONNX files for the cases to come
    peers.py pytorch|pytorch-channels-last|onnxruntime FOLDER THREADS     a contender

A contender says what it imported in one line, then answers each line with one line:
    prepare resnet18 224 infer 16     -> ready (and its outputs are in FOLDER/<contender>.f32)
    run 5                             -> milliseconds that 5 iterations took
The folder holds raw float32: images-BATCHxSIZE.f32 [N, H, W, 3], targets-BATCH.f32 [N, 1000], and for each network
NETWORK.f32 with NETWORK.index, one "name dimensions..." a line. Each import is where it is because a contender's
memory is measured: it loads nothing that it does not use.
"""

import os
import sys
import time

import numpy as np

CLASSES = 1000
CHECKED_STEPS = 3


def torchvision_models(torch):
    """torchvision.models, also where torchvision's compiled operators do not load (ResNets need none)."""
    try:
        import torchvision.models
    except RuntimeError:
        torchvision_models.library = torch.library.Library("torchvision", "DEF")
        for name in ("nms", "qnms"):
            torchvision_models.library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
            del sys.modules[name]
        import torchvision.models
    return torchvision.models


def floats(folder, name, *shape):
    return np.fromfile(f"{folder}/{name}.f32", dtype=np.float32).reshape(shape)


def export(folder, cases):
    """Writes each network's weights, and its ONNX file for each case (fixed shapes: the most there is to optimise)."""
    import torch

    models = torchvision_models(torch)
    for network in {case.split(":")[0] for case in cases}:
        torch.manual_seed(0)
        net = models.get_model(network, weights=None, num_classes=CLASSES)
        norms = [module for module in net.modules() if isinstance(module, torch.nn.BatchNorm2d)]
        with torch.no_grad():
            for norm in norms:  # as after training: no weight is 1, and the statistics fit the data
                norm.weight.uniform_(0.5, 1.5)
                norm.bias.normal_(0, 0.1)
                norm.momentum = None
            net.train()(torch.randn(8, 3, 128, 128))
        net.eval()
        state = {name: value for name, value in net.state_dict().items() if value.is_floating_point()}
        with open(f"{folder}/{network}.f32", "wb") as data, open(f"{folder}/{network}.index", "w") as index:
            for name, value in state.items():
                value.contiguous().numpy().tofile(data)
                print(name, *value.shape, file=index)
        for case in cases:
            name, size, batch = case.split(":")
            if name == network:
                images = torch.zeros(int(batch), 3, int(size), int(size))
                path = f"{folder}/{case.replace(':', '-')}.onnx"
                torch.onnx.export(net, images, path, dynamo=False, opset_version=17, input_names=["images"])


class PyTorch:
    def __init__(self, threads, channels_last):
        import torch

        self.models = torchvision_models(torch)
        torch.set_num_threads(threads)
        self.torch = torch
        self.format = torch.channels_last if channels_last else torch.contiguous_format
        self.name = f"PyTorch {torch.__version__}"

    def prepare(self, folder, network, size, task, batch):
        torch = self.torch
        net = self.models.get_model(network, weights=None, num_classes=CLASSES)
        values = np.memmap(f"{folder}/{network}.f32", dtype=np.float32, mode="c")
        state, at = {}, 0
        for line in open(f"{folder}/{network}.index"):
            name, *shape = line.split()
            count = int(np.prod([int(d) for d in shape]))
            state[name] = torch.from_numpy(values[at : at + count]).reshape([int(d) for d in shape])
            at += count
        missing = net.load_state_dict(state, strict=False).missing_keys
        assert all(name.endswith("num_batches_tracked") for name in missing), missing
        net.to(memory_format=self.format).train(task == "train")
        images = torch.from_numpy(floats(folder, f"images-{batch}x{size}", batch, size, size, 3)).permute(0, 3, 1, 2)
        images = images.contiguous(memory_format=self.format)

        def infer():
            with torch.inference_mode():
                return net(images)

        if task == "infer":
            return infer, infer().numpy()
        targets = torch.from_numpy(floats(folder, f"targets-{batch}", batch, CLASSES))
        # fastai's Adam: decoupled decay, never on batch norms and biases.
        decayed = [p for p in net.parameters() if p.ndim > 1]
        others = [p for p in net.parameters() if p.ndim == 1]
        optimizer = torch.optim.AdamW(
            [{"params": decayed, "weight_decay": 0.01}, {"params": others, "weight_decay": 0}],
            lr=1e-3, betas=(0.9, 0.99), eps=1e-5, fused=True)  # fmt: skip

        def step():
            optimizer.zero_grad(set_to_none=True)
            loss = torch.nn.functional.binary_cross_entropy_with_logits(net(images), targets)
            loss.backward()
            optimizer.step()
            return loss.item()

        return step, np.array([step() for _ in range(CHECKED_STEPS)])


class ONNXRuntime:
    def __init__(self, threads):
        import onnxruntime

        self.threads = threads
        self.runtime = onnxruntime
        self.name = f"ONNX Runtime {onnxruntime.__version__}"

    def prepare(self, folder, network, size, task, batch):
        assert task == "infer", "ONNX Runtime does not train"
        options = self.runtime.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        options.graph_optimization_level = self.runtime.GraphOptimizationLevel.ORT_ENABLE_ALL
        session = self.runtime.InferenceSession(
            f"{folder}/{network}-{size}-{batch}.onnx", options, providers=["CPUExecutionProvider"])  # fmt: skip
        images = floats(folder, f"images-{batch}x{size}", batch, size, size, 3).transpose(0, 3, 1, 2)
        feeds = {"images": np.ascontiguousarray(images)}

        def infer():
            return session.run(None, feeds)

        return infer, infer()[0]


def contend(kind, folder, threads):
    replies = os.fdopen(os.dup(1), "w", buffering=1)  # the protocol's own, for libraries may print
    os.dup2(2, 1)
    peer = ONNXRuntime(threads) if kind == "onnxruntime" else PyTorch(threads, kind == "pytorch-channels-last")
    print(peer.name, file=replies)
    iterate = None
    for line in sys.stdin:
        command, *words = line.split()
        if command == "prepare":
            network, size, task, batch = words
            iterate, outputs = peer.prepare(folder, network, int(size), task, int(batch))
            outputs.astype(np.float32).tofile(f"{folder}/{kind}.f32")
            print("ready", file=replies)
        else:
            start = time.perf_counter()
            for _ in range(int(words[0])):
                iterate()
            print((time.perf_counter() - start) * 1000, file=replies)


if __name__ == "__main__":
    if sys.argv[1] == "export":
        export(sys.argv[2], sys.argv[3:])
    else:
        contend(sys.argv[1], sys.argv[2], int(sys.argv[3]))
