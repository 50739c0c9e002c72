"""Five notations of one gradient, the four products that fit where all sizes are the same, and a
network that trains on a wrong one.
"""

import numpy as np

from snippets import transpose
from snippets.gradient_checking import numerical_gradient, relative_error
from snippets.tables import n, power_of_ten
from snippets.tables._transpose import W2, H, K, a1, y

# central differences reach about 1e-10 here; a wrong product is off by about its own size
TOLERANCE = 1e-6

tolerance = power_of_ten(TOLERANCE)


def shown_error(error):
    """An error as a table has it: below the tolerance its digits are rounding and differ between
    CPUs.
    """
    return f"below {tolerance}" if error < TOLERANCE else n(error, 2)


def loss(W2, a1, y):
    """Half of the sum of squares, for one example or for rows of them."""
    return ((a1 @ W2.T - y) ** 2).sum() / 2


_found = {
    ("scalars", "`w11 * p1 + w12 * p2 + w13 * p3`", "`w11 * d1 + w21 * d2`"): transpose.in_scalars(
        W2, a1, y
    ),
    (
        "indices",
        "`z2[j] += W2[j, i] * a1[i]`",
        "`dL_da1[i] += W2[j, i] * dL_dz2[j]`",
    ): transpose.in_indices(W2, a1, y),
    ("a column", "`W2 @ a1`", "`W2.T @ dL_dz2`"): transpose.in_columns(W2, a1[:, None], y[:, None]),
    ("rows", "`A1 @ W2.T`", "`dL_dZ2 @ W2`"): transpose.in_rows(W2, a1[None], y[None]),
    ("vector–Jacobian", "`W2 @ a1`", "`dL_dz2 @ dz2_da1`"): transpose.in_jacobians(W2, a1, y),
}
_nudged = numerical_gradient(lambda: loss(W2, a1, y), [W2, a1])


def error(gradients):
    """The larger error of the two gradients of one example, whatever way they lie."""
    return max(
        relative_error(np.reshape(g, nudged.shape), nudged)
        for g, nudged in zip(gradients, _nudged, strict=True)
    )


NOTATIONS = [
    {
        "Notation": name,
        "Forward": there,
        "Back": back,
        "`dL_da1`": "\u00a0".join(n(d) for d in np.ravel(gradients[1])),
    }
    for (name, there, back), gradients in _found.items()
]
_first = next(iter(_found.values()))
for _gradients in _found.values():
    for _one, _other in zip(_first, _gradients):
        # the numbers are short in binary: nothing is rounded
        assert np.array_equal(_one.ravel(), _other.ravel())
    assert error(_gradients) < TOLERANCE
notations_error = shown_error(max(map(error, _found.values())))

# A batch is its examples: dL_dA1 one below the other, dL_dW2 added up.
EXAMPLES = 5
_rng = np.random.default_rng(0)
_A1, _Y = _rng.normal(size=(EXAMPLES, H)), _rng.normal(size=(EXAMPLES, K))
_dL_dW2, _dL_dA1 = transpose.in_rows(W2, _A1, _Y)
_each = [transpose.in_indices(W2, *example) for example in zip(_A1, _Y)]
batch_error = max(
    relative_error(_dL_dW2, sum(W for W, _ in _each)),
    relative_error(_dL_dA1, np.array([a for _, a in _each])),
)
assert batch_error < 1e-14

# How many products fit: sizes (N, K, H)
SIZES = {
    "5, 2, 3": "all different",
    "5, 3, 3": "two layers of one width",
    "3, 3, 3": "all the same",
}
PRODUCTS = {
    "P @ Q": "`dL_dZ2 @ W2`",
    "P @ Q.T": "`dL_dZ2 @ W2.T`",
    "Q @ P": "`W2 @ dL_dZ2`",
    "Q.T @ P": "`W2.T @ dL_dZ2`",
}


def candidates(N, K, H):
    """The error against central differences of each product for `dL_dA1` that fits."""
    rng = np.random.default_rng(0)
    W2, A1, Y = rng.normal(size=(K, H)), rng.normal(size=(N, H)), rng.normal(size=(N, K))
    [nudged] = numerical_gradient(lambda: loss(W2, A1, Y), [A1])
    fitting = transpose.products_that_fit(A1 @ W2.T - Y, W2, A1.shape)
    return {name: relative_error(product, nudged) for name, product in fitting.items()}


_errors = {sizes: candidates(*map(int, sizes.split(", "))) for sizes in SIZES}
FITTING = [
    {"Product": code}
    | {
        f"{words} ({sizes})": shown_error(_errors[sizes][name]) if name in _errors[sizes] else "–"
        for sizes, words in SIZES.items()
    }
    for name, code in PRODUCTS.items()
]
fitting = {words: len(_errors[sizes]) for sizes, words in SIZES.items()}
wrong_least = min(e for errors in _errors.values() for name, e in errors.items() if name != "P @ Q")
assert [*fitting.values()] == [1, 2, 4] and wrong_least > 0.1
assert all(
    (e < TOLERANCE) == (name == "P @ Q")
    for errors in _errors.values()
    for name, e in errors.items()
)

# What hides the slip: weights that are their own transpose
_hidden = transpose.products_that_fit(a1[None], W2.T @ W2, a1[None].shape)
assert len(_hidden) == 2 and np.array_equal(*_hidden.values())

# A network that trains on the wrong product, beside one that trains on the right one and one whose
# first layer stands still
NETWORKS, STEPS, RATE, WIDTH, EXAMPLES_EACH = 20, 200, 0.2, 8, 32


def back_transposed(dL_dZ2, W2):
    """The slip: it fits, because as many units are fed as feed."""
    return dL_dZ2 @ W2.T


def back(dL_dZ2, W2):
    """The right one."""
    return dL_dZ2 @ W2


def not_back(dL_dZ2, W2):
    """Nothing at all: the first layer stands still."""
    return np.zeros_like(dL_dZ2)


def train(rng, back):
    """The loss before and after training three layers of one width, and the angle between the first
    layer's gradient and the true one.
    """
    X, Y = rng.normal(size=(EXAMPLES_EACH, WIDTH)), rng.normal(size=(EXAMPLES_EACH, 1))
    W1, W2 = rng.normal(0, WIDTH**-0.5, size=(2, WIDTH, WIDTH))
    W3 = rng.normal(0, WIDTH**-0.5, size=(1, WIDTH))
    misses = []
    for step in range(STEPS + 1):
        A1 = np.tanh(X @ W1.T)  # (N, H)
        A2 = np.tanh(A1 @ W2.T)  # (N, K)
        Z3 = A2 @ W3.T  # (N, 1)
        misses.append(Z3 - Y)
        dL_dZ3 = 2 * misses[-1] / Y.size
        dL_dZ2 = dL_dZ3 @ W3 * (1 - A2**2)
        dL_dA1 = back(dL_dZ2, W2)
        if step == 0:
            error = relative_error(dL_dA1, dL_dZ2 @ W2)
        W1 = W1 - RATE * (dL_dA1 * (1 - A1**2)).T @ X
        W2, W3 = W2 - RATE * dL_dZ2.T @ A1, W3 - RATE * dL_dZ3.T @ A2
    return (misses[0] ** 2).mean(), (misses[-1] ** 2).mean(), error


def shown(values):
    low, median, high = np.percentile(values, [25, 50, 75])
    return f"{n(median, 2)} ({n(low, 2)} to {n(high, 2)})"


_runs = {
    name: np.array([train(np.random.default_rng(seed), function) for seed in range(NETWORKS)])
    for name, function in (
        ("`dL_dZ2 @ W2`, right", back),
        ("`dL_dZ2 @ W2.T`, wrong", back_transposed),
        ("0: the first layer stands still", not_back),
    )
}
TRAINED = [
    {
        "`dL_dA1`": name,
        "smallest error of `dL_dA1`": shown_error(runs[:, 2].min()),
        "first loss": shown(runs[:, 0]),
        "loss after training": shown(runs[:, 1]),
        "networks whose loss fell": f"{int((runs[:, 1] < runs[:, 0]).sum())} of {NETWORKS}",
    }
    for name, runs in _runs.items()
]
_right, _wrong, _still = (np.median(runs[:, 1]) for runs in _runs.values())
# whatever the product, every loss fell
assert all((runs[:, 1] < runs[:, 0]).all() for runs in _runs.values())
assert (
    _runs["`dL_dZ2 @ W2.T`, wrong"][:, 2].min() > 0.1
    and _wrong < 2 * _right
    and _wrong < _still / 5
)

# Jacobians nobody should build
LAYER = 64, 30
_inputs, _outputs = LAYER
jacobian_entries = _outputs * _outputs * _inputs
jacobian_zeros = 1 - 1 / _outputs
