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
    PAPER,
    SMALL,
    arrow,
    bare,
    box,
    number,
    write,
)

X, y = np.array([[2.0], [3.0]]), np.array([[1.0]])
W1, b1 = np.array([[-0.4, 0.5], [0.5, 0.1], [0.3, 0.2]]), np.array([[0.2], [0.1], [0.0]])
W2, b2 = np.array([[0.3, 0.6, -0.8]]), np.array([[0.1]])

z1, a1, z2, a2 = process.forward_pass(X, W1, b1, W2, b2)
loss = process.squared_error(a2, y)
dL_dz2 = process.output_gradient(a2, y)
dL_dW1, dL_db1, dL_dW2, dL_db2 = process.propagate_backward(X, z1, a1, W2, dL_dz2)

# What a unit is blamed for, dL/da: the step before the slope of its activation is multiplied in.
dL_da2 = dL_dz2 / (a2 * (1 - a2))
dL_da1 = W2.T @ dL_dz2

prediction, target = a2.item(), y.item()
most_blamed = float(dL_dW1.flat[np.argmax(np.abs(dL_dW1))])

TITLE = "Values go right, blame comes back left"
DESCRIPTION = (
    "The same network drawn twice: two inputs, three hidden units with ReLU, one output unit with "
    f"sigmoid. Above, solid arrows carry values to the right: from the inputs {X[0, 0]:.0f} and "
    f"{X[1, 0]:.0f} by the hidden values {', '.join(number(a) for a in a1.flat)} to the prediction "
    f"{number(prediction)} and, with the target {target:.0f}, to the loss {number(loss)}. There "
    "the path turns. Below, dashed arrows carry the blame, the gradient of the loss, back to the "
    f"left: {number(dL_da2.item())} at the output, then "
    f"{', '.join(number(d) for d in dL_da1.flat)} at the hidden units. The wider an arrow, the "
    f"more blame its weight gets; most goes to the weight with gradient {number(most_blamed)}."
)

COLUMNS = (34, 142, 228)  # x of the inputs, the hidden units and the output
RADIUS = 20
TURN = 290  # x of the loss, where the path turns back


def draw():
    figure, axes = bare(6.2)
    write(
        axes, 10, 14, "Forward: values go right", ha="left", color=FORWARD, weight="bold", size=11
    )
    write(
        axes,
        10,
        220,
        "Backward: blame comes back left",
        ha="left",
        color=BACKWARD,
        weight="bold",
        size=11,
    )
    top, bottom = _places(122), _places(318)
    for x, value in zip(COLUMNS, ("inputs x", "hidden a1, ReLU", "output a2")):
        write(axes, x, 37, value, color=MUTED, size=SMALL)
    for x, gradient in zip(COLUMNS[1:], ("∂L/∂a1", "∂L/∂a2")):
        write(axes, x, 403, gradient, color=MUTED, size=SMALL)

    for start, end in _edges(top):
        _between(axes, start, end, colour=FORWARD)
    _units(
        axes,
        top,
        [[f"{v:.0f}" for v in X.flat], [number(a) for a in a1.flat], [number(prediction)]],
        FORWARD,
    )

    scale = 3.0 / max(np.abs(dL_dW1).max(), np.abs(dL_dW2).max())
    weights = [*dL_dW1.flat, *dL_dW2.flat]
    for (start, end), dL_dw in zip(_edges(bottom), weights):
        _between(
            axes, end, start, colour=BACKWARD, dashed=True, line_width=0.5 + scale * abs(dL_dw)
        )
    blames = [[number(d, sign=True) for d in dL_da1.flat], [number(dL_da2.item(), sign=True)]]
    _units(axes, bottom, [[f"{v:.0f}" for v in X.flat], *blames], BACKWARD)

    _turn(axes, top[2][0], bottom[2][0])
    write(
        axes,
        10,
        381,
        f"widest arrow:\n∂L/∂W1 = {number(most_blamed, sign=True)}",
        ha="left",
        va="center",
        color=BACKWARD,
        size=SMALL,
        linespacing=1.3,
    )
    write(
        axes,
        10,
        429,
        "Wider arrow: more blame for its weight.\nMinus: raising that value would lower the loss.",
        ha="left",
        color=MUTED,
        size=SMALL,
        linespacing=1.4,
    )
    return figure


def _places(middle):
    """Centres of the units of each layer, around the height `middle`."""
    return [
        [(x, middle + 52 * (i - (n - 1) / 2)) for i in range(n)] for x, n in zip(COLUMNS, (2, 3, 1))
    ]


def _edges(layers):
    """Start and end of each arrow, in the order of the entries of the weight matrices."""
    return [
        (start, end)
        for before, after in zip(layers, layers[1:])
        for end in after
        for start in before
    ]


def _between(axes, start, end, **options):
    """An arrow from the rim of one unit to the rim of another."""
    (x0, y0), (x1, y1) = start, end
    step = math.hypot(x1 - x0, y1 - y0)
    dx, dy = (x1 - x0) / step * (RADIUS + 1.5), (y1 - y0) / step * (RADIUS + 1.5)
    arrow(axes, (x0 + dx, y0 + dy), (x1 - dx, y1 - dy), **options)


def _units(axes, layers, texts, colour):
    for depth, (layer, row) in enumerate(zip(layers, texts)):
        given = depth == 0
        fill = PAPER if given else {FORWARD: FORWARD_SOFT, BACKWARD: BACKWARD_SOFT}[colour]
        for (x, y_), text in zip(layer, row):
            axes.add_patch(Circle((x, y_), RADIUS, fc=fill, ec=MUTED if given else colour, lw=1.2))
            write(axes, x, y_, text, color=MUTED if given and colour == BACKWARD else INK)


def _turn(axes, above, below):
    """The loss, on the way from the output above to the output below."""
    middle = (above[1] + below[1]) / 2
    arrow(
        axes,
        (above[0] + RADIUS + 1.5, above[1]),
        (TURN, above[1]),
        (TURN, middle - 29),
        colour=FORWARD,
    )
    arrow(
        axes,
        (TURN, middle + 29),
        (TURN, below[1]),
        (below[0] + RADIUS + 1.5, below[1]),
        colour=BACKWARD,
        dashed=True,
        line_width=2,
    )
    box(axes, TURN, middle, 76, 54, edge=INK)
    write(axes, TURN, middle - 14, "loss L", weight="bold")
    write(axes, TURN, middle + 2, f"({number(prediction)} − {target:.0f})²", size=SMALL)
    write(axes, TURN, middle + 16, f"= {number(loss)}")
