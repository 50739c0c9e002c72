"""Every gradient of a loss against central differences; short forms against the long way."""

import numpy as np

from snippets import activations, losses
from snippets.gradient_checking import numerical_gradient, relative_error
from snippets.tables import magnitude

TOLERANCE = 1e-7
SHAPES = (1, 2), (3, 2), (5, 4)  # (N, K)

rng = np.random.default_rng(0)


def one_hot(N, K):
    return np.eye(K)[rng.integers(K, size=N)]


def worst(loss, gradient, prediction, target):
    """Largest relative error of `gradient` over a few shapes."""
    found = []
    for N, K in SHAPES:
        p, y = prediction(N, K), target(N, K)
        [nudged] = numerical_gradient(lambda p=p, y=y: loss(p, y), [p])
        found.append(relative_error(gradient(p, y), nudged))
    return max(found)


def scores(N, K):
    return rng.normal(size=(N, K))


def probabilities(N, K):
    return rng.uniform(0.1, 0.9, size=(N, K))


def bits(N, K):
    return rng.integers(0, 2, size=(N, K)).astype(float)


_checked = {
    "mse": (r"$2(\hat{y} - y) / NK$", scores, scores),
    "binary_cross_entropy": (
        r"$\left(-\frac{y}{\hat{y}} + \frac{1 - y}{1 - \hat{y}}\right) / NK$",
        probabilities,
        bits,
    ),
    "categorical_cross_entropy": (r"$-\frac{y_i}{\hat{y}_i} / N$", probabilities, one_hot),
    "sigmoid_cross_entropy": (r"$(\hat{y} - y) / NK$, by $z$", scores, bits),
    "softmax_cross_entropy": (r"$(\hat{y}_i - y_i) / N$, by $z_i$", scores, one_hot),
}
found = {
    name: worst(getattr(losses, name), getattr(losses, f"{name}_gradient"), prediction, target)
    for name, (_, prediction, target) in _checked.items()
}
CHECK = [
    {
        "Loss": f"`{name}`",
        "Gradient": formula,
        "Largest error against central differences": magnitude(found[name]),
    }
    for name, (formula, *_) in _checked.items()
]
worst_of_all = max(found.values())

# The short forms against the chain rule in full.
z, y, t = scores(5, 4), bits(5, 4), one_hot(5, 4)
a, s = activations.sigmoid(z), activations.softmax(z)
sigmoid_long_way = losses.binary_cross_entropy_gradient(a, y) * activations.sigmoid_derivative(a)
_dL_ds = losses.categorical_cross_entropy_gradient(s, t)
softmax_long_way = np.array(
    [activations.softmax_jacobian(row) @ dL_da for row, dL_da in zip(s, _dL_ds)]
)
sigmoid_short = float(abs(losses.sigmoid_cross_entropy_gradient(z, y) - sigmoid_long_way).max())
softmax_short = float(abs(losses.softmax_cross_entropy_gradient(z, t) - softmax_long_way).max())

# How much of the blame reaches z when the prediction is confident and wrong: y = 1, z = -6.
confident_z = -6.0
_a = activations.sigmoid(np.array([confident_z]))
confident_prediction = _a.item()
confident_percent = f"{1 - confident_prediction:.1%}"
confident_mse = (losses.mse_gradient(_a, np.ones(1)) * activations.sigmoid_derivative(_a)).item()
confident_bce = losses.sigmoid_cross_entropy_gradient(np.array([confident_z]), np.ones(1)).item()

# What NumPy would have done with a target of shape (N,) against a prediction of shape (N, 1).
_column, _flat = np.array([[0.1], [0.9]]), np.array([0.0, 1.0])
broadcast_loss = float(((_column - _flat) ** 2).mean())
right_loss = losses.mse(_column, _flat[:, None])

assert worst_of_all < TOLERANCE, found
assert sigmoid_short < 1e-12 and softmax_short < 1e-12
