"""Makes clipping.json: gradients of two linear layers before and after torch's clip_grad_norm_, in float64.

Needs: torch, numpy. Run: python make_clipping.py, in this folder. The numbers are those of make_fixtures.py.
"""
import json

import numpy as np
import torch

torch.set_default_dtype(torch.float64)


def numbers(name, count):
    seed = np.uint64(0xCBF29CE484222325)
    with np.errstate(over="ignore"):
        for byte in name.encode():
            seed = (seed ^ np.uint64(byte)) * np.uint64(0x100000001B3)
        z = seed + (np.arange(1, count + 1, dtype=np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return torch.from_numpy((z >> np.uint64(40)).astype(np.float64) * 2.0**-23 - 1)


def gradients():
    model = torch.nn.Sequential()
    model.add_module("a", torch.nn.Linear(3, 5))
    model.add_module("b", torch.nn.Linear(5, 2))
    for name, parameter in model.named_parameters():
        parameter.data = numbers(name, parameter.numel()).reshape(parameter.shape)
    model(numbers("images", 12).reshape(4, 3)).backward(numbers("gradient", 8).reshape(4, 2))
    return model


cases = []
for limit in (0.5, 3.0, 100.0):
    model = gradients()
    norm = torch.nn.utils.clip_grad_norm_(model.parameters(), limit)
    cases.append({"limit": limit, "norm": float(norm),
                  "gradients": {n: p.grad.reshape(-1).tolist() for n, p in model.named_parameters()}})
with open("clipping.json", "w") as file:
    json.dump(cases, file)
