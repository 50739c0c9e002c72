"""The network of the framework examples in NumPy, with gradients by hand.

Two inputs, three hidden units with ReLU, one output with sigmoid, mean
squared error.
"""

import numpy as np

x = np.array([[2.0, 3.0]])  # (N, 2)
y = np.array([[1.0]])  # (N, 1)


def framework_gradients(parameters, x, y):
    """Prediction, loss, and the gradient of each parameter.

    The names are PyTorch's. `parameters` maps `"0.weight"` `(3, 2)`,
    `"0.bias"` `(3,)`, `"2.weight"` `(1, 3)`, `"2.bias"` `(1,)` to float
    arrays; `x` is `(N, 2)`, `y` `(N, 1)`, any other shape of `y`, or no
    example, raises `ValueError`.

    >>> ones = {"0.weight": np.ones((3, 2)), "0.bias": np.zeros(3)}
    >>> ones |= {"2.weight": np.ones((1, 3)), "2.bias": np.zeros(1)}
    >>> x, y = np.array([[0.1, 0.2]]), np.array([[1.0]])
    >>> y_pred, loss, grads = framework_gradients(ones, x, y)
    >>> slope = grads["2.bias"].item()
    >>> round(y_pred.item(), 6), round(loss, 6), round(slope, 6)
    (0.71095, 0.08355, -0.1188)
    """
    z1 = x @ parameters["0.weight"].T + parameters["0.bias"]  # (N, 3)
    a1 = np.maximum(z1, 0)  # (N, 3)
    z2 = a1 @ parameters["2.weight"].T + parameters["2.bias"]  # (N, 1)
    y_pred = np.exp(-np.logaddexp(0, -z2))  # (N, 1), sigmoid
    _check_target(y, y_pred)
    loss = float(((y_pred - y) ** 2).mean())

    dL_dz2 = 2 * (y_pred - y) / y.size * y_pred * (1 - y_pred)  # (N, 1)
    dL_dz1 = dL_dz2 @ parameters["2.weight"] * (z1 > 0)  # (N, 3)
    grads = {
        "0.weight": dL_dz1.T @ x,
        "0.bias": dL_dz1.sum(axis=0),
        "2.weight": dL_dz2.T @ a1,
        "2.bias": dL_dz2.sum(axis=0),
    }
    return y_pred, loss, grads


def default_layer(rng, n_in, n_out):
    """Weights and biases as `torch.nn.Linear` draws them.

    `(n_out, n_in)` and `(n_out,)`, uniform within ±1/√n_in.

    >>> W, b = default_layer(np.random.default_rng(0), 4, 1000)
    >>> W.shape, b.shape, bool(abs(W).max() <= 0.5)
    ((1000, 4), (1000,), True)
    """
    bound = 1 / np.sqrt(n_in)
    W = rng.uniform(-bound, bound, (n_out, n_in))
    return W, rng.uniform(-bound, bound, n_out)


def all_dead(rng):
    """Whether all three ReLUs output 0 for `x`, for random weights.

    >>> all_dead(np.random.default_rng(0))
    False
    """
    W, b = default_layer(rng, 2, 3)
    return bool(np.all(x @ W.T + b <= 0))


def _check_target(y, y_pred):
    if y.shape != y_pred.shape:
        raise ValueError(
            f"y has shape {y.shape}: expected {y_pred.shape}, "
            "the shape of the prediction"
        )
    if y.size == 0:
        raise ValueError(
            f"y has shape {y.shape}: expected at least one example"
        )
