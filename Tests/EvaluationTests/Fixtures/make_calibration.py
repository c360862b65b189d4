"""Makes calibration.json: what scikit-learn and SciPy say of reliability curves, isotonic maps and temperatures.

Needs: numpy, scikit-learn, scipy. Run: python make_calibration.py, in this folder.
"""
import json
import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import expit, logit
from sklearn.calibration import calibration_curve
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import log_loss

rng = np.random.default_rng(23)
cases = []
for index in range(8):
    n = int(rng.integers(20, 60))
    scores = rng.random(n) * 0.98 + 0.01
    if index % 2:
        scores = np.round(scores, 1)
        scores = np.clip(scores, 0.1, 0.9)
    # Too sure or not sure enough, by turns.
    truth = (rng.random(n) < expit(logit(scores) * (0.4 if index % 4 < 2 else 2.0))).astype(int)
    truth[:2] = [0, 1]
    uniform = calibration_curve(truth, scores, n_bins=7, strategy="uniform")
    quantile = calibration_curve(truth, scores, n_bins=5, strategy="quantile")
    fit = IsotonicRegression(out_of_bounds="clip", y_min=0, y_max=1).fit(scores, truth)
    asked = np.concatenate([np.linspace(0, 1, 41), scores])
    best = minimize_scalar(lambda t: log_loss(truth, expit(logit(scores) / np.exp(t))), bounds=(np.log(0.01), np.log(100)),
                           method="bounded", options={"xatol": 1e-12})
    cases.append({
        "scores": scores.tolist(), "truth": truth.tolist(), "ties": bool(index % 2),
        "uniform": [uniform[1].tolist(), uniform[0].tolist()],
        "quantile": [quantile[1].tolist(), quantile[0].tolist()],
        "asked": asked.tolist(), "isotonic": fit.predict(asked).tolist(),
        "loss": float(best.fun), "temperature": float(np.exp(best.x)),
    })
print([round(c["temperature"], 3) for c in cases])
json.dump(cases, open("calibration.json", "w"), indent=None)
