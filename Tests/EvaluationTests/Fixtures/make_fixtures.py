"""Makes metrics.json: scikit-learn's answers on small random cases, and scipy's exact intervals.

Needs: numpy, scikit-learn, scipy. Run: python make_fixtures.py, in this folder.
"""
import json
import warnings
import numpy as np
from scipy.stats import beta
from sklearn import metrics as m

warnings.simplefilter("ignore")
rng = np.random.default_rng(3)


def number(x):
    return None if x is None or np.isnan(x) else float(x)


def case(scores, truth, threshold):
    said = scores > threshold
    per_label = []
    for c in range(truth.shape[1]):
        t, s, p = truth[:, c], scores[:, c], said[:, c]
        per_label.append({
            "precision": number(m.precision_score(t, p, zero_division=np.nan)),
            "recall": number(m.recall_score(t, p, zero_division=np.nan)),
            "f1": number(m.f1_score(t, p, zero_division=np.nan)),
            "average_precision": number(m.average_precision_score(t, s)) if t.any() else None,
            "roc_auc": number(m.roc_auc_score(t, s)) if t.any() and not t.all() else None,
            "brier": number(np.mean((s - t) ** 2)),
        })
    averaged = {
        kind: [number(f(truth, said, average=kind, zero_division=np.nan)) for f in (m.precision_score, m.recall_score, m.f1_score)]
        # One column would be taken for a binary problem.
        for kind in ("micro", "macro", "weighted") if truth.shape[1] > 1}
    defined = [x["average_precision"] for x in per_label if x["average_precision"] is not None]
    p = np.clip(scores, 1e-300, 1)
    loss = -np.mean(np.where(truth, np.maximum(np.log(p), -100), np.maximum(np.log1p(-np.minimum(scores, 1 - 1e-17)), -100)))
    return {
        "rows": scores.shape[0], "labels": scores.shape[1], "scores": scores.ravel().tolist(), "threshold": threshold,
        "truth": truth.ravel().astype(int).tolist(), "per_label": per_label, "averaged": averaged, "loss": number(loss),
        "accuracy_multi": number(np.mean(said == truth)), "exact_match": number(m.accuracy_score(truth, said)),
        "hamming_loss": number(m.hamming_loss(truth, said)),
        "mean_average_precision": number(np.mean(defined)) if defined else None,
    }


cases = []
for index in range(12):
    n, c = int(rng.integers(1, 30)), int(rng.integers(1, 6))
    scores = rng.random((n, c))
    if index % 2:
        scores = np.round(scores, 1)  # ties
    truth = rng.random((n, c)) < 0.35
    if index % 3 == 0:
        truth[:, 0] = False
    if index % 4 == 1:
        truth[:, -1] = True
    cases.append(case(scores, truth, float(rng.choice([0.2, 0.5, 0.8]))))
intervals = []
for hits, count, confidence in ((0, 10, 0.95), (10, 10, 0.95), (7, 10, 0.9), (93, 100, 0.95), (1, 1000, 0.99), (500, 1000, 0.95)):
    tail = (1 - confidence) / 2
    intervals.append({
        "hits": hits, "count": count, "confidence": confidence,
        "low": 0.0 if hits == 0 else float(beta.ppf(tail, hits, count - hits + 1)),
        "high": 1.0 if hits == count else float(beta.ppf(1 - tail, hits + 1, count - hits))})
with open("metrics.json", "w") as file:
    json.dump({"cases": cases, "intervals": intervals}, file)
