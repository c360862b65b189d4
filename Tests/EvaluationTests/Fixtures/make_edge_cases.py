"""Makes edge_cases.json: scikit-learn's answers to every figure, and its curves, where inputs are at an edge.

Needs: numpy, scikit-learn, torch. Run: python make_edge_cases.py, in this folder. Scores are whole thousandths, truth a text of
0 and 1 an image, so that a case of 200 labels stays small. What a library says where Assay says undefined (a silent 0 or 1)
is null; each such place says so.
"""
import json
import warnings

import numpy as np
import torch
from sklearn import metrics as m

warnings.simplefilter("ignore")
rng = np.random.default_rng(11)
NAN = {"zero_division": np.nan}


def number(x):
    return None if x is None or np.isnan(x) else float(x)


def mean(values, weights=None):
    """The mean over what is defined and has weight."""
    pairs = [(v, w) for v, w in zip(values, weights or [1] * len(values)) if v is not None and w > 0]
    return number(np.average([v for v, _ in pairs], weights=[w for _, w in pairs])) if pairs else None


def decisions(t, s):
    return [number(f(t, s, **NAN)) for f in (m.precision_score, m.recall_score, m.f1_score)]


def averages(parts, weights=None):
    return [mean([p[k] for p in parts], weights) for k in range(3)]


def curves(t, s):
    some, both = t.any(), not t.all()
    precision, recall, thresholds = m.precision_recall_curve(t, s)
    # Without the last point, which has no threshold, and without a threshold of 0, at which nothing is predicted here.
    pr = [[float(h), float(p), float(r) if some else None]  # scikit-learn: a recall of 1 without positives
          for p, r, h in zip(precision, recall, thresholds) if h > 0]
    fpr, tpr, thresholds = m.roc_curve(t, s, drop_intermediate=False)
    # Without the first point, whose threshold is infinite; ascending.
    roc = [[float(h), number(f) if both else None, number(p) if some else None]
           for f, p, h in list(zip(fpr, tpr, thresholds))[:0:-1]]
    return pr, roc


def case(name, thousandths, truth, threshold, has_curves=True):
    scores, t = thousandths / 1000, truth.astype(int)
    n, c = t.shape
    said = (scores > threshold).astype(int)
    labels, lines = [], []
    for k in range(c):
        y, s = t[:, k], scores[:, k]
        some, both = y.any(), not y.all()
        labels.append(decisions(y, said[:, k]) + [
            number(m.average_precision_score(y, s)) if some else None,  # scikit-learn: 0
            number(m.roc_auc_score(y, s)) if some and both else None,
            number(m.brier_score_loss(y, s, pos_label=1)),
        ])
        if has_curves:
            lines.append(curves(y, s))
    images = [decisions(a, b) for a, b in zip(t, said)]
    macro, weighted, samples = averages(labels), averages(labels, t.sum(0).tolist()), averages(images)
    micro = decisions(t.ravel(), said.ravel())
    if c > 1:  # one column would be taken for a binary problem
        for kind, ours in (("micro", micro), ("macro", macro), ("samples", samples)):
            theirs = [number(f(t, said, average=kind, **NAN)) for f in (m.precision_score, m.recall_score, m.f1_score)]
            assert all((a is None) == (b is None) and (a is None or abs(a - b) < 1e-12) for a, b in zip(ours, theirs)), (
                name, kind, ours, theirs)
    ranked = (t.any(1) & ~t.all(1)).any()  # scikit-learn: 1 and 0 even where no image has anything to rank
    several = c > 1
    loss = torch.nn.functional.binary_cross_entropy(torch.tensor(scores), torch.tensor(t, dtype=torch.float64))
    return {
        "name": name, "scores": thousandths.ravel().tolist(), "truth": ["".join(map(str, row)) for row in t],
        "threshold": threshold, "per_label": labels, "micro": micro, "macro": macro, "weighted": weighted,
        "samples": samples,
        "curves": [{"pr": pr, "roc": roc} for pr, roc in lines],
        "figures": {
            "accuracy_multi": number(np.mean(said == t)), "exact_match": number(np.mean((said == t).all(1))),
            "hamming_loss": number(m.hamming_loss(t, said)), "loss": float(loss),
            "mean_average_precision": mean([x[3] for x in labels]), "macro_roc_auc": mean([x[4] for x in labels]),
            "coverage_error": number(m.coverage_error(t, scores)) if several and t.any() else None,
            "label_ranking_average_precision":
                number(m.label_ranking_average_precision_score(t, scores)) if several and ranked else None,
            "ranking_loss": number(m.label_ranking_loss(t, scores)) if several and ranked else None,
            "brier": number(np.mean((scores - t) ** 2)),
        },
    }


def random(n, c, share=0.35):
    return rng.integers(0, 1001, (n, c)), rng.random((n, c)) < share


cases = [case("random", *random(40, 5), 0.5)]
scores, truth = random(40, 4)
cases.append(case("tied", scores // 200 * 200, truth, 0.4))
cases.append(case("constant", np.full_like(scores, 500), truth, 0.4))
cases.append(case("at the threshold", np.full_like(scores, 500), truth, 0.5))
cases.append(case("zeros and ones", scores // 501 * 1000, truth, 0.5))
cases.append(case("all scores zero", scores * 0, truth, 0.5))
cases.append(case("all scores one", scores * 0 + 1000, truth, 0.5))
cases.append(case("truth all one", scores, np.ones_like(truth), 0.5))
cases.append(case("truth all zero", scores, np.zeros_like(truth), 0.5))
cases.append(case("single label", *random(20, 1), 0.5))
cases.append(case("one image", *random(1, 5, 0.5), 0.5))
cases.append(case("one image of one label", *random(1, 1, 1), 0.5))
scores, truth = random(30, 5)
truth[::3] = False
truth[:, 2] = False
truth[:, 4] = True
cases.append(case("labels without", scores, truth, 0.6))
scores, truth = random(30, 200, 0.02)
cases.append(case("200 labels", scores, truth, 0.9, has_curves=False))
with open("edge_cases.json", "w") as file:
    json.dump(cases, file, separators=(",", ":"))
