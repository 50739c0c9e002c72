"""The oracles of the page on verification: none forgotten, none blind."""

import ast
import copy
import importlib
import re

import numpy as np
import pytest
from conftest import ROOT

from snippets.tables import _gradients as registry
from snippets.tables import verification

pytestmark = pytest.mark.filterwarnings("error")

NAMES = re.compile("gradient|derivative|backward|jacobian|chain_rule|slope")
TAKE_GRADIENTS = {  # and differentiate nothing
    "challenges.clip_by_norm",
    "challenges.global_norm",
    "challenges.descend",
    "challenges.dead_fraction",
    "gradient_check.relative_error",
    "gradient_checking.check_gradient",
    "gradient_checking.matched",
    "matrix_form.forward",
    "process.update_weights",
}
TOO_ROUGH = {
    "gradient_checking.forward_difference"
}  # for any oracle: how far off it is, is what its chapter measures


def functions_that_may_differentiate():
    """Public functions of the snippets whose name, or the first line of whose docstring, speaks of gradients or slopes."""
    for path in sorted(
        set((ROOT / "snippets").glob("[!_]*.py")) - {ROOT / "snippets/errata.py"}
    ):  # slips, wrong on purpose
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name[0] != "_":
                if NAMES.search(node.name) or NAMES.search(
                    ast.get_docstring(node).split("\n")[0].lower()
                ):
                    yield f"{path.stem}.{node.name}"


def test_every_function_that_gives_gradients_is_checked():
    checked = {name.split(",")[0] for name in registry.CHECKS}
    activations = {
        f"challenges.{name}" for name in registry.challenges.ACTIVATIONS
    }  # each returns its slope too
    assert (
        set(functions_that_may_differentiate()) | activations
    ) - TAKE_GRADIENTS - TOO_ROUGH == checked - {"worked_example"}


def test_every_gradient_of_the_worked_example_is_checked(monkeypatch):
    names = [name for name in vars(registry.worked_example) if name.startswith("dL_")]
    check = registry.CHECKS["worked_example"]
    for name in names:
        with monkeypatch.context() as patch:
            patch.setattr(registry.worked_example, name, np.nan)
            assert np.isnan(check.gradients(*check.cases[0][:2])).sum() == 1, name


def scaled(value):
    """`value` with all its numbers off by one part in a thousand."""
    if isinstance(value, (list, tuple)):
        return type(value)(map(scaled, value))
    if isinstance(value, dict):
        return {key: scaled(item) for key, item in value.items()}
    return 1.001 * value


@pytest.mark.parametrize("oracle", verification.ORACLES)
@pytest.mark.parametrize("name", registry.CHECKS)
def test_each_oracle_sees_a_function_that_is_off_by_one_part_in_a_thousand(
    name, oracle, monkeypatch
):
    module, _, function = name.split(",")[0].partition(".")
    module = importlib.import_module(f"snippets.{module}")
    for function in (
        [function] if function else [name for name in vars(module) if name.startswith("dL_")]
    ):
        right = getattr(module, function)
        with monkeypatch.context() as patch:
            wrong = (
                (lambda *args, **kw: scaled(right(*args, **kw)))
                if callable(right)
                else scaled(right)
            )
            patch.setattr(module, function, wrong)
            assert verification.worst(name, oracle) > 1e-4 > verification.tolerance(name, oracle), (
                function
            )


@pytest.mark.parametrize("name", registry.CHECKS)
def test_each_oracle_sees_one_gradient_among_many_that_is_off(name, monkeypatch):
    check = registry.CHECKS[name]
    for i in range(max(len(case.inputs) for case in check.cases)):

        def one_off(inputs, constants):
            return [
                g * (1.001 if k == i else 1)
                for k, g in enumerate(check.gradients(inputs, constants))
            ]

        monkeypatch.setitem(registry.CHECKS, name, check._replace(gradients=one_off))
        for oracle in verification.ORACLES:
            assert verification.worst(name, oracle) > 1e-4, (i, oracle)


@pytest.mark.parametrize("slope", [0.5, 1.0])
def test_another_slope_at_the_kink_is_seen_by_pytorch_alone(slope, monkeypatch):
    right = registry.activations.relu_derivative
    monkeypatch.setattr(
        registry.activations, "relu_derivative", lambda z: np.where(np.equal(z, 0), slope, right(z))
    )
    seen = [
        oracle
        for oracle in verification.ORACLES
        if verification.worst("activations.relu_derivative", oracle) > 1e-4
    ]
    assert seen == ["PyTorch"]


def test_no_case_is_so_near_a_kink_that_a_step_could_cross_it():
    for check in registry.CHECKS.values():
        for case in check.cases:
            gap = registry.gap(check.formula, case)
            assert gap == 0 or gap >= 0.02, check.name


def test_errors_are_far_enough_from_the_powers_of_ten_on_the_page():
    """Rounding differs between CPUs: twice or half the error has to be shown alike."""
    for name, errors in verification.found.items():
        for oracle, error in errors.items():
            assert verification.decade(error / 2) == verification.decade(2 * error), (
                name,
                oracle,
                error,
            )


@pytest.mark.filterwarnings("default")
def test_the_oracles_know_a_gradient_from_the_textbook():
    case = registry.Case([np.array([1.0, 2.0])])
    check = registry.Check(
        "cubes",
        lambda xp, inputs, constants: xp.sum(inputs[0] * inputs[0] * inputs[0]),
        None,
        [case],
    )
    for oracle in ("Differences", "Complex step", "autograd"):
        assert verification.ORACLES[oracle](check, 0)[0] == pytest.approx(
            np.array([3.0, 12.0]), rel=1e-11
        )


def test_another_case_makes_the_record_stale_and_the_message_says_what_to_do():
    check = copy.deepcopy(registry.CHECKS["losses.mse_gradient"])
    check.cases[1].inputs[0][0] += 0.001
    with pytest.raises(
        AssertionError,
        match="losses.mse_gradient .* python -m snippets.recorded oracles records them anew",
    ):
        verification.recorded(check, 1)
