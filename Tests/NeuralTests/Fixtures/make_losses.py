"""Makes losses.json: multi-label losses of torch, torchvision and timm in float64.

Needs: torch, torchvision (timm's formula is restated from its source). Run: python make_losses.py, in this folder.
"""
import json
import torch

stub = torch.library.Library("torchvision", "DEF")
stub.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
stub.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
from torchvision.ops import sigmoid_focal_loss  # noqa: E402

generator = torch.Generator().manual_seed(3)
z = (4 * torch.randn(12, 2, generator=generator)).float().double()
t = (torch.rand(12, 2, generator=generator) < 0.4).double()
bce = torch.nn.functional.binary_cross_entropy_with_logits


def asymmetric(gamma_neg=4, gamma_pos=1, clip=0.05, eps=1e-8):
    p = torch.sigmoid(z)
    negative = 1 - p
    if clip > 0:
        negative = (negative + clip).clamp(max=1)
    loss = t * torch.log(p.clamp(min=eps)) + (1 - t) * torch.log(negative.clamp(min=eps))
    pt = p * t + negative * (1 - t)
    return -(loss * torch.pow(1 - pt, gamma_pos * t + gamma_neg * (1 - t))).mean()


losses = [
    bce(z, t), bce(z, t * 0.9 + 0.05), bce(z, t, pos_weight=torch.tensor([3.0, 0.5], dtype=torch.float64)),
    sigmoid_focal_loss(z, t, reduction="mean"), asymmetric(), asymmetric(gamma_pos=0, clip=0),
    asymmetric(gamma_neg=0.5, gamma_pos=0.5), sigmoid_focal_loss(z, t, gamma=0.5, reduction="mean"),
]
with open("losses.json", "w") as file:
    json.dump({"logits": z.reshape(-1).tolist(), "targets": t.reshape(-1).tolist(),
               "losses": [float(v) for v in losses]}, file)
