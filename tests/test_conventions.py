"""What holds over all snippets: dtype in, dtype out, and one meaning for a name."""

import ast
from collections import defaultdict
from importlib import import_module

import numpy as np
import pytest
from conftest import ROOT

from snippets.optimisers import GradientDescent

pytestmark = pytest.mark.filterwarnings("error")

TREES = {
    path.stem: ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "snippets").glob("[!_]*.py"))
}
DEFINITIONS = (ast.FunctionDef, ast.ClassDef)


# A public function or class that takes arrays: how to call it. `f` is the function, `a` makes an
# array of a shape, of numbers from 0.1 to 0.9.


def one_hot(a):
    return np.eye(3, dtype=a(1).dtype)[[0, 2]]


def frameworks_parameters(a):
    shapes = {"0.weight": (3, 2), "0.bias": (3,), "2.weight": (1, 3), "2.bias": (1,)}
    return {name: a(*shape) for name, shape in shapes.items()}


def two_layers(a):
    return [a(3, 2), a(3), a(1, 3), a(1)]


def deep_parameters(a):
    """A layer with batch normalisation, and the last one."""
    return [a(2, 2), a(2), a(2), a(1, 2), a(1)]


def squared_error(Z, Y):
    return float(((Z - Y) ** 2).mean()), 2 * (Z - Y) / Z.size


def two_steps(optimiser, parameters, gradients):
    state = optimiser.start(parameters)
    parameters, state = optimiser.step(parameters, gradients, state)
    return optimiser.step(parameters, gradients, state)


def loss_of(vector):
    """A loss, a float, as a function of a vector."""
    return float(vector @ vector)


CALLS = {
    "activations.relu": lambda f, a: f(a(2, 3)),
    "activations.relu_derivative": lambda f, a: f(a(2, 3)),
    "activations.sigmoid": lambda f, a: f(a(2, 3)),
    "activations.sigmoid_derivative": lambda f, a: f(a(2, 3)),
    "activations.softmax": lambda f, a: f(a(2, 3)),
    "activations.softmax_jacobian": lambda f, a: f(a(3)),
    "activations.tanh": lambda f, a: f(a(2, 3)),
    "activations.tanh_derivative": lambda f, a: f(a(2, 3)),
    "errata.blame_cut_up": lambda f, a: f(a()[()], a(3)),
    "errata.blame_handed_back": lambda f, a: f(a()[()], a(3)),
    "errata.slope_of_all_paths": lambda f, a: f(a(3), a(3)),
    "errata.slope_of_one_path": lambda f, a: f(a(3), a(3)),
    "errata.bias_gradient": lambda f, a: f(a(2, 3)),
    "errata.bias_gradient_of_one": lambda f, a: f(a(2, 3)),
    "errata.cross_entropy_of_prediction": lambda f, a: f(a(2, 1), a(2, 1).round()),
    "errata.cross_entropy_of_scores": lambda f, a: f(a(2, 1), a(2, 1).round()),
    "errata.differences_to_both_sides": lambda f, a: f(loss_of, a(3), 0.1),
    "errata.differences_to_one_side": lambda f, a: f(loss_of, a(3), 0.1),
    "errata.dropout_backward": lambda f, a: f(a(3), a(3).round()),
    "errata.dropout_backward_halved": lambda f, a: f(a(3), a(3).round()),
    "errata.first_gradient": lambda f, a: f(
        a(2), a(2), a(3, 2), a(2, 3), a(3).round(), lambda a1: a1 > 0, lambda dL_da1, kept: dL_da1
    ),
    "errata.output_gradient_of_cross_entropy": lambda f, a: f(a(2, 3), a(2, 3)),
    "errata.output_gradient_of_mse": lambda f, a: f(a(2, 3), a(2, 3)),
    "errata.relu_slope": lambda f, a: a(3) * f(a(3)),
    "errata.relu_slope_or_one": lambda f, a: a(3) * f(a(3)),
    "errata.with_dropout": lambda f, a: f(a(2), a(3, 2), a(2, 3), a(3).round()),
    "frameworks.framework_gradients": lambda f, a: f(frameworks_parameters(a), a(4, 2), a(4, 1)),
    "losses.binary_cross_entropy": lambda f, a: f(a(2, 3), a(2, 3)),
    "losses.binary_cross_entropy_gradient": lambda f, a: f(a(2, 3), a(2, 3)),
    "losses.categorical_cross_entropy": lambda f, a: f(a(2, 3), one_hot(a)),
    "losses.categorical_cross_entropy_gradient": lambda f, a: f(a(2, 3), one_hot(a)),
    "losses.mse": lambda f, a: f(a(2, 3), a(2, 3)),
    "losses.mse_gradient": lambda f, a: f(a(2, 3), a(2, 3)),
    "losses.sigmoid": lambda f, a: f(a(2, 3)),
    "losses.sigmoid_cross_entropy": lambda f, a: f(a(2, 3), a(2, 3)),
    "losses.sigmoid_cross_entropy_gradient": lambda f, a: f(a(2, 3), a(2, 3)),
    "losses.softmax": lambda f, a: f(a(2, 3)),
    "losses.softmax_cross_entropy": lambda f, a: f(a(2, 3), one_hot(a)),
    "losses.softmax_cross_entropy_gradient": lambda f, a: f(a(2, 3), one_hot(a)),
    "matrix_form.backward_batch": lambda f, a: f(
        a(4, 2), a(4, 1), a(4, 3), a(4, 3), a(4, 1), a(1, 3)
    ),
    "matrix_form.forward_batch": lambda f, a: f(a(4, 2), a(3, 2), a(3), a(1, 3), a(1)),
    "matrix_form.mean_squared_error": lambda f, a: f(a(2, 3), a(2, 3)),
    "matrix_form.relu": lambda f, a: f(a(2, 3)),
    "matrix_form.sigmoid": lambda f, a: f(a(2, 3)),
    "process.forward_pass": lambda f, a: f(a(2, 1), a(3, 2), a(3, 1), a(1, 3), a(1, 1)),
    "process.output_gradient": lambda f, a: f(a(2, 1), a(2, 1)),
    "process.propagate_backward": lambda f, a: f(a(2, 1), a(3, 1), a(3, 1), a(1, 3), a(1, 1)),
    "process.relu": lambda f, a: f(a(3, 1)),
    "process.sigmoid": lambda f, a: f(a(3, 1)),
    "process.squared_error": lambda f, a: f(a(2, 1), a(2, 1)),
    "process.update_weights": lambda f, a: updated(
        f, [a(3, 2), a(3, 1), a(1, 3), a(1, 1)], [a(3, 2), a(3, 1), a(1, 3), a(1, 1)]
    ),
    "transpose.in_columns": lambda f, a: f(a(2, 3), a(3, 1), a(2, 1)),
    "transpose.in_indices": lambda f, a: f(a(2, 3), a(3), a(2)),
    "transpose.in_jacobians": lambda f, a: f(a(2, 3), a(3), a(2)),
    "transpose.in_rows": lambda f, a: f(a(2, 3), a(4, 3), a(4, 2)),
    "transpose.in_scalars": lambda f, a: f(a(2, 3), a(3), a(2)),
    "transpose.products_that_fit": lambda f, a: f(a(3, 3), a(3, 3), (3, 3)),
    "cost.batch_loss": lambda f, a: f(a(4, 2), a(4, 1), two_layers(a)),
    "cost.count_multiplications": lambda f, a: f(np.matmul, a(2, 3), a(3, 2)),
    "cost.directional_derivative": lambda f, a: f(a(4, 2), a(4, 1), two_layers(a), two_layers(a)),
    "cost.forward_mode": lambda f, a: list(f(a(4, 2), a(4, 1), two_layers(a))),
    "cost.relu": lambda f, a: f(a(2, 3)),
    "cost.sigmoid": lambda f, a: f(a(2, 3)),
    "gradient_checking.central_difference": lambda f, a: f(np.square, a(3)),
    "gradient_checking.complex_step": lambda f, a: f(np.square, a(3), 1e-20),
    "gradient_checking.forward_difference": lambda f, a: f(np.square, a(3), 0.5),
    "gradient_checking.relative_error": lambda f, a: f(a(3), a(3)),
    **{
        f"challenges.{name}_and_slope": lambda f, a: f(a(2, 3) - a(2, 3))
        for name in ("sigmoid", "tanh", "relu", "leaky_relu", "elu", "linear")
    },
    "challenges.batch_norm": lambda f, a: f(a(4, 3), a(3), a(3)),
    "challenges.batch_norm_backward": lambda f, a: f(a(4, 3), (a(4, 3), a(3), a(3))),
    "challenges.clip_by_norm": lambda f, a: f([a(2, 3), a(2)], 0.1),
    "challenges.dead_fraction": lambda f, a: f([(None, None, a(2, 3), False), None]),
    "challenges.deep_backward": lambda f, a: f(
        a(4, 1), deep_parameters(a), [(a(4, 2), (a(4, 2), a(2), a(2)), a(4, 2), True), a(4, 2)]
    ),
    "challenges.deep_forward": lambda f, a: f(
        a(4, 2), deep_parameters(a), lambda z: (z, z), residual=True
    ),
    "challenges.global_norm": lambda f, a: f([a(2, 3), a(2)]),
    "challenges.layers_of": lambda f, a: f(deep_parameters(a)),
    "efficiency.gradients_without_reuse": lambda f, a: f(
        [a(4, 2), a(4, 3), a(4, 1)], [a(3, 2), a(1, 3)], a(4, 1)
    ),
    "efficiency.relu_activations": lambda f, a: f(a(4, 2), [a(3, 2), a(1, 3)]),
    "efficiency.relu_gradients": lambda f, a: f(
        [a(4, 2), a(4, 3), a(4, 1)], [a(3, 2), a(1, 3)], a(4, 1)
    ),
    **{
        f"initialisation.{name}_and_slope": lambda f, a: f(a(2, 3) - a(2, 3))
        for name in ("tanh", "relu", "linear")
    },
    "initialisation.gradients_by_layer": lambda f, a: f(a(4, 3), [a(3, 2)], [a(4, 3)]),
    "initialisation.log10_of_product": lambda f, a: f([a(3, 3), a(3, 3)]),
    "initialisation.rms": lambda f, a: f(a(2, 3)),
    "initialisation.values_by_layer": lambda f, a: f(a(4, 2), [a(3, 2)], lambda z: (z, z)),
    "network.backward": lambda f, a: f(
        a(4, 1), [a(4, 2), a(4, 3), a(4, 1)], [a(3, 2), a(3), a(1, 3), a(1)]
    ),
    "network.batches": lambda f, a: list(f(a(4, 2), a(4, 1), 2, 1, np.random.default_rng(0))),
    "network.fit": lambda f, a: f(
        [a(3, 2), a(3)], [(a(4, 2), one_hot(a)[[0, 1, 1, 0]])] * 2, squared_error
    ),
    "network.forward": lambda f, a: f(a(4, 2), [a(3, 2), a(3), a(1, 3), a(1)]),
    "network.sigmoid_loss": lambda f, a: f(a(2, 3), a(2, 3)),
    "network.softmax_loss": lambda f, a: f(a(2, 3), one_hot(a)),
    **{
        f"optimisers.{name}": lambda f, a: two_steps(f(0.1), [a(2, 3), a(2)], [a(2, 3), a(2)])
        for name in ("GradientDescent", "Momentum", "Adam")
    },
    "optimisers.descend": lambda f, a: f(
        GradientDescent(0.1), [a(2, 3), a(2)], lambda parameters: parameters, 2
    ),
    "training_step.relu": lambda f, a: f(a(3, 1)),
    "training_step.sigmoid": lambda f, a: f(a(3, 1)),
    # The other files go here, a line for each function and class
}

# Of these, nothing takes arrays and gives arrays: plain numbers, a generator, a line of text
WITHOUT_ARRAYS = {
    *("autodiff." + name for name in ("Node", "gradients_of", "topological_order", "value_of")),
    *("core_idea." + name for name in ("chain_activations", "chain_rule", "f")),
    *("core_idea." + name for name in ("first_weight_gradient", "g", "two_paths")),
    *("errata." + name for name in ("crosses_kink", "error", "error_of_rounded", "is_python")),
    *("errata." + name for name in ("first_weights", "first_weights_unseeded")),
    *("errata." + name for name in ("hidden_gradient", "hidden_gradient_after_update")),
    "errata.relu_slope_at",
    *("errata.product_of_" + name for name in ("both", "slopes", "weights")),
    *("gradient_checking." + name for name in ("Finding", "Report", "check_gradient", "judge")),
    *("gradient_checking." + name for name in ("nudged_loss", "numerical_gradient")),
    "gradient_checking.one_sided_slope",  # nudging takes parameters of float64 only
    "why_it_matters.count_parameters",
    *("frameworks." + name for name in ("all_dead", "default_layer")),
    "challenges.deep_init",
    "efficiency.Counter",
    *("initialisation." + name for name in ("digamma", "layer_factors", "log_growth")),
    *("initialisation." + name for name in ("neutral_std", "predicted_rms", "weight_std")),
    "network.init",
    "two_units.forward_two",
    "worked_example.forward_example",
}


def updated(f, parameters, gradients):
    """Parameters that `f` changes in place."""
    f(parameters, gradients)
    return parameters


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


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", CALLS)
def test_a_function_keeps_the_dtype(name, dtype):
    rng = np.random.default_rng(0)
    module, function = name.split(".")
    result = CALLS[name](
        getattr(import_module(f"snippets.{module}"), function),
        lambda *shape: rng.uniform(0.1, 0.9, shape).astype(dtype),
    )
    found = {array.dtype for array in arrays_in(result)}
    assert found <= {np.dtype(dtype)}, found


@pytest.mark.parametrize("module", TREES)
def test_no_public_function_is_missing(module):
    """What the test above calls, and what it need not, is all there is."""
    defined = {
        f"{module}.{node.name}"
        for node in TREES[module].body
        if isinstance(node, DEFINITIONS) and node.name[0] != "_"
    }
    listed = {name for name in [*CALLS, *WITHOUT_ARRAYS] if name.split(".")[0] == module}
    assert defined == listed, f"put {defined ^ listed} into CALLS or WITHOUT_ARRAYS of {__file__}"


def test_a_name_has_one_meaning():
    """Two files may both define a function, a class or a helper only if it is the same source."""
    places = defaultdict(lambda: defaultdict(list))
    for module, tree in TREES.items():
        text = (ROOT / "snippets" / f"{module}.py").read_text(encoding="utf-8")
        for node in tree.body:
            if isinstance(node, DEFINITIONS):
                places[node.name][ast.get_source_segment(text, node)].append(module)
    several = {name: [*found.values()] for name, found in places.items() if len(found) > 1}
    assert not several, several
