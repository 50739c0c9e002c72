"""The four steps of one training iteration as a loop, with the numbers of the worked example."""

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

TITLE = "One training iteration: four steps in a loop"
DESCRIPTION = (
    "A loop of four steps. Step 1, the forward pass, runs down the left side: x = "
    f"{example.x:.0f}, z1 = {number(example.z1)}, a1 = {number(example.a1)}, z2 = "
    f"{number(example.z2)}, a2 = {number(example.a2, 4)}, and the loss {number(loss_before, 4)} at "
    "the bottom. Step 2, the output gradient, starts up the right side: ∂L/∂a2 = "
    f"{number(example.dL_da2, 4)}, ∂L/∂z2 = {number(example.dL_dz2, 4)}. Step 3 propagates "
    f"backward: ∂L/∂a1 = {number(example.dL_da1, 4)}, ∂L/∂z1 = {number(example.dL_dz1, 4)}; each "
    f"∂L/∂z leaves a gradient for the weight: ∂L/∂W2 = {number(example.dL_dW2, 4)}, ∂L/∂W1 = "
    f"{number(example.dL_dW1, 4)}. Step 4, at the top, updates the weights: W1 from {example.W1} "
    f"to {number(example.W1_new, 4)}, W2 from {example.W2} to {number(example.W2_new, 4)}. With "
    f"the new weights the loss falls from {number(loss_before, 4)} to {number(loss_after, 4)}, and "
    "the loop starts again."
)

# x of values, gradients, gradients of parameters, and the way up
LEFT, MIDDLE, RIGHT, RAIL = 41, 162, 262, 323
ROWS = {"x": 157, "z1": 215, "a1": 275, "z2": 341, "a2": 401}  # y of each value and of its gradient
HALF = 17  # half the height of a box in these rows
UPDATE, LOSS = 55, 471  # y of the boxes at the top and at the bottom


def draw():
    figure, axes = bare(7.0)
    _forward(axes)
    _loss(axes)
    _backward(axes)
    _update(axes)
    return figure


def _forward(axes):
    arrow(axes, (LEFT, UPDATE + 44), (LEFT, ROWS["x"] - HALF - 1), colour=FORWARD)
    _heading(axes, LEFT + 20, 121, 1, "Forward pass", FORWARD)
    for name, digits in (("x", 0), ("z1", 2), ("a1", 2), ("z2", 2), ("a2", 4)):
        _quantity(axes, LEFT, ROWS[name], name, number(getattr(example, name), digits), FORWARD)
    notes = (f"· {example.W1} + {example.b1}", "ReLU", f"· {example.W2} + {example.b2}", "sigmoid")
    for (above, below), note in zip(pairwise(ROWS.values()), notes):
        arrow(axes, (LEFT, above + HALF), (LEFT, below - HALF - 1), colour=FORWARD)
        _note(axes, LEFT + 9, (above + below) / 2, note)
    arrow(axes, (LEFT, ROWS["a2"] + HALF), (LEFT, LOSS - 23), colour=FORWARD)


def _loss(axes):
    box(axes, WIDTH * 36, LOSS, WIDTH * 72 - 24, 44)
    write(
        axes,
        WIDTH * 36,
        LOSS - 9,
        f"loss L = (a2 − {example.y:.0f})² = {number(loss_before, 4)}",
        weight="bold",
    )
    write(axes, WIDTH * 36, LOSS + 9, f"with the updated weights: {number(loss_after, 4)}")


def _backward(axes):
    _heading(axes, RIGHT - 41, ROWS["a2"], 2, "Output\ngradient", BACKWARD)
    _heading(axes, RIGHT - 41, ROWS["a1"], 3, "Propagate\nbackward", BACKWARD)
    names = ("z1", "a1", "z2", "a2")
    for name in names:
        _quantity(
            axes,
            MIDDLE,
            ROWS[name],
            f"∂L/∂{name}",
            number(getattr(example, f"dL_d{name}"), 4),
            BACKWARD,
        )
    heights = [ROWS[name] for name in names] + [LOSS - 5]
    notes = (
        f"slope {example.da1_dz1:.0f}",
        f"· {example.W2}",
        f"slope {number(example.da2_dz2, 4)}",
        f"2 (a2 − {example.y:.0f})",
    )
    for (above, below), note in zip(pairwise(heights), notes):
        arrow(
            axes, (MIDDLE, below - HALF), (MIDDLE, above + HALF + 1), colour=BACKWARD, dashed=True
        )
        _note(axes, MIDDLE - 9, (above + below) / 2, note, ha="right")
    for layer, factor in ((1, "x"), (2, "a1")):
        y = ROWS[f"z{layer}"]
        arrow(axes, (MIDDLE + 31, y), (RIGHT - 52, y), colour=BACKWARD, dashed=True)
        box(axes, RIGHT, y, 102, 2 * HALF, fill=BACKWARD_SOFT, edge=BACKWARD)
        for dy, name in ((-8, f"W{layer}"), (8, f"b{layer}")):
            write(
                axes,
                RIGHT,
                y + dy,
                f"∂L/∂{name} {number(getattr(example, f'dL_d{name}'), 4)}",
                size=SMALL,
            )
        _note(axes, RIGHT, y + HALF + 9, f"W{layer}: ∂L/∂z{layer} · {factor}", ha="center")
        axes.plot((RIGHT + 51, RAIL), (y, y), color=BACKWARD, lw=1.4, ls=DASHES)
    arrow(axes, (RAIL, ROWS["z2"]), (RAIL, UPDATE + 45), colour=BACKWARD, dashed=True)


def _update(axes):
    box(axes, WIDTH * 36, UPDATE, WIDTH * 72 - 8, 86)
    _heading(axes, 24, UPDATE - 26, 4, f"Update weights: W − {example.learning_rate} · ∂L/∂W")
    for x, layer in ((WIDTH * 19, 1), (WIDTH * 53, 2)):
        for y, name in ((UPDATE + 2, f"W{layer}"), (UPDATE + 24, f"b{layer}")):
            old, new = getattr(example, name), getattr(example, f"{name}_new")
            write(axes, x, y, f"{name}:  {old} → {number(new, 4)}")


def _quantity(axes, x, y, name, value, colour):
    fill, width = {FORWARD: (FORWARD_SOFT, 54), BACKWARD: (BACKWARD_SOFT, 62)}[colour]
    box(axes, x, y, width, 2 * HALF, fill=fill, edge=colour)
    write(axes, x, y - 8, name, color=colour, size=SMALL)
    write(axes, x, y + 7, value)


def _heading(axes, x, y, step, text, colour=INK):
    axes.add_patch(Circle((x, y), 9, fc=colour, ec="none"))
    write(axes, x, y, str(step), color=PAPER, weight="bold")
    write(axes, x + 15, y, text, ha="left", color=colour, weight="bold")


def _note(axes, x, y, text, ha="left"):
    write(axes, x, y, text, ha=ha, color=MUTED, size=SMALL)
