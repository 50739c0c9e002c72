"""The oracles of the page on verification: none forgotten, none blind."""

import ast
import importlib
import re

import pytest
from conftest import ROOT

from snippets.recorded import _gradient_cases as registry
from snippets.tables import verification

pytestmark = pytest.mark.filterwarnings("error")

NAMES = re.compile("gradient|derivative|backward|jacobian|chain_rule|slope")
NOT_CHECKED = {  # they take gradients and differentiate nothing
    "challenges.clip_by_norm",
    "challenges.global_norm",
    "challenges.dead_fraction",
    "gradient_checking.relative_error",
    "gradient_checking.check_gradient",
    "gradient_checking.judge",
    "gradient_checking.one_sided_slope",
    "gradient_checking.forward_difference",  # too rough for any oracle: its chapter measures it
    "matrix_form.forward_batch",
    "process.update_weights",
}


def functions_that_may_differentiate():
    """Public functions whose name, or first line of the docstring, speaks of gradients."""
    for path in (ROOT / "snippets").glob("[!_]*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name[0] != "_":
                first_line = ast.get_docstring(node).split("\n")[0].lower()
                if NAMES.search(f"{node.name} {first_line}"):
                    yield f"{path.stem}.{node.name}"


def test_every_function_that_gives_gradients_is_checked():
    checked = {name.split(",")[0] for name in registry.CHECKS}
    found = {name for name in functions_that_may_differentiate() if "errata." not in name}
    assert found - NOT_CHECKED == checked - {"worked_example"}


def scaled(value):
    """`value`, or what a function returns, with all its numbers off by one part in a thousand."""
    if callable(value):
        return lambda *args, **options: scaled(value(*args, **options))
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
    gradients = [function] if function else [key for key in vars(module) if key.startswith("dL_")]
    for key in gradients:
        with monkeypatch.context() as patch:
            patch.setattr(module, key, scaled(getattr(module, key)))
            error = verification.worst(name, oracle)
        assert error > 1e-4 > verification.tolerance(name, oracle), key


def test_errors_are_far_enough_from_the_powers_of_ten_on_the_page():
    """Rounding differs between CPUs: twice or half the error has to be shown alike."""
    for errors in verification.found.values():
        for error in errors.values():
            assert verification.decade(error / 2) == verification.decade(2 * error)


def test_another_case_makes_the_record_stale_and_the_message_says_what_to_do():
    check = registry.CHECKS["losses.mse_gradient"]
    other = check._replace(cases=check.cases[1:])
    with pytest.raises(AssertionError, match="losses.mse_gradient .* snippets.recorded oracles"):
        verification.recorded(other, 0)
