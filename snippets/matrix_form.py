"""The network of two layers for a batch of examples, forward and backward.

The loss is the mean squared error. N examples, D inputs, H hidden units, K
outputs. `X` `(N, D)` and `Y` `(N, K)` hold one example a row, `W1` `(H, D)`
and `W2` `(K, H)` one unit a row, `b1` `(H,)` and `b2` `(K,)` one entry a
unit. All are arrays of floats, and the results have their dtype.
"""

import numpy as np


def relu(z):
    """`max(0, z)`, entry by entry."""
    return np.maximum(z, 0)


def sigmoid(z):
    """`1 / (1 + exp(-z))`, entry by entry, without overflow."""
    return np.exp(-np.logaddexp(0, -z))


def forward_batch(X, W1, b1, W2, b2):
    """Forward pass for a batch: `Z1, A1, Z2, A2`.

    They are all that the backward pass needs. Shapes are those of the
    module. A shape that NumPy would broadcast to something else, or an
    empty batch, raises `ValueError`.

    >>> X, W1, b1 = np.array([[2.0]]), np.array([[0.5]]), np.array([0.1])
    >>> W2, b2 = np.array([[0.8]]), np.array([0.2])
    >>> Z1, A1, Z2, A2 = forward_batch(X, W1, b1, W2, b2)
    >>> print(f"{A2.item():.6f}")
    0.746494
    """
    _check_batch(X, W1, b1, W2, b2)
    Z1 = X @ W1.T + b1  # (N, H)
    A1 = relu(Z1)  # (N, H)
    Z2 = A1 @ W2.T + b2  # (N, K)
    A2 = sigmoid(Z2)  # (N, K)
    return Z1, A1, Z2, A2


def mean_squared_error(A2, Y):
    """Loss `L`: the mean of `(A2 - Y)²` over all entries, a float.

    >>> A2, Y = np.array([[0.5], [1.0]]), np.array([[1.0], [1.0]])
    >>> mean_squared_error(A2, Y)
    0.125
    """
    _check_targets(A2, Y)
    return float(((A2 - Y) ** 2).mean())


def backward_batch(X, Y, Z1, A1, A2, W2):
    """Backward pass for a batch: the gradients of `mean_squared_error`.

    They are `dL_dW1, dL_db1, dL_dW2, dL_db2`. Each has the shape of its
    parameter. `Z1, A1, A2` come from `forward_batch` for the same `X`; `Y`
    of another shape than `A2` raises `ValueError`. Source: Nielsen, Neural
    Networks and Deep Learning, equations BP1 to BP4, for rows.

    >>> X, W1, b1 = np.array([[2.0]]), np.array([[0.5]]), np.array([0.1])
    >>> Y, W2, b2 = np.array([[1.0]]), np.array([[0.8]]), np.array([0.2])
    >>> Z1, A1, Z2, A2 = forward_batch(X, W1, b1, W2, b2)
    >>> gradients = backward_batch(X, Y, Z1, A1, A2, W2)
    >>> [round(gradient.item(), 6) for gradient in gradients]
    [-0.153516, -0.076758, -0.105542, -0.095947]
    """
    _check_targets(A2, Y)
    dL_dA2 = 2 / A2.size * (A2 - Y)  # (N, K)
    dL_dZ2 = dL_dA2 * A2 * (1 - A2)  # (N, K)
    dL_dW2 = dL_dZ2.T @ A1  # (K, H)
    dL_db2 = dL_dZ2.sum(axis=0)  # (K,)

    dL_dA1 = dL_dZ2 @ W2  # (N, H)
    dL_dZ1 = dL_dA1 * (Z1 > 0)  # (N, H)
    dL_dW1 = dL_dZ1.T @ X  # (H, D)
    dL_db1 = dL_dZ1.sum(axis=0)  # (H,)
    return dL_dW1, dL_db1, dL_dW2, dL_db2


# What is refused: NumPy would broadcast it, or take the mean of nothing


def _check_batch(X, W1, b1, W2, b2):
    if X.shape[1:] != W1.shape[1:] or len(X) == 0:
        _refuse("X", X, ("N > 0", W1.shape[1]))
    if b1.shape != W1.shape[:1]:
        _refuse("b1", b1, W1.shape[:1])
    if b2.shape != W2.shape[:1]:
        _refuse("b2", b2, W2.shape[:1])


def _check_targets(A2, Y):
    if Y.shape != A2.shape:
        _refuse("Y", Y, A2.shape)
    if A2.ndim != 2 or len(A2) == 0:
        _refuse("A2", A2, ("N > 0", A2.shape[-1]))


def _refuse(name, array, shape):
    message = f"{name} has shape {array.shape}: expected {shape}"
    raise ValueError(message.replace("'", ""))
