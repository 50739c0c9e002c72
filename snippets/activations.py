"""The activation functions of a network, each next to its derivative.

`z` is an array of floats, and so is the result, in the same dtype and
shape. All functions are safe for inputs up to ±10 000 and beyond: the
sigmoid is written as `exp(-log(1 + exp(-z)))`, because `exp(-z)` alone
overflows below -709, and softmax subtracts the largest score of each row
first, which changes nothing in the ratio.

Sources: Nair and Hinton, Rectified linear units improve restricted
Boltzmann machines, ICML 2010; Goodfellow, Bengio and Courville, Deep
Learning, section 4.1, on softmax.

>>> z = np.array([-1e4, 0.0, 1e4])
>>> print(relu(z), sigmoid(z), tanh(z), softmax(z))
[    0.     0. 10000.] [0.  0.5 1. ] [-1.  0.  1.] [0. 0. 1.]
"""

import numpy as np


def relu(z):
    """`max(0, z)`, entry by entry."""
    return np.maximum(z, 0)


def relu_derivative(z):
    """Slope of ReLU at its *input* `z`: 1 where `z` is positive, else 0.

    At the kink, where no derivative exists, this takes 0, as PyTorch does.

    >>> relu_derivative(np.array([-1.0, 0.0, 1.0]))
    array([0., 0., 1.])
    """
    return (z > 0).astype(z.dtype)


def sigmoid(z):
    """`1 / (1 + exp(-z))`, entry by entry, without overflow."""
    return np.exp(-np.logaddexp(0, -z))


def sigmoid_derivative(a):
    """Slope of the sigmoid, from its *output* `a`: `a (1 - a)`.

    It is never more than 0.25.

    >>> round(sigmoid_derivative(0.7), 2)
    0.21
    """
    return a * (1 - a)


def tanh(z):
    """The hyperbolic tangent, entry by entry."""
    return np.tanh(z)


def tanh_derivative(a):
    """Slope of tanh, from its *output* `a = tanh(z)`: `1 - a²`.

    >>> tanh_derivative(0.5)
    0.75
    """
    return 1 - a**2


def softmax(z):
    """`exp(z) / sum(exp(z))` along the last axis, without overflow."""
    exp_z = np.exp(z - z.max(axis=-1, keepdims=True))
    return exp_z / exp_z.sum(axis=-1, keepdims=True)


def softmax_jacobian(a):
    """All slopes of softmax, from its *output* `a`: all `da_i/dz_j`.

    It is `a_i (1 if i == j else 0) - a_i a_j`. Every output depends on
    every input, so the derivative of one row `a` `(K,)` is a matrix
    `(K, K)`; an `a` of another number of axes raises `ValueError`.

    >>> softmax_jacobian(np.array([0.5, 0.5]))
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    _check_one_row(a)
    return np.diag(a) - np.outer(a, a)


def _check_one_row(a):
    if np.ndim(a) != 1:
        raise ValueError(
            f"a has shape {np.shape(a)}: expected (K,), one row of softmax"
        )
