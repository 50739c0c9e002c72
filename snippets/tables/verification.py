"""Every gradient function of the snippets against four oracles: the worst error of each, computed
at each build.

The cases and formulas are in `snippets/recorded/_gradient_cases.py`; the gradients of PyTorch were
recorded by `snippets.recorded.oracles`.
"""

import functools
import json
import re
from pathlib import Path

import autograd
import autograd.numpy
import numpy as np

from snippets.recorded import _gradient_cases as registry
from snippets.tables import power_of_ten

_record = json.loads(
    Path(__file__).parents[1].joinpath("recorded", "oracles.json").read_text(encoding="utf-8")
)


def _each_entry(slope):
    """An oracle that knows the slope of a function of one number; it is asked entry by entry."""

    def by_input(check, case, i):
        x = case.inputs[i]

        def along(t, index):
            nudged = np.array(x, type(t))
            nudged[index] += t
            inputs = [*case.inputs[:i], nudged, *case.inputs[i + 1 :]]
            return check.formula(np, inputs, case.constants)

        slopes = [
            slope(functools.partial(along, index=index), case.step) for index in np.ndindex(x.shape)
        ]
        return np.reshape(slopes, x.shape)

    def oracle(check, k):
        case = check.cases[k]
        return [by_input(check, case, i) for i in range(len(case.inputs))]

    return oracle


@_each_entry
def differences(f, h):
    return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h)  # exactly 0 where f is flat


@_each_entry
def complex_step(f, h):
    return f(1e-100j).imag / 1e-100


def automatic(check, k):
    case = check.cases[k]

    def loss(*inputs):
        return check.formula(autograd.numpy, inputs, case.constants)

    return autograd.grad(loss, argnum=tuple(range(len(case.inputs))))(*case.inputs)


def recorded(check, k):
    now = registry.digest(check)
    entry = _record["functions"].get(check.name, {"digest": None})
    assert entry["digest"] == now, (
        f"the cases of {check.name} are not those of the record: python -m snippets.recorded "
        "oracles records them anew"
    )
    return [np.array(values) for values in entry["gradients"][k]]


ORACLES = {
    "Differences": differences,
    "Complex step": complex_step,
    "autograd": automatic,
    "PyTorch": recorded,
}
TOLERANCES = {"Differences": 1e-7, "Complex step": 1e-11, "autograd": 1e-11, "PyTorch": 1e-11}
NUDGING = (  # are differences
    "gradient_checking.numerical_gradient",
    "gradient_checking.central_difference",
)
FLOOR = 1e-3


def tolerance(name, oracle):
    return TOLERANCES["Differences" if name in NUDGING else oracle]


def relative_error(a, b):
    """Length of `a - b` as a share of the longer of the two; what is shorter than `FLOOR` counts as
    that long.
    """
    assert np.shape(a) == np.shape(b)
    if not np.isfinite([a, b]).all():
        return float("inf")
    return float(
        np.linalg.norm(np.subtract(a, b)) / max(np.linalg.norm(a), np.linalg.norm(b), FLOOR)
    )


@functools.cache
def at_kink(name):
    """For each case, whether the input of a ReLU is exactly 0: only PyTorch, which has a convention
    too, judges it.
    """
    check = registry.CHECKS[name]
    return [registry.gap(check.formula, case) == 0 for case in check.cases]


@functools.cache
def expected(name, oracle):
    """For each case the gradients that the oracle finds; None where it does not apply."""
    check = registry.CHECKS[name]
    return [
        ORACLES[oracle](check, k) if oracle == "PyTorch" or not kink else None
        for k, kink in enumerate(at_kink(name))
    ]


def worst(name, oracle):
    """The largest relative error of any gradient in any case."""
    check, errors = registry.CHECKS[name], []
    for case, gradients in zip(check.cases, expected(name, oracle)):
        if gradients is not None:
            ours = check.gradients(case.inputs, case.constants)
            errors += [relative_error(a, b) for a, b in zip(ours, gradients, strict=True)]
    return max(errors)


def decade(error):
    """A power of ten above `error`; only every third, because the last bits differ between CPUs and
    the page should not.
    """
    return next((f"&lt; {power_of_ten(level)}" for level in LEVELS if error < level), "∞")


spacing = 3
LEVELS = [10.0**k for k in range(-14, 309, spacing)]
found = {name: {oracle: worst(name, oracle) for oracle in ORACLES} for name in registry.CHECKS}


def breakable(name):
    return "<code>" + re.sub("([._])", r"\1<wbr>", name) + "</code>"


ERRORS = [
    {
        "Function": breakable(name),
        "Cases": f"{len(at_kink(name))}" + f" ({sum(at_kink(name))})" * any(at_kink(name)),
        **{oracle: decade(error) for oracle, error in found[name].items()},
    }
    for name in sorted(found)
]

# What the page says about them.
_cases = [case for check in registry.CHECKS.values() for case in check.cases]
functions, cases, kinks = len(found), len(_cases), sum(sum(at_kink(name)) for name in found)
entries = sum(np.size(x) for case in _cases for x in case.inputs)
_eps = np.finfo(float).eps
rounding, truncation, unit = (
    power_of_ten(x) for x in (_eps / registry.STEP, registry.STEP**4 / 30, _eps)
)
floor, stretch = power_of_ten(FLOOR), registry.EPSILON**-0.5
torch_version = _record["versions"]["torch"]
_exact = [name for name in found if name not in NUDGING]
TOLERANCE = [
    {
        "Oracle": oracle,
        "Worst error of all": decade(max(found[name][oracle] for name in _exact)),
        "Tolerance": power_of_ten(limit),
    }
    for oracle, limit in TOLERANCES.items()
]

_wrong = [
    (name, oracle, error)
    for name in found
    for oracle, error in found[name].items()
    if not error < tolerance(name, oracle)
]
assert not _wrong, _wrong
