"""Values go right, blame comes back left: one small network, drawn once for each direction."""

import math

import numpy as np
from matplotlib.patches import Circle

from snippets import process
from snippets.figures import (
    BACKWARD,
    BACKWARD_SOFT,
    FORWARD,
    FORWARD_SOFT,
    INK,
    MUTED,
    SMALL,
    arrow,
    bare,
    box,
    number,
    write,
)

X, y = np.array([[2.0]]), np.array([[1.0]])
W1, b1 = np.array([[0.5], [-0.3], [0.4]]), np.zeros((3, 1))  # no biases: less to look at
W2, b2 = np.array([[0.8, 0.5, -0.6]]), np.zeros((1, 1))

z1, a1, z2, a2 = process.forward_pass(X, W1, b1, W2, b2)
loss = process.squared_error(a2, y)
blame2 = process.output_gradient(a2, y)  # ∂L/∂z2
loss_slope, slope2, slope1 = 2 * (a2 - y), a2 * (1 - a2), np.where(z1 > 0, 1.0, 0.0)
blame1 = W2.T * blame2 * slope1  # ∂L/∂z1
assert np.allclose(blame2, loss_slope * slope2)
assert np.allclose(blame1, process.propagate_backward(X, z1, a1, W2, blame2)[1])  # ∂L/∂b1

prediction, target = a2.item(), y.item()
slope_of_loss, slope_of_sigmoid = loss_slope.item(), slope2.item()

TITLE = "Values go right, blame comes back left"
DESCRIPTION = (
    "The same network drawn twice: one input, three hidden units with ReLU, one output unit with "
    "sigmoid. Above, solid arrows carry values to the right, each labelled with its weight: from "
    f"the input {X.item():.0f} by the weights {', '.join(number(w, 1) for w in W1.flat)} to the "
    f"hidden values {', '.join(number(a, 1) for a in a1.flat)}, and by the weights "
    f"{', '.join(number(w, 1) for w in W2.flat)} to the prediction {number(prediction, 3)}. With "
    f"the target {target:.0f} it makes the loss {number(loss, 3)}. There the path turns. Below, "
    "dashed arrows carry the blame back to the left, the slope of the loss with respect to the sum "
    f"of each unit. It is {number(blame2.item(), 3)} at the output. Each arrow multiplies it by "
    "its weight and by the slope of the unit that it reaches, "
    f"{', '.join(number(s, 0) for s in slope1.flat)}, which makes "
    f"{', '.join(number(d, 3) if d else '0' for d in blame1.flat)} at the hidden units."
)

COLUMNS = (30, 138, 270)  # x of the input, the hidden units and the output
RADIUS, STEP = 27, 63
TOP, BOTTOM = 134, 370  # y of the middle of each drawing
TURN = 321  # x of the loss, where the path turns back


def draw():
    figure, axes = bare(6.85)
    _heading(axes, 13, "Forward: values go right", FORWARD)
    for x, name in zip(COLUMNS, ("input", "ReLU", "sigmoid")):
        write(axes, x, 34, name, color=MUTED, size=SMALL)
    up, down = _places(TOP), _places(BOTTOM)
    weights = [f"× {number(w, 1)}" for w in (*W1.flat, *W2.flat)]
    for (start, end), text in zip(_edges(up), weights):
        _between(axes, start, end, text, colour=FORWARD)
    values = [f"{X.item():.0f}", *(number(a, 1) for a in a1.flat), number(prediction, 3)]
    for place, text in zip(sum(up, []), values):
        _unit(axes, place, text, FORWARD, FORWARD_SOFT)

    _heading(axes, 258, "Backward: blame comes back left", BACKWARD)
    factors = [f"× {number(w, 1)} × {number(s, 0)}" for w, s in zip(W2.flat, slope1.flat)]
    for (start, end), text in zip(_edges(down)[3:], factors):
        _between(axes, end, start, text, colour=BACKWARD, dashed=True)
    for place, blame in zip(sum(down[1:], []), (*blame1.flat, blame2.item())):
        text = number(blame, 3, sign=True) if blame else "0"
        _unit(axes, place, text, BACKWARD, BACKWARD_SOFT)
    _turn(axes, up[2][0], down[2][0])
    write(axes, 6, BOTTOM, "In a circle:\nits blame", **_note(ha="left"))
    write(axes, 6, 480, "On an arrow: × weight × slope of the unit it reaches", **_note(ha="left"))
    return figure


def _note(**options):
    return {"color": MUTED, "size": SMALL, "linespacing": 1.3, **options}


def _heading(axes, y_, text, colour):
    write(axes, 6, y_, text, ha="left", color=colour, weight="bold", size=14)


def _places(middle):
    """Centres of the units of each layer, around the height `middle`."""
    return [
        [(x, middle + STEP * (i - (n - 1) / 2)) for i in range(n)]
        for x, n in zip(COLUMNS, (1, 3, 1))
    ]


def _edges(layers):
    """Start and end of each arrow, in the order of the entries of the weight matrices."""
    return [
        (start, end)
        for before, after in zip(layers, layers[1:])
        for end in after
        for start in before
    ]


def _between(axes, start, end, text, **options):
    """An arrow from the rim of one unit to the rim of another, with a text on it."""
    (x0, y0), (x1, y1) = start, end
    share = (RADIUS + 2) / math.hypot(x1 - x0, y1 - y0)
    dx, dy = share * (x1 - x0), share * (y1 - y0)
    arrow(axes, (x0 + dx, y0 + dy), (x1 - dx, y1 - dy), line_width=1.8, **options)
    up, lower = 0 if y0 == y1 else 9, max(y0, y1) in (TOP + STEP, BOTTOM + STEP)
    side = 1 if max(x0, x1) > COLUMNS[1] else -1  # away from the arrow
    x, y_ = (x0 + x1) / 2 + side * up * 0.7, (y0 + y1) / 2 + (12 + up if lower else -10 - up)
    write(axes, x, y_, text, color=options["colour"], size=SMALL)


def _unit(axes, place, text, colour, fill):
    axes.add_patch(Circle(place, RADIUS, fc=fill, ec=colour, lw=1.4))
    write(axes, *place, text, color=INK, size=SMALL if len(text) > 4 else 13)


def _turn(axes, above, below):
    """The loss, on the way from the output above to the output below."""
    middle = (above[1] + below[1]) / 2
    forward = (above[0] + RADIUS + 2, above[1]), (TURN, above[1]), (TURN, middle - 33)
    arrow(axes, *forward, colour=FORWARD, line_width=1.8)
    back = (TURN, middle + 33), (TURN, below[1]), (below[0] + RADIUS + 2, below[1])
    arrow(axes, *back, colour=BACKWARD, dashed=True, line_width=1.8)
    factors = f"{number(slope_of_loss, 3)}\n× {number(slope_of_sigmoid, 3)}"
    write(axes, TURN, below[1] + 22, factors, color=BACKWARD, size=SMALL, weight="bold")
    box(axes, TURN, middle, 66, 62)
    write(axes, TURN, middle - 19, "loss L", weight="bold")
    write(axes, TURN, middle, f"({number(prediction, 3)}−{target:.0f})²", size=SMALL)
    write(axes, TURN, middle + 18, f"= {number(loss, 3)}", size=SMALL)
