"""The registry of the verification: its cases are those of the record, its formulas and its calls have the recorded gradients.

Quick, and it stops at the first fault: the mutants of `snippets/recorded/_gradient_cases.py` meet it ahead of the whole table.
"""

import json

import autograd
import autograd.numpy
import numpy as np
import pytest
from conftest import ROOT

from snippets.recorded import _gradient_cases as registry

pytestmark = pytest.mark.filterwarnings("error")

RECORD = json.loads((ROOT / "snippets/recorded/oracles.json").read_text(encoding="utf-8"))["functions"]
NUDGING = ["gradient_check.numerical_gradient", "gradient_checking.central_difference", "why_it_matters.gradient_by_nudging"]


def smooth(check):
    """The cases that are not at a kink, with the recorded gradients."""
    cases = zip(check.cases, RECORD[check.name]["gradients"])
    return [(case, gradients) for case, gradients in cases if registry.gap(check.formula, case) != 0]


def assert_same(found, recorded, name, share=1e-11):
    """Each gradient is, but for rounding, the recorded one; what is shorter than a thousandth counts as that long."""
    for a, b in zip(found, map(np.array, recorded), strict=True):
        assert np.shape(a) == b.shape, name
        assert np.linalg.norm(a - b) <= share * max(np.linalg.norm(b), 1e-3), name


def test_cases_are_those_of_the_record():
    assert {name: registry.digest(check) for name, check in registry.CHECKS.items()} == {name: entry["digest"] for name, entry in RECORD.items()}
    assert all(name == check.name and len(check.cases) == len(RECORD[name]["gradients"]) for name, check in registry.CHECKS.items())


def test_snippets_have_the_recorded_gradients():
    for name, check in registry.CHECKS.items():
        for case, gradients in zip(check.cases, RECORD[name]["gradients"]):
            assert_same(check.gradients(case.inputs, case.constants), gradients, name, 1e-7 if name in NUDGING else 1e-11)


def test_formulas_have_the_recorded_gradients():
    for name, check in registry.CHECKS.items():
        for case, gradients in smooth(check):
            slopes = autograd.grad(lambda *inputs: check.formula(autograd.numpy, inputs, case.constants), tuple(range(len(case.inputs))))
            assert_same(slopes(*case.inputs), gradients, name)


def test_formulas_take_complex_numbers():
    """One entry at a time, a small imaginary part: that of the formula is the slope. The first entry of each input will do."""
    for name, check in registry.CHECKS.items():
        for case, gradients in smooth(check):
            for i, x in enumerate(case.inputs):
                nudged = np.array(x, complex)
                nudged[(0,) * x.ndim] += 1e-100j
                slope = check.formula(np, [*case.inputs[:i], nudged, *case.inputs[i + 1 :]], case.constants).imag / 1e-100
                assert_same([slope], [np.array(gradients[i])[(0,) * x.ndim]], name)


def test_steps_are_powers_of_two_and_reach_no_kink():
    for name, check in registry.CHECKS.items():
        for case in check.cases:
            assert np.frexp(case.step)[0] == 0.5, name
            assert registry.gap(check.formula, case) == 0 or registry.gap(check.formula, case) >= 0.02, name


def test_gap_is_the_distance_of_the_nearest_relu():
    case = registry.Case([np.array([3.0, -0.5, 2.0])], (np.ones(3),))
    assert registry.gap(registry.CHECKS["activations.relu_derivative"].formula, case) == 0.5
    assert registry.gap(registry.CHECKS["losses.mse_gradient"].formula, case) == np.inf
