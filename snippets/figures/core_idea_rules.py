"""Plus distributes, times swaps, max routes: what three operations do with a gradient."""

from matplotlib.patches import Circle

from snippets.figures import (
    BACKWARD,
    FORWARD,
    GRID,
    INK,
    MUTED,
    PAPER,
    SMALL,
    arrow,
    bare,
    number,
    write,
)

A, B, BACK = 3.0, 2.0, 4.0  # two inputs, and the gradient that arrives at the output
# The output, and the slope of the output by each input.
RULES = {
    "Plus distributes": ("+", A + B, (1.0, 1.0), "to each input, as it is"),
    "Times swaps": ("×", A * B, (B, A), "times the other input"),
    "Max routes": ("max", max(A, B), (float(A > B), float(B > A)), "all to the larger input"),
}

TITLE = "Plus distributes, times swaps, max routes"
DESCRIPTION = (
    f"Three panels, each with the inputs {A:.0f} and {B:.0f}, an operation, and a gradient of "
    f"{BACK:.0f} that comes back to its output. "
    + " ".join(
        f"{name}: the output is {out:.0f}, and the gradients {BACK * da:.0f} and {BACK * db:.0f} "
        "go back to the two inputs."
        for name, (_, out, (da, db), _) in RULES.items()
    )
)

PANEL = 142  # points from one panel to the next
LEFT, MIDDLE, RIGHT = 56, 186, 318  # x of the inputs, the operation and the output


def draw():
    figure, axes = bare((3 * PANEL + 22) / 72)
    write(axes, 8, 11, "solid: values", ha="left", color=FORWARD, size=SMALL)
    write(axes, 348, 11, "dashed: gradients", ha="right", color=BACKWARD, size=SMALL)
    for i, (name, rule) in enumerate(RULES.items()):
        _panel(axes, 24 + i * PANEL, name, *rule)
    return figure


def _panel(axes, top, name, sign, out, slopes, note):
    axes.plot((8, 348), (top, top), color=GRID, lw=1)
    write(axes, 8, top + 15, name, ha="left", weight="bold")
    write(axes, 348, top + 15, note, ha="right", color=MUTED, size=SMALL)
    middle = top + 84
    for up, value, slope in ((-1, A, slopes[0]), (1, B, slopes[1])):
        y = middle + up * 36
        _both_ways(axes, LEFT, MIDDLE, y, value, BACK * slope, middle)
    _both_ways(axes, MIDDLE + 22, RIGHT, middle, out, BACK, middle)
    axes.add_patch(Circle((MIDDLE, middle), 21, fc=PAPER, ec=INK, lw=1.4, zorder=3))
    write(axes, MIDDLE, middle, sign, weight="bold", size=13 if len(sign) > 1 else 17, zorder=4)


def _both_ways(axes, left, right, y, value, gradient, into):
    """A value above its arrow to the right, a gradient below its arrow to the left."""
    start, end = (left, y), (right - (17 if y != into else 0), y + (into - y) * 0.55)
    arrow(axes, (start[0], start[1] - 3), (end[0], end[1] - 3), colour=FORWARD)
    back = {"colour": BACKWARD if gradient else MUTED, "dashed": True}
    arrow(axes, (end[0], end[1] + 4), (start[0], start[1] + 4), **back)
    x, y = left + 40, y + (into - y) * 0.2
    write(axes, x, y - 13, number(value, 0), color=FORWARD, weight="bold")
    write(axes, x, y + 15, number(gradient, 0), color=BACKWARD, weight="bold")
