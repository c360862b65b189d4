"""scikit-learn's figures of the scores that evaluation-benchmark wrote: python peers.py FOLDER

Needs numpy and scikit-learn. Prints one line of JSON: seconds by part, peak memory, and the figures, which the benchmark
compares with Assay's. Undefined figures are null. What scikit-learn lacks (calibration error, null-safe means) is NumPy.
"""

import json
import resource
import sys
import time
import warnings

import numpy as np
from sklearn import metrics

warnings.filterwarnings("ignore")
folder = sys.argv[1]
start = time.perf_counter()
scores = np.load(f"{folder}/scores.npy").astype(np.float64)
truth = np.load(f"{folder}/truth.npy")
read = time.perf_counter() - start
figures, parts = {}, {}
labels = range(scores.shape[1])


def lap(name):
    global start
    parts[name] = parts.get(name, 0) + time.perf_counter() - start
    start = time.perf_counter()


def mean(values):
    values = [v for v in values if v is not None and not np.isnan(v)]
    return float(np.mean(values)) if values else None


start = time.perf_counter()
said = scores > 0.5
figures["accuracy_multi"] = float((said == truth).mean())
figures["exact_match"] = metrics.accuracy_score(truth, said)
figures["hamming_loss"] = metrics.hamming_loss(truth, said)
for average in ["micro", "macro", "weighted", "samples"]:
    for beta, name in [(1, "f1"), (2, "f2"), (0.5, "f0.5")]:
        p, r, f, _ = metrics.precision_recall_fscore_support(
            truth, said, beta=beta, average=average, zero_division=np.nan)
        figures[f"{average} {name}"] = float(f)
    figures[f"{average} precision"], figures[f"{average} recall"] = float(p), float(r)
    if average in ["micro", "samples"]:
        each = metrics.jaccard_score(truth, said, average=average, zero_division=0) if average == "micro" else None
        union = (truth | said).sum(1) if average == "samples" else None
        if each is None:
            both = (truth & said).sum(1)
            each = float((both[union > 0] / union[union > 0]).mean())
        figures[f"{average} jaccard"] = float(each)
    else:
        figures[f"{average} jaccard"] = float(metrics.jaccard_score(truth, said, average=average, zero_division=0))
lap("figures of decisions")
varied = [c for c in labels if 0 < truth[:, c].sum() < len(truth)]
figures["mean_average_precision"] = mean(
    [metrics.average_precision_score(truth[:, c], scores[:, c]) for c in labels if truth[:, c].any()])
figures["macro_roc_auc"] = mean([metrics.roc_auc_score(truth[:, c], scores[:, c]) for c in varied])
figures["matthews"] = float(metrics.matthews_corrcoef(truth.ravel(), said.ravel()))
figures["balanced_accuracy"] = mean([metrics.balanced_accuracy_score(truth[:, c], said[:, c]) for c in varied])
for c in labels:
    metrics.matthews_corrcoef(truth[:, c], said[:, c])
lap("figures of labels")
figures["coverage_error"] = metrics.coverage_error(truth, scores)
figures["label_ranking_average_precision"] = metrics.label_ranking_average_precision_score(truth, scores)
figures["ranking_loss"] = metrics.label_ranking_loss(truth, scores)
lap("ranking figures of images")
with np.errstate(divide="ignore"):
    logs = np.where(truth, np.log(scores), np.log1p(-scores))
figures["loss"] = float(-np.maximum(logs, -100).mean())
per_label = [metrics.brier_score_loss(truth[:, c], scores[:, c]) for c in labels]
figures["brier"] = float(np.mean(per_label))
bins = np.minimum(14, (scores * 15).astype(np.int64)).ravel()
gaps = np.bincount(bins, scores.ravel(), 15) - np.bincount(bins, truth.ravel(), 15)
figures["ece"] = float(np.abs(gaps).sum() / scores.size)
lap("loss and calibration")
for index in range(29):
    point = scores > 0.05 + 0.9 * index / 28
    figures[f"curve accuracy {index}"] = float((point == truth).mean())
    figures[f"curve macro f1 {index}"] = float(
        metrics.f1_score(truth, point, average="macro", zero_division=np.nan))
lap("threshold curve")
points = 0
for c in labels:
    _, _, thresholds = metrics.precision_recall_curve(truth[:, c], scores[:, c])
    points += int((thresholds > 0).sum())
    metrics.roc_curve(truth[:, c], scores[:, c])
figures["precision_recall_points"] = points
lap("precision-recall and ROC curves")
figures = {k: None if v is None or np.isnan(v) else float(v) for k, v in figures.items()}
print(json.dumps({
    "read": read, "parts": parts, "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    "figures": figures}))
