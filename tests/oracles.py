"""What the tests compare with: slow, plain ways to the same numbers, without the snippets."""

import math
from decimal import Decimal, localcontext

import numpy as np


def gradient_of(f, x, h=1e-4):
    """Gradient of the number `f(x)` by the five-point formula; good to about 1e-11."""
    x = np.asarray(x, dtype=float)
    slopes = []
    for i in range(x.size):
        nudge = np.zeros(x.size)
        nudge[i] = h
        nudge = nudge.reshape(x.shape)
        slopes.append(
            (f(x - 2 * nudge) - 8 * f(x - nudge) + 8 * f(x + nudge) - f(x + 2 * nudge)) / (12 * h)
        )
    return np.array(slopes, dtype=float).reshape(x.shape)


def parameter_gradients(loss, parameters, h=1e-4):
    """Gradient of `loss(*parameters)` by each of the parameters in turn."""

    def at(i, value):
        return loss(*parameters[:i], value, *parameters[i + 1 :])

    return [
        gradient_of(lambda value, i=i: at(i, value), parameter, h)
        for i, parameter in enumerate(parameters)
    ]


def frozen(*arrays):
    """The arrays, made read-only: a function that writes into one of them fails."""
    arrays = [np.array(array) for array in arrays]
    for array in arrays:
        array.flags.writeable = False
    return arrays


def assert_close(actual, expected, rtol=1e-9, atol=1e-11):
    """Same shape, and the same numbers but for rounding."""
    assert np.shape(actual) == np.shape(expected)
    np.testing.assert_allclose(actual, expected, rtol=rtol, atol=atol)


def exact(formula, *numbers):
    """`formula` of the floats `numbers` with 350 decimal digits, rounded once at the end."""
    with localcontext() as context:
        context.prec = 350  # enough to add 1 to exp(-700)
        return float(formula(*map(Decimal, numbers)))


BATCHES = [(1, 1, 1, 1), (1, 3, 2, 2), (5, 2, 1, 1), (4, 3, 4, 2), (6, 4, 5, 1)]  # N, D, H, K


def batch(N, D, H, K, seed=0):
    """`X, Y` and the parameters `W1, b1, W2, b2`, all read-only."""
    rng = np.random.default_rng(seed)
    X, Y = frozen(rng.normal(size=(N, D)), rng.uniform(size=(N, K)))
    return X, Y, frozen(*(rng.normal(size=shape) for shape in [(H, D), H, (K, H), K]))


def two_layers(X, W1, b1, W2, b2):
    """ReLU, then sigmoid, for the rows of `X`, with loops over plain floats; biases are flat."""
    rows = []
    for a in X.tolist():
        for W, b in ((W1, b1), (W2, b2)):
            if W is W2:
                a = [max(z, 0.0) for z in a]
            pairs = zip(W.tolist(), b.tolist(), strict=True)
            a = [sum(w * v for w, v in zip(unit, a, strict=True)) + bias for unit, bias in pairs]
        rows.append([1 / (1 + math.exp(-z)) for z in a])
    return np.array(rows)
