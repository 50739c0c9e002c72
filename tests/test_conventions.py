"""What holds over all snippets: dtype in, dtype out, and one meaning for a name."""

import ast
from collections import defaultdict
from importlib import import_module

import numpy as np
import pytest
from conftest import ROOT

from snippets.optimisers import GradientDescent
from snippets.recorded._gradient_cases import CHECKS

pytestmark = pytest.mark.filterwarnings("error")

# What gives gradients is called as the oracles of the page on verification call it, but for what
# takes plain numbers, or works in float64 by its nature.
PLAIN = ("autodiff.", "core_idea.", "worked_example", "gradient_checking.", "cost.")
GRADIENTS = [name for name in CHECKS if not name.startswith(PLAIN)]


def two_steps(optimiser, parameters, gradients):
    state = optimiser.start(parameters)
    parameters, state = optimiser.step(parameters, gradients, state)
    return optimiser.step(parameters, gradients, state)


def updated(f, parameters, gradients):
    """Parameters that `f` changes in place."""
    f(parameters, gradients)
    return parameters


# The others: `f` is the function, `a` makes an array of a shape, of numbers from 0.1 to 0.9.
CALLS = {
    "activations.relu": lambda f, a: f(a(2, 3)),
    "activations.sigmoid": lambda f, a: f(a(2, 3)),
    "activations.softmax": lambda f, a: f(a(2, 3)),
    "activations.tanh": lambda f, a: f(a(2, 3)),
    "challenges.clip_by_norm": lambda f, a: f([a(2, 3), a(2)], 0.1),
    "cost.batch_loss": lambda f, a: f(a(4, 2), a(4, 1), [a(3, 2), a(3), a(1, 3), a(1)]),
    "gradient_checking.central_difference": lambda f, a: f(np.square, a(3)),
    "initialisation.rms": lambda f, a: f(a(2, 3)),
    "losses.binary_cross_entropy": lambda f, a: f(a(2, 3), a(2, 3)),
    "losses.categorical_cross_entropy": lambda f, a: f(a(2, 3), a(2, 3)),
    "losses.mse": lambda f, a: f(a(2, 3), a(2, 3)),
    "losses.sigmoid_cross_entropy": lambda f, a: f(a(2, 3), a(2, 3)),
    "losses.softmax_cross_entropy": lambda f, a: f(a(3, 3), np.eye(3, dtype=a(1).dtype)),
    "network.batches": lambda f, a: list(f(a(4, 2), a(4, 1), 2, 1, np.random.default_rng(0))),
    "optimisers.Adam": lambda f, a: two_steps(f(0.1), [a(2, 3), a(2)], [a(2, 3), a(2)]),
    "optimisers.GradientDescent": lambda f, a: two_steps(f(0.1), [a(2, 3)], [a(2, 3)]),
    "optimisers.Momentum": lambda f, a: two_steps(f(0.1), [a(2, 3), a(2)], [a(2, 3), a(2)]),
    "optimisers.descend": lambda f, a: f(GradientDescent(0.1), [a(2)], lambda w: w, 2),
    "process.forward_pass": lambda f, a: f(a(2, 1), a(3, 2), a(3, 1), a(1, 3), a(1, 1)),
    "process.update_weights": lambda f, a: updated(
        f, [a(3, 2), a(3, 1)] * 2, [a(3, 2), a(3, 1)] * 2
    ),
    # The other files go here, a line for each function and class
}


def arrays_in(value):
    """All arrays in a result, and NumPy's scalars."""
    if isinstance(value, (np.ndarray, np.generic)):
        return [value]
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, (list, tuple)):
        assert type(value) in (float, int, bool, str, type(None)), f"{type(value)}"
        return []
    return [array for item in value for array in arrays_in(item)]


def assert_dtype(result, dtype):
    found = {array.dtype for array in arrays_in(result)}
    assert found <= {np.dtype(dtype)}, found


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", CALLS)
def test_a_function_keeps_the_dtype(name, dtype):
    rng = np.random.default_rng(0)
    module, function = name.split(".")
    result = CALLS[name](
        getattr(import_module(f"snippets.{module}"), function),
        lambda *shape: rng.uniform(0.1, 0.9, shape).astype(dtype),
    )
    assert_dtype(result, dtype)


def single(values):
    """The same in float32; what is no array stays as it is."""
    arrays = (np.ndarray, np.float64)
    return [np.float32(value) if isinstance(value, arrays) else value for value in values]


@pytest.mark.parametrize("name", GRADIENTS)
def test_a_gradient_keeps_float32(name):
    case = CHECKS[name].cases[0]
    gradients = CHECKS[name].gradients(single(case.inputs), single(case.constants))
    assert arrays_in(gradients)
    assert_dtype(gradients, np.float32)


def test_a_name_has_one_meaning():
    """Two files may both define a function, a class or a helper only if it is the same source."""
    places = defaultdict(lambda: defaultdict(list))
    for path in sorted((ROOT / "snippets").glob("[!_]*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.parse(text).body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                places[node.name][ast.get_source_segment(text, node)].append(path.stem)
    several = {name: [*found.values()] for name, found in places.items() if len(found) > 1}
    assert not several, several
