"""First weights, measured against theory: 50 layers, and products of 100 random matrices."""

import math

import numpy as np

from snippets import initialisation
from snippets.tables import spaced
from snippets.tables._initialisation import DEPTH, WIDTH, measured, theory
from snippets.tables._initialisation import EXAMPLES as EXAMPLES  # for the page
from snippets.tables._initialisation import NETWORKS as NETWORKS  # for the page
from snippets.tables._results import spread

NARROW = 32


def number(value):
    """A positive number with two significant digits.

    >>> number(0.0841), number(3.61e-8), number(1.43e45), number(8.06)
    ('0.084', '3.6 × 10<sup>−8</sup>', '1.4 × 10<sup>45</sup>', '8.1')
    """
    digits, power = f"{value:.1e}".split("e")
    if -3 <= int(power) <= 1:
        return f"{value:.{max(0, 1 - int(power))}f}"
    return f"{digits} × 10<sup>{int(power)}</sup>".replace("-", "−")


# Values and gradients through 50 layers

CASES = {
    "relu_he": ("relu", "he"),
    "relu_glorot": ("relu", "glorot"),
    "relu_naive": ("relu", "naive"),
    "linear_glorot": ("linear", "glorot"),
    "tanh_glorot": ("tanh", "glorot"),
    "tanh_he": ("tanh", "he"),
    "tanh_naive": ("tanh", "naive"),
}
_measured = measured(CASES.values())
values = {key: spread(_measured[case][0][:, -1]) for key, case in CASES.items()}
gradients = {key: spread(_measured[case][1][:, 0]) for key, case in CASES.items()}
predicted = {
    key: {"values": float(theory(case)[0][-1]), "gradients": float(theory(case)[1][0])}
    for key, case in CASES.items()
}
mean_square = {
    key: float(np.sqrt(np.mean(_measured[case][0][:, -1] ** 2))) for key, case in CASES.items()
}
stds = {
    scheme: initialisation.weight_std(scheme, WIDTH, WIDTH) for scheme in ("he", "glorot", "naive")
}

_SCHEMES = {"he": "He", "glorot": "Glorot", "naive": "naive"}
LAYERS = [
    {
        "Activation": {"relu": "ReLU", "linear": "none"}.get(activation, activation),
        "First weights": f"{_SCHEMES[scheme]}, {number(stds[scheme])}",
        f"Values after layer {DEPTH}: theory": number(predicted[key]["values"]),
        "Measured": number(values[key]["median"])
        + f" ({number(values[key]['low'])} to {number(values[key]['high'])})",
        "Gradients at the input: theory": number(predicted[key]["gradients"]),
        "Measured ": number(gradients[key]["median"])
        + f" ({number(gradients[key]['low'])} to {number(gradients[key]['high'])})",
    }
    for key, (activation, scheme) in CASES.items()
]
# Theory and the median of the networks agree in the factor of a layer.
factor_error = max(
    abs((measure[key]["median"] / predicted[key][kind]) ** (1 / DEPTH) - 1)
    for key in CASES
    for kind, measure in (("values", values), ("gradients", gradients))
)
assert factor_error < 0.06
assert all(
    math.isclose(predicted[key][kind], exact, rel_tol=1e-9)
    for kind in ("values", "gradients")
    for key, exact in (
        ("relu_he", 1),
        ("relu_glorot", 2.0**-25),
        ("relu_naive", 8.0**50),
        ("linear_glorot", 1),
    )
)
assert (
    0.3 < values["relu_he"]["low"] < values["relu_he"]["high"] < 2
    and 0.7 < mean_square["relu_he"] < 1.4
)
assert values["relu_glorot"]["high"] < 1e-7 < 1e40 < values["relu_naive"]["low"]
# shrinks, but slowly
assert 0.05 < values["tanh_glorot"]["median"] and gradients["tanh_glorot"]["high"] < 0.2
# looks well, and explodes
assert values["tanh_naive"]["low"] > 0.9 and gradients["tanh_naive"]["low"] > 1e15
assert values["tanh_he"]["low"] > 0.5 and gradients["tanh_he"]["low"] > 4

# With fewer units, networks differ more.
narrow = spread(measured([CASES["relu_he"]], NARROW)[CASES["relu_he"]][0][:, -1])
assert narrow["high"] / narrow["low"] > 1.5 * values["relu_he"]["high"] / values["relu_he"]["low"]


# Products of random matrices

SIZE, FACTORS, PRODUCTS = 4, 100, 100
NEUTRAL = initialisation.neutral_std(SIZE)
GLOROT = initialisation.weight_std("glorot", SIZE, SIZE)


def products(sigma):
    """log10 of the size of each of PRODUCTS products: mean, standard deviation, and what theory
    says of the mean.
    """
    rng = np.random.default_rng(0)
    sizes = [
        initialisation.log10_of_product(sigma * rng.standard_normal((FACTORS, SIZE, SIZE)))
        for _ in range(PRODUCTS)
    ]
    expected = FACTORS * initialisation.log_growth(SIZE, sigma) / math.log(10)
    return {"mean": float(np.mean(sizes)), "std": float(np.std(sizes)), "theory": expected}


product = {"naive": products(1.0), "neutral": products(NEUTRAL), "glorot": products(GLOROT)}


def power(value):
    return f"10<sup>{value:.1f}</sup>".replace("-", "−")


PRODUCT = [
    {
        "Standard deviation of the entries": name,
        "Size of the product: theory": power(round(product[key]["theory"], 6) + 0.0),
        "Measured, mean exponent": power(product[key]["mean"]),
        "Standard deviation of the exponent": f"{product[key]['std']:.1f}",
    }
    for key, name in {
        "naive": "1",
        "neutral": f"{NEUTRAL:.3f}",
        "glorot": f"{GLOROT:.1f} (Glorot)",
    }.items()
]
# the size of a matrix is above what it makes of one vector, whatever the number of factors
for _found in product.values():
    assert 0 < _found["mean"] - _found["theory"] < 1 and 1.4 < _found["std"] < 2

_sizes = {
    size: (initialisation.neutral_std(size), initialisation.weight_std("glorot", size, size))
    for size in (1, 2, 4, 16, 128, 1024)
}
NEUTRALS = [
    {
        "Size of the matrices": spaced(size),
        "Neutral standard deviation": f"{neutral:.3f}",
        "Glorot": f"{glorot:.3f}",
        "Neutral over Glorot": f"{neutral / glorot:.3f}",
    }
    for size, (neutral, glorot) in _sizes.items()
]
_ratios = [float(row["Neutral over Glorot"]) for row in NEUTRALS]
assert _ratios == sorted(_ratios, reverse=True) and _ratios[0] > 1.8 and _ratios[-1] < 1.001
