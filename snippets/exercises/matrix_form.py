"""Exercises on a batch of examples in matrices."""

from itertools import product

import numpy as np

from snippets.exercises import choice, exercise, line, number, order, program, shape
from snippets.tables import n

FORWARD = "[Forward pass](matrix-form.md#forward-pass)"
BACK = "[Backward pass](matrix-form.md#backward-pass)"
CHECK = "[Which line is wrong?](matrix-form.md#which-line-is-wrong)"
SIZES = [(5, 3, 4, 2), (8, 2, 6, 3), (10, 4, 5, 3), (6, 7, 3, 2), (32, 10, 8, 4)]
SIZES += [(16, 6, 5, 2), (7, 4, 3, 5), (9, 5, 2, 3), (64, 8, 12, 6), (12, 3, 7, 4)]


@exercise(
    "The bias of a batch",
    "sum over the batch",
    BACK,
    [
        ((0.1, -0.2, 0.4),),
        ((0.3, 0.5, -0.1),),
        ((-0.6, 0.2, 0.1),),
        ((0.05, -0.25, 0.4),),
        ((0.9, -0.3, -0.2),),
        ((-0.1, -0.4, 0.2),),
        ((0.7, 0.1, -0.5),),
        ((0.2, 0.8, -0.3),),
        ((-0.25, 0.5, 0.15),),
        ((0.6, -0.9, 0.1),),
    ],
)
def bias_of_a_batch(column):
    total, entries = sum(column), ", ".join(n(entry) for entry in column)
    return number(
        "One output, three examples, and the loss is a mean: `dL_dZ2` is "
        f"{entries}. What is `dL_db2`?",
        total,
        [
            (total / 3, "divides by N once more. The 1/N of the mean is in `dL_dZ2` already."),
            (column[-1], "is the last example alone. All of them used this bias."),
            (sum(map(abs, column)), "drops the signs. Examples may pull in opposite directions."),
        ],
        hint="Every example has used the same bias. What happens where paths meet?",
        solution=f"The sum over the examples: ${n(total, 3)}$.",
        within=0.001,
        digits=3,
    )


@exercise("Fill in: the gradient of W2", "shapes", BACK)
def gradient_of_W2():
    rng = np.random.default_rng(1)
    return line(
        "`dL_dZ2` is `(5, 2)`, `A1` is `(5, 4)`, and `W2` is `(2, 4)`.",
        "dL_dW2 = ____",
        "dL_dZ2.T @ A1",
        [
            (
                "A1.T @ dL_dZ2",
                "is `(4, 2)`, the transpose. A gradient has the shape of its parameter.",
            ),
            ("dL_dZ2 @ A1.T", "is `(5, 5)`: it sums over the units and keeps the examples."),
            ("dL_dZ2 @ A1", "is `(5, 2) @ (5, 4)`: the two sizes in the middle differ."),
            (
                ("dL_dZ2 * A1", "dL_dZ2.T * A1"),
                "fits nothing: one entry of `W2` has a sum over all examples, so it takes `@`.",
            ),
            (
                ("dL_dZ2.T @ A1 / 5", "dL_dZ2.T @ A1 / len(A1)", "dL_dZ2.T @ A1 / N"),
                "takes the mean once more. Its 1/N is in `dL_dZ2` already.",
            ),
        ],
        {"dL_dZ2": rng.normal(size=(5, 2)), "A1": rng.normal(size=(5, 4)), "N": 5},
        hint="The 5 examples are summed over. Which order leaves `(2, 4)`?",
        solution="`dL_dZ2.T @ A1` is `(2, 5) @ (5, 4)`, which is `(2, 4)`.",
        also=("(A1.T @ dL_dZ2).T", "np.dot(dL_dZ2.T, A1)", "dL_dZ2.transpose() @ A1"),
    )


@exercise("The shape on the way back", "shapes", BACK, SIZES)
def shape_on_the_way_back(N, D, H, K):
    return shape(
        f"{N} examples in rows, {D} inputs, {H} hidden units, {K} outputs. What is the shape of "
        "`dL_dZ2 @ W2`?",
        (N, H),
        [
            ((N, K), "is the shape of `dL_dZ2` itself. The product leads to the hidden units."),
            ((H, N), "has the examples in columns. In this chapter they are rows."),
            ((K, H), "is the shape of `W2`. There is a row for each example."),
        ],
        hint="`(N, K) @ (K, H)`: which size is summed over?",
        solution=f"`({N}, {K}) @ ({K}, {H})` is `({N}, {H})`, the shape of `A1`.",
    )


@exercise("A column where a row belongs", "shapes", FORWARD, SIZES)
def bias_as_a_column(N, D, H, K):
    return shape(
        f"`Y` has the shape `({N},)`, and the prediction `A2` has `({N}, 1)`. NumPy does not "
        f"complain. "
        "What shape does `A2 - Y` have?",
        (N, N),
        [
            ((N, 1), "would be right if `Y` had two axes. NumPy lines up shapes from the *right*."),
            ((N,), "would take `A2` for a vector. A second axis stays."),
            ((1, N), "has a single row. Both axes are stretched."),
        ],
        hint="NumPy compares shapes from the right, and stretches whatever is 1.",
        solution=f"`({N},)` counts as `(1, {N})`. Against `({N}, 1)` both are stretched, to "
        f"`({N}, {N})`: "
        "every prediction minus every target.",
    )


@exercise("Twice the batch", "mean", BACK)
def twice_the_batch():
    return choice(
        "You put every example into the batch twice. The loss is a mean. What happens to the "
        "gradients?",
        "Nothing",
        [
            ("They double", "The sums double, and so does the N that the mean divides by."),
            (
                "They are halved",
                "The mean divides by twice as many, but there is twice as much to sum.",
            ),
        ],
        hint="Is the loss another one?",
        solution="The mean of all errors is the same, whatever the weights. The same loss has "
        "the same "
        "gradients.",
    )


SCORES = [(0.5, 1.2), (0.2, 0.3), (0.4, 0.5), (0.1, 0.2), (0.6, 0.9)]


@exercise("How far apart?", "gradient check", CHECK, product(SCORES, (1, 3)))
def how_far_apart(pair, times):
    ours, nudged = (times * entry for entry in pair)
    right = abs(ours - nudged) / (ours + nudged)
    return number(
        f"Your gradient is ${n(ours)}$ in its only entry; nudging gives ${n(nudged)}$. What is the "
        "relative error, $|a - b| / (|a| + |b|)$?",
        right,
        [
            (
                abs(ours - nudged),
                "is the distance. It has to be measured against the size of both.",
            ),
            (abs(ours - nudged) / nudged, "divides by one of the two. Here their sizes are added."),
            (abs(ours - nudged) / ours, "divides by one of the two. Here their sizes are added."),
            (2 * right, "divides by the mean of the two. Here their sizes are added."),
            ((ours - nudged) / (ours + nudged), "has a sign. A distance has none."),
            ((ours + nudged) / abs(ours - nudged), "is upside down."),
        ],
        hint="The distance, divided by the sum of the two lengths.",
        solution=f"$|{n(ours)} - {n(nudged)}| / ({n(ours)} + {n(nudged)}) = {n(right, 3)}$: "
        f"far above "
        "what a right gradient leaves.",
        within=0.005,
        digits=3,
    )


@exercise("The backward pass of a batch in order", "order", BACK)
def batch_in_order():
    rng = np.random.default_rng(2)
    given = {"X": (6, 3), "A1": (6, 4), "Z1": (6, 4), "A2": (6, 2), "Y": (6, 2), "W2": (2, 4)}
    return order(
        "Put the lines in order. Whatever works is right.",
        [
            "dL_dA2 = 2 * (A2 - Y) / A2.size",
            "dL_dZ2 = dL_dA2 * A2 * (1 - A2)",
            "dL_dA1 = dL_dZ2 @ W2",
            "dL_dZ1 = dL_dA1 * (Z1 > 0)",
            "dL_db1 = dL_dZ1.sum(axis=0)",
        ],
        {name: rng.normal(size=size) for name, size in given.items()},
        hint="From the loss to the first bias: A2, Z2, A1, Z1, b1.",
        solution="Each line starts from the gradient that the line above it made.",
    )


@exercise("Program it: the backward pass of a layer", "shapes", BACK)
def write_a_layer():
    return program(
        "Write the backward pass of a layer $Z = X W^T + b$ for a batch in rows. It needs NumPy.",
        "linear_layer",
        hint="Three gradients, each with the shape of what it belongs to. Two are products, "
        "one is a sum.",
    )
