"""Makes figures.json: scikit-learn's and torchmetrics' answers to the figures of decisions, ranking and calibration.

Needs: numpy, scikit-learn, torch, torchmetrics. Run: python make_figures.py, in this folder. What a library says where Assay
says undefined (a silent 0 or 1) is left out as null; each such place says so.
"""
import json
import warnings

import numpy as np
import torch
import torchmetrics.functional.classification as tm
from sklearn import metrics as m

warnings.simplefilter("ignore")
rng = np.random.default_rng(5)


def number(x):
    return None if x is None or np.isnan(x) else float(x)


def decisions(truth, said):
    """Figures of 0/1 vectors."""
    counts = m.confusion_matrix(truth, said, labels=[0, 1])
    some = truth.any() or said.any()  # else 0/0, which scikit-learn calls 0
    return {
        "f2": number(m.fbeta_score(truth, said, beta=2)) if some else None,
        "f_half": number(m.fbeta_score(truth, said, beta=0.5)) if some else None,
        "jaccard": number(m.jaccard_score(truth, said)) if some else None,
        # scikit-learn: 0 where a side of the table is empty.
        "matthews": number(m.matthews_corrcoef(truth, said)) if counts.sum(0).all() and counts.sum(1).all() else None,
        # scikit-learn: the recall of the one class that occurs.
        "balanced_accuracy": number(m.balanced_accuracy_score(truth, said)) if truth.any() and not truth.all() else None,
    }


def mean(parts, name, weights=None):
    """The mean over the parts where the figure is defined."""
    pairs = [(p[name], w) for p, w in zip(parts, weights or [1] * len(parts)) if p[name] is not None and w > 0]
    return number(np.average([p for p, _ in pairs], weights=[w for _, w in pairs])) if pairs else None


def averaged(parts, weights=None):
    return [mean(parts, name, weights) for name in ("f2", "f_half", "jaccard")]


def case(name, scores, truth, threshold):
    said, t = (scores > threshold).astype(int), truth.astype(int)
    labels = [decisions(t[:, c], said[:, c]) for c in range(t.shape[1])]
    images = [decisions(a, b) for a, b in zip(t, said)]
    pooled = decisions(t.ravel(), said.ravel())
    # scikit-learn: 1 and 0 even where no image has anything to rank.
    ranked = ((t.any(1)) & (~t.all(1))).any()
    several = t.shape[1] > 1
    preds, target = torch.tensor(scores), torch.tensor(t)
    c = t.shape[1]
    theirs = {
        "coverage_error": tm.multilabel_coverage_error(preds, target, c) if t.any() else None,
        "lrap": tm.multilabel_ranking_average_precision(preds, target, c) if ranked else None,
        "ranking_loss": tm.multilabel_ranking_loss(preds, target, c) if ranked else None,
        "ece": tm.binary_calibration_error(preds.ravel(), target.ravel(), n_bins=15),
    } if several else {}
    return {
        "name": name, "rows": t.shape[0], "labels": c, "scores": scores.ravel().tolist(), "threshold": threshold,
        "truth": t.ravel().tolist(), "per_label": labels,
        "micro": [pooled[k] for k in ("f2", "f_half", "jaccard")], "macro": averaged(labels),
        "weighted": averaged(labels, t.sum(0).tolist()), "samples": averaged(images),
        "matthews": pooled["matthews"], "balanced_accuracy": mean(labels, "balanced_accuracy"),
        "coverage_error": number(m.coverage_error(t, scores)) if several and t.any() else None,
        "lrap": number(m.label_ranking_average_precision_score(t, scores)) if several and ranked else None,
        "ranking_loss": number(m.label_ranking_loss(t, scores)) if several and ranked else None,
        "brier": number(np.mean((scores - t) ** 2)),
        "torchmetrics": {k: None if v is None else float(v) for k, v in theirs.items()},
    }


def random(n, c, share=0.35):
    return rng.random((n, c)), rng.random((n, c)) < share


cases = []
for n, c in ((40, 5), (25, 3), (7, 9)):
    cases.append(case("random", *random(n, c), 0.5))
for n, c in ((40, 5), (30, 4)):
    scores, truth = random(n, c)
    cases.append(case("tied", np.round(scores, 1), truth, 0.3))
scores, truth = random(20, 4)
cases.append(case("constant", np.full_like(scores, 0.5), truth, 0.4))
cases.append(case("all one", scores, np.ones_like(truth), 0.5))
cases.append(case("all zero", scores, np.zeros_like(truth), 0.5))
cases.append(case("zeros and ones", np.round(scores), truth, 0.5))
cases.append(case("single label", *random(20, 1), 0.5))
cases.append(case("one image", *random(1, 4, 0.5), 0.5))
scores, truth = random(30, 5)
truth[::3] = False
truth[:, 2] = False
cases.append(case("images and a label without", scores, truth, 0.6))
for one in cases:
    for key, value in one["torchmetrics"].items():
        if value is not None and key in one:
            print(one["name"], key, abs(value - one[key]))
with open("figures.json", "w") as file:
    json.dump(cases, file)
