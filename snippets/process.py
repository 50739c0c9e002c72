"""The four steps of one training iteration, for one example in a column.

As in the article, `X` is one column `(D, 1)` and `y` another, `(K, 1)`. D
inputs, H hidden units with ReLU, K outputs with sigmoid: `W1` `(H, D)`,
`b1` `(H, 1)`, `W2` `(K, H)`, `b2` `(K, 1)`, arrays of floats.

The way to a batch in rows, as everywhere else on this site: examples `X.T`
below each other are `(N, D)`, biases `b1[:, 0]` are flat, the weights stay
as they are, `W1 @ X` becomes `X @ W1.T`, and the loss is the mean over all
entries, where it is the sum over the K outputs here.

>>> X, y = np.array([[2.0], [3.0]]), np.array([[1.0]])
>>> W1, b1 = np.array([[0.5, -0.2], [0.3, 0.1]]), np.zeros((2, 1))
>>> W2, b2 = np.array([[0.8, -0.4]]), np.zeros((1, 1))
>>> parameters = [W1, b1, W2, b2]
>>> for step in range(3):
...     z1, a1, z2, a2 = forward_pass(X, *parameters)
...     print(f"{squared_error(a2, y):.4f}")
...     dL_dz2 = output_gradient(a2, y)
...     gradients = propagate_backward(X, z1, a1, W2, dL_dz2)
...     update_weights(parameters, gradients, learning_rate=0.5)
0.2601
0.0269
0.0144
"""

import numpy as np


def relu(z):
    """`max(0, z)`, entry by entry."""
    return np.maximum(z, 0)


def sigmoid(z):
    """`1 / (1 + exp(-z))`, entry by entry, without overflow."""
    return np.exp(-np.logaddexp(0, -z))


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
    _check_columns(X, W1, b1, W2, b2)
    z1 = W1 @ X + b1  # (H, 1)
    a1 = relu(z1)  # (H, 1)
    z2 = W2 @ a1 + b2  # (K, 1)
    a2 = sigmoid(z2)  # (K, 1), the prediction
    return z1, a1, z2, a2


def squared_error(a2, y):
    """Loss of one example: the sum of `(a2 - y)²`, a float.

    The sum is over the K outputs.

    >>> squared_error(np.array([[0.5]]), np.array([[1.0]]))
    0.25
    """
    _check_fits("y", y, a2.shape)
    return float(((a2 - y) ** 2).sum())


def output_gradient(a2, y):
    """Step 2: `dL_dz2` `(K, 1)`, the gradient of `squared_error`.

    It is the gradient at the input of the output layer.

    >>> output_gradient(np.array([[0.5]]), np.array([[1.0]]))
    array([[-0.25]])
    """
    _check_fits("y", y, a2.shape)
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

    # Gradient flowing to previous layer
    dL_da1 = W2.T @ dL_dz2  # (H, 1)

    # Gradient through ReLU
    da1_dz1 = (z1 > 0).astype(z1.dtype)  # (H, 1), ReLU derivative
    dL_dz1 = dL_da1 * da1_dz1  # (H, 1)

    # Gradients for layer 1 weights and bias
    dL_dW1 = dL_dz1 @ X.T  # (H, D)
    dL_db1 = dL_dz1  # (H, 1)
    return dL_dW1, dL_db1, dL_dW2, dL_db2


def update_weights(parameters, gradients, learning_rate=0.01):
    """Step 4: each parameter moves against its gradient, in place.

    `parameters` are `W1, b1, W2, b2`, and `gradients` come in the same
    order and shapes, else `ValueError`. A parameter that is a plain number
    cannot change in place, and one of integers cannot take a fractional
    step: both raise `TypeError`. Nothing is changed unless all of them fit.

    >>> W1, b1 = np.array([[1.0, 2.0]]), np.array([[0.0]])
    >>> W2, b2 = np.array([[3.0]]), np.array([[0.0]])
    >>> gradients = np.array([[10.0, -10.0]]), b1, W2, b2
    >>> update_weights([W1, b1, W2, b2], gradients, learning_rate=0.5)
    >>> W1, W2
    (array([[-4.,  7.]]), array([[1.5]]))
    """
    _check_update(parameters, gradients)
    W1, b1, W2, b2 = parameters
    dL_dW1, dL_db1, dL_dW2, dL_db2 = gradients
    W1 -= learning_rate * dL_dW1
    b1 -= learning_rate * dL_db1
    W2 -= learning_rate * dL_dW2
    b2 -= learning_rate * dL_db2


# What is refused: NumPy would broadcast it quietly to another shape


def _check_columns(X, W1, b1, W2, b2):
    _check_fits("X", X, (W1.shape[1], 1))
    _check_fits("b1", b1, (len(W1), 1))
    _check_fits("b2", b2, (len(W2), 1))


def _check_fits(name, array, shape):
    if np.shape(array) != shape:
        raise ValueError(
            f"{name} has shape {np.shape(array)}: expected {shape}"
        )


def _check_update(parameters, gradients):
    for name, arrays in (
        ("parameters", parameters),
        ("gradients", gradients),
    ):
        if len(arrays) != 4:
            raise ValueError(
                f"{name} has {len(arrays)} arrays: "
                "expected 4, for W1, b1, W2, b2"
            )
    for i, (W, dL_dW) in enumerate(zip(parameters, gradients)):
        if not (isinstance(W, np.ndarray) and W.dtype.kind == "f"):
            kind = f"{type(W).__name__} of {np.asarray(W).dtype}"
            raise TypeError(
                f"parameters[{i}] is a {kind}: expected an ndarray of "
                "floats, to take steps in place"
            )
        _check_fits(f"gradients[{i}]", dL_dW, W.shape)
