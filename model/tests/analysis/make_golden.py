"""Makes golden.json: results of independent implementations on random presence.

    python3 -m venv venv && venv/bin/pip install numpy pandas scipy statsmodels && venv/bin/pip install --no-deps pyActigraphy
    venv/bin/python make_golden.py > golden.json

IS, IV, L5 and M10 are pyActigraphy's own functions on hourly values; SRI is counted pair by pair; averages are pandas', of hours
by span 20 and 8, and of minutes online of days of which half is known by span 28. Distances
round the clock are the least of scipy's distances on a line over all hours at which the clock can be cut, and as a transport problem that
scipy's linear program solves; divergences are the square of scipy's Jensen-Shannon distance. Days are UTC; a slot is `P` present, `a` absent, `?` unknown, and `P12` are twelve.
"""

import importlib.util
import itertools
import json
import pathlib
import sys
import types

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.spatial.distance import jensenshannon
from scipy.stats import wasserstein_distance

# Its package imports everything it has, readers of devices and plots among it: only two modules of it are needed.
root = pathlib.Path(importlib.util.find_spec("pyActigraphy").submodule_search_locations[0])
for name, path in [("pyActigraphy", root), ("pyActigraphy.utils", root / "utils"), ("pyActigraphy.metrics", root / "metrics")]:
    package = types.ModuleType(name)
    package.__path__ = [str(path)]
    sys.modules[name] = package
from pyActigraphy.metrics.metrics import _interdaily_stability, _intradaily_variability, _lmx  # noqa: E402

SLOTS, HOURS = 288, 24


def person(rng, days, habit, noise, unknown, whole_days):
    """Evenings around a habit, with noise, and unknown stretches of any length."""
    slots = np.full(days * SLOTS, "a")
    for day in range(days):
        if rng.random() < 0.85:
            start = day * SLOTS + int(rng.normal(habit, 12))
            length = int(abs(rng.normal(30, 15))) + 1
            slots[max(start, 0) : start + length] = "P"
    flip = rng.random(len(slots)) < noise
    slots[flip] = np.where(slots[flip] == "P", "a", "P")
    while (slots == "?").mean() < unknown:
        start = int(rng.integers(len(slots)))
        slots[start : start + int(rng.integers(1, 60))] = "?"
    for day in rng.choice(days, whole_days, replace=False):
        slots[day * SLOTS : (day + 1) * SLOTS] = "?"
    return "".join(slots)


def hours(slots):
    """Minutes online by hour, where half of it is known."""
    cells = np.array(list(slots)).reshape(-1, 12)
    present, known = (cells == "P").sum(axis=1), (cells != "?").sum(axis=1)
    return np.where(known >= 6, 60 * present / np.maximum(known, 1), np.nan)


def minutes(slots):
    """Minutes online by day, where half of it is known."""
    cells = np.array(list(slots)).reshape(-1, SLOTS)
    present, known = (cells == "P").sum(axis=1), (cells != "?").sum(axis=1)
    return np.where(known >= 144, 1440 * present / np.maximum(known, 1), np.nan)


def average(values, span):
    """What an exponential moving average comes to at last."""
    return pd.DataFrame(values).ewm(span=span, adjust=False, ignore_na=True).mean().iloc[-1]


def round_the_clock(one, other):
    """The circular earth mover's distance of two profiles, found in two ways."""
    turned = [(np.roll(one, cut), np.roll(other, cut)) for cut in range(HOURS)]
    cuts = min(wasserstein_distance(range(HOURS), range(HOURS), one, other) for one, other in turned)
    step = np.abs(np.subtract.outer(range(HOURS), range(HOURS)))
    cost = np.minimum(step, HOURS - step).ravel()
    rows = [np.repeat(np.eye(HOURS)[hour], HOURS) for hour in range(HOURS)] + [np.tile(np.eye(HOURS)[hour], HOURS) for hour in range(HOURS)]
    moved = linprog(cost, A_eq=np.array(rows), b_eq=np.concatenate([one / one.sum(), other / other.sum()]))
    assert moved.success and abs(moved.fun - cuts) < 1e-7, (moved.fun, cuts)
    return cuts


def zone(slots, number):
    """How far presence by hour of UTC is from some usual day, at offsets from -11 to +12."""
    cells = np.array(list(slots)).reshape(-1, HOURS, 12)
    profile = (cells == "P").sum(axis=(0, 2)) / (cells != "?").sum(axis=(0, 2))
    # Chance of its own: the people are the same with it and without.
    usual = np.random.default_rng(100 + number).gamma(2.0, 1.0, HOURS) * (1.3 + np.cos((np.arange(HOURS) - 21) * np.pi / 12))
    # At UTC+1 it is an hour later: what is 21:00 there is 20:00 UTC.
    distances = [round_the_clock(profile, np.roll(usual, -offset)) for offset in range(-11, 13)]
    return {
        "usual": usual.tolist(),
        "distances": distances,
        "nearest": int(np.argmin(distances)) - 11,
        "divergence": jensenshannon(profile, usual, base=2) ** 2,
    }


def results(slots):
    values = hours(slots)
    index = pd.date_range("2026-01-05", periods=len(values), freq="1h")
    series = pd.Series(values, index=index)
    (least_at, least), (most_at, most) = (_lmx(series, period, lowest=low) for period, low in [("5h", True), ("10h", False)])
    slots = np.array(list(slots))
    first, second = slots[:-SLOTS], slots[SLOTS:]
    # Each hour of the day weighs the same, however much of it is known.
    pairs = [(place % SLOTS // 12, a == b) for place, (a, b) in enumerate(zip(first, second)) if a != "?" and b != "?"]
    same = [np.mean([is_same for at, is_same in pairs if at == hour]) for hour in range(HOURS)]
    by_hour = series.to_numpy().reshape(-1, HOURS)
    by_hour_of = {span: [None if np.isnan(value) else value for value in average(by_hour, span)] for span in (20, 8)}
    return {
        "stability": _interdaily_stability(series),
        "variability": _intradaily_variability(series),
        "amplitude": (most - least) / (most + least),
        "least_from": int(least_at / pd.Timedelta("1h")) % HOURS,
        "most_from": int(most_at / pd.Timedelta("1h")) % HOURS,
        "sri": -100 + 200 * float(np.mean(same)),
        "ema_20": by_hour_of[20],
        "ema_8": by_hour_of[8],
        "ema_28": average(minutes(slots), 28)[0],
    }


def shortly(slots):
    return "".join(f"{slot}{len(list(same))}" for slot, same in itertools.groupby(slots))


def main():
    rng = np.random.default_rng(7)
    cases = []
    for days, habit, noise, unknown, whole_days in [
        (28, 240, 0.0, 0.0, 0),
        (28, 240, 0.002, 0.05, 1),
        (60, 130, 0.01, 0.1, 5),
        (90, 20, 0.05, 0.3, 10),
        (120, 275, 0.2, 0.02, 30),
        (16, 100, 0.01, 0.02, 0),
    ]:
        slots = person(rng, days, habit, noise, unknown, whole_days)
        cases.append({"first": "2026-01-05", "slots": shortly(slots), **results(slots), **zone(slots, len(cases))})
    json.dump(cases, sys.stdout, indent=1)
    print()


main()
