"""How far a gradient check can be trusted: with right gradients and broken ones, with and without a
kink. The error over the step comes from `_gradient_checking`.
"""

import math
from collections import Counter

import numpy as np

from snippets.gradient_checking import check_gradient, relative_error
from snippets.tables import _gradient_checking as curves
from snippets.tables import power_of_ten

BEST, POINTS, eps = curves.BEST, curves.POINTS, curves.eps
steep, at_tiny_step, off_most = curves.steep, curves.at_tiny_step, curves.off_most

# A network of any depth, for a batch in rows; the mean squared error is its loss


def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


UNITS = {  # what hidden units compute, and its slope
    "relu": (lambda Z: np.maximum(Z, 0), lambda Z: Z > 0),
    "sigmoid": (sigmoid, lambda Z: sigmoid(Z) * sigmoid(-Z)),
}


def network(seed, sizes, examples, biases):
    """Parameters with He's weights and biases of this spread; inputs and targets."""
    rng, parameters = np.random.default_rng(seed), []
    for n_in, n_out in zip(sizes, sizes[1:]):
        parameters += [rng.normal(0, math.sqrt(2 / n_in), (n_out, n_in))]
        parameters += [biases * rng.normal(size=n_out)]
    return parameters, rng.normal(size=(examples, sizes[0])), rng.random((examples, sizes[-1]))


def forward(parameters, X, units="relu"):
    """`Z` and `A` of each layer; `A` begins with `X`."""
    Z, A = [], [X]
    for W, b in zip(parameters[::2], parameters[1::2]):
        Z.append(A[-1] @ W.T + b)
        A.append(UNITS[units][0](Z[-1]))
    A[-1] = sigmoid(Z[-1])
    return Z, A


SLIPS = {
    "slope": "no `A * (1 - A)` of the sigmoid",
    "factor": "no factor 2 of the loss",
    "input": "`Z1` for `A1`, `Z2` for `A2`",
    "mask": "no `Z > 0`",
    "transposed": "`W.T` for `W`, where it is square",
    "sum": "`dL_db` of one example, no sum",
}


def backward(parameters, X, Y, units="relu", slip=None):
    """Gradients in the order of the parameters, with or without a slip."""
    Z, A = forward(parameters, X, units)
    slope = UNITS[units][1]
    dL_dA = (1 if slip == "factor" else 2) * (A[-1] - Y) / Y.size
    dL_dZ = dL_dA * (1 if slip == "slope" else A[-1] * (1 - A[-1]))
    gradients = []
    for k in reversed(range(len(Z))):
        W, A_in = parameters[2 * k], A[k]
        if slip == "input" and k > 0:
            A_in = Z[k - 1]
        if slip == "transposed" and len(W) == len(W.T):
            W = W.T
        dL_db = dL_dZ[0] if slip == "sum" else dL_dZ.sum(axis=0)
        gradients = [dL_dZ.T @ A_in, dL_db, *gradients]
        if k > 0:
            dL_dA = dL_dZ @ W
            dL_dZ = dL_dA * (1 if slip == "mask" else slope(Z[k - 1]))
    return gradients


def in_a_row(arrays):
    """All entries of some arrays, one vector."""
    return np.concatenate([W.ravel() for W in arrays])


def central_differences(parameters, X, Y, h, units="relu"):
    """The slopes of the loss, in a row: each from two networks, of which one parameter is nudged.
    All at once, since one by one takes ten times as long.
    """
    vector = in_a_row(parameters)
    nudges = h * np.eye(vector.size, dtype=vector.dtype)
    networks = np.concatenate([vector + nudges, vector - nudges])
    parts = np.split(networks, np.cumsum([W.size for W in parameters])[:-1], axis=1)
    A = X  # (examples, in), and from here on (networks, examples, units)
    for k in range(0, len(parts), 2):
        W = parts[k].reshape(-1, *parameters[k].shape).swapaxes(1, 2)  # (networks, in, out)
        bend = sigmoid if k == len(parts) - 2 else UNITS[units][0]
        A = bend(A @ W + parts[k + 1][:, None])
    above, below = np.split(np.array([mean_square(error) for error in A - Y]), 2)
    return (above - below) / (2 * h)


def mean_square(error):
    return float(np.vdot(error, error)) / error.size


def loss_of(parameters, X, Y):
    """A loss that takes nothing, as the check wants it. It remembers what it has computed."""
    seen = {}

    def loss():
        key = b"".join([W.tobytes() for W in parameters])
        if key not in seen:
            seen[key] = mean_square(forward(parameters, X)[1][-1] - Y)
        return seen[key]

    return loss


TOLERANCE = 1e-5
tolerance = power_of_ten(TOLERANCE)

# How close the gradient of all parameters comes, in networks of sigmoids
NETWORKS, SIZES, EXAMPLES = 10, [6, 8, 2], 16


def reach(dtype, h):
    """For each network, the relative error of central differences of the loss in this precision,
    all parameters together.
    """
    errors = []
    for seed in range(NETWORKS):
        parameters, X, Y = network(seed, SIZES, EXAMPLES, biases=0)
        gradients = backward(parameters, X, Y, "sigmoid")
        parameters, X, Y = [W.astype(dtype) for W in parameters], X.astype(dtype), Y.astype(dtype)
        nudged = central_differences(parameters, X, Y, h, "sigmoid")
        errors.append(relative_error(in_a_row(gradients), nudged))
    return np.array(errors)


single_steps = [10.0**-k for k in (1, 2, 3, 4)]
_double, _double_1e7 = reach(np.float64, 1e-5), reach(np.float64, 1e-7)
_single = np.array([reach(np.float32, h) for h in single_steps])
_best_single = int(np.argmin(np.median(_single, axis=1)))
_best = f"{power_of_ten(single_steps[_best_single])}, the best of {len(single_steps)}"
REACH = [
    {
        "precision": precision,
        "h": h,
        "median error": "about " + curves.exponent(np.median(errors), 0.5),
    }
    for precision, h, errors in (
        ("float64", power_of_ten(1e-5), _double),
        ("float64", power_of_ten(1e-7), _double_1e7),
        ("float32", _best, _single[_best_single]),
        ("float32", power_of_ten(single_steps[-1]), _single[-1]),
    )
]
digits_lost = math.log10(np.median(_double_1e7) / np.median(_double))
assert _double.max() < 1e-9 and np.median(_double_1e7) > 10 * np.median(_double)
assert _single.min() > TOLERANCE and np.median(_single[_best_single]) > 1e4 * np.median(_double)

# Kinks: right networks, judged by the error alone, and by the check
DEEP, FEW, SPREAD, SEEDS = [4, 3, 3, 1], 8, 0.1, 200
BIASES = {0: "biases 0", SPREAD: f"biases N(0, {SPREAD}²)"}
NUDGES, LARGE = [1e-3, 1e-5, 1e-7], 1e-3


def worst_error(loss, gradients, nudged):
    """The largest error of any entry, by central differences and nothing else."""
    a, b = in_a_row(gradients), nudged
    scale = np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-4 * loss())
    return float((np.abs(a - b) / scale).max())


def right(seed, biases):
    """The worst error of right gradients at each step, and the report of the check."""
    parameters, X, Y = network(seed, DEEP, FEW, biases)
    loss, gradients = loss_of(parameters, X, Y), backward(parameters, X, Y)
    nudged = [central_differences(parameters, X, Y, h) for h in NUDGES]
    errors = [worst_error(loss, gradients, slopes) for slopes in nudged]
    return errors, check_gradient(loss, parameters, gradients)


_right = {biases: [right(seed, biases) for seed in range(SEEDS)] for biases in BIASES}
errors = {biases: np.array([found for found, _ in each]) for biases, each in _right.items()}
large = {biases: (found > LARGE).sum(axis=0).tolist() for biases, found in errors.items()}
verdicts = {biases: Counter(report.verdict for _, report in _right[biases]) for biases in BIASES}
STEPS_TRIED = [
    {"h": power_of_ten(h), **{BIASES[biases]: str(large[biases][k]) for biases in BIASES}}
    for k, h in enumerate(NUDGES)
]
VERDICTS = [
    {"the check says": verdict}
    | {BIASES[biases]: str(verdicts[biases][verdict]) for biases in BIASES}
    for verdict in ("right", "kink", "wrong")
]
at_kink, crossed = large[0][-1], large[SPREAD][0]
KINK_REPORT = next(str(report) for _, report in _right[0] if report.verdict == "kink")
right_worst = float(errors[SPREAD][:, NUDGES.index(1e-5)].max())
assert large[0][1:] == [at_kink] * 2 and large[SPREAD][1:] == [0] * 2 and at_kink > SEEDS / 2
assert verdicts[0] == {"right": SEEDS - at_kink, "kink": at_kink}
assert verdicts[SPREAD] == {"right": SEEDS} and right_worst < TOLERANCE / 10

# Broken backward passes on the same networks
TRIED = 50
NAMES = [f"`{name}{k}`" for k in (1, 2, 3) for name in ("W", "b")]


def broken(seed, biases):
    """By slip the report of its gradients, where they are not those of the right backward pass."""
    parameters, X, Y = network(seed, DEEP, FEW, biases)
    loss, gradients = loss_of(parameters, X, Y), backward(parameters, X, Y)
    wrong = {slip: backward(parameters, X, Y, slip=slip) for slip in SLIPS}
    wrong["thousandth"] = [1.001 * gradients[0], *gradients[1:]]
    return {
        slip: check_gradient(loss, parameters, changed)
        for slip, changed in wrong.items()
        if not all(map(np.array_equal, changed, gradients))
    }


def last_wrong(report):
    """The last parameter that is wrong, with which the advice says to start."""
    return [NAMES[found.parameter] for found in report.worst if found.verdict == "wrong"][-1]


_broken = {biases: [broken(seed, biases) for seed in range(TRIED)] for biases in BIASES}
_by_slip = {
    slip: {biases: [of[slip] for of in each if slip in of] for biases, each in _broken.items()}
    for slip in [*SLIPS, "thousandth"]
}


def found(reports):
    return f"{sum(report.verdict == 'wrong' for report in reports)} of {len(reports)}"


BROKEN = [
    {
        "Slip": SLIPS.get(slip, "`dL_dW1` a thousandth too large"),
        **{f"found, {BIASES[biases]}": found(of) for biases, of in each.items()},
        "start with": ", ".join(
            sorted({last_wrong(report) for of in each.values() for report in of}, key=NAMES.index)
        ),
    }
    for slip, each in _by_slip.items()
]
_all = [report for each in _by_slip.values() for of in each.values() for report in of]
broken_least = min(max(found.error for found in report.worst) for report in _all)
assert all(report.verdict == "wrong" for report in _all) and broken_least > 50 * TOLERANCE
REPORT = str(_by_slip["mask"][SPREAD][0])

floor_share = eps["float64"] / 1e-5 / 1e-4  # of what the check divides by at least
assert floor_share < TOLERANCE

# A few random entries: how often a slip in one row is missed
LOOKED_AT, TRIES, ONE_ENTRY_TRIES = 10, 200, 20
_parameters, _X, _Y = network(0, SIZES, EXAMPLES, SPREAD)
_loss, (_dL_dW1, _, _dL_dW2, _) = loss_of(_parameters, _X, _Y), backward(_parameters, _X, _Y)
_one_row = _dL_dW1 * np.where(np.arange(SIZES[1]) == 3, 2, 1)[:, None]


def misses(W, wrong, entries, tries):
    """In how many tries a look at so many random entries of one parameter finds nothing."""
    reports = [
        check_gradient(_loss, [W], [wrong], np.random.default_rng(seed), entries)
        for seed in range(tries)
    ]
    return sum(report.verdict == "right" for report in reports)


missed = misses(_parameters[0], _one_row, LOOKED_AT, TRIES) / TRIES
units, _weights = SIZES[1], _dL_dW1.size
missed_theory = math.comb(_weights - SIZES[0], LOOKED_AT) / math.comb(_weights, LOOKED_AT)
missed_all_rows = misses(_parameters[2], _dL_dW2 / 2, 1, ONE_ENTRY_TRIES)
assert abs(missed - missed_theory) < 0.08 and missed_all_rows == 0
