"""Makes golden.json: distributions as numpy tells them.

    python3 -m venv venv && venv/bin/pip install numpy
    venv/bin/python make_golden.py > golden.json

Quantiles are numpy's; Gini's coefficient is half the mean difference of all pairs over the mean, which is its definition; the
Lorenz curve is numpy's interpolation of cumulated sums.
"""

import json
import sys

import numpy as np

chance = np.random.default_rng(20_261_122)


def case(amounts):
    amounts = np.asarray(amounts, dtype=float)
    ascending = np.sort(amounts)
    shares = np.concatenate([[0.0], np.cumsum(ascending)]) / ascending.sum()
    steps = np.linspace(0.0, 1.0, 101)
    return {
        "amounts": amounts.tolist(),
        "median": np.median(amounts),
        "percentiles": np.percentile(amounts, [10, 25, 75, 90, 95, 99]).tolist(),
        "gini": np.abs(amounts[:, None] - amounts[None, :]).mean() / (2 * amounts.mean()),
        "lorenz": np.interp(steps, np.linspace(0.0, 1.0, len(shares)), shares).tolist(),
    }


cases = [
    case(chance.pareto(1.1, 200).round(3)),
    case(chance.lognormal(4, 1.6, 333).round(2)),
    case(chance.integers(0, 40, 57)),
    case([3.0]),
    case([0, 0, 0, 1]),
]
json.dump(cases, sys.stdout)
