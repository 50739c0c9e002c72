"""The activation functions of a network, each next to its derivative.

All of them are safe for inputs up to ±10 000 and beyond.
"""

import numpy as np


def relu(z):
    """Pass what is positive, stop the rest: `max(0, z)`.

    `z` is a float or an array of any shape; the result has its shape.
    Source: Nair and Hinton, Rectified linear units improve restricted
    Boltzmann machines, ICML 2010.

    >>> relu(np.array([-1.0, 0.0, 1.0]))
    array([0., 0., 1.])
    """
    return np.maximum(0.0, z)


def relu_derivative(z):
    """Slope of ReLU at its *input* `z`: 1 where `z` is positive, else 0.

    At the kink, where no derivative exists, this takes 0, as PyTorch does.
    The result is a float array of the shape of `z`.

    >>> relu_derivative(np.array([-1.0, 0.0, 1.0]))
    array([0., 0., 1.])
    """
    return (np.asarray(z) > 0).astype(float)


def sigmoid(z):
    """Squash any number into the range from 0 to 1: `1 / (1 + exp(-z))`.

    Written as `exp(-log(1 + exp(-z)))`, because `exp(-z)` alone overflows
    below -709. `z` is a float or an array of any shape; the result has its
    shape.

    >>> sigmoid(np.array([-1e4, 0.0, 1e4]))
    array([0. , 0.5, 1. ])
    """
    return np.exp(-np.logaddexp(0.0, np.negative(z, dtype=float)))


def sigmoid_derivative(a):
    """Slope of the sigmoid, from its *output* `a`: `a (1 - a)`.

    `a` is a float or an array of any shape; the result has its shape. It is
    never more than 0.25.

    >>> round(sigmoid_derivative(0.7), 2)
    0.21
    """
    return a * (1 - a)


def tanh(z):
    """Squash any number into the range from -1 to 1: hyperbolic tangent.

    `z` is a float or an array of any shape; the result has its shape.

    >>> tanh(np.array([-1e4, 0.0, 1e4]))
    array([-1.,  0.,  1.])
    """
    return np.tanh(z)


def tanh_derivative(a):
    """Slope of tanh, from its *output* `a = tanh(z)`: `1 - a²`.

    `a` is a float or an array of any shape; the result has its shape.

    >>> tanh_derivative(0.5)
    0.75
    """
    return 1 - a**2


def softmax(z):
    """Turn the scores in each row into shares: `exp(z) / sum(exp(z))`.

    The shares are positive and sum to 1. Subtracting the largest score
    first changes nothing in the ratio and keeps `exp` from overflowing. `z`
    is an array `(..., K)`; the sum runs over its last axis. Source:
    Goodfellow, Bengio and Courville, Deep Learning, section 4.1.

    >>> softmax(np.array([0.0, 0.0, 1e4]))
    array([0., 0., 1.])
    """
    largest = np.max(z, axis=-1, keepdims=True)
    exp_z = np.exp(np.subtract(z, largest, dtype=float))
    return exp_z / exp_z.sum(axis=-1, keepdims=True)


def softmax_jacobian(a):
    """All slopes of softmax, from its *output* `a`: the matrix `da_i/dz_j`.

    It is `a_i (1 if i == j else 0) - a_i a_j`. Every output depends on
    every input, so the derivative of one row `a` `(K,)` is a matrix
    `(K, K)`; an `a` of another number of axes raises `ValueError`.

    >>> softmax_jacobian(np.array([0.5, 0.5]))
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    if np.ndim(a) != 1:
        raise ValueError(
            f"a has shape {np.shape(a)}: expected (K,), one row of softmax"
        )
    return np.diag(a) - np.outer(a, a)
