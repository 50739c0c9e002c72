"""Exercises on where the transpose comes from."""

from itertools import product

import numpy as np

from snippets.exercises import choice, exercise, line, number
from snippets.tables import n

COLUMN = "[The same weights, read by column](deeper/transpose.md#the-same-weights-read-by-column)"
FIVE = "[One example in five notations](deeper/transpose.md#one-example-in-five-notations)"
FIT = (
    "[Making the shapes fit is not enough](deeper/transpose.md#making-the-shapes-fit-is-not-enough)"
)
WEIGHTS = [
    ((1, 2), (3, 5)),
    ((2, -1), (4, 3)),
    ((5, 1), (-2, 3)),
    ((1, -3), (2, 4)),
    ((3, 2), (7, 1)),
]


@exercise(
    "Two units to answer to", "transpose", COLUMN, product(WEIGHTS, ((0.1, 0.2), (0.5, -0.1)))
)
def two_units(W, delta):
    (a, b), (c, d) = W
    first, second = delta
    right = a * first + c * second
    return number(
        f"The weights are $W = [[{a}, {b}], [{c}, {d}]]$, with a row for each unit that is "
        f"fed. Their "
        f"gradients are $\\delta = ({first}, {second})$. What is the gradient of the first "
        f"input unit?",
        right,
        [
            (
                a * first + b * second,
                "reads the first *row*. What the first unit feeds stands in its column.",
            ),
            (a * first, "follows one path. The unit feeds both."),
            ((a + c) * (first + second), "adds first. Each path has its own weight and gradient."),
        ],
        hint="Which two weights lead away from the first input unit?",
        solution=f"${a} \\times {first} + {c} \\times ({second}) = {n(right)}$: down the first "
        f"column, "
        "which is the first row of the transpose.",
        within=0.001,
    )


@exercise("Fill in: rows", "transpose", FIVE)
def in_rows():
    rng = np.random.default_rng(3)
    W = rng.normal(size=(3, 3))
    return line(
        "Examples are rows, and the layer is square: shapes do not tell.",
        "Z = A @ W.T\ndL_dA = ____",
        "dL_dZ @ W",
        [
            (
                "dL_dZ @ W.T",
                "reads `W` by row again. Forward and backward differ by one transpose.",
            ),
            ("W @ dL_dZ", "sums over the examples."),
            ("W.T @ dL_dZ", "is the form for columns. Here the examples are rows."),
        ],
        {"A": rng.normal(size=(3, 3)), "W": W, "dL_dZ": rng.normal(size=(3, 3))},
        hint="Forward there is a transpose. How many are there on the way back?",
        solution="`dL_dZ @ W`: if one direction has the transpose, the other has none.",
        also=("np.dot(dL_dZ, W)", "(W.T @ dL_dZ.T).T"),
    )


@exercise("The shapes fit", "gradient check", FIT)
def shapes_fit():
    return choice(
        "In a square layer, `W` and `W.T` both run. With which weights does a gradient check "
        "*not* see "
        "that you took the wrong one?",
        "With a symmetric `W`",
        [
            (
                "With a diagonal `W` only",
                "A diagonal matrix is one case. Any symmetric one is blind to it.",
            ),
            (
                "With a `W` of small numbers",
                "The relative error does not depend on the scale of `W`.",
            ),
        ],
        hint="When are `W` and `W.T` the same?",
        solution="`W == W.T` there, so both give the same gradient. Draw the weights of a "
        "check at random.",
    )
