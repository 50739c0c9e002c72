"""The recorded run of PyTorch, and NumPy's gradients for the same weights checked against it at every build."""

import json
import math
from pathlib import Path

import numpy as np

from snippets import frameworks
from snippets.gradient_check import relative_error
from snippets.tables import magnitude, n

READS = ["snippets/recorded/pytorch.json"]
TOLERANCE = 1e-6  # PyTorch's default float32 has about seven digits

record = json.loads(Path(__file__).parents[1].joinpath("recorded", "pytorch.json").read_text(encoding="utf-8"))
versions, printed = record["versions"], record["printed"]
parameters = {name: np.array(values) for name, values in record["parameters"].items()}
y_pred, loss, gradients = frameworks.gradients(parameters, frameworks.x, frameworks.y)
errors = {name: relative_error(gradients[name], np.array(values)) for name, values in record["gradients"].items()}


def entries(array):
    return ", ".join(n(value, 4) if value else "0" for value in np.ravel(array))


COMPARISON = [
    {
        "Parameter": f"`{name}`",
        "PyTorch, recorded": entries(record["gradients"][name]),
        "NumPy, computed now": entries(gradients[name]),
        "Relative difference": magnitude(error),
    }
    for name, error in errors.items()
]

# How often all three ReLUs start dead: by theory, in PyTorch's own draws, and in NumPy's.
probability = 0.5**3  # each z1 is a sum of draws that are symmetric about 0
rng = np.random.default_rng(0)
draws, pytorch_draws = 10_000, record["draws"]
numpy_share = sum(frameworks.all_dead(rng) for _ in range(draws)) / draws
pytorch_share = record["dead"] / pytorch_draws
spread = math.sqrt(probability * (1 - probability) / draws)  # standard deviation of such a share

assert max(errors.values()) < TOLERANCE, errors
assert abs(y_pred.item() - record["y_pred"]) < TOLERANCE and abs(loss - record["loss"]) < TOLERANCE
assert abs(numpy_share - probability) < 4 * spread and abs(pytorch_share - probability) < 4 * spread
