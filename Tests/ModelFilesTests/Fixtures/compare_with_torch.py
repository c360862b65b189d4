"""Compares `assay predict` on real weights files with the frameworks that wrote them.

Needs: torch, torchvision, timm, fastai, safetensors, Pillow. Run: python compare_with_torch.py path/to/assay
The files are made here with random weights, in every container, type and naming that Assay reads. Fails where a logit is
further off than 5e-5 of the largest one.
"""
import os
import subprocess
import sys
import tempfile

import numpy as np
import torch
from PIL import Image

stub = torch.library.Library("torchvision", "DEF")
stub.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
stub.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
import timm  # noqa: E402
import torchvision.models as models  # noqa: E402
from fastai.vision.learner import create_timm_model, create_vision_model  # noqa: E402
from safetensors.torch import save_file  # noqa: E402

assay = os.path.abspath(sys.argv[1])
os.chdir(tempfile.mkdtemp())
open("vocab.txt", "w").write("a\nb\nc\n")
pixels = np.random.RandomState(1).randint(0, 256, (96, 96, 3), dtype=np.uint8)
Image.fromarray(pixels).save("image.png")
mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
batch = ((torch.from_numpy(pixels).double() / 255 - mean) / std).permute(2, 0, 1)[None]
worst = 0.0


def quiet(model):
    """Residuals that are small beside their shortcut, as in trained networks, and used statistics."""
    torch.manual_seed(1)
    names = [name for name, _ in model.named_parameters()]
    last = "bn3.weight" if any("bn3" in name for name in names) else "bn2.weight"
    for name, parameter in model.named_parameters():
        if name.endswith(last):
            parameter.data.fill_(0.2)
    for name, buffer in model.named_buffers():
        if name.endswith("running_mean"):
            buffer.normal_(0, 0.1)
        elif name.endswith("running_var"):
            buffer.uniform_(0.8, 1.2)
    return model.eval()


def check(file, model, save, *flags):
    global worst
    save(model.state_dict(), file)
    with torch.no_grad():
        expected = model.double()(batch)[0].numpy()
    command = [assay, "predict", "--model", file, "--vocab", "vocab.txt", "--size", "96", "--csv", "image.png", *flags]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    scores = np.array([float(score) for score in out.splitlines()[1].split(",")[1:]])
    error = np.abs(np.log(scores / (1 - scores)) - expected).max() / np.abs(expected).max()
    worst = max(worst, error)
    print(f"{file:28} {error:.1e}")


def legacy(state, file):
    torch.save(state, file, _use_new_zipfile_serialization=False)


def fastai_save(state, file):
    torch.save({"model": state, "opt": {"hypers": [{"lr": np.float64(1e-3)}], "state": []}}, file)


def lightning(state, file):
    state = {f"net.{name}": tensor for name, tensor in state.items()} | {"loss.pos_weight": torch.ones(3)}
    torch.save({"epoch": 1, "state_dict": state}, file)


def parallel(state, file):
    torch.save({f"module.{name}": tensor for name, tensor in state.items()}, file, pickle_protocol=4)


check("torchvision-18.pth", quiet(models.resnet18(num_classes=3)), torch.save)
check("legacy-34.pth", quiet(models.resnet34(num_classes=3)), legacy, "--arch", "resnet34")
check("timm-50.pth", quiet(timm.create_model("resnet50", num_classes=3)), torch.save)
check("timm-50.safetensors", quiet(timm.create_model("resnet50", num_classes=3)), save_file)
channels_last = quiet(models.resnet101(num_classes=3)).to(memory_format=torch.channels_last)
check("channels-last-101.pth", channels_last, torch.save)
check("half-152.pth", quiet(models.resnet152(num_classes=3)).half(), parallel)
check("bfloat16-101.pth", quiet(models.resnet101(num_classes=3)).bfloat16(), legacy)
check("double-18.pt", quiet(models.resnet18(num_classes=3)).double(), torch.save)
check("fastai-50.pth", quiet(create_vision_model(models.resnet50, 3, pretrained=False)), fastai_save)
check("fastai-no-dropout-34.ckpt", quiet(create_vision_model(models.resnet34, 3, pretrained=False, ps=0.0)), lightning)
check("fastai-timm-18.pth", quiet(create_timm_model("resnet18", 3, pretrained=False)[0]), torch.save)
sys.exit(worst > 5e-5)
