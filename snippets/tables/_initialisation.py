"""The experiment behind the chapter on initialisation: the size of values and gradients at each of
50 layers.
"""

import numpy as np

from snippets import initialisation

WIDTH, DEPTH, NETWORKS, EXAMPLES = 128, 50, 15, 8


def measured(cases, width=WIDTH):
    """For each case, an (activation, scheme): RMS of the values and of the gradients, each
    (NETWORKS, DEPTH + 1).

    The cases share their random numbers: two schemes differ by nothing but the scale of the
    weights.
    """
    found = {case: ([], []) for case in cases}
    for seed in range(NETWORKS):
        rng = np.random.default_rng(seed)
        drawn = rng.standard_normal((DEPTH, width, width))
        X, dL_dA = rng.standard_normal((2, EXAMPLES, width))
        weights = np.empty_like(drawn)  # one array for all cases: a new one takes time
        for case in cases:
            activation, scheme = case
            np.multiply(initialisation.weight_std(scheme, width, width), drawn, out=weights)
            bend = getattr(initialisation, f"{activation}_and_slope")
            A, slopes = initialisation.values_by_layer(X, weights, bend)
            gradients = initialisation.gradients_by_layer(dL_dA, weights, slopes)
            for rows, arrays, first in zip(found[case], (A, gradients), (0, -1)):
                sizes = np.array([initialisation.rms(array) for array in arrays])
                rows.append(sizes / sizes[first])
    return {case: tuple(map(np.array, rows)) for case, rows in found.items()}


def theory(case, width=WIDTH):
    """What `predicted_rms` says of the case: values and gradients, each (DEPTH + 1,)."""
    activation, scheme = case
    scale = width * initialisation.weight_std(scheme, width, width) ** 2
    bend = getattr(initialisation, f"{activation}_and_slope")
    return initialisation.predicted_rms(bend, scale, DEPTH)
