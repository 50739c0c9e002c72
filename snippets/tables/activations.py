"""The slope of each activation at a few inputs, beside central differences."""

import warnings
from decimal import Decimal, localcontext

import numpy as np

from snippets import activations
from snippets.gradient_checking import central_difference, numerical_gradient
from snippets.tables import magnitude, n, number

TOLERANCE = 1e-9

_slopes = {
    "relu": activations.relu_derivative,
    "sigmoid": lambda z: activations.sigmoid_derivative(activations.sigmoid(z)),
    "tanh": lambda z: activations.tanh_derivative(activations.tanh(z)),
}


def nudged(name, z):
    return central_difference(getattr(activations, name), np.array([z])).item()


def rows(name, inputs):
    return [
        {
            "$z$": n(z),
            "$a$": n(getattr(activations, name)(np.array([z])).item(), 4),
            "Slope": n(_slopes[name](np.array([z])).item(), 4),
            "Central differences": n(nudged(name, z), 4),
        }
        for z in inputs
    ]


inputs = [-2.0, -1.0, 0.0, 1.0, 2.0]
CHECK = [
    {"Function": name, **row} for name in ("relu", "sigmoid", "tanh") for row in rows(name, inputs)
]
# central differences cannot decide at the kink: they take the mean of both sides
kink = nudged("relu", 0.0)

# Softmax: its whole matrix of slopes, and the short form with cross-entropy.
z, y = np.array([1.0, 2.0, 0.5]), np.array([0.0, 1.0, 0.0])
a = activations.softmax(z)
jacobian = activations.softmax_jacobian(a)
jacobian_nudged = np.array(
    [numerical_gradient(lambda i=i: activations.softmax(z)[i], [z])[0] for i in range(len(z))]
)
SOFTMAX = [
    {
        "class": str(i),
        "$z$": n(z[i]),
        "$a$": n(a[i], 4),
        "$y$": n(y[i]),
        "$a - y$": n(a[i] - y[i], 4),
        "Central differences of the loss": n(slope, 4),
    }
    for i, slope in enumerate(
        numerical_gradient(lambda: -np.log(activations.softmax(z)) @ y, [z])[0]
    )
]
softmax_error = float(abs(jacobian - jacobian_nudged).max())
largest = max(
    abs(_slopes[name](np.array([z])).item() - nudged(name, z))
    for name in _slopes
    for z in inputs
    if (name, z) != ("relu", 0.0)
)

largest_error = magnitude(max(largest, softmax_error))

# Peaks, found on a fine grid and not by formula.
grid = np.linspace(-5, 5, 100_001)
sigmoid_peak, tanh_peak = (float(_slopes[name](grid).max()) for name in ("sigmoid", "tanh"))

# Far out: no overflow, no NaN.
with warnings.catch_warnings():
    warnings.simplefilter("error")
    far = [float(activations.sigmoid(z)) for z in (-1e4, 1e4)]
    naive_limit = float(np.log(np.finfo(float).max))  # beyond it exp overflows

# Two ways to write the sigmoid without overflow, where it is small.
FORMS = {
    "`exp(-logaddexp(0, -z))`": activations.sigmoid,
    "`0.5 * (1 + tanh(z / 2))`": lambda z: 0.5 * (1 + np.tanh(z / 2)),
}


def sigmoid_to_forty_digits(z):
    with localcontext(prec=40):
        return 1 / (1 + (-Decimal(z)).exp())


def form_error(form, z):
    """The relative error of a form at `z`."""
    exact = sigmoid_to_forty_digits(z)
    return float(abs(Decimal(float(FORMS[form](np.array(z)))) / exact - 1))


def shown_error(error):
    return magnitude(error) if error < 1e-13 else number(error, 1)


form_errors = {form: {z: form_error(form, z) for z in (-20.0, -30.0, -38.0)} for form in FORMS}
SIGMOID_FORMS = [
    {"$z$": n(z), r"$\sigma(z)$": number(float(sigmoid_to_forty_digits(z)))}
    | {f"error of {form}": shown_error(errors[z]) for form, errors in form_errors.items()}
    for z in (-20.0, -30.0, -38.0)
]
_ours, _by_tanh = form_errors.values()
assert max(_ours.values()) < 1e-13
assert 8e-9 < _by_tanh[-20.0] < 1e-8 and 1e-4 < _by_tanh[-30.0] < 3e-4 and _by_tanh[-38.0] == 1.0

assert largest < TOLERANCE and softmax_error < TOLERANCE and far == [0.0, 1.0]
assert all(
    abs(a[i] - y[i] - float(row["Central differences of the loss"].replace("−", "-"))) < 1e-4
    for i, row in enumerate(SOFTMAX)
)
