"""Gradient descent, momentum and Adam in a narrow valley and on the digits, each with the best rate
of one grid.
"""

import math

import numpy as np

from snippets.optimisers import Adam, GradientDescent, Momentum
from snippets.tables import n
from snippets.tables._optimisers import (
    BATCH,
    DIGIT_RATES,
    KINDS,
    STEEP,
    STEPS,
    VALLEY_RATES,
    WIDTHS,
    accuracy,
    digits,
    loss,
    train,
    walk,
)
from snippets.tables._optimisers import TRAINING as TRAINING  # for the page
from snippets.tables._results import spread

MOMENTUM, BETA1, BETA2 = Momentum(1.0).momentum, Adam(1.0).beta1, Adam(1.0).beta2


def grid(first, last):
    """Four rates a decade, from 10**first to 10**last, to three digits."""
    return [float(f"{10 ** (k / 4):.3g}") for k in range(4 * first, 4 * last + 1)]


# The limit of plain gradient descent: 2 over the largest curvature

LIMIT = 2 / STEEP
MOMENTUM_LIMIT = 2 * (1 + MOMENTUM) / STEEP


def across(optimiser, steps=100):
    """How far the point is from the bottom of the valley, across it, as a share of the start."""
    points, _ = walk(optimiser, steps)
    return float(abs(points[-1, 1] / points[0, 1]))


STABILITY = [
    {
        "Learning rate": f"{share} × limit",
        "Factor of a step, $1 - \\eta\\lambda$": f"{1 - share * LIMIT * STEEP:.2f}".replace(
            "-", "−"
        ),
        "Distance after 100 steps": n(across(GradientDescent(share * LIMIT)), 3),
    }
    for share in (0.97, 0.99, 1.01, 1.03)
]
for _share in (0.5, 0.97, 0.99, 1.01, 1.03):
    _formula = abs(1 - _share * LIMIT * STEEP) ** 100
    assert math.isclose(
        across(GradientDescent(_share * LIMIT)), _formula, rel_tol=1e-9, abs_tol=1e-12
    )
assert (
    across(Momentum(0.99 * MOMENTUM_LIMIT), 400) < 1 < across(Momentum(1.01 * MOMENTUM_LIMIT), 400)
)


# The valley

SHARE, PATIENCE, TURN = 1e-4, 400, 30
VALLEY_GRID = grid(-3, 1)


def steps_needed(kind, rates, degrees=0.0):
    """For each rate, the steps until the loss is below SHARE of the start and stays there; PATIENCE
    + 1 where it never does.
    """
    _, heights = walk(kind(np.array(rates)[:, None]), PATIENCE, degrees)  # (PATIENCE + 1, rates)
    return [int(np.flatnonzero(~(column < SHARE))[-1]) + 1 for column in heights.T]


_needed = {
    name: dict(zip(VALLEY_GRID, steps_needed(kind, VALLEY_GRID))) for name, kind in KINDS.items()
}
best = {name: min(needed.values()) for name, needed in _needed.items()}
good = {
    name: [rate for rate in VALLEY_GRID if needed[rate] <= 1.5 * best[name]]
    for name, needed in _needed.items()
}
turned = {name: steps_needed(kind, [VALLEY_RATES[name]], TURN)[0] for name, kind in KINDS.items()}
off = {
    name: steps_needed(kind, [VALLEY_RATES[name] * factor for factor in (0.1, 10)])
    for name, kind in KINDS.items()
}


def steps(count):
    return f"{count}" if count <= PATIENCE else f"more than {PATIENCE}"


VALLEY = [
    {
        "Optimiser": name,
        "Best learning rate": n(VALLEY_RATES[name], 3),
        "Steps": steps(best[name]),
        "Good rates of the grid": f"{len(good[name])}",
        "A tenth of the rate": steps(off[name][0]),
        "Ten times the rate": steps(off[name][1]),
        f"Valley turned by {TURN}°": steps(turned[name]),
    }
    for name in KINDS
]
# the figure draws these
assert all(_needed[name].get(VALLEY_RATES[name]) == best[name] for name in KINDS)
assert best["Gradient descent"] > 2.5 * max(best["Momentum"], best["Adam"])
assert len(good["Gradient descent"]) < len(good["Momentum"]) < len(good["Adam"])
assert (
    turned["Gradient descent"] == best["Gradient descent"]
    and turned["Momentum"] == best["Momentum"]
)
assert turned["Adam"] > 1.1 * best["Adam"]
assert (
    off["Gradient descent"] == [PATIENCE + 1] * 2 and off["Momentum"][1] > PATIENCE > off["Adam"][1]
)


# The digits

DIGIT_GRID, TUNING, RUNS = grid(-2, 0), range(100, 103), range(10)
EXAMPLES_SEEN, TESTED = STEPS * BATCH, len(digits()[2])


def tuned(kind):
    """The rate of the grid with the lowest median loss, over seeds that no other result uses."""
    return min(
        DIGIT_GRID,
        key=lambda rate: np.median([loss(train(kind(rate), seed)[-1]) for seed in TUNING]),
    )


def results(name, factor=1):
    """Losses and accuracies at the end, one for each of RUNS."""
    last = [train(KINDS[name](factor * DIGIT_RATES[name]), seed)[-1] for seed in RUNS]
    return [loss(parameters) for parameters in last], [accuracy(parameters) for parameters in last]


assert {name: tuned(kind) for name, kind in KINDS.items()} == DIGIT_RATES
_results = {name: {factor: results(name, factor) for factor in (0.1, 1, 10)} for name in KINDS}
losses = {
    name: {f"x{factor}": spread(found[0]) for factor, found in by.items()}
    for name, by in _results.items()
}
right = {
    name: {f"x{factor}": spread(found[1]) for factor, found in by.items()}
    for name, by in _results.items()
}


def beats(one, other):
    """In how many of RUNS, which share first weights and batches, `one` ends at a lower loss than
    `other`.
    """
    return int(np.sum(np.less(_results[one][1][0], _results[other][1][0])))


adam_beats_momentum, momentum_beats_descent = (
    beats("Adam", "Momentum"),
    beats("Momentum", "Gradient descent"),
)
adam_beats_descent = beats("Adam", "Gradient descent")


def cell(values, digits=2):
    return (
        f"{values['median']:.{digits}f} ({values['low']:.{digits}f} to {values['high']:.{digits}f})"
    )


DIGITS = [
    {
        "Optimiser": name,
        "Learning rate": n(DIGIT_RATES[name], 3),
        f"Loss after {STEPS} steps": cell(losses[name]["x1"]),
        "A tenth of the rate": cell(losses[name]["x0.1"]),
        "Ten times the rate": cell(losses[name]["x10"]),
        "Right on test digits": "{:.0f}% ({:.0f} to {:.0f})".format(
            *(100 * right[name]["x1"][key] for key in ("median", "low", "high"))
        ),
    }
    for name in KINDS
]
GUESSING = math.log(WIDTHS[-1])
assert (
    adam_beats_descent == len(RUNS)
    and 7 <= momentum_beats_descent
    and 5 <= adam_beats_momentum < 10
)
assert all(losses[name]["x1"]["high"] < losses[name]["x0.1"]["low"] / 2 for name in KINDS)
assert all(losses[name]["x10"]["low"] > 0.75 * GUESSING for name in KINDS)
assert losses["Momentum"]["x1"]["high"] < losses["Gradient descent"]["x1"]["low"]
assert losses["Adam"]["x1"]["high"] > losses["Momentum"]["x1"]["low"]  # the two overlap
# all three do
assert max(right[name]["x1"]["low"] for name in KINDS) <= min(
    right[name]["x1"]["high"] for name in KINDS
)
