"""The loss functions of a network, each next to its gradient.

There are short forms for sigmoid and softmax outputs. A loss is one float:
the mean over all entries (`mse`, `binary_cross_entropy`,
`sigmoid_cross_entropy`) or over the rows (`categorical_cross_entropy`,
`softmax_cross_entropy`). Its gradient has the shape and the dtype of the
prediction.

The prediction, `y_hat` or `z`, and the target `y` are arrays of one shape
and one dtype, of floats; the target may hold integers. Other shapes, an
empty batch and a target out of range raise `ValueError`; a prediction that
is no array of floats raises `TypeError`.
"""

import numpy as np


def mse(y_hat, y):
    """Mean squared error: the mean of `(y_hat - y)²`, a float.

    The mean is over all entries, of any shape.

    >>> mse(np.array([[0.5], [1.0]]), np.array([[1.0], [1.0]]))
    0.125
    """
    _check_entries(y_hat, y)
    return float(np.mean((y_hat - y) ** 2))


def mse_gradient(y_hat, y):
    """Gradient of `mse` with respect to `y_hat`.

    It is `2 (y_hat - y) / y_hat.size`.

    >>> mse_gradient(np.array([[0.5], [1.0]]), np.array([[1.0], [1.0]]))
    array([[-0.5],
           [ 0. ]])
    """
    _check_entries(y_hat, y)
    return 2 * (y_hat - y) / y_hat.size


def binary_cross_entropy(y_hat, y):
    """Mean of `-(y log(y_hat) + (1 - y) log(1 - y_hat))`, a float.

    The mean is over all entries, of any shape. `y_hat` holds probabilities
    strictly between 0 and 1, `y` the targets, from 0 to 1; anything else
    raises `ValueError`. Source: Bishop, Pattern Recognition and Machine
    Learning, equation 4.90.

    >>> y_hat, y = np.array([0.5, 0.75]), np.array([1.0, 1.0])
    >>> round(binary_cross_entropy(y_hat, y), 6)
    0.490415
    """
    _check_probabilities(y_hat, y)
    return float(-np.mean(y * np.log(y_hat) + (1 - y) * np.log1p(-y_hat)))


def binary_cross_entropy_gradient(y_hat, y):
    """Gradient of `binary_cross_entropy` with respect to `y_hat`.

    It is `(-y / y_hat + (1 - y) / (1 - y_hat)) / y_hat.size`.

    >>> y_hat, y = np.array([0.5, 0.75]), np.array([1.0, 0.0])
    >>> binary_cross_entropy_gradient(y_hat, y)
    array([-1.,  2.])
    """
    _check_probabilities(y_hat, y)
    return (-(y / y_hat) + (1 - y) / (1 - y_hat)) / y_hat.size


def sigmoid(z):
    """`1 / (1 + exp(-z))`, entry by entry, without overflow."""
    return np.exp(-np.logaddexp(0, -z))


def sigmoid_cross_entropy(z, y):
    """`binary_cross_entropy(sigmoid(z), y)`, computed from `z`.

    It is exact where the sigmoid has saturated. With the sigmoid put in,
    `-log(y_hat)` is `log(1 + exp(-z))` and `-log(1 - y_hat)` is
    `log(1 + exp(z))`.

    >>> sigmoid_cross_entropy(np.array([-1e4, 1e4]), np.array([1.0, 1.0]))
    5000.0
    """
    _check_binary(z, y)
    for_1, for_0 = np.logaddexp(0, -z), np.logaddexp(0, z)
    return float(np.mean(y * for_1 + (1 - y) * for_0))


def sigmoid_cross_entropy_gradient(z, y):
    """Gradient of `sigmoid_cross_entropy` with respect to `z`.

    It is `(y_hat - y) / z.size`, where `y_hat` is `sigmoid(z)`.

    >>> z, y = np.array([0.0, 1e4]), np.array([1.0, 1.0])
    >>> sigmoid_cross_entropy_gradient(z, y)
    array([-0.25,  0.  ])
    """
    _check_binary(z, y)
    return (sigmoid(z) - y) / z.size


def categorical_cross_entropy(y_hat, y):
    """Mean over the rows of `-sum(y log(y_hat))`, a float.

    `y_hat` `(N, K)` holds a probability for each class, `y` `(N, K)` the
    one-hot targets. A class whose target is 0 does not count, so its
    probability may be 0; one whose target is not 0 may not, and raises
    `ValueError`. Source: Bishop, Pattern Recognition and Machine Learning,
    equation 4.108.

    >>> y_hat = np.array([[0.25, 0.75], [0.5, 0.5]])
    >>> y = np.array([[0.0, 1.0], [1.0, 0.0]])
    >>> round(categorical_cross_entropy(y_hat, y), 6)
    0.490415
    """
    _check_classes(y_hat, y)
    counted = np.where(y == 0, 1, y_hat)  # the logarithm of 1 is 0
    return float(-np.sum(y * np.log(counted)) / len(y))


def categorical_cross_entropy_gradient(y_hat, y):
    """Gradient of `categorical_cross_entropy` with respect to `y_hat`.

    It is `-y / y_hat`, divided by the number of rows.

    >>> y_hat = np.array([[0.25, 0.75], [0.5, 0.5]])
    >>> y = np.array([[1.0, 0.0], [1.0, 0.0]])
    >>> categorical_cross_entropy_gradient(y_hat, y)
    array([[-2., -0.],
           [-1., -0.]])
    """
    _check_classes(y_hat, y)
    counted = np.where(y == 0, 1, y_hat)
    return -(y / counted) / len(y)


def softmax(z):
    """`exp(z) / sum(exp(z))` along the last axis, without overflow."""
    exp_z = np.exp(z - z.max(axis=-1, keepdims=True))
    return exp_z / exp_z.sum(axis=-1, keepdims=True)


def softmax_cross_entropy(z, y):
    """`categorical_cross_entropy(softmax(z), y)` from `z` `(N, K)`.

    For targets whose rows sum to 1, and others raise `ValueError`,
    `log(sum(exp(z))) - sum(y z)` is the same expression with softmax put
    in. Subtracting the largest score of each row first changes nothing in
    it and keeps the digits of a small loss.

    >>> softmax_cross_entropy(np.array([[0.0, 1e4]]), np.array([[1, 0]]))
    10000.0
    """
    _check_scores(z, y)
    z = z - z.max(axis=1, keepdims=True)
    log_sums = np.logaddexp.reduce(z, axis=1)
    return float(np.mean(log_sums - np.sum(y * z, axis=1)))


def softmax_cross_entropy_gradient(z, y):
    """Gradient of `softmax_cross_entropy` with respect to `z`.

    It is `(y_hat - y) / N`, where `y_hat` is `softmax(z)`.

    >>> z, y = np.array([[0.0, 0.0]]), np.array([[1, 0]])
    >>> softmax_cross_entropy_gradient(z, y)
    array([[-0.5,  0.5]])
    """
    _check_scores(z, y)
    return (softmax(z) - y) / len(z)


# What is refused: NumPy would broadcast it, or take a mean of nothing


def _check_entries(prediction, y, name="y_hat"):
    for given, array in ((name, prediction), ("y", y)):
        if not isinstance(array, (np.ndarray, np.generic)):
            kind = type(array).__name__
            raise TypeError(f"{given} is a {kind}: expected an array")
    if prediction.dtype.kind != "f":
        raise TypeError(
            f"{name} is of {prediction.dtype}: expected an array of floats"
        )
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


def _check_binary(prediction, y, name="z"):
    _check_entries(prediction, y, name)
    if not np.all((y >= 0) & (y <= 1)):
        raise ValueError(
            f"y runs from {y.min()} to {y.max()}: "
            "expected targets from 0 to 1"
        )


def _check_probabilities(y_hat, y):
    _check_binary(y_hat, y, "y_hat")
    if not np.all((y_hat > 0) & (y_hat < 1)):
        raise ValueError(
            f"y_hat runs from {y_hat.min()} to {y_hat.max()}: "
            "expected values strictly between 0 and 1; for outputs that "
            "saturate use sigmoid_cross_entropy, which takes z"
        )


def _check_rows(prediction, y, name):
    _check_entries(prediction, y, name)
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


def _check_classes(y_hat, y):
    _check_rows(y_hat, y, "y_hat")
    counted = y_hat[y != 0]
    if not np.all((counted > 0) & (counted <= 1)):
        raise ValueError(
            f"y_hat runs from {counted.min()} to {counted.max()} where y "
            "is not 0: expected above 0 and at most 1; for outputs that "
            "underflow use softmax_cross_entropy, which takes z"
        )


def _check_scores(z, y):
    _check_rows(z, y, "z")
    sums = y.sum(axis=1)
    if not np.allclose(sums, 1):
        raise ValueError(
            f"the rows of y sum to {sums.min()} at least "
            f"and {sums.max()} at most: expected 1"
        )
