"""How far a gradient check can be trusted: the error over the step, at the kink, and between right
gradients and broken ones.
"""

import functools
import math

import numpy as np

from snippets import challenges, gradient_checking, matrix_form
from snippets.gradient_check import relative_error
from snippets.initialisation import weight_std
from snippets.tables import magnitude, n, power_of_ten

# The error over the step, for a curve whose every derivative is known. It takes only plus, times
# and divided by, and its steps are powers of two: so every processor rounds alike, and the page and
# its figure are the same everywhere.
POINTS = 201
X = np.linspace(0.5, 2.5, POINTS)
STEPS = np.ldexp(1.0, -np.arange(61))  # from 1 down to about 1e-18
_PRECISIONS = {"float64": np.float64, "float32": np.float32}
METHODS = {
    "forward differences": gradient_checking.forward_difference,
    "central differences": gradient_checking.central_difference,
    "complex step": gradient_checking.complex_step,
}


def bell(x):
    """1 / (1 + x²): a curve with a peak, that takes complex numbers too."""
    return 1 / (1 + x * x)


def derivative(x, order):
    """Of the bell: it is the imaginary part of 1 / (x - i), which is as easy to differentiate as 1
    / x.
    """
    return ((-1) ** order * math.factorial(order) / (x - 1j) ** (order + 1)).imag


def curve(method, precision):
    """The median relative error at each step; what is below the precision counts as that."""
    x = X.astype(_PRECISIONS[precision])
    exact = derivative(x.astype(float), 1)
    errors = [np.median(np.abs(METHODS[method](bell, x, h) / exact - 1)) for h in STEPS.tolist()]
    return np.maximum(errors, np.finfo(x.dtype).eps)


CURVES = {
    precision: {method: curve(method, precision) for method in METHODS} for precision in _PRECISIONS
}

# The theory: cutting the formula off costs c h^p, rounding f costs eps f / h; the sum is least
# where both pull alike
_f, _f1, _f2, _f3 = (float(np.median(np.abs(derivative(X, order)))) for order in range(4))
ORDERS = {"forward differences": (1, _f2 / 2), "central differences": (2, _f3 / 6)}


def predicted(method, eps):
    """The best step, and the relative error there."""
    p, c = ORDERS[method]
    h = (eps * _f / (p * c)) ** (1 / (p + 1))
    return h, (c * h**p + eps * _f / h) / _f1


def exponent(value, step=0.1):
    """A power of ten, its exponent to a tenth, or to a half where the last bits of the processor
    count.
    """
    return f"10<sup>{n(round(round(math.log10(value) / step) * step, 1))}</sup>"


def measured(method, precision):
    """The best step and the error there: the middle of all steps whose error is at most twice the
    least.
    """
    errors = CURVES[precision][method]
    return float(np.exp(np.log(STEPS[errors <= 2 * errors.min()]).mean())), float(errors.min())


BEST, best, _off = [], {}, []
for _precision in _PRECISIONS:
    _eps = float(np.finfo(_PRECISIONS[_precision]).eps)
    for _method, (_p, _) in ORDERS.items():
        _theory, _found = predicted(_method, _eps), measured(_method, _precision)
        best[f"{_precision} {_method.split()[0]}"] = {"h": _found[0], "error": _found[1]}
        _off += [abs(math.log10(a / b)) for a, b in zip(_theory, _found)]
        BEST.append(
            {
                "Precision, method": f"{_precision}, {_method}",
                "rule of thumb": f"ε<sup>1/{_p + 1}</sup> = {exponent(_eps ** (1 / (_p + 1)))}",
                "best h, theory": exponent(_theory[0]),
                "best h, measured": exponent(_found[0]),
                "error there, theory": exponent(_theory[1]),
                "error there, measured": exponent(_found[1]),
            }
        )
off_most = 10 ** max(_off)


def steepness(method, precision, first, last):
    """The slope of the curve on logarithmic axes, from the step 2**-first to the step 2**-last."""
    inside = slice(first, last + 1)
    return float(
        np.polyfit(np.log10(STEPS[inside]), np.log10(CURVES[precision][method][inside]), 1)[0]
    )


steep = {
    "forward": steepness("forward differences", "float64", 7, 19),
    "central": steepness("central differences", "float64", 4, 13),
    "rounding": steepness("central differences", "float64", 24, 43),
}
eps = {precision: float(np.finfo(dtype).eps) for precision, dtype in _PRECISIONS.items()}
complex_worst = {
    precision: float(CURVES[precision]["complex step"][30:].max()) for precision in _PRECISIONS
}
at_tiny_step = float(CURVES["float64"]["central differences"][57:].min())
assert all(
    abs(steep[name] - whole) < 0.02
    for name, whole in {"forward": 1, "central": 2, "rounding": -1}.items()
)
assert complex_worst == eps and at_tiny_step == 1 and off_most < 6

# A whole network: how close the gradient of all parameters comes
NETWORKS, SIZES, EXAMPLES = 10, [4, 8, 2], 16
TOLERANCE = 1e-6
tolerance = power_of_ten(TOLERANCE)


def smooth_network(seed, dtype=np.float64, norm=False):
    """A loss, the parameters that it depends on, and their gradients, of a network of sigmoids."""
    rng, std = np.random.default_rng(seed), functools.partial(weight_std, "glorot")
    parameters = [p.astype(dtype) for p in challenges.deep_init(SIZES, std, rng, norm)]
    X, Y = (rng.normal(size=(EXAMPLES, size)).astype(dtype) for size in (SIZES[0], SIZES[-1]))

    def loss():
        Z, _ = challenges.deep_forward(X, parameters, challenges.sigmoid_and_slope)
        return float(np.mean((Z - Y) ** 2))

    Z, caches = challenges.deep_forward(X, parameters, challenges.sigmoid_and_slope)
    gradients, _ = challenges.deep_backward(2 * (Z - Y) / Y.size, parameters, caches)
    names = ["W1", "b1", *["gamma1"] * norm, "W2", "b2"]
    return loss, dict(zip(names, parameters)), dict(zip(names, gradients))


def reach(dtype, h):
    """For each network, the relative error of central differences of the loss in this precision,
    all parameters together.
    """
    errors = []
    for seed in range(NETWORKS):
        _, _, gradients = smooth_network(seed)
        loss, parameters, _ = smooth_network(seed, dtype)
        exact, found = [], []
        for name, W in parameters.items():
            for index in np.ndindex(W.shape):
                above, below = gradient_checking.nudged(loss, W, index, h)
                exact.append(gradients[name][index])
                found.append((above - below) / (2 * h))
        errors.append(relative_error(exact, found))
    return np.array(errors)


single_steps = [10.0**-k for k in (1, 2, 3, 4)]
_by_step = {h: reach(np.float64, h) for h in (1e-5, 1e-7)}
_double, _double_1e7 = _by_step.values()
_single = np.array([reach(np.float32, h) for h in single_steps])
_best_single = int(np.argmin(np.median(_single, axis=1)))
REACH = [
    {"precision": precision, "h": h, "median error": "about " + exponent(np.median(errors), 1)}
    for precision, h, errors in (
        *(("float64", power_of_ten(h), errors) for h, errors in _by_step.items()),
        (
            "float32",
            f"{power_of_ten(single_steps[_best_single])}, the best of {len(single_steps)}",
            _single[_best_single],
        ),
        ("float32", power_of_ten(single_steps[-1]), _single[-1]),
    )
]
single_steps_tried = len(single_steps)
digits_lost = math.log10(np.median(_double_1e7) / np.median(_double))
single_least = float(_single.min())
assert _double.max() < 1e-9 and np.median(_double_1e7) > 10 * np.median(_double)
assert single_least > TOLERANCE and np.median(_single[_best_single]) > 1e4 * np.median(_double)

# The kink of ReLU
NUDGES = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5]


def relu_network(seed, N=EXAMPLES, D=4, H=8, K=2):
    """Inputs, targets and the parameters of the network of two layers."""
    rng = np.random.default_rng(seed)
    X, Y = rng.normal(size=(N, D)), rng.uniform(size=(N, K))
    shapes = {"W1": (H, D), "b1": (H,), "W2": (K, H), "b2": (K,)}
    return X, Y, {name: rng.normal(size=shape) for name, shape in shapes.items()}


def crossing(h):
    """`crossing_of` all networks: two arrays."""
    found = [entry for seed in range(NETWORKS) for entry in crossing_of(seed, h)]
    crossed, errors = zip(*found)
    return np.array(crossed), np.array(errors)


def crossing_of(seed, h):
    """For each entry of W1 and b1: whether its nudge takes a unit over the kink, and the error."""
    X, Y, model = relu_network(seed)
    Z1, A1, _, A2 = matrix_form.forward_batch(X, **model)
    exact = dict(zip(model, matrix_form.backward_batch(X, Y, Z1, A1, A2, model["W2"])))
    sides = []

    def loss():
        Z1, *_, A2 = matrix_form.forward_batch(X, **model)
        sides.append(Z1 > 0)
        return matrix_form.mean_squared_error(A2, Y)

    for name in ("W1", "b1"):
        largest = abs(exact[name]).max()
        for index in np.ndindex(model[name].shape):
            above, below = gradient_checking.nudged(loss, model[name], index, h)
            error = abs((above - below) / (2 * h) - exact[name][index]) / largest
            yield not np.array_equal(*sides[-2:]), error


_kinks = {h: crossing(h) for h in NUDGES}
_largest = {
    h: (errors[crossed].max(initial=0), errors[~crossed].max())
    for h, (crossed, errors) in _kinks.items()
}
KINKS = [
    {
        "h": power_of_ten(h),
        "entries that cross a kink": f"{crossed.mean():.1%}",
        "their largest error": n(_largest[h][0], 2) if crossed.any() else "–",
        "largest error of the others": magnitude(_largest[h][1]),
    }
    for h, (crossed, _) in _kinks.items()
]
entries_looked_at = len(_kinks[1e-5][0])
_shares = [crossed.mean() for crossed, _ in _kinks.values()]
assert _shares == sorted(_shares, reverse=True) and _shares[0] > 0.1 and _kinks[1e-5][0].sum() == 0
assert (
    all(wrong > 100 * other for wrong, other in list(_largest.values())[1:3])
    and _largest[1e-5][1] < TOLERANCE
)

_before, _after = (_kinks[h][0] for h in (1e-3, 1e-4))
crossed_before, crossed_after = int(_before.sum()), int((_before & _after).sum())

# Right and broken backward passes, by the check that a reader takes home


def backward_without_mask(X, Y, Z1, A1, A2, W2):
    """The backward pass of the batch form; one line is missing: `dL_dZ1 = dL_dA1 * (Z1 > 0)`."""
    dL_dZ2 = 2 * (A2 - Y) / A2.size * A2 * (1 - A2)
    dL_dA1 = dL_dZ2 @ W2
    return dL_dA1.T @ X, dL_dA1.sum(axis=0), dL_dZ2.T @ A1, dL_dZ2.sum(axis=0)


def changed(name, change):
    """The right backward pass, with `change` done to the gradient of one parameter."""

    def backward(*arguments):
        gradients = dict(zip(("W1", "b1", "W2", "b2"), matrix_form.backward_batch(*arguments)))
        gradients[name] = change(gradients[name])
        return gradients.values()

    return backward


def one_sign(dL_dW):
    """The sign of one entry is wrong."""
    return np.where(np.arange(dL_dW.size).reshape(dL_dW.shape) == 0, -dL_dW, dL_dW)


BACKWARDS = {
    "none": matrix_form.backward_batch,
    "no `Z1 > 0`": backward_without_mask,
    "`dL_db1`: mean over the batch, not sum": changed("b1", lambda dL_db1: dL_db1 / EXAMPLES),
    "`dL_dW2`: no factor 2": changed("W2", lambda dL_dW2: dL_dW2 / 2),
    "`dL_dW1`: sign of one entry": changed("W1", one_sign),
    "`dL_dW1`: off by a thousandth": changed("W1", lambda dL_dW1: 1.001 * dL_dW1),
}


def check(backward, seed, names=("W1", "b1", "W2", "b2"), **options):
    """What `check_gradient` says of these gradients of a backward pass on one network."""
    X, Y, model = relu_network(seed)
    Z1, A1, _, A2 = matrix_form.forward_batch(X, **model)
    gradients = dict(zip(model, backward(X, Y, Z1, A1, A2, model["W2"])))

    def loss():
        return matrix_form.mean_squared_error(matrix_form.forward_batch(X, **model)[-1], Y)

    parameters, gradients = (
        {name: arrays[name] for name in names} for arrays in (model, gradients)
    )
    return gradient_checking.check_gradient(loss, parameters, gradients, **options)


def counted(names):
    return ", ".join(f"`{name}`" for name in sorted(set(names)))


_verdicts = {
    slip: [check(backward, seed) for seed in range(NETWORKS)]
    for slip, backward in BACKWARDS.items()
}
_extremes = {slip: [row["error"] for row in rows] for slip, rows in _verdicts.items()}
right_worst = max(_extremes["none"])
broken_least = min(min(errors) for slip, errors in _extremes.items() if slip != "none")


def judged(errors):
    """The smallest error, and whether all networks pass."""
    passes = max(errors) < TOLERANCE
    return ("below " + tolerance, "passes") if passes else (n(min(errors), 2), "**fails**")


BROKEN = [
    {
        "Slip": slip,
        "smallest error": judged(errors)[0],
        "worst entry in": "–"
        if slip == "none"
        else counted(row["parameter"] for row in _verdicts[slip]),
        "verdict": judged(errors)[1],
    }
    for slip, errors in _extremes.items()
]
assert right_worst < TOLERANCE / 2 and broken_least > 100 * TOLERANCE
assert all(
    (max(errors) < TOLERANCE) == (slip == "none") and (min(errors) < TOLERANCE) == (slip == "none")
    for slip, errors in _extremes.items()
)

floor_share = eps["float64"] / 1e-5 / 1e-4  # of what check_gradient divides by at least
assert floor_share < TOLERANCE

# What it prints for the first network
_worst = _verdicts["no `Z1 > 0`"][0]
REPORT = "\n".join(
    f"{name + ':':<10} {n(value, 3) if isinstance(value, float) else value}"
    for name, value in _worst.items()
)

bug_before, bug_after = (check(backward_without_mask, 0, h=h)["error"] for h in (1e-3, 1e-4))
assert crossed_before > 3 and crossed_after == 0 and abs(bug_before - bug_after) < 0.01

# A few random entries: how often a slip in one row is missed
UNITS, LOOKED_AT, TRIES, ONE_ENTRY_TRIES = 8, 10, 200, 20


def one_row(dL_dW1):
    return dL_dW1 * np.where(np.arange(UNITS) == 3, 2, 1)[:, None]


def misses(backward, name, entries, tries):
    """In how many of the tries a look at so many entries of one parameter finds nothing, on the
    first network.
    """
    verdicts = [
        check(backward, 0, [name], rng=np.random.default_rng(seed), entries=entries)
        for seed in range(tries)
    ]
    return sum(verdict["error"] < TOLERANCE for verdict in verdicts)


missed = misses(changed("W1", one_row), "W1", LOOKED_AT, TRIES) / TRIES
_weights = UNITS * 4
missed_theory = math.comb(_weights - 4, LOOKED_AT) / math.comb(_weights, LOOKED_AT)
missed_all_rows = misses(BACKWARDS["`dL_dW2`: no factor 2"], "W2", 1, ONE_ENTRY_TRIES)
assert abs(missed - missed_theory) < 0.08 and missed_all_rows == 0

# A model that is a list of dicts
_deep = [
    gradient_checking.check_gradient(*smooth_network(seed, norm=True)) for seed in range(NETWORKS)
]
flat_names = ", ".join(f"`{name}`" for name in smooth_network(0, norm=True)[1])
deep_worst = max(row["error"] for row in _deep)
assert deep_worst < TOLERANCE
