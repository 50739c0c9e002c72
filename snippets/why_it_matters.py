"""What a gradient costs without backpropagation, by nudging parameters."""

import numpy as np


def count_parameters(sizes):
    """Number of weights and biases of a fully connected network.

    `sizes` are those of its layers.

    >>> count_parameters([2, 3, 1])
    13
    """
    pairs = zip(sizes, sizes[1:])
    return sum(n_out * n_in + n_out for n_in, n_out in pairs)


def nudged_loss(loss, W, i, step):
    """The loss with `step` added to `W[i]`, which is then put back.

    `W` is an array of floats, `i` a tuple of numbers. `W[i]` is put back
    even when `loss` raises.

    >>> W = np.array([[1.0, 2.0]])
    >>> nudged_loss(lambda: W.prod().item(), W, (0, 1), step=0.5)
    2.5
    >>> W
    array([[1., 2.]])
    """
    w = W[i]
    try:
        W[i] = w + step
        return loss()
    finally:
        W[i] = w


def numerical_gradient(loss, parameters, h=1e-5):
    """Gradients of `loss()` by central differences, entry by entry.

    `loss` takes nothing, returns a number and depends on `parameters`, a
    list of float64 arrays, which are nudged in place and put back. Every
    entry takes two forward passes. Returns a list of float64 arrays in the
    shapes of the parameters; another dtype of a parameter raises
    `TypeError`. The error of the formula shrinks with h², that of the
    subtraction grows with 1/h; 1e-5 balances them in float64.

    >>> w, b = np.array([1.0, -2.0]), np.array([3.0])
    >>> dL_dw, dL_db = numerical_gradient(
    ...     lambda: (w**2).sum() * b.item(), [w, b]
    ... )
    >>> dL_dw.round(6), dL_db.round(6)
    (array([  6., -12.]), array([5.]))
    """
    _check_float64(parameters)
    gradients = [np.zeros(W.shape) for W in parameters]
    for W, dL_dW in zip(parameters, gradients):
        for i in np.ndindex(W.shape):
            above = nudged_loss(loss, W, i, h)
            below = nudged_loss(loss, W, i, -h)
            dL_dW[i] = (above - below) / (2 * h)
    return gradients


def _check_float64(parameters):
    """Raise `TypeError` for a parameter in which `h` could get lost."""
    for k, W in enumerate(parameters):
        array = isinstance(W, np.ndarray)
        kind = f"an array of {W.dtype}" if array else type(W).__name__
        if kind != "an array of float64":
            raise TypeError(
                f"parameter {k} is {kind}: expected an array of float64, "
                "so that h is not lost"
            )
