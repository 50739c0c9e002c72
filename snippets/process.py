"""The four steps of one training iteration, for one example in columns.

`X` is `(D, 1)`, `y` `(K, 1)`. D inputs, H hidden units with ReLU, K outputs
with sigmoid: `W1` `(H, D)`, `b1` `(H, 1)`, `W2` `(K, H)`, `b2` `(K, 1)`.
"""

import numpy as np


def relu(z):
    """`max(0, z)`, entry by entry."""
    return np.maximum(0.0, z)


def sigmoid(z):
    """`1 / (1 + exp(-z))`, entry by entry, without overflow."""
    return np.exp(-np.logaddexp(0.0, -z))


def forward_pass(X, W1, b1, W2, b2):
    """Step 1: the prediction and all on the way to it: `z1, a1, z2, a2`.

    Shapes are those of the module; more than one column in `X`, or a bias
    that is not a column, raises `ValueError`.

    >>> X, W1, b1 = np.array([[2.0]]), np.array([[0.5]]), np.array([[0.1]])
    >>> W2, b2 = np.array([[0.8]]), np.array([[0.2]])
    >>> z1, a1, z2, a2 = forward_pass(X, W1, b1, W2, b2)
    >>> print(f"{z1.item():.2f} {z2.item():.2f} {a2.item():.4f}")
    1.10 1.08 0.7465
    """
    _expect("X", X, (W1.shape[1], 1))
    _expect("b1", b1, (len(W1), 1))
    _expect("b2", b2, (len(W2), 1))
    z1 = W1 @ X + b1  # (H, 1)
    a1 = relu(z1)  # (H, 1)
    z2 = W2 @ a1 + b2  # (K, 1)
    a2 = sigmoid(z2)  # (K, 1), the prediction
    return z1, a1, z2, a2


def squared_error(a2, y):
    """Loss of one example: `(a2 - y)²`, summed over the outputs, a float.

    >>> squared_error(np.array([[0.5]]), np.array([[1.0]]))
    0.25
    """
    _expect("y", y, a2.shape)
    return float(((a2 - y) ** 2).sum())


def output_gradient(a2, y):
    """Step 2: `dL_dz2` `(K, 1)`, the gradient of `squared_error`.

    It is the gradient at the input of the output layer.

    >>> output_gradient(np.array([[0.5]]), np.array([[1.0]]))
    array([[-0.25]])
    """
    _expect("y", y, a2.shape)
    dL_da2 = 2 * (a2 - y)  # slope of the squared error
    da2_dz2 = a2 * (1 - a2)  # slope of the sigmoid
    dL_dz2 = dL_da2 * da2_dz2  # chain rule
    return dL_dz2


def propagate_backward(X, z1, a1, W2, dL_dz2):
    """Step 3: from `dL_dz2` back to the gradient of each parameter.

    Returns `dL_dW1, dL_db1, dL_dW2, dL_db2`. Each has the shape of its
    parameter. `z1, a1` come from `forward_pass` for the same `X`, before
    any update of `W2`. Source: Nielsen, Neural Networks and Deep Learning,
    equations BP1 to BP4.

    >>> X, z1, W2 = np.array([[2.0]]), np.array([[1.0]]), np.array([[4.0]])
    >>> dL_dz2 = np.array([[0.5]])
    >>> gradients = propagate_backward(X, z1, z1, W2, dL_dz2)
    >>> dL_dW1, dL_db1, dL_dW2, dL_db2 = gradients
    >>> dL_dW1.item(), dL_db1.item(), dL_dW2.item(), dL_db2.item()
    (4.0, 2.0, 0.5, 0.5)
    """
    # Gradients for layer 2 weights and bias
    dL_dW2 = dL_dz2 @ a1.T  # (K, H)
    dL_db2 = dL_dz2  # (K, 1)

    # Gradient flowing to the previous layer
    dL_da1 = W2.T @ dL_dz2  # (H, 1)

    # Gradient through ReLU
    da1_dz1 = (z1 > 0).astype(float)  # (H, 1)
    dL_dz1 = dL_da1 * da1_dz1  # (H, 1)

    # Gradients for layer 1 weights and bias
    dL_dW1 = dL_dz1 @ X.T  # (H, D)
    dL_db1 = dL_dz1  # (H, 1)
    return dL_dW1, dL_db1, dL_dW2, dL_db2


def update_weights(parameters, gradients, learning_rate=0.01):
    """Step 4: each parameter moves against its gradient, in place.

    This is gradient descent, `W -= learning_rate * dL_dW`. `parameters` and
    `gradients` are arrays in the same order and of the same shapes, else
    `ValueError`. A parameter that is a plain number cannot change in place,
    and one of integers cannot take a fractional step: both raise
    `TypeError`. Nothing is changed unless all of them fit.

    >>> W = np.array([[1.0, 2.0]])
    >>> update_weights([W], [np.array([[10.0, -10.0]])], learning_rate=0.5)
    >>> W
    array([[-4.,  7.]])
    """
    if len(parameters) != len(gradients):
        raise ValueError(
            f"gradients has {len(gradients)} arrays: "
            f"expected {len(parameters)}, one a parameter"
        )
    for i, (W, dL_dW) in enumerate(zip(parameters, gradients)):
        if not (isinstance(W, np.ndarray) and W.dtype.kind == "f"):
            kind = f"{type(W).__name__} of {np.asarray(W).dtype}"
            raise TypeError(
                f"parameters[{i}] is a {kind}: expected an ndarray of "
                "floats, to take steps in place"
            )
        shape = np.shape(dL_dW)
        if shape != W.shape:
            raise ValueError(
                f"gradients[{i}] has shape {shape}: expected {W.shape}"
            )
    for W, dL_dW in zip(parameters, gradients):
        W -= learning_rate * dL_dW


def _expect(name, array, shape):
    """Raise where NumPy would broadcast quietly to another shape."""
    if np.shape(array) != shape:
        raise ValueError(
            f"{name} has shape {np.shape(array)}: expected {shape}"
        )
