"""Exercises on the four steps of one training iteration."""

import numpy as np

from snippets.exercises import choice, exercise, number, order, program, shape

FORWARD = "[Step 1: Forward pass](process.md#step-1-forward-pass)"
OUTPUT = "[Step 2: Output layer gradient](process.md#step-2-output-layer-gradient)"
BACK = "[Step 3: Propagate backward](process.md#step-3-propagate-backward)"
UPDATE = "[Step 4: Update weights](process.md#step-4-update-weights)"
SIZES = [(4, 3, 2), (2, 3, 5), (5, 4, 3), (3, 2, 4), (6, 4, 2)]
SIZES += [(2, 5, 3), (7, 3, 2), (3, 4, 2), (8, 5, 4), (4, 6, 3)]


@exercise("The shape of a gradient", "shapes", BACK, SIZES)
def shape_of_a_gradient(D, H, K):
    return shape(
        f"{D} inputs, {H} hidden units, {K} outputs, one example as a column. What is the shape of "
        "`dL_dW1`?",
        (H, D),
        [
            (
                (D, H),
                "is its transpose. A gradient has the shape of its parameter, and `W1` has a row "
                "for each hidden unit.",
            ),
            ((H, 1), "is the shape of `dL_db1`. There is a gradient for each *weight*, too."),
            ((K, H), "is the shape of `dL_dW2`, one layer further."),
        ],
        hint="`z1 = W1 @ X + b1`. What shape does `W1` need to make a column of hidden units?",
        solution=f"`W1` makes a column of {H} from one of {D}: it is `({H}, {D})`, and so is its "
        "gradient, which has one slope for each weight.",
    )


@exercise("What travels back", "shapes", BACK, SIZES)
def shape_that_travels(D, H, K):
    return shape(
        f"{D} inputs, {H} hidden units, {K} outputs. What is the shape of `W2.T @ dL_dz2`, for one "
        "example?",
        (H, 1),
        [
            ((K, 1), "is what it starts from, `dL_dz2`. The product leads to the hidden units."),
            ((H,), "is right but for the second axis: one example is a column, `(…, 1)`."),
            ((H, K), "is the shape of `W2.T` alone."),
            ((D, 1), "is one layer too far: that would be the gradient of the input."),
        ],
        hint="`W2` is `(K, H)`. Which sizes does a product cancel, and which stay?",
        solution=f"`({H}, {K}) @ ({K}, 1)` is `({H}, 1)`: one slope for each hidden unit, "
        f"which is the "
        "shape of `a1`.",
    )


@exercise("A unit that is off", "ReLU", BACK)
def silent_unit():
    return choice(
        "For this example `z1[0]` is negative, and all other units are on. Which weights "
        "of this "
        "unit get a gradient of 0?",
        "Both those into it and those out of it",
        [
            (
                "Only those into it",
                "A weight out of it has the gradient `dL_dz2` times `a1[0]`, and `a1[0]` is 0.",
            ),
            (
                "Only those out of it",
                "The slope of the ReLU is 0 there. So `dL_dz1[0]` is 0, and with it all of theirs.",
            ),
            ("None of them", "Nothing goes through this unit, in either direction."),
        ],
        hint="Write down the gradient of one weight into it, and of one out of it. What is 0 "
        "in each?",
        solution="Out of it: `dL_dz2` times `a1[0]`, which is 0. Into it: `dL_dz1[0]` times an "
        "input, "
        "and `dL_dz1[0]` is 0, because the slope of the ReLU is.",
    )


def column(*entries):
    return np.array(entries).reshape(-1, 1)


GIVEN = {
    "X": column(0.5, -1.0),
    "y": column(1.0, 0.0),
    "z1": column(0.4, -0.3),
    "a1": column(0.4, 0.0),
    "a2": column(0.7, 0.2),
    "W2": np.array([[0.3, -0.8], [0.6, 0.5]]),
}


@exercise("The backward pass in order", "order", BACK)
def backward_in_order():
    return order(
        "Put the lines of the backward pass in order. Whatever works is right.",
        [
            "dL_da2 = 2 * (a2 - y)",
            "dL_dz2 = dL_da2 * a2 * (1 - a2)",
            "dL_dW2 = dL_dz2 @ a1.T",
            "dL_da1 = W2.T @ dL_dz2",
            "dL_dz1 = dL_da1 * (z1 > 0)",
            "dL_dW1 = dL_dz1 @ X.T",
        ],
        GIVEN,
        hint="Begin at the loss. Each line needs only what was computed before it.",
        solution="From the loss backward. The gradient of a weight can wait; what is handed on "
        "cannot.",
    )


@exercise("One step of training in order", "order", UPDATE)
def step_in_order():
    return order(
        "Here `W2` is changed in place. Put the lines in order.",
        ["dL_dW2 = dL_dz2 @ a1.T", "dL_da1 = W2.T @ dL_dz2", "W2 = W2 - 0.1 * dL_dW2"],
        GIVEN | {"dL_dz2": column(-0.13, 0.06)},
        hint="Which lines need the `W2` that made the prediction?",
        solution="All gradients first, then the update: the backward pass needs the weights "
        "with which "
        "the prediction was made.",
        why={
            "W2": "changes `W2` before `dL_da1` has used it, or before its own gradient is there."
        },
    )


STEPS = [(0.5, -0.2, 0.1), (1.2, 0.4, 0.1), (-0.3, -1.5, 0.2), (0.8, 0.6, 0.5), (2.0, -3.0, 0.01)]
STEPS += [(-1.0, 0.5, 0.2), (0.1, -0.4, 0.5), (0.9, 1.1, 0.1), (-0.6, -0.8, 0.05), (1.5, 2.5, 0.1)]


@exercise("One weight, one step", "update", UPDATE, STEPS)
def one_step(weight, gradient, rate):
    return number(
        f"A weight is ${weight}$, its gradient ${gradient}$, the learning rate ${rate}$. What "
        f"is the "
        "weight after one step of gradient descent?",
        weight - rate * gradient,
        [
            (weight + rate * gradient, "goes up the slope. The step is *against* the gradient."),
            (weight - gradient, "leaves out the learning rate."),
            (-rate * gradient, "is the step alone. It starts from the weight."),
        ],
        hint="`W -= learning_rate * dL_dW`.",
        solution=f"${weight} - {rate} \\times ({gradient}) = {weight - rate * gradient:g}$.",
    )


@exercise("Program it: a layer with ReLU", "ReLU", BACK)
def write_a_layer():
    return program(
        "Write a layer with ReLU, forward and backward, for one example, with lists of floats.",
        "relu_layer",
        hint="Back through the ReLU first. Then each weight has what came in through it, and each "
        "input collects from all the units that it feeds.",
    )
