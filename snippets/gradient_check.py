"""Check a gradient by nudging, and measure how far two are apart."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    """Gradient of `f` at `x` by central differences, entry by entry.

    Each is `(f(x + h) - f(x - h)) / 2h`. `f` takes an array of the shape of
    `x` and returns a number; it may look at `x` only. `x` is a float array
    of any shape and is left as it was; the result has its shape. An `x` of
    integers could not be nudged by `h` and raises `TypeError`; a result of
    `f` that is not one number raises `ValueError`. The error of the formula
    shrinks with h², that of the subtraction grows with 1/h; 1e-5 balances
    them in float64.

    >>> x = np.array([1.0, -2.0])
    >>> numerical_gradient(lambda x: np.sum(x**2), x).round(6)
    array([ 2., -4.])
    """
    x = np.array(x)
    if not np.issubdtype(x.dtype, np.floating):
        raise TypeError(
            f"x has dtype {x.dtype}: expected floats, "
            "because adding h to integers changes nothing"
        )
    x = x.astype(float)  # h would be lost in the rounding of float32
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x_i = x[i]
        values = []
        for step in (h, -h):
            x[i] = x_i + step
            values.append(_number(f(x.copy())))
        x[i] = x_i
        gradient[i] = (values[0] - values[1]) / (2 * h)
    return gradient


def _number(value):
    if np.size(value) != 1:
        raise ValueError(
            f"f returned an array of shape {np.shape(value)}: "
            "expected one number, the loss"
        )
    return np.asarray(value).item()


def relative_error(a, b):
    """Distance of two gradients as a share of their size, from 0 to 1.

    It is `‖a - b‖ / (‖a‖ + ‖b‖)`, a float. `a` and `b` have the same shape,
    else `ValueError`. Two gradients of zeros agree: the result is 0. Where
    an entry is infinite or not a number, nothing agrees: the result is
    `inf`.

    >>> relative_error(np.array([3.0, 4.0]), np.array([3.0, 4.0]))
    0.0
    >>> relative_error(np.array([3.0, 4.0]), np.array([-3.0, -4.0]))
    1.0
    """
    if np.shape(a) != np.shape(b):
        raise ValueError(
            f"b has shape {np.shape(b)}, but a has shape {np.shape(a)}: "
            "expected the same shape"
        )
    pair = np.array([a, b], dtype=float)
    largest = np.abs(pair).max(initial=0.0)
    if largest == 0:
        return 0.0
    if not np.isfinite(largest):
        return float("inf")
    a, b = pair / largest  # so that no square becomes 0 or infinite
    norm = np.linalg.norm
    return float(norm(a - b) / (norm(a) + norm(b)))
