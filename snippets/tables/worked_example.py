"""The article's numbers, one by one, beside this site's own and central differences."""

import math
from decimal import ROUND_HALF_UP, Decimal

from snippets import worked_example as example
from snippets.gradient_checking import central_difference
from snippets.tables import magnitude, n

ARTICLE = {
    "z1": "1.1",
    "a1": "1.1",
    "z2": "1.08",
    "a2": "0.746",
    "loss": "0.0645",
    "dL_da2": "-0.508",
    "da2_dz2": "0.189",
    "dL_dz2": "-0.096",
    "dL_dW2": "-0.106",
    "dL_db2": "-0.096",
    "dL_da1": "-0.077",
    "da1_dz1": "1",
    "dL_dz1": "-0.077",
    "dL_dW1": "-0.154",
    "dL_db1": "-0.077",
    "W1_new": "0.515",
    "b1_new": "0.108",
    "W2_new": "0.811",
    "b2_new": "0.210",
}

TOLERANCE = 1e-8  # central differences of these smooth functions reach about 1e-11


def term(value):
    """A number that follows an operator: in brackets where it is negative."""
    return f"({n(value)})" if value < 0 else n(value)


def plugged_in(e):
    """Each formula with its numbers."""
    return {
        "z1": f"{n(e.W1)} × {n(e.x)} + {n(e.b1)}",
        "a1": f"max(0, {n(e.z1)})",
        "z2": f"{n(e.W2)} × {n(e.a1)} + {n(e.b2)}",
        "a2": f"1 / (1 + e<sup>{n(-e.z2)}</sup>)",
        "loss": f"({n(e.a2)} − {n(e.y)})²",
        "dL_da2": f"2 × ({n(e.a2)} − {n(e.y)})",
        "da2_dz2": f"{n(e.a2)} × (1 − {n(e.a2)})",
        "dL_dz2": f"{n(e.dL_da2)} × {n(e.da2_dz2)}",
        "dL_dW2": f"{n(e.dL_dz2)} × {n(e.a1)}",
        "dL_db2": f"{n(e.dL_dz2)}",
        "dL_da1": f"{n(e.W2)} × {term(e.dL_dz2)}",
        "da1_dz1": f"{n(e.da1_dz1)}, because {n(e.z1)} {'>' if e.z1 > 0 else '≤'} 0",
        "dL_dz1": f"{n(e.dL_da1)} × {n(e.da1_dz1)}",
        "dL_dW1": f"{n(e.dL_dz1)} × {n(e.x)}",
        "dL_db1": f"{n(e.dL_dz1)}",
        "W1_new": f"{n(e.W1)} − {n(e.learning_rate)} × {term(e.dL_dW1)}",
        "b1_new": f"{n(e.b1)} − {n(e.learning_rate)} × {term(e.dL_db1)}",
        "W2_new": f"{n(e.W2)} − {n(e.learning_rate)} × {term(e.dL_dW2)}",
        "b2_new": f"{n(e.b2)} − {n(e.learning_rate)} × {term(e.dL_db2)}",
    }


def nudged(e):
    """Each derivative by central differences: nudge one quantity, run the rest of the network
    again.
    """

    def sigmoid(z):
        return 1 / (1 + math.exp(-z))

    def loss(W1=e.W1, b1=e.b1, W2=e.W2, b2=e.b2, z1=None, a1=None, z2=None, a2=None):
        z1 = W1 * e.x + b1 if z1 is None else z1
        a1 = max(0.0, z1) if a1 is None else a1
        z2 = W2 * a1 + b2 if z2 is None else z2
        a2 = sigmoid(z2) if a2 is None else a2
        return (a2 - e.y) ** 2

    losses = {
        f"dL_d{name}": (lambda value, name=name: loss(**{name: value}))
        for name in ("a2", "z2", "W2", "b2", "a1", "z1", "W1", "b1")
    }
    slopes = {
        name: central_difference(f, getattr(e, name.removeprefix("dL_d")))
        for name, f in losses.items()
    }
    return slopes | {
        "da2_dz2": central_difference(sigmoid, e.z2),
        "da1_dz1": central_difference(lambda z: max(0.0, z), e.z1),
    }


def rounds_to(value, printed):
    """Whether `value`, rounded to as many places as `printed` has, is what is printed."""
    return Decimal(value).quantize(Decimal(printed), ROUND_HALF_UP) == Decimal(printed)


FORMULAS, NUDGED = plugged_in(example), nudged(example)
SLIPS = [
    name for name, printed in ARTICLE.items() if not rounds_to(getattr(example, name), printed)
]
WORST = max(abs(NUDGED[name] - getattr(example, name)) for name in NUDGED)


NUDGED |= {  # the parameters after the step, had their gradients been measured
    f"{name}_new": getattr(example, name) - example.learning_rate * NUDGED[f"dL_d{name}"]
    for name in ("W1", "b1", "W2", "b2")
}
assert all(abs(NUDGED[name] - getattr(example, name)) < TOLERANCE for name in NUDGED)


MEANING = {
    "z1": "weighted sum",
    "a1": "ReLU lets it pass" if example.z1 > 0 else "ReLU stops it",
    "z2": "weighted sum",
    "a2": "sigmoid: the prediction",
    "loss": "how wrong it is",
    "dL_da2": "how the loss moves with the prediction",
    "da2_dz2": "how the prediction moves with its sum",
    "dL_dz2": "blame of the output unit",
    "dL_dW2": "blame × input",
    "dL_db2": "the blame itself",
    "dL_da1": "the blame goes back through W2",
    "da1_dz1": "ReLU is on" if example.z1 > 0 else "ReLU is off",
    "dL_dz1": "blame of the hidden unit",
    "dL_dW1": "blame × input",
    "dL_db1": "the blame itself",
}


def rows(names):
    """What a reader follows: name, formula with numbers, value, and its meaning in words."""
    return [
        {
            "Name": f"`{name}`",
            "With numbers": FORMULAS[name],
            "Value": n(getattr(example, name)),
            "Meaning": MEANING.get(name, "old value − rate × slope"),
        }
        for name in names
    ]


NAMES = list(ARTICLE)
FORWARD = rows(NAMES[: NAMES.index("dL_da2")])
OUTPUT_LAYER = rows(NAMES[NAMES.index("dL_da2") : NAMES.index("dL_da1")])
HIDDEN_LAYER = rows(NAMES[NAMES.index("dL_da1") : NAMES.index("W1_new")])
UPDATE = [
    {key: row[key] for key in ("Name", "With numbers", "Value")}
    for row in rows(NAMES[NAMES.index("W1_new") :])
]
CHECK = [
    {
        "Name": f"`{name}`",
        "Value": n(getattr(example, name)),
        "Central difference": n(NUDGED[name]) if name in NUDGED else "–",
        "Article": ARTICLE[name].replace("-", "−"),
        "Rounds to it": "**no**" if name in SLIPS else "yes",
    }
    for name in NAMES[: NAMES.index("W1_new")]
]

# How the two slips came about: the article goes on with the prediction that it had rounded for
# print.
a2_rounded = float(ARTICLE["a2"])
loss_of_rounded = (a2_rounded - example.y) ** 2
dL_da2_of_rounded = 2 * (a2_rounded - example.y)

_rise = example.a2_new - example.a2
STEP = [
    {"When": "before the step", "Prediction `a2`": n(example.a2), "Loss": n(example.loss)},
    {"When": "after the step", "Prediction `a2`": n(example.a2_new), "Loss": n(example.loss_new)},
    {
        "When": "change",
        "Prediction `a2`": ("+" if _rise > 0 else "") + n(_rise, 4),
        "Loss": n(example.loss_new - example.loss, 5),
    },
]


def change_of_loss(rate):
    """What the gradient predicts for a step at this learning rate, and what happens."""
    names = ("W1", "b1", "W2", "b2")
    slopes = [getattr(example, f"dL_d{name}") for name in names]
    moved = [getattr(example, name) - rate * slope for name, slope in zip(names, slopes)]
    predicted = -rate * sum(slope**2 for slope in slopes)
    return predicted, example.forward_example(*moved)[-1] - example.loss


LARGE_RATE = 10.0
predicted, change = change_of_loss(example.learning_rate)
predicted_large, change_large = change_of_loss(LARGE_RATE)
fall = (example.loss - example.loss_new) / example.loss if example.loss else 0.0

# What the first layer would get if W2 were updated before the blame had passed through it.
dL_dW1_too_late = example.W2_new * example.dL_dz2 * example.da1_dz1 * example.x
too_late_error = abs(dL_dW1_too_late / example.dL_dW1 - 1) if example.dL_dW1 else 0.0

largest_error = magnitude(WORST)

assert SLIPS == ["loss", "dL_da2"], SLIPS
assert rounds_to(loss_of_rounded, ARTICLE["loss"]) and rounds_to(
    dL_da2_of_rounded, ARTICLE["dL_da2"]
)
assert WORST < TOLERANCE, WORST
assert example.dL_dW1, "without a gradient, no error of it"
assert example.loss_new < example.loss
