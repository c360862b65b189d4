"""Makes analysis.json: what scikit-learn, SciPy and NumPy say of curves, weighted figures and intervals.

Needs: numpy, scikit-learn, scipy. Run: python make_analysis.py, in this folder.
"""
import json
import warnings
import numpy as np
from scipy.stats import beta
from sklearn import metrics as m

warnings.simplefilter("ignore")
rng = np.random.default_rng(11)


def number(x):
    return None if x is None or np.isnan(x) else float(x)


def curve(scores, truth):
    precision, recall, thresholds = m.precision_recall_curve(truth, scores)
    return {"scores": scores.tolist(), "truth": truth.tolist(), "precision": precision[:-1].tolist(),
            "recall": recall[:-1].tolist(), "thresholds": thresholds.tolist()}


curves = []
for index in range(8):
    n = int(rng.integers(2, 40))
    scores = rng.random(n) * 0.98 + 0.01
    if index % 2:
        scores = np.round(scores, 1)
    truth = (rng.random(n) < 0.4).astype(int)
    truth[0] = 1
    if index == 6:
        truth[:] = 1
    curves.append(curve(scores, truth))


def jaccard(truth, said, average, **_):
    return m.jaccard_score(truth, said, average=average)


scorers = {
    "precision": m.precision_score, "recall": m.recall_score, "f1": m.f1_score,
    "f2": lambda *a, **k: m.fbeta_score(*a, beta=2, **k), "f_half": lambda *a, **k: m.fbeta_score(*a, beta=0.5, **k),
    "jaccard": jaccard,
}


def averaged(score, truth, said, kind):
    """Over the labels where it is defined, which scikit-learn cannot be told for Jaccard."""
    if score is not jaccard or kind == "micro":
        return score(truth, said, average=kind, zero_division=np.nan)
    parts = [(jaccard(a, b, "binary"), a.sum()) for a, b in zip(truth.T, said.T) if (a | b).any()]
    weights = [1 if kind == "macro" else w for _, w in parts]
    return np.average([v for v, _ in parts], weights=weights) if sum(weights) else np.nan


def weighted(index):
    n, c = int(rng.integers(6, 40)), int(rng.integers(2, 5))
    scores = rng.random((n, c))
    if index % 2:
        scores = np.round(scores, 1)
    truth = rng.random((n, c)) < 0.35
    if index == 2:
        truth[:, 0] = False
    weights = rng.integers(0, 4, n)
    weights[0] = 1
    thresholds = np.round(rng.random(c) * 0.8 + 0.1, 2)
    # The images as often as they count.
    rows = np.repeat(np.arange(n), weights)
    s, t = scores[rows], truth[rows]
    said = s > thresholds
    nan = {"zero_division": np.nan}
    out = {
        "accuracy_multi": np.mean(said == t), "exact_match": np.mean((said == t).all(1)),
        "no_prediction_rate": np.mean(~said.any(1)),
        "loss": np.mean(-np.where(t, np.maximum(np.log(np.clip(s, 1e-300, 1)), -100),
                                  np.maximum(np.log1p(-np.minimum(s, 1 - 1e-17)), -100))),
    }
    out["hamming_loss"] = m.hamming_loss(t, said)
    flat = (t.ravel(), said.ravel())
    out["matthews"] = m.matthews_corrcoef(*flat) if all(0 < x.sum() < x.size for x in flat) else np.nan
    for kind in ("micro", "macro", "weighted"):
        for name, score in scorers.items():
            out[f"{kind}_{name}"] = averaged(score, t, said, kind)
    out["brier"] = np.mean((s - t) ** 2)
    # Each bin's part of the calibration error, over all decisions.
    bins = np.minimum((s.ravel() * 15).astype(int), 14)
    gaps = np.bincount(bins, s.ravel() - t.ravel(), minlength=15)
    out["ece"] = np.abs(gaps).sum() / s.size
    some = t.any(1) & ~t.all(1)
    out["coverage_error"] = m.coverage_error(t, s) if t.any() else np.nan
    out["label_ranking_average_precision"] = m.label_ranking_average_precision_score(t, s) if some.any() else np.nan
    out["ranking_loss"] = m.label_ranking_loss(t, s) if some.any() else np.nan

    def images(f):
        values = [f(a, b, average="binary", **nan) if (a | b).any() or f is not jaccard else np.nan
                  for a, b in zip(t, said)]
        return np.nanmean(values) if not np.all(np.isnan(values)) else np.nan

    for name, score in scorers.items():
        out[f"samples_{name}"] = images(score)
    labels = []
    for k in range(c):
        # The same by sample_weight rather than by repetition.
        w, tk, sk = weights, truth[:, k], scores[:, k]
        has = (w[tk].sum() > 0, w[~tk].sum() > 0)
        d, some = sk > thresholds[k], (tk | (sk > thresholds[k]))[w > 0].any()
        both = all(has) and 0 < w[d].sum() < w.sum()
        labels.append({
            "precision": number(m.precision_score(tk, sk > thresholds[k], sample_weight=w, **nan)),
            "recall": number(m.recall_score(tk, sk > thresholds[k], sample_weight=w, **nan)),
            "f1": number(m.f1_score(tk, sk > thresholds[k], sample_weight=w, **nan)),
            "f2": number(m.fbeta_score(tk, d, beta=2, sample_weight=w, **nan)),
            "f_half": number(m.fbeta_score(tk, d, beta=0.5, sample_weight=w, **nan)),
            "jaccard": number(m.jaccard_score(tk, d, sample_weight=w)) if some else None,
            "matthews": number(m.matthews_corrcoef(tk, d, sample_weight=w)) if both else None,
            "balanced_accuracy": number(m.balanced_accuracy_score(tk, d, sample_weight=w)) if all(has) else None,
            "average_precision": number(m.average_precision_score(tk, sk, sample_weight=w)) if has[0] else None,
            "roc_auc": number(m.roc_auc_score(tk[w > 0], sk[w > 0], sample_weight=w[w > 0])) if all(has) else None,
        })
    ap = [x["average_precision"] for x in labels if x["average_precision"] is not None]
    auc = [x["roc_auc"] for x in labels if x["roc_auc"] is not None]
    balanced = [x["balanced_accuracy"] for x in labels if x["balanced_accuracy"] is not None]
    out["balanced_accuracy"] = np.mean(balanced) if balanced else np.nan
    out["mean_average_precision"] = np.mean(ap) if ap else np.nan
    out["macro_roc_auc"] = np.mean(auc) if auc else np.nan
    return {"scores": scores.T.tolist(), "truth": truth.T.astype(int).tolist(), "weights": weights.tolist(),
            "thresholds": thresholds.tolist(), "overall": {k: number(v) for k, v in out.items()}, "per_label": labels}


percentiles = []
for n in (1, 2, 7, 200):
    values = np.sort(rng.random(n))
    percentiles.append({"values": values.tolist(), "shares": [0, 0.025, 0.5, 0.975, 1],
                        "expected": np.percentile(values, [0, 2.5, 50, 97.5, 100]).tolist()})
intervals = [{"hits": int(h), "count": int(n), "confidence": c,
              "low": float(beta.ppf((1 - c) / 2, h, n - h + 1)), "high": float(beta.ppf((1 + c) / 2, h + 1, n - h))}
             for h, n, c in [(1, 2, 0.95), (91, 1624, 0.95), (1533, 1624, 0.99), (500_000, 1_000_000, 0.95),
                             (19_000_000, 20_000_000, 0.95), (3, 20_000_000, 0.95)]]
with open("analysis.json", "w") as file:
    json.dump({"curves": curves, "weighted": [weighted(i) for i in range(6)], "percentiles": percentiles,
               "intervals": intervals}, file, allow_nan=False)
    file.write("\n")
