"""Writes wrong_labels.json: cleanlab's quality scores and confident joint of random scores, each label by itself.

    python make_wrong_labels.py     # cleanlab 2.x, numpy
"""

import json
import pathlib

import numpy as np
from cleanlab.count import compute_confident_joint
from cleanlab.multilabel_classification import get_label_quality_scores

random = np.random.default_rng(11)
count, width = 60, 4
truth = random.random((count, width)) < [0.5, 0.3, 0.2, 0.1]
scores = np.clip(np.where(truth, 0.75, 0.25) + random.normal(0, 0.22, truth.shape), 0.001, 0.999).round(3)
given = truth ^ (random.random(truth.shape) < 0.06)

quality = get_label_quality_scores(
    [list(map(int, np.flatnonzero(row))) for row in given], scores, method="self_confidence",
    adjust_pred_probs=False, aggregator_kwargs={"method": np.min})
confident = np.zeros(count, dtype=bool)
for label in range(width):
    _, found = compute_confident_joint(
        given[:, label].astype(int), np.stack([1 - scores[:, label], scores[:, label]], axis=1),
        calibrate=False, return_indices_of_off_diagonals=True)
    confident[found] = True
result = {
    "scores": scores.tolist(), "given": [list(map(int, np.flatnonzero(row))) for row in given],
    "quality": quality.tolist(), "confident": confident.tolist(),
}
pathlib.Path(__file__).with_name("wrong_labels.json").write_text(json.dumps(result))
