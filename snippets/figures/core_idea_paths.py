"""Two paths from one input to one output: factors multiply along a path, and paths add."""

import math

from matplotlib.patches import Circle

from snippets.figures import (
    BACKWARD,
    FORWARD,
    FORWARD_SOFT,
    SMALL,
    arrow,
    bare,
    number,
    write,
)
from snippets.tables.core_idea import both, lower, upper, w_in, w_out

TITLE = "Two paths: multiply along each, then add"
DESCRIPTION = (
    "One input x on the left, two units in the middle, one output y on the right. The upper path "
    f"has the factors {number(w_in[0], 1)} and {number(w_out[0], 1)}, whose product is "
    f"{number(upper)}. The lower path has the factors {number(w_in[1], 1)} and "
    f"{number(w_out[1], 1)}, whose product is {number(lower)}. The slope of y with respect to x is "
    f"the sum of both, {number(both)}."
)

RADIUS = 19
X, UPPER, LOWER, Y = (30, 82), (178, 32), (178, 132), (326, 82)


def draw():
    figure, axes = bare(3.6)
    for start, unit, end, factors in ((X, UPPER, Y, 0), (X, LOWER, Y, 1)):
        below = 19 if unit is LOWER else -19
        for one, other, factor in ((start, unit, w_in[factors]), (unit, end, w_out[factors])):
            arrow(axes, *_rims(one, other), colour=FORWARD, line_width=2)
            middle = (one[0] + other[0]) / 2, (one[1] + other[1]) / 2 + below
            write(axes, *middle, f"× {number(factor, 1)}", weight="bold", color=FORWARD)
    for place, name in ((X, "x"), (UPPER, "h1"), (LOWER, "h2"), (Y, "y")):
        axes.add_patch(Circle(place, RADIUS, fc=FORWARD_SOFT, ec=FORWARD, lw=1.4))
        write(axes, *place, name, size=14)
    rows = (
        ("upper path", f"{number(w_in[0], 1)} × {number(w_out[0], 1)}", upper),
        ("lower path", f"{number(w_in[1], 1)} × {number(w_out[1], 1)}", lower),
    )
    for y, (name, product, value) in zip((178, 200), rows):
        write(axes, 40, y, name, ha="left")
        write(axes, 232, y, product, ha="right")
        write(axes, 244, y, "=")
        write(axes, 310, y, number(value, sign=True), ha="right")
    axes.plot((40, 318), (213, 213), color=BACKWARD, lw=1.2)
    write(axes, 40, 228, "slope dy/dx: add", ha="left", color=BACKWARD, weight="bold")
    write(axes, 310, 228, number(both, sign=True), ha="right", color=BACKWARD, weight="bold")
    write(axes, 178, 250, "multiply along a path, add the paths", size=SMALL)
    return figure


def _rims(start, end):
    """From the rim of one circle to that of the other."""
    (x0, y0), (x1, y1) = start, end
    share = (RADIUS + 2) / math.hypot(x1 - x0, y1 - y0)
    dx, dy = share * (x1 - x0), share * (y1 - y0)
    return (x0 + dx, y0 + dy), (x1 - dx, y1 - dy)
