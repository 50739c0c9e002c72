"""The recorded runs of the frameworks, and NumPy's gradients for the same weights checked against
them at every build.
"""

import json
import math
from pathlib import Path

import numpy as np

from snippets import frameworks
from snippets.gradient_checking import relative_error
from snippets.recorded import unsigned_zeros
from snippets.tables import magnitude, n

# the article's program computes in PyTorch's default float32, which has about seven digits
TOLERANCE = 1e-6
TOLERANCE_FLOAT64 = 1e-12
FRAMEWORKS = {
    "PyTorch": "with_pytorch",
    "TensorFlow": "with_tensorflow",
    "JAX": "with_jax",
    "autograd": "with_autograd",
}


def recorded(name):
    return json.loads(
        Path(__file__).parents[1].joinpath("recorded", f"{name}.json").read_text(encoding="utf-8")
    )


def arrays(values):
    return {name: np.array(value) for name, value in values.items()}


def same_gradients(record):
    """NumPy's prediction, loss and gradients for the weights of a record, and how far its gradients
    are from them.
    """
    y_pred, loss, gradients = frameworks.framework_gradients(
        arrays(record["parameters"]), frameworks.x, frameworks.y
    )
    assert gradients.keys() == record["gradients"].keys()
    errors = {
        name: relative_error(gradients[name], value)
        for name, value in arrays(record["gradients"]).items()
    }
    return y_pred, loss, gradients, errors


def entries(array):
    return ", ".join(n(value, 4) if value else "0" for value in np.ravel(array))


# The article's program.
record = recorded("pytorch")
versions, printed = record["versions"], record["printed"]
accumulated = recorded("pytorch_accumulates")["printed"]
y_pred, loss, gradients, errors = same_gradients(record)
COMPARISON = [
    {
        "Parameter": f"`{name}`",
        "PyTorch, recorded": entries(record["gradients"][name]),
        "NumPy, computed now": entries(gradients[name]),
        "Relative difference": magnitude(error),
    }
    for name, error in errors.items()
]
assert max(errors.values()) < TOLERANCE, errors
assert abs(y_pred.item() - record["y_pred"]) < TOLERANCE and abs(loss - record["loss"]) < TOLERANCE

# The same network with the same weights in each framework, in float64.
records = {framework: recorded(name) for framework, name in FRAMEWORKS.items()}
same_weights, same_printed = (
    records["PyTorch"]["parameters"],
    unsigned_zeros(records["PyTorch"]["printed"]),
)
all_errors = {framework: same_gradients(each)[3] for framework, each in records.items()}
largest_error = max(max(each.values()) for each in all_errors.values())
FRAMEWORK_COMPARISON = [
    {"Parameter": f"`{name}`"}
    | {framework: magnitude(each[name]) for framework, each in all_errors.items()}
    for name in same_weights
]
VERSIONS = [
    dict(
        zip(
            ["Recorded", "version", "with NumPy", "on Python"],
            [framework, *each["versions"].values()],
        )
    )
    for framework, each in records.items()
]
for framework, each in records.items():
    assert each["parameters"] == same_weights, f"{framework} was recorded with other weights"
    assert unsigned_zeros(each["printed"]) == same_printed, f"{framework} printed {each['printed']}"
assert largest_error < TOLERANCE_FLOAT64, all_errors

# How often all three ReLUs start dead: by theory, in PyTorch's own draws, and in NumPy's.
probability = 0.5**3  # each z1 is a sum of draws that are symmetric about 0
rng = np.random.default_rng(0)
draws, pytorch_draws = 10_000, record["draws"]
numpy_share = sum(frameworks.all_dead(rng) for _ in range(draws)) / draws
pytorch_share = record["dead"] / pytorch_draws
spread = math.sqrt(probability * (1 - probability) / draws)  # standard deviation of such a share

assert abs(numpy_share - probability) < 4 * spread and abs(pytorch_share - probability) < 4 * spread
