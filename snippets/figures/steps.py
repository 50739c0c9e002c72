"""The four steps of one training iteration, with the numbers of the worked example."""

from itertools import pairwise

from matplotlib.patches import Circle

from snippets import worked_example as example
from snippets.figures import (
    BACKWARD,
    BACKWARD_SOFT,
    DASHES,
    FORWARD,
    FORWARD_SOFT,
    INK,
    MUTED,
    PAPER,
    SMALL,
    WIDTH,
    arrow,
    bare,
    box,
    number,
    write,
)

loss_before, loss_after = example.loss, example.loss_new

TITLE = "One training iteration in four steps, with the one-unit network of the next chapter"
DESCRIPTION = (
    "Four steps in the shape of an N. Step 1, the forward pass, runs down the left side: x = "
    f"{example.x:.0f}, z1 = {number(example.z1)}, a1 = {number(example.a1)}, z2 = "
    f"{number(example.z2)}, a2 = {number(example.a2, 4)}, and the loss {number(loss_before, 4)} "
    "below. Step 2, the output gradient, starts up the middle: ∂L/∂a2 = "
    f"{number(example.dL_da2, 4)}, ∂L/∂z2 = {number(example.dL_dz2, 4)}. Step 3 propagates "
    f"backward: ∂L/∂a1 = {number(example.dL_da1, 4)}, ∂L/∂z1 = {number(example.dL_dz1, 4)}; each "
    f"∂L/∂z leaves a gradient for the weight: ∂L/∂W2 = {number(example.dL_dW2, 4)}, ∂L/∂W1 = "
    f"{number(example.dL_dW1, 4)}. They run down the right side to step 4, at the bottom, which "
    f"updates the weights: W1 from {example.W1} to {number(example.W1_new, 4)}, W2 from "
    f"{example.W2} to {number(example.W2_new, 4)}. With the new weights the loss is "
    f"{number(loss_after, 4)} instead of {number(loss_before, 4)}. Then all begins again."
)

# x of values, gradients, gradients of parameters, and the way down
LEFT, MIDDLE, RIGHT, RAIL = 38, 158, 277, 345
ROWS = {"x": 53, "z1": 127, "a1": 191, "z2": 265, "a2": 339}  # y of each value and of its gradient
HALF = 19  # half the height of a box in these rows
LOSS, UPDATE = 409, 500  # y of the boxes below


def draw():
    figure, axes = bare(7.8)
    _forward(axes)
    _loss(axes)
    _backward(axes)
    _update(axes)
    return figure


def _forward(axes):
    _heading(axes, 14, 13, 1, "Forward pass", FORWARD)
    for name, digits in (("x", 0), ("z1", 2), ("a1", 2), ("z2", 2), ("a2", 4)):
        _quantity(axes, LEFT, ROWS[name], name, number(getattr(example, name), digits), FORWARD)
    notes = (
        f"× {example.W1}\n+ {example.b1}",
        "ReLU",
        f"× {example.W2}\n+ {example.b2}",
        "sigmoid",
    )
    for (above, below), note in zip(pairwise(ROWS.values()), notes):
        arrow(axes, (LEFT, above + HALF), (LEFT, below - HALF - 1), colour=FORWARD)
        _note(axes, LEFT + 8, (above + below) / 2, note)
    arrow(axes, (LEFT, ROWS["a2"] + HALF), (LEFT, LOSS - 21), colour=FORWARD)


def _loss(axes):
    box(axes, 113, LOSS, 218, 38)
    text = f"loss (a2 − {example.y:.0f})² = {number(loss_before, 4)}"
    write(axes, 113, LOSS, text, weight="bold")


def _backward(axes):
    _heading(axes, RIGHT - 45, ROWS["a2"], 2, "Output\ngradient", BACKWARD)
    _heading(axes, RIGHT - 45, ROWS["a1"], 3, "Propagate\nbackward", BACKWARD)
    names = ("z1", "a1", "z2", "a2")
    for name in names:
        value = number(getattr(example, f"dL_d{name}"), 4)
        _quantity(axes, MIDDLE, ROWS[name], f"∂L/∂{name}", value, BACKWARD)
    heights = [ROWS[name] for name in names] + [LOSS]
    notes = (
        f"slope {example.da1_dz1:.0f}",
        f"× {example.W2}",
        f"slope\n{number(example.da2_dz2, 4)}",
        f"2 (a2 − {example.y:.0f})",
    )
    for (above, below), note in zip(pairwise(heights), notes):
        arrow(
            axes, (MIDDLE, below - HALF), (MIDDLE, above + HALF + 1), colour=BACKWARD, dashed=True
        )
        _note(axes, MIDDLE - 8, (above + below) / 2, note, ha="right")
    for layer, factor in ((1, "x"), (2, "a1")):
        y = ROWS[f"z{layer}"]
        arrow(axes, (MIDDLE + 34, y), (RIGHT - 55, y), colour=BACKWARD, dashed=True)
        box(axes, RIGHT, y, 108, 2 * HALF, fill=BACKWARD_SOFT, edge=BACKWARD)
        for dy, name in ((-8, f"W{layer}"), (8, f"b{layer}")):
            text = f"∂L/∂{name} {number(getattr(example, f'dL_d{name}'), 4)}"
            write(axes, RIGHT, y + dy, text, size=SMALL)
        _note(axes, RIGHT, y + HALF + 11, f"W{layer}: ∂L/∂z{layer} · {factor}", ha="center")
        axes.plot((RIGHT + 54, RAIL), (y, y), color=BACKWARD, lw=1.4, ls=DASHES)
    arrow(axes, (RAIL, ROWS["z1"]), (RAIL, UPDATE - 57), colour=BACKWARD, dashed=True)


def _update(axes):
    box(axes, WIDTH * 36, UPDATE, WIDTH * 72 - 8, 112)
    _heading(axes, 22, UPDATE - 38, 4, f"Update weights: W − {example.learning_rate} · ∂L/∂W")
    for x, layer in ((WIDTH * 19, 1), (WIDTH * 53, 2)):
        for y, name in ((UPDATE - 10, f"W{layer}"), (UPDATE + 12, f"b{layer}")):
            old, new = getattr(example, name), getattr(example, f"{name}_new")
            write(axes, x, y, f"{name}:  {old} → {number(new, 4)}")
    text = f"loss: {number(loss_before, 4)} → {number(loss_after, 4)}, and again from 1"
    write(axes, WIDTH * 36, UPDATE + 39, text, weight="bold", size=SMALL)


def _quantity(axes, x, y, name, value, colour):
    fill, width = {FORWARD: (FORWARD_SOFT, 58), BACKWARD: (BACKWARD_SOFT, 68)}[colour]
    box(axes, x, y, width, 2 * HALF, fill=fill, edge=colour)
    write(axes, x, y - 9, name, color=colour, size=SMALL)
    write(axes, x, y + 7, value)


def _heading(axes, x, y, step, text, colour=INK):
    axes.add_patch(Circle((x, y), 10, fc=colour, ec="none"))
    write(axes, x, y, str(step), color=PAPER, weight="bold")
    write(axes, x + 16, y, text, ha="left", color=colour, weight="bold")


def _note(axes, x, y, text, ha="left"):
    write(axes, x, y, text, ha=ha, color=MUTED, size=SMALL)
