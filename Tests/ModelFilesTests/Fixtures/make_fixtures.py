"""Makes the small checkpoints here, and expected.json with the numbers in them.

Needs: torch, numpy, fastcore. Run: python make_fixtures.py, in this folder.
"""
import collections
import json

import numpy as np
import torch
from fastcore.foundation import L

base = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
shared = torch.arange(10, dtype=torch.float32) / 4
state = collections.OrderedDict(
    {
        "f64": torch.tensor([1.5, -2.0], dtype=torch.float64),
        "f32": torch.tensor([[0.1, 3e38], [-1e-40, 0.0]]),
        "f16": torch.tensor([1.0, -0.5, 65504.0], dtype=torch.float16),
        "bf16": torch.tensor([1.0, -3.0], dtype=torch.bfloat16),
        "i64": torch.tensor(7),
        "i32": torch.tensor([-1, 2], dtype=torch.int32),
        "u8": torch.tensor([0, 255], dtype=torch.uint8),
        "bool": torch.tensor([True, False]),
        "transposed": base.permute(2, 0, 1),
        "channels_last": torch.arange(36.0).reshape(1, 4, 3, 3).to(memory_format=torch.channels_last),
        "part": shared[3:9:2],
        "whole": shared,
        "expanded": torch.tensor([5.0]).expand(2, 3),
        "parameter": torch.nn.Parameter(torch.tensor([0.25])),
        "empty": torch.zeros(0, 3),
        "naïve.名": torch.tensor([[[[1.0]]]]),
    }
)
state._metadata = {"": {"version": 1}}

torch.save(state, "zip.pth")
torch.save(state, "protocol4.pt", pickle_protocol=4)
torch.save(state, "legacy.pth", _use_new_zipfile_serialization=False)
# What fastai's Learner.save writes: its optimiser's settings are an L of NumPy's numbers.
hypers = L([{"lr": np.float64(1e-3), "mom": 0.95, "wd": 0.01}, {"lr": np.float32(2e-3), "betas": (0.9, 0.99)}])
torch.save({"model": state, "opt": {"state": [{"step": 3, "grad_avg": shared}], "hypers": hypers}}, "fastai.pth")
# What Lightning writes.
torch.save({"epoch": 2, "state_dict": state, "loops": {}, "lr_schedulers": [None]}, "lightning.ckpt")

json.dump(
    {k: {"shape": list(v.shape), "values": v.detach().double().flatten().tolist()} for k, v in state.items()},
    open("expected.json", "w"),
    indent=1,
)
