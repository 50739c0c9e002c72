"""The arithmetic of the stepper, run by Node, against PyTorch."""

import json
import random
import shutil
import subprocess

from conftest import ROOT, missing, needs

from snippets.tables import stepper

SOURCE = (ROOT / "docs/assets/stepper-math.js").read_text(encoding="utf-8")
HARNESS = (ROOT / "tests/stepper.mjs").read_text(encoding="utf-8")
PROGRAMS = {
    f"{units.name}, {activation}, {loss}": units.program(activation=activation, cost=loss)
    for units in (stepper.one_unit, stepper.two_units_)
    for activation in ("ReLU", "sigmoid", "tanh")
    for loss in ("squared error", "cross-entropy")
}
CASES, TOLERANCE = 1_200, 1e-11


def forward(activation, cost, x, y, W1, b1, W2, b2):
    import torch

    z1 = W1 * x + b1
    a1 = {"ReLU": torch.relu, "sigmoid": torch.sigmoid, "tanh": torch.tanh}[activation](z1)
    z2 = (W2 * a1).sum() + b2
    a2 = torch.sigmoid(z2)
    entropy = -(y * torch.log(a2) + (1 - y) * torch.log(1 - a2))
    return z1, a1, z2, a2, (a2 - y) ** 2 if cost == "squared error" else entropy


def expected(units, activation, cost, x, y, W1, b1, W2, b2, rate):
    """Every quantity by its name, and what the step promises."""
    import torch

    given = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (x, W1, b1)]
    given += [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (W2, b2)]
    x, *parameters = given
    z1, a1, z2, a2, loss = made = forward(activation, cost, x, y, *parameters)
    [slope] = torch.autograd.grad(a1.sum(), z1, retain_graph=True)
    for value in made:
        value.retain_grad()
    loss.backward()
    new = [parameter - rate * parameter.grad for parameter in parameters]
    promised = -rate * sum((parameter.grad**2).sum() for parameter in parameters)
    found = {"z2": z2, "a2": a2, "loss": loss, "dL_dL": loss.grad, "dL_da2": a2.grad}
    found |= {"da2_dz2": a2 * (1 - a2), "dL_dz2": z2.grad, "dL_db2": parameters[3].grad}
    found |= {"b2_new": new[3], "loss_new": forward(activation, cost, x, y, *new)[4]}
    for k, unit in enumerate(units):
        found |= {f"z1{unit}": z1[k], f"a1{unit}": a1[k], f"da1{unit}_dz1{unit}": slope[k]}
        found |= {f"dL_da1{unit}": a1.grad[k], f"dL_dz1{unit}": z1.grad[k]}
        for name, old, updated in zip(("W1", "b1", "W2"), parameters, new):
            found |= {f"dL_d{name}{unit}": old.grad[k], f"{name}{unit}_new": updated[k]}
    if len(units) == 2:
        paths = parameters[0] * z1.grad
        found |= {"path_a": paths[0], "path_b": paths[1], "dL_dx": x.grad}
    return {name: value.item() for name, value in found.items()}, promised.item()


def cases():
    """Random networks, some with a ReLU at its kink, with 0 and 1 as targets, or saturated."""
    rng = random.Random(15)
    for index in range(CASES):
        program = list(PROGRAMS)[index % len(PROGRAMS)]
        name, activation, cost = program.split(", ")
        units = [""] if name == "one" else ["a", "b"]
        large = 1e4 if cost == "squared error" and index % 5 == 0 else 1.0
        x, b2 = rng.gauss(0, large), rng.gauss(0, 1)
        y, rate = rng.choice([0.0, 1.0, rng.random()]), rng.choice([0.0, 0.1, 1.0])
        W1, W2, b1 = ([rng.gauss(0, 1) for _ in units] for _ in range(3))
        if index % 7 == 0:
            b1 = [-w * x for w in W1]
        inputs = {"x": x, "y": y, "b2": b2, "learning_rate": rate}
        for k, unit in enumerate(units):
            inputs |= {f"W1{unit}": W1[k], f"b1{unit}": b1[k], f"W2{unit}": W2[k]}
        found, promised = expected(units, activation, cost, x, y, W1, b1, W2, b2, rate)
        assert found.keys() == {name for name, _ in PROGRAMS[program]}
        yield {"program": program, "inputs": inputs, "expected": found, "promised": promised}


def test_script_agrees_with_pytorch():
    needs("torch")
    program = shutil.which("node") or missing("node")
    job = {"source": SOURCE, "programs": PROGRAMS, "cases": list(cases()), "tolerance": TOLERANCE}
    process = subprocess.run(
        [program, "--input-type=module", "--eval", HARNESS],
        input=json.dumps(job, allow_nan=False),
        text=True,
        capture_output=True,
        timeout=300,
    )
    assert process.returncode == 0 and process.stdout == "", process.stdout + process.stderr
