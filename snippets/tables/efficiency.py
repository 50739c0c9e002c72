"""Matrix products counted while they run: forward, backward, without reuse, and by finite
differences.
"""

import numpy as np

from snippets import efficiency
from snippets.efficiency import Counter
from snippets.gradient_checking import relative_error
from snippets.tables import spaced
from snippets.why_it_matters import count_parameters

BATCH = 32
NETWORKS = {
    "a small one": [2, 3, 1],
    "8×8 digits": [64, 30, 10],
    "28×28 digits": [784, 100, 10],
    "ten equal layers": [50] * 11,
    "fifty equal layers": [50] * 51,
}


def network(sizes, rng):
    """A batch, weights, and a gradient that arrives at the output."""
    weights = [rng.normal(size=(n_out, n_in)) for n_in, n_out in zip(sizes, sizes[1:])]
    return rng.normal(size=(BATCH, sizes[0])), weights, rng.normal(size=(BATCH, sizes[-1]))


def count(sizes):
    """Counters of a forward pass, of a backward pass, and of one without reuse."""
    X, weights, dL_dA = network(sizes, np.random.default_rng(0))
    counters = forward, backward, alone = [Counter() for _ in range(3)]
    activations = efficiency.relu_activations(X, weights, forward.product)
    shared = efficiency.relu_gradients(activations, weights, dL_dA, backward.product)
    separate = efficiency.gradients_without_reuse(activations, weights, dL_dA, alone.product)
    assert max(relative_error(a, b) for a, b in zip(shared, separate)) < 1e-12
    return counters


counted = {name: count(sizes) for name, sizes in NETWORKS.items()}
ratios = {
    name: (forward.multiplications + backward.multiplications) / forward.multiplications
    for name, (forward, backward, _) in counted.items()
}


def layers(sizes):
    """The layer sizes as a cell: written out, or where many are equal, how many there are."""
    return (
        " – ".join(map(str, sizes))
        if min(sizes) < max(sizes)
        else f"{len(sizes)} times {max(sizes)}"
    )


COUNTS = [
    {
        "Network": f"{name}: {layers(NETWORKS[name])}",
        "Products forward": str(forward.products),
        "Products backward": str(backward.products),
        "Multiplications forward": spaced(forward.multiplications),
        "Multiplications backward": spaced(backward.multiplications),
        "Forward + backward, in forward passes": f"{ratios[name]:.2f}",
        "Passes of finite differences": spaced(2 * count_parameters(NETWORKS[name])),
    }
    for name, (forward, backward, _) in counted.items()
]
REUSE = [
    {
        "Network": name,
        "Products backward, shared": str(backward.products),
        "Products backward, each gradient on its own": str(alone.products),
        "Ratio": f"{alone.products / backward.products:.1f}×",
    }
    for name, (_, backward, alone) in counted.items()
]
lowest, highest = min(ratios.values()), max(ratios.values())
# with the gradient at the input, for which the first layer takes a second product
input_ratio = max(
    (backward.multiplications + BATCH * sizes[0] * sizes[1]) / forward.multiplications
    for (forward, backward, _), sizes in zip(counted.values(), NETWORKS.values())
)
digits_nudging = 2 * count_parameters(NETWORKS["8×8 digits"])
ten_shared, ten_alone = (counted["ten equal layers"][k].products for k in (1, 2))
deep_shared, deep_alone = (
    counted["fifty equal layers"][1].products,
    counted["fifty equal layers"][2].products,
)
ten_shared, ten_alone = (counted["ten equal layers"][k].products for k in (1, 2))

assert abs(input_ratio - 2) < 1e-12
assert 2 <= lowest and highest < 3 and digits_nudging == 4520
for name, sizes in NETWORKS.items():  # the counters against the formula
    pairs = list(zip(sizes, sizes[1:]))
    forward, backward, alone = counted[name]
    assert forward.multiplications == BATCH * sum(m * n for m, n in pairs)
    assert (
        backward.multiplications == 2 * forward.multiplications - BATCH * pairs[0][0] * pairs[0][1]
    )
    assert (forward.products, backward.products) == (len(pairs), 2 * len(pairs) - 1)
    assert alone.products == len(pairs) * (len(pairs) + 1) // 2
