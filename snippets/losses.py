"""The loss functions of a network, each next to its gradient.

There are short forms for sigmoid and softmax outputs. A loss is one float:
the mean over all entries (`mse`, `binary_cross_entropy`) or over the rows
(`categorical_cross_entropy`). Its gradient has the shape of the prediction.
"""

import numpy as np


def _same_shape(prediction, y, name="y_hat"):
    """Both as arrays; raise where NumPy would broadcast, and for none."""
    prediction = np.asarray(prediction, dtype=float)
    y = np.asarray(y, dtype=float)
    if prediction.shape != y.shape:
        raise ValueError(
            f"y has shape {y.shape}, but {name} has shape "
            f"{prediction.shape}: expected the same shape"
        )
    if prediction.size == 0:
        raise ValueError(
            f"{name} has shape {prediction.shape}: "
            "expected at least one example"
        )
    return prediction, y


def _rows(prediction, y, name="y_hat"):
    prediction, y = _same_shape(prediction, y, name)
    if prediction.ndim != 2:
        raise ValueError(
            f"{name} has shape {prediction.shape}: "
            "expected (N, K), one row an example"
        )
    if not np.all(y >= 0):
        raise ValueError(
            f"y runs from {y.min()} to {y.max()}: "
            "expected targets of at least 0"
        )
    return prediction, y


def _scores(z, y):
    z, y = _rows(z, y, "z")
    sums = y.sum(axis=1)
    if not np.allclose(sums, 1):
        raise ValueError(
            f"the rows of y sum to {sums.min()} at least "
            f"and {sums.max()} at most: expected 1"
        )
    return z, y


def _binary(prediction, y, name="y_hat"):
    prediction, y = _same_shape(prediction, y, name)
    if not np.all((y >= 0) & (y <= 1)):
        raise ValueError(
            f"y runs from {y.min()} to {y.max()}: "
            "expected targets from 0 to 1"
        )
    return prediction, y


def _probabilities(y_hat, y):
    y_hat, y = _binary(y_hat, y)
    if not np.all((y_hat > 0) & (y_hat < 1)):
        raise ValueError(
            f"y_hat runs from {y_hat.min()} to {y_hat.max()}: "
            "expected values strictly between 0 and 1; for outputs that "
            "saturate use sigmoid_cross_entropy, which takes z"
        )
    return y_hat, y


def mse(y_hat, y):
    """Mean squared error: the mean of `(y_hat - y)²`, a float.

    The mean is over all entries. `y_hat` and `y` have the same shape, any;
    other shapes and an empty batch raise `ValueError`.

    >>> mse([[0.5], [1.0]], [[1.0], [1.0]])
    0.125
    """
    y_hat, y = _same_shape(y_hat, y)
    return float(np.mean((y_hat - y) ** 2))


def mse_gradient(y_hat, y):
    """Gradient of `mse` by `y_hat`, in its shape.

    It is `2 (y_hat - y) / y_hat.size`.

    >>> mse_gradient([[0.5], [1.0]], [[1.0], [1.0]])
    array([[-0.5],
           [ 0. ]])
    """
    y_hat, y = _same_shape(y_hat, y)
    return 2 * (y_hat - y) / y_hat.size


def binary_cross_entropy(y_hat, y):
    """Mean of `-(y log(y_hat) + (1 - y) log(1 - y_hat))`, a float.

    The mean is over all entries. `y_hat` holds probabilities strictly
    between 0 and 1, `y` the targets, from 0 to 1, in the same shape;
    anything else raises `ValueError`. Source: Bishop, Pattern Recognition
    and Machine Learning, equation 4.90.

    >>> round(binary_cross_entropy([0.5, 0.75], [1.0, 1.0]), 6)
    0.490415
    """
    y_hat, y = _probabilities(y_hat, y)
    return float(-np.mean(y * np.log(y_hat) + (1 - y) * np.log1p(-y_hat)))


def binary_cross_entropy_gradient(y_hat, y):
    """Gradient of `binary_cross_entropy` by `y_hat`, in its shape.

    It is `(-y / y_hat + (1 - y) / (1 - y_hat)) / y_hat.size`.

    >>> binary_cross_entropy_gradient([0.5, 0.75], [1.0, 0.0])
    array([-1.,  2.])
    """
    y_hat, y = _probabilities(y_hat, y)
    return (-y / y_hat + (1 - y) / (1 - y_hat)) / y_hat.size


def sigmoid_cross_entropy(z, y):
    """`binary_cross_entropy(sigmoid(z), y)`, computed from `z`.

    It is exact where the sigmoid has saturated. With the sigmoid put in,
    `-log(y_hat)` is `log(1 + exp(-z))` and `-log(1 - y_hat)` is
    `log(1 + exp(z))`. Shapes as in `mse`, targets as in
    `binary_cross_entropy`.

    >>> sigmoid_cross_entropy([-1e4, 1e4], [1.0, 1.0])
    5000.0
    """
    z, y = _binary(z, y, "z")
    for_1, for_0 = np.logaddexp(0.0, -z), np.logaddexp(0.0, z)
    return float(np.mean(y * for_1 + (1 - y) * for_0))


def sigmoid_cross_entropy_gradient(z, y):
    """Gradient of `sigmoid_cross_entropy` by `z`: `(y_hat - y) / z.size`.

    Here `y_hat` is `sigmoid(z)`.

    >>> sigmoid_cross_entropy_gradient([0.0, 1e4], [1.0, 1.0])
    array([-0.25,  0.  ])
    """
    z, y = _binary(z, y, "z")
    y_hat = np.exp(-np.logaddexp(0.0, -z))
    return (y_hat - y) / z.size


def categorical_cross_entropy(y_hat, y):
    """Mean over the rows of `-sum(y log(y_hat))`, a float.

    `y_hat` `(N, K)` holds a probability for each class, `y` `(N, K)` the
    one-hot targets. A class whose target is 0 does not count, so its
    probability may be 0; one whose target is not 0 may not, and raises
    `ValueError`. Source: Bishop, Pattern Recognition and Machine Learning,
    equation 4.108.

    >>> y_hat, y = [[0.25, 0.75], [0.5, 0.5]], [[0, 1], [1, 0]]
    >>> round(categorical_cross_entropy(y_hat, y), 6)
    0.490415
    """
    y_hat, y = _rows(y_hat, y)
    return float(-np.sum(y * np.log(_counted(y_hat, y))) / len(y))


def categorical_cross_entropy_gradient(y_hat, y):
    """Gradient of `categorical_cross_entropy` by `y_hat`.

    It is `-y / y_hat`, divided by the number of rows.

    >>> y_hat, y = [[0.25, 0.75], [0.5, 0.5]], [[1, 0], [1, 0]]
    >>> categorical_cross_entropy_gradient(y_hat, y)
    array([[-2., -0.],
           [-1., -0.]])
    """
    y_hat, y = _rows(y_hat, y)
    return -y / _counted(y_hat, y) / len(y)


def _counted(y_hat, y):
    """`y_hat` with 1 in the place of each entry whose target is 0."""
    counted = y_hat[y != 0]
    if not np.all((counted > 0) & (counted <= 1)):
        raise ValueError(
            f"y_hat runs from {counted.min()} to {counted.max()} where y "
            "is not 0: expected above 0 and at most 1; for outputs that "
            "underflow use softmax_cross_entropy, which takes z"
        )
    return np.where(y == 0, 1.0, y_hat)


def softmax_cross_entropy(z, y):
    """`categorical_cross_entropy(softmax(z), y)` from `z` `(N, K)`.

    Exact throughout, for rows of `y` that sum to 1. For targets whose rows
    sum to 1, `log(sum(exp(z))) - sum(y z)` is the same expression with
    softmax put in. Subtracting the largest score of each row first changes
    nothing in it and keeps the digits of a small loss.

    >>> softmax_cross_entropy([[0.0, 1e4]], [[1, 0]])
    10000.0
    """
    z, y = _scores(z, y)
    z = z - z.max(axis=1, keepdims=True)
    log_sums = np.logaddexp.reduce(z, axis=1)
    return float(np.mean(log_sums - np.sum(y * z, axis=1)))


def softmax_cross_entropy_gradient(z, y):
    """Gradient of `softmax_cross_entropy` by `z`: `(y_hat - y) / N`.

    Here `y_hat` is `softmax(z)`.

    >>> softmax_cross_entropy_gradient([[0.0, 0.0]], [[1, 0]])
    array([[-0.5,  0.5]])
    """
    z, y = _scores(z, y)
    # changes nothing but the rounding of large scores
    z = z - z.max(axis=1, keepdims=True)
    y_hat = np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True))
    return (y_hat - y) / len(z)
