"""The gradient for a batch as it is often printed and the right one, each against central
differences of two losses.
"""

import numpy as np

from snippets import matrix_form, process, training_step
from snippets.gradient_checking import numerical_gradient, relative_error
from snippets.tables import magnitude, n

TOLERANCE = 1e-6  # central differences reach about 1e-9 here; a wrong factor shows as 1e-1
CASES = 20


def random_case(rng):
    """A batch and a network of random shapes: `X, Y, W1, b1, W2, b2`."""
    N, D, H, K = rng.integers(2, 7, size=4)
    shapes = (N, D), (H, D), (H,), (K, H), (K,)
    X, W1, b1, W2, b2 = (rng.normal(size=shape) for shape in shapes)
    return X, rng.integers(0, 2, size=(N, K)).astype(float), W1, b1, W2, b2


def cross_entropy(A2, Y):
    """Binary cross-entropy, summed over the outputs, averaged over the batch."""
    return -(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)).sum() / len(Y)


def printed_backward(X, Y, Z1, A1, A2, W2):
    """Backward pass, line by line as it is often printed."""
    batch_size = len(X)
    dL_dZ2 = (A2 - Y) / batch_size
    dL_dW2 = dL_dZ2.T @ A1
    dL_db2 = dL_dZ2.sum(axis=0)

    dL_dA1 = dL_dZ2 @ W2
    dL_dZ1 = dL_dA1 * (Z1 > 0)
    dL_dW1 = dL_dZ1.T @ X
    dL_db1 = dL_dZ1.sum(axis=0)
    return dL_dW1, dL_db1, dL_dW2, dL_db2


def errors(backward, loss, case):
    """Relative error of each gradient of `backward` against central differences of `loss`."""
    X, Y, *parameters = case
    Z1, A1, Z2, A2 = matrix_form.forward_batch(X, *parameters)
    gradients = backward(X, Y, Z1, A1, A2, parameters[2])
    nudged = numerical_gradient(
        lambda: loss(matrix_form.forward_batch(X, *parameters)[-1], Y), parameters
    )
    return [relative_error(a, b) for a, b in zip(gradients, nudged)]


def verdict(passes):
    return "**passes**" if passes else "**fails**"


rng = np.random.default_rng(0)
cases = [random_case(rng) for _ in range(CASES)]
ARTICLE, RIGHT = (
    "`(A2 - Y) / batch_size`, as printed",
    "`2 * (A2 - Y) * A2 * (1 - A2) / A2.size`, ours",
)
MSE, BCE = (
    "mean squared error",
    "binary cross-entropy, summed over outputs, averaged over the batch",
)
measured = {
    (gradient, loss): np.array([errors(backward, function, case) for case in cases])
    for gradient, backward in (
        (ARTICLE, printed_backward),
        (RIGHT, matrix_form.backward_batch),
    )
    for loss, function in ((MSE, matrix_form.mean_squared_error), (BCE, cross_entropy))
}
CHECK = [
    {
        "`dL_dZ2`": gradient,
        "checked against": loss,
        "smallest error": magnitude(found.max(axis=1).min()),
        "largest error": magnitude(found.max()),
        "verdict": verdict(found.max() < TOLERANCE),
    }
    for (gradient, loss), found in measured.items()
]
article_smallest = float(measured[ARTICLE, MSE].max(axis=1).min())
right_worst = float(measured[RIGHT, MSE].max())
article_as_cross_entropy_worst = float(measured[ARTICLE, BCE].max())

# One batch of the first case, entry by entry: what a reader would print.
X, Y, *parameters = cases[0]
Z1, A1, Z2, A2 = matrix_form.forward_batch(X, *parameters)
_article = printed_backward(X, Y, Z1, A1, A2, parameters[2])[3]
_right = matrix_form.backward_batch(X, Y, Z1, A1, A2, parameters[2])[3]
[_nudged] = numerical_gradient(
    lambda: matrix_form.mean_squared_error(matrix_form.forward_batch(X, *parameters)[-1], Y),
    parameters[3:],
)
SIDE_BY_SIDE = [
    {
        "entry": f"`dL_db2[{k}]`",
        "as printed": n(_article[k]),
        "ours": n(_right[k]),
        "central differences": n(_nudged[k]),
    }
    for k in range(len(_right))
]
_factors = _article / _right
lowest_factor, highest_factor = float(_factors.min()), float(_factors.max())

# A batch is its examples one by one: the mean of the gradients that the single-example code gives.
each = []
for row, target in zip(X, Y):
    W1, b1, W2, b2 = parameters
    z1, a1, z2, a2 = process.forward_pass(row[:, None], W1, b1[:, None], W2, b2[:, None])
    dL_dz2 = process.output_gradient(a2, target[:, None])
    each.append(process.propagate_backward(row[:, None], z1, a1, W2, dL_dz2))
_means = [np.mean(gradients, axis=0) / Y.shape[1] for gradients in zip(*each)]
one_by_one = max(
    relative_error(mean.reshape(batch.shape), batch)
    for mean, batch in zip(_means, matrix_form.backward_batch(X, Y, Z1, A1, A2, parameters[2]))
)


# Two examples side by side, and one below the other
def matrix(array):
    """A matrix as a formula."""
    lines = r" \\ ".join(" & ".join(map(n, line)) for line in array)
    return rf"$\begin{{pmatrix}} {lines} \end{{pmatrix}}$"


_W1, _b1 = training_step.W1.round(1), training_step.b1.round(1)
_columns = np.array([[2.0, 1.0], [3.0, -1.0]])
_sums_in_columns, _sums_in_rows = _W1 @ _columns + _b1, _columns.T @ _W1.T + _b1[:, 0]
BOTH_WAYS = [
    {"Two examples": "Inputs", "In columns": matrix(_columns), "In rows": matrix(_columns.T)},
    {"Two examples": "Code", "In columns": "`W1 @ X + b1`", "In rows": "`X @ W1.T + b1`"},
    {
        "Two examples": "Sums of the hidden units",
        "In columns": matrix(_sums_in_columns),
        "In rows": matrix(_sums_in_rows),
    },
    {"Two examples": "Shape of `b1`", "In columns": "`(H, 1)`", "In rows": "`(H,)`"},
]
assert np.allclose(_sums_in_columns.T, _sums_in_rows)

assert (
    article_smallest > 1000 * TOLERANCE
    and right_worst < TOLERANCE
    and article_as_cross_entropy_worst < TOLERANCE
)
assert measured[RIGHT, BCE].max(axis=1).min() > 1000 * TOLERANCE
assert one_by_one < 1e-12
