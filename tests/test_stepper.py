"""The arithmetic of the stepper, run by Node, against NumPy; and the numbers of the page."""

import json
import math
import random
import re
import shutil
import subprocess

import numpy as np
import pytest
from conftest import ROOT, missing

from snippets.tables import stepper

SOURCE = (ROOT / "docs/assets/stepper-math.js").read_text(encoding="utf-8")
HARNESS = (ROOT / "tests/stepper.mjs").read_text(encoding="utf-8")
ACTIVATIONS, LOSSES = ("ReLU", "sigmoid", "tanh"), ("squared error", "cross-entropy")
CASES, TOLERANCE = 5_000, 1e-12  # a browser's exp differs from NumPy's, by less than 3e-16
EDGES = (0.0, 1.0, -1.0, 1e4, -1e4)


def node(sources, cases):
    """For each source how many cases fail, and the first of them."""
    program = shutil.which("node") or missing("node")
    job = {"sources": sources, "programs": PROGRAMS, "cases": cases, "tolerance": TOLERANCE}
    process = subprocess.run(
        [program, "--input-type=module", "--eval", HARNESS],
        input=json.dumps(quoted(job)),
        text=True,
        capture_output=True,
        timeout=300,
    )
    assert process.returncode == 0, process.stderr
    return [json.loads(line) for line in process.stdout.splitlines()]


def quoted(value):
    """NaN and infinity as strings: JSON has neither."""
    if isinstance(value, dict):
        return {key: quoted(each) for key, each in value.items()}
    if isinstance(value, list):
        return [quoted(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(float(value))]
    return float(value) if isinstance(value, float) else value


PROGRAMS = {
    f"{units.name}, {activation}, {loss}": units.program(activation=activation, cost=loss)
    for units in (stepper.one_unit, stepper.two_units_)
    for activation in ACTIVATIONS
    for loss in LOSSES
}


# The same networks in NumPy, as matrices, written without a look at the snippets

ACTIVATE = {
    "ReLU": lambda z: (np.where(z > 0, z, 0.0), (z > 0) * 1.0),
    "tanh": lambda z: (np.tanh(z), 1 - np.tanh(z) ** 2),
    "sigmoid": lambda z: (sigmoid(z), sigmoid(z) * (1 - sigmoid(z))),
}


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(activation, loss, x, y, W1, b1, W2, b2):
    z1 = W1 * x + b1
    a1, slope = ACTIVATE[activation](z1)
    z2 = (W2 * a1).sum() + b2
    a2 = sigmoid(z2)
    if loss == "squared error":
        return z1, a1, slope, z2, a2, (a2 - y) ** 2, 2 * (a2 - y)
    cost = -(y * np.log(a2) + (1 - y) * np.log(1 - a2))
    return z1, a1, slope, z2, a2, cost, (a2 - y) / (a2 * (1 - a2))


def expected(names, activation, loss, x, y, W1, b1, W2, b2, rate):
    """Every quantity by name, what the step promises, and how large the numbers are."""
    z1, a1, slope, z2, a2, cost, dL_da2 = forward(activation, loss, x, y, W1, b1, W2, b2)
    da2_dz2 = a2 * (1 - a2)
    dL_dz2 = dL_da2 * da2_dz2
    dL_da1 = W2 * dL_dz2
    dL_dz1 = dL_da1 * slope
    gradients = {"W1": dL_dz1 * x, "b1": dL_dz1, "W2": dL_dz2 * a1, "b2": dL_dz2}
    old = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    new = {name: old[name] - rate * gradients[name] for name in old}
    again = forward(activation, loss, x, y, *new.values())
    found = {"z2": z2, "a2": a2, "loss": cost, "dL_dL": 1.0, "dL_da2": dL_da2, "da2_dz2": da2_dz2}
    found |= {"dL_dz2": dL_dz2, "dL_db2": dL_dz2, "b2_new": new["b2"], "loss_new": again[5]}
    for k, unit in enumerate(names):
        found |= {f"z1{unit}": z1[k], f"a1{unit}": a1[k], f"da1{unit}_dz1{unit}": slope[k]}
        found |= {f"dL_da1{unit}": dL_da1[k], f"dL_dz1{unit}": dL_dz1[k]}
        for name in ("W1", "b1", "W2"):
            found |= {f"dL_d{name}{unit}": gradients[name][k], f"{name}{unit}_new": new[name][k]}
    if len(names) == 2:
        paths = W1 * dL_dz1
        found |= {"path_a": paths[0], "path_b": paths[1], "dL_dx": paths.sum()}
    promised = -rate * sum((gradient**2).sum() for gradient in gradients.values())
    terms = [x, y, rate, cost, *W1, *b1, *W2, b2, *(W1 * x), *(W2 * a1)]
    terms += [*new["W1"], *new["W2"], *(new["W1"] * x), *(new["W2"] * again[1]), again[5]]
    scale = np.nanmax(np.abs([1.0, *terms])) / least(loss, a2, again[4]) ** 2
    return found, promised, scale


def least(loss, *predictions):
    """What cross-entropy divides by: near 0 its results have fewer digits."""
    if loss == "squared error":
        return 1.0
    return max(min(min(a, 1 - a) for a in predictions), 1e-300)


def cases(count):
    """Random networks and some at the edges: zeros, kinks, saturated units, ±10 000."""
    rng = random.Random(15)
    for index in range(count):
        program = list(PROGRAMS)[index % len(PROGRAMS)]
        units, activation, loss = program.split(", ")
        names = [""] if units == "one" else ["a", "b"]
        draw = (lambda: rng.choice([rng.gauss(0, 1), *EDGES])) if index % 3 == 0 else None
        draw = draw or (lambda: rng.gauss(0, 1))
        x, b2 = draw(), draw()
        y = rng.choice([0.0, 1.0, rng.random()])
        W1, W2 = ([draw() for _ in names] for _ in range(2))
        b1 = [-w * x for w in W1] if index % 7 == 0 else [draw() for _ in names]  # at the kink
        rate = rng.choice([0.0, 0.1, 1.0, 10.0])
        inputs = {"x": x, "y": y, "b2": b2, "learning_rate": rate}
        for k, unit in enumerate(names):
            inputs |= {f"W1{unit}": W1[k], f"b1{unit}": b1[k], f"W2{unit}": W2[k]}
        arrays = (np.array(each) for each in (W1, b1, W2))
        given = np.float64(x), y, *arrays, np.float64(b2), rate
        with np.errstate(all="ignore"):
            found, promised, scale = expected(names, activation, loss, *given)
        smooth = index % 3 and index % 7 and min(abs(found[f"z1{unit}"]) for unit in names) > 1e-3
        by = [f"dL_d{name}{unit}" for name in ("z1", "W1", "W2") for unit in names]
        by += [f"da1{unit}_dz1{unit}" for unit in names]
        yield {
            "program": program,
            "inputs": inputs,
            "expected": {name: float(value) for name, value in found.items()},
            "promised": float(promised),
            "scale": float(scale),
            "nudged": {name: float(found[name]) for name in by} if smooth else {},
        }


@pytest.fixture(scope="module")
def all_cases():
    return list(cases(CASES))


def test_every_quantity_of_the_page_is_expected(all_cases):
    for case in all_cases[: len(PROGRAMS)]:
        assert case["expected"].keys() == {name for name, _ in PROGRAMS[case["program"]]}


def test_cases_agree_with_numpy(all_cases):
    [result] = node([SOURCE], all_cases)
    assert result == {"failing": 0, "first": ""}
    extremes = [case for case in all_cases if 1e4 in map(abs, case["inputs"].values())]
    assert len(extremes) > 500
    finite = [case for case in all_cases if all(map(math.isfinite, case["expected"].values()))]
    assert len(finite) > 0.8 * CASES


SLIPS = {"+": "-", "-": "+", "*": "/", "/": "*", "**": "*", ">": "<"}
ARITHMETIC = SOURCE[: SOURCE.index("// How formulas and numbers are written")]


def slips():
    """The script with one operator or function of its arithmetic changed at a time."""
    code = re.sub(r"//.*|(?s:/\*.*?\*/)", lambda note: " " * len(note[0]), ARITHMETIC)
    for found in re.finditer(r" (\*\*|[-+*/]) (?=[\w(])|\) (>) right|=> (-)(?=\w)", code):
        group = found.lastindex
        yield found.start(group), found.end(group), SLIPS[found[group]]
        if found[group] == ">":
            yield found.start(group), found.end(group), ">="  # differs at the kink alone
    for found in re.finditer(r"Math\.(exp|log|tanh|max)\b(?!\()", code):
        yield (
            *found.span(1),
            {"exp": "expm1", "log": "log1p", "tanh": "sin", "max": "min"}[found[1]],
        )


def test_each_planted_slip_fails_the_cases(all_cases):
    places = list(slips())
    assert len(places) >= 15
    sources = [SOURCE[:start] + new + SOURCE[end:] for start, end, new in places]
    sources += [SOURCE]
    unseen = []
    for (start, end, new), result in zip(places, node(sources, all_cases)):
        if not result["failing"]:
            line = SOURCE[:start].count("\n") + 1
            unseen.append(f"line {line}: {SOURCE[start:end]} as {new}: no case fails")
    assert unseen == []
