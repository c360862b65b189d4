#!/usr/bin/env python3
"""The peers that engine-benchmark measures Assay against: PyTorch and ONNX Runtime, one contender a process.

Requirements, Python 3.11 (torch from PyTorch's CPU wheels; torchvision with --no-deps where its wheel wants CUDA):
    torch==2.13.0 torchvision==0.28.0 onnx==1.22.0 onnxruntime==1.32.0 numpy==2.4.6

    peers.py export FOLDER NETWORK:SIZE:BATCH...                          weights, and ONNX files for the cases to come
    peers.py pytorch|pytorch-channels-last|onnxruntime FOLDER THREADS     a contender

A contender says in one line what it imported, then answers each line with one line:
    prepare resnet18 224 infer 16     ready, and its outputs are in FOLDER/<contender>.f32
    run 5                             milliseconds that 5 iterations took
The folder holds raw float32: images-BATCHxSIZE.f32 [N, H, W, 3], targets-BATCH.f32 [N, 1000], and NETWORK.f32 with
NETWORK.index, one "name dimensions..." a line. Memory is measured: a contender imports only what it uses.
"""

import os
import sys
import time

import numpy as np

CLASSES, CHECKED_STEPS = 1000, 3


def torchvision_models(torch):
    """torchvision.models, also where torchvision's compiled operators do not load (ResNets need none)."""
    try:
        import torchvision.models
    except RuntimeError:
        library = torchvision_models.kept = torch.library.Library("torchvision", "DEF")
        for name in ("nms", "qnms"):
            library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
            del sys.modules[name]
        import torchvision.models
    return torchvision.models


def export(folder, cases):
    """Writes each network's weights, and an ONNX file for each case (of fixed shape: the most there is to optimise)."""
    import torch

    models = torchvision_models(torch)
    for network in {case.split(":")[0] for case in cases}:
        torch.manual_seed(0)
        net = models.get_model(network, weights=None, num_classes=CLASSES)
        with torch.no_grad():
            for norm in [module for module in net.modules() if isinstance(module, torch.nn.BatchNorm2d)]:
                norm.weight.uniform_(0.5, 1.5)  # as after training: no weight is 1, and the statistics fit the data
                norm.bias.normal_(0, 0.1)
                norm.momentum = None
            net.train()(torch.randn(8, 3, 128, 128))
        net.eval()
        with open(f"{folder}/{network}.f32", "wb") as data, open(f"{folder}/{network}.index", "w") as index:
            for name, value in net.state_dict().items():
                if value.is_floating_point():  # not the count of batches
                    value.numpy().tofile(data)
                    print(name, *value.shape, file=index)
        for _, size, batch in [case.split(":") for case in cases if case.split(":")[0] == network]:
            images, path = torch.zeros(int(batch), 3, int(size), int(size)), f"{folder}/{network}-{size}-{batch}.onnx"
            torch.onnx.export(net, images, path, dynamo=False, opset_version=17, input_names=["images"])


def batch_of_images(folder, batch, size):
    return np.fromfile(f"{folder}/images-{batch}x{size}.f32", np.float32).reshape(batch, size, size, 3)


class PyTorch:
    def __init__(self, threads, channels_last):
        import torch

        self.torch, self.models = torch, torchvision_models(torch)
        torch.set_num_threads(threads)
        self.format = torch.channels_last if channels_last else torch.contiguous_format
        self.name = f"PyTorch {torch.__version__}"

    def weights(self, path):
        values, at = np.memmap(f"{path}.f32", dtype=np.float32, mode="c"), 0
        for name, *shape in map(str.split, open(f"{path}.index")):
            shape = [int(size) for size in shape]
            yield name, self.torch.from_numpy(values[at : at + np.prod(shape)].reshape(shape))
            at += np.prod(shape)

    def prepare(self, folder, network, task, images):
        torch, net = self.torch, self.models.get_model(network, weights=None, num_classes=CLASSES)
        missing = net.load_state_dict(dict(self.weights(f"{folder}/{network}")), strict=False).missing_keys
        assert all(name.endswith("num_batches_tracked") for name in missing), missing
        net.to(memory_format=self.format).train(task == "train")
        images = torch.from_numpy(images).permute(0, 3, 1, 2).contiguous(memory_format=self.format)
        if task == "infer":
            infer = torch.inference_mode()(lambda: net(images))
            return infer, infer().numpy()
        targets = torch.from_numpy(np.fromfile(f"{folder}/targets-{len(images)}.f32", np.float32)).view(-1, CLASSES)
        # fastai's Adam: decoupled decay, none on batch norms and biases. Fused: 12 ms for ResNet-50, else 76.
        groups = [[p for p in net.parameters() if (p.ndim > 1) == decays] for decays in (False, True)]
        groups = [{"params": group, "weight_decay": decay} for group, decay in zip(groups, (0, 0.01))]
        optimizer = torch.optim.AdamW(groups, lr=1e-5, betas=(0.9, 0.99), eps=1e-5, fused=True)

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

        self.runtime, self.threads = onnxruntime, threads
        self.name = f"ONNX Runtime {onnxruntime.__version__}"

    def prepare(self, folder, network, task, images):
        assert task == "infer", "ONNX Runtime does not train"
        options = self.runtime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = self.threads, 1
        options.graph_optimization_level = self.runtime.GraphOptimizationLevel.ORT_ENABLE_ALL
        path = f"{folder}/{network}-{images.shape[1]}-{len(images)}.onnx"
        session = self.runtime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        feeds = {"images": np.ascontiguousarray(images.transpose(0, 3, 1, 2))}
        return lambda: session.run(None, feeds), session.run(None, feeds)[0]


def contend(kind, folder, threads):
    replies = os.fdopen(os.dup(1), "w", buffering=1)  # the protocol's own, for libraries may print
    os.dup2(2, 1)
    peer = ONNXRuntime(threads) if kind == "onnxruntime" else PyTorch(threads, kind == "pytorch-channels-last")
    print(peer.name, file=replies)
    for line in sys.stdin:
        command, *words = line.split()
        if command == "prepare":
            network, size, task, batch = words
            iterate, outputs = peer.prepare(folder, network, task, batch_of_images(folder, int(batch), int(size)))
            outputs.astype(np.float32).tofile(f"{folder}/{kind}.f32")
            print("ready", file=replies)
        else:
            start = time.perf_counter()
            for _ in range(int(words[0])):
                iterate()
            print(1000 * (time.perf_counter() - start), file=replies)


if __name__ == "__main__":
    role, folder, *rest = sys.argv[1:]
    export(folder, rest) if role == "export" else contend(role, folder, int(rest[0]))
