"""What the stepper shows of a batch: the matrices of two layers, entry by entry."""

import ast
import inspect
import itertools
import math
import re

import numpy as np

from snippets import matrix_form
from snippets.tables._stepper import Program, Step, entries, matrices
from snippets.tables.stepper import AFTER, AGAIN, CHANGE, FORWARD, HIDDEN, OUTPUT, UPDATE

N, D, H = 4, 2, 3  # examples, inputs, hidden units; one output
GIVEN = {
    "X": [[1.0, 2.0], [-1.0, 0.5], [0.5, -1.5], [2.0, 1.0]],
    "Y": [[1.0], [0.0], [0.0], [1.0]],
    "W1": [[0.5, -0.2], [0.3, 0.4], [-0.6, 0.7]],
    "b1": [0.1, 0.0, 0.2],
    "W2": [[0.8, -0.5, 0.6]],
    "b2": [0.2],
}
SHAPES = {name: np.shape(value) for name, value in GIVEN.items()}
SHAPES |= {"Z1": (N, H), "A1": (N, H), "Z2": (N, 1), "A2": (N, 1), "loss": ()}
GRADIENTS = ["dL_dA2", "dL_dZ2", "dL_dW2", "dL_db2", "dL_dA1", "dL_dZ1", "dL_dW1", "dL_db1"]
SHAPES |= {name: SHAPES[name.removeprefix("dL_d")] for name in GRADIENTS}
SAYS = {
    "Z1": "A row of X and a row of W1, product by product, and the bias of the unit.",
    "A1": "The activation, entry by entry: the shape stays.",
    "Z2": "A row of A1 and the row of W2, and the bias.",
    "A2": "One prediction an example.",
    "loss": "A mean over the batch: one number for all examples.",
    "dL_dA2": "The mean divides the slope by the number of examples.",
    "dL_dZ2": "Slope times slope, entry by entry: the blame.",
    "dL_dW2": "Every example used this weight, so what each example gives is added.",
    "dL_db2": "And so are those of the bias: a sum over the rows.",
    "dL_dA1": "Back through the weight, example by example.",
    "dL_dZ1": "Slope times slope: a unit that is off for an example gets nothing from it.",
    "dL_dW1": "The examples are added here, too: that is the product with X.",
    "dL_db1": "A sum over the rows again.",
}
PHASES = [(FORWARD, ["Z1", "A1", "Z2", "A2", "loss"]), ("Seed", ["dL_dL"])]
PHASES += [(OUTPUT, GRADIENTS[:4]), (HIDDEN, GRADIENTS[4:])]


def total(terms):
    return " + ".join(terms)


def formula(name, n=0, h=0, d=0):
    """One entry written out; `n` counts examples, `h` hidden units, `d` inputs."""
    return {
        "Z1": total([*(f"X[{n},{d}] * W1[{h},{d}]" for d in range(D)), f"b1[{h}]"]),
        "A1": f"max(0.0, Z1[{n},{h}])",
        "Z2": total([*(f"A1[{n},{h}] * W2[0,{h}]" for h in range(H)), "b2[0]"]),
        "A2": f"1 / (1 + math.exp(-Z2[{n},0]))",
        "loss": f"({total(f'(A2[{n},0] - Y[{n},0]) ** 2' for n in range(N))}) / {N}",
        "dL_dL": "1",
        "dL_dA2": f"2 / {N} * (A2[{n},0] - Y[{n},0])",
        "dL_dZ2": f"dL_dA2[{n},0] * A2[{n},0] * (1 - A2[{n},0])",
        "dL_dW2": total(f"dL_dZ2[{n},0] * A1[{n},{h}]" for n in range(N)),
        "dL_db2": total(f"dL_dZ2[{n},0]" for n in range(N)),
        "dL_dA1": f"dL_dZ2[{n},0] * W2[0,{h}]",
        "dL_dZ1": f"dL_dA1[{n},{h}] * (1 if Z1[{n},{h}] > 0 else 0)",
        "dL_dW1": total(f"dL_dZ1[{n},{h}] * X[{n},{d}]" for n in range(N)),
        "dL_db1": total(f"dL_dZ1[{n},{h}]" for n in range(N)),
    }[name]


AXES = {  # what the indices of an entry count
    **dict.fromkeys(["Z1", "A1", "dL_dA1", "dL_dZ1"], "nh"),
    **dict.fromkeys(["Z2", "A2", "dL_dA2", "dL_dZ2"], "n"),
    **{"dL_dW2": " h", "dL_db2": "", "dL_dW1": "hd", "dL_db1": "h", "loss": "", "dL_dL": ""},
}


def places(entry):
    """The keywords of `formula` for an entry such as `Z1[0,2]`."""
    name, *indices = re.findall(r"\w+", entry)
    counted = zip(AXES[name], map(int, indices))
    return {axis: index for axis, index in counted if axis != " "}


def choices():
    """What another activation or loss changes."""
    found = {"ReLU": {}, "sigmoid": {}, "tanh": {}}
    for a in entries("A1", (N, H)):
        z, blame, to = a.replace("A", "Z"), f"dL_d{a}", f"dL_d{a.replace('A', 'Z')}"
        found["sigmoid"][a] = f"1 / (1 + math.exp(-{z}))", SAYS["A1"]
        found["sigmoid"][to] = f"{blame} * {a} * (1 - {a})", SAYS["dL_dZ2"]
        found["tanh"][a] = f"math.tanh({z})", SAYS["A1"]
        found["tanh"][to] = f"{blame} * (1 - {a} ** 2)", SAYS["dL_dZ2"]
    terms = (
        f"Y[{n},0] * math.log(A2[{n},0]) + (1 - Y[{n},0]) * math.log(1 - A2[{n},0])"
        for n in range(N)
    )
    costs = {"loss": (f"-({total(terms)}) / {N}", SAYS["loss"])}
    for n in range(N):
        a, y = f"A2[{n},0]", f"Y[{n},0]"
        costs[f"dL_d{a}"] = f"({a} - {y}) / ({N} * {a} * (1 - {a}))", SAYS["dL_dA2"]
    return {"activation": found, "cost": {"squared error": {}, "cross-entropy": costs}}


def source():
    """The lines of the snippet by what they assign."""
    found = {"loss": "loss = ((A2 - Y) ** 2).mean()", "dL_dL": "# dL_dL = 1 needs no line"}
    for node in ast.walk(ast.parse(inspect.getsource(matrix_form))):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.setdefault(node.targets[0].id, ast.unparse(node))
    return found


def program():
    """All entries as one program; its values are computed from the formulas."""
    steps, lines, code = [], {}, source()
    for phase, names in PHASES:
        for name in names:
            for entry in entries(name, SHAPES.get(name, ())):
                lines[entry] = formula(name, **places(entry))
                says = SAYS.get(name, "The way back starts at the loss: its slope by itself is 1.")
                steps.append(Step(phase, entry, says, stop=name, code=code[name]))
    for name in ("W1", "b1", "W2", "b2"):
        line = f"{name}_new = {name} - learning_rate * dL_d{name}"
        for entry in entries(name, SHAPES[name]):
            new = entry.replace(name, f"{name}_new")
            lines[new] = f"{entry} - learning_rate * dL_d{entry}"
            says = "Against its gradient, entry by entry."
            steps.append(Step(UPDATE, new, says, f"order {entry}", stop=f"{name}_new", code=line))
    lines["loss_new"] = "forward(W1_new, b1_new, W2_new, b2_new)"
    line = f"loss_new = {lines['loss_new']}"
    steps.append(Step(AGAIN, "loss_new", AFTER, "order loss", CHANGE, code=line))
    inputs = {
        entry: float(value)
        for name, given in GIVEN.items()
        for entry, value in zip(entries(name, SHAPES[name]), np.ravel(given))
    }
    inputs["learning_rate"] = 1.0
    return Program("batch", steps, lines, inputs, computed(lines, inputs), choices())


def computed(lines, inputs):
    """Each value, line by line."""
    values = dict(inputs)
    for name, line in lines.items():
        if name == "loss_new":
            first = dict(itertools.takewhile(lambda each: each[0] != "dL_dL", lines.items()))
            values[name] = computed(first, {each: renewed(each, values) for each in inputs})["loss"]
        else:
            text = re.sub(r"\w+\[[\d,]+\]|learning_rate", r"v['\g<0>']", line)
            values[name] = float(eval(text, {"math": math, "v": values}))
    return values


def renewed(name, values):
    """`W1_new[0,1]` for `W1[0,1]`, where there is one."""
    return values.get(re.sub(r"(?=\[|$)", "_new", name, count=1), values[name])


batch_ = program()


def array(name):
    return np.reshape([batch_.values[entry] for entry in entries(name, SHAPES[name])], SHAPES[name])


# The entries are those of the snippet's matrices
_given = [np.array(GIVEN[name]) for name in ("X", "W1", "b1", "W2", "b2")]
_Z1, _A1, _Z2, _A2 = matrix_form.forward_batch(*_given)
_found = matrix_form.backward_batch(_given[0], np.array(GIVEN["Y"]), _Z1, _A1, _A2, _given[3])
for _name, _array in zip(("dL_dW1", "dL_db1", "dL_dW2", "dL_db2"), _found):
    assert np.allclose(array(_name), _array, rtol=1e-12, atol=0), _name

# What each example adds to the gradient of W2[0,0]
WISHES = (array("dL_dZ2")[:, 0] * array("A1")[:, 0]).tolist()
wish = sum(WISHES)
assert WISHES[0] < 0 and WISHES[3] < 0 < WISHES[2] and WISHES[1] == 0 and abs(wish) < abs(WISHES[0])

HEADINGS = {
    "Forward": ["X", "W1", "b1", "Z1", "A1", "W2", "b2", "Z2", "A2", "Y", "loss"],
    "Backward": GRADIENTS,
}
_shown = matrices(
    batch_, {heading: {name: SHAPES[name] for name in names} for heading, names in HEADINGS.items()}
)
batch = batch_.opening() + batch_.closing(batch=_shown)
