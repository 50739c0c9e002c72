"""The worked example as a graph: at each quantity its value and, below it, its gradient.

Each part has an id, by which `<backprop-stepper>` finds it: `v-z1` the value of z1, `g-z1` its
gradient, `d-da1_dz1` a slope, `box-z1` the box, `into-z1` the arrow of the value, `back-z1` that of
the gradient, `name-a1` the name of what makes it.
"""

from itertools import pairwise

from snippets import worked_example as example
from snippets.figures import (
    BACKWARD,
    FORWARD,
    FORWARD_SOFT,
    INK,
    MUTED,
    PAPER,
    WIDTH,
    arrow,
    bare,
    box,
    write,
)
from snippets.tables import n

SHOWN = {name: n(value, 3) for name, value in vars(example).items() if isinstance(value, float)}

TITLE = "The worked example: values flow down, gradients come back up"
DESCRIPTION = (
    "A chain of boxes from top to bottom: x = {x}, z1 = {z1}, a1 = {a1}, z2 = {z2}, a2 = {a2} and "
    "the loss {loss}. The parameters W1 = {W1}, b1 = {b1}, W2 = {W2} and b2 = {b2} and the target "
    "y = {y} stand beside the boxes that they enter. Solid arrows carry values down. Dashed arrows "
    "carry gradients up: {dL_da2} at a2, {dL_dz2} at z2, {dL_da1} at a1 and {dL_dz1} at z1; and "
    "out to the parameters: {dL_dW2} to W2, {dL_db2} to b2, {dL_dW1} to W1 and {dL_db1} to b1."
).format(**SHOWN)

SIZE = 12  # points, about as many pixels on a phone
CHAIN = (68, 128)  # the middle and the width of the boxes of the chain
SIDE = (WIDTH * 72 - 81, 154)  # and of those that enter it
ROWS = {"x": (18, 28), "z1": (87, 54), "a1": (161, 40), "z2": (235, 54), "a2": (309, 40)}
ROWS |= {"loss": (376, 40)}  # middle and height
MAKES = {"a1": "ReLU", "a2": "sigmoid"}
SLOPES = {"a1": "da1_dz1", "a2": "da2_dz2"}


def draw():
    figure, axes = bare(5.6)
    _legend(axes)
    for name in ROWS:
        _chain_box(axes, name)
    for above, below in pairwise(ROWS):
        _between(axes, above, below)
    for below, names in {"z1": ("W1", "b1"), "z2": ("W2", "b2"), "loss": ("y",)}.items():
        for place, name in enumerate(names):
            _side_box(axes, name, below, 28 * (place - (len(names) - 1) / 2))
    return figure


def _legend(axes):
    x, y = SIDE[0] - SIDE[1] / 2, ROWS["x"][0]
    write(axes, x, y - 8, "value, on its way down", ha="left", color=FORWARD, size=SIZE)
    write(axes, x, y + 8, "gradient, on its way up", ha="left", color=BACKWARD, size=SIZE)


def _chain_box(axes, name):
    (x, width), (y, height) = CHAIN, ROWS[name]
    left, right = x - width / 2 + 9, x + width / 2 - 9
    given = name == "x"
    fill, edge = (PAPER, MUTED) if given else (FORWARD_SOFT, FORWARD)
    box(axes, x, y, width, height, fill=fill, edge=edge, gid=f"box-{name}")
    top = y if given else y - 8.5
    write(axes, left, top, name, ha="left", weight="bold", size=SIZE)
    _value(axes, right, top, name, FORWARD if not given else INK)
    if not given:
        label = "L" if name == "loss" else name
        write(axes, left, y + 8.5, f"dL_d{label}", ha="left", color=BACKWARD, size=SIZE)
        _gradient(axes, right, y + 8.5, name)


def _side_box(axes, name, below, shift):
    (x, width), y = SIDE, ROWS[below][0] + shift
    left, right, height = x - width / 2, x + width / 2, 25
    box(axes, x, y, width, height, edge=MUTED, gid=f"box-{name}")
    write(axes, left + 8, y, name, ha="left", weight="bold", size=SIZE)
    _value(axes, left + 80, y, name, INK)
    start = CHAIN[0] + CHAIN[1] / 2 + 1.5
    _arrow(axes, f"into-{below}-{name}", (left, y - 4), (start, y - 4), colour=FORWARD)
    if name != "y":
        _gradient(axes, right - 8, y, name)
        _arrow(axes, f"back-{name}", (start, y + 5), (left - 1.5, y + 5), colour=BACKWARD)


def _between(axes, above, below):
    x = CHAIN[0]
    upper = ROWS[above][0] + ROWS[above][1] / 2
    lower = ROWS[below][0] - ROWS[below][1] / 2
    _arrow(axes, f"into-{below}", (x - 40, upper), (x - 40, lower - 1.5), colour=FORWARD)
    if above != "x":
        _arrow(axes, f"back-{above}", (x - 24, lower), (x - 24, upper + 1.5), colour=BACKWARD)
    if below in MAKES:
        middle, slope = (upper + lower) / 2, SLOPES[below]
        write(axes, x - 12, middle, MAKES[below], ha="left", color=MUTED, size=SIZE).set_gid(
            f"name-{below}"
        )
        at = SIDE[0] - SIDE[1] / 2 + 8
        write(axes, at, middle, f"slope {slope}", ha="left", color=BACKWARD, size=SIZE)
        at = SIDE[0] + SIDE[1] / 2 - 8
        write(axes, at, middle, SHOWN[slope], ha="right", color=BACKWARD, size=SIZE).set_gid(
            f"d-{slope}"
        )


def _value(axes, x, y, name, colour):
    write(axes, x, y, SHOWN[name], ha="right", color=colour, size=SIZE).set_gid(f"v-{name}")


def _gradient(axes, x, y, name):
    number = "1" if name == "loss" else SHOWN[f"dL_d{name}"]
    write(axes, x, y, number, ha="right", color=BACKWARD, size=SIZE).set_gid(f"g-{name}")


def _arrow(axes, gid, start, end, colour):
    arrow(axes, start, end, colour=colour, dashed=colour == BACKWARD)
    axes.lines[-1].set_gid(gid)
    axes.patches[-1].set_gid(f"{gid}-head")
