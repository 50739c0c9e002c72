"""What the graphs of the stepper are drawn of.

Each part has an id, by which `<backprop-stepper>` finds it: `v-z1` the value of z1, `g-z1` its
gradient, `d-da1_dz1` a slope, `box-z1` the box, `into-z1` the arrow of the value, `back-z1` that of
the gradient, `name-a1` the name of what makes it.
"""

from snippets.figures import BACKWARD, FORWARD, FORWARD_SOFT, INK, MUTED, PAPER, arrow, box, write
from snippets.tables import n

SIZE = 12  # points, about as many pixels on a phone
INSET = 8  # from the border of a box to its text


class Graph:
    """A graph in a `bare` axes, with the values of a snippet."""

    def __init__(self, axes, values):
        self.axes, self.shown = axes, shown(values)

    def text(self, x, y, text, part=None, **options):
        write(self.axes, x, y, text, size=SIZE, **options).set_gid(part)

    def quantity(self, name, x, y, width, height, given=False):
        """A box with a value and below it its gradient; `given` is none of the chain."""
        fill, edge = (PAPER, MUTED) if given else (FORWARD_SOFT, FORWARD)
        box(self.axes, x, y, width, height, fill=fill, edge=edge, gid=f"box-{name}")
        left, right = x - width / 2 + INSET, x + width / 2 - INSET
        up, down = y - 8.5, y + 8.5
        self.text(left, up, name, ha="left", weight="bold")
        colour = INK if given else FORWARD
        self.text(right, up, self.shown[name], f"v-{name}", ha="right", color=colour)
        if not given:
            label = "dL_dL" if name == "loss" else f"dL_d{name}"
            self.text(left, down, label, ha="left", color=BACKWARD)
        self.gradient(name, right, down)

    def parameter(self, name, x, y, width, height=25):
        """A box with a value and beside it its gradient."""
        box(self.axes, x, y, width, height, edge=MUTED, gid=f"box-{name}")
        left, right = x - width / 2 + INSET, x + width / 2 - INSET
        self.text(left, y, name, ha="left", weight="bold")
        self.text(left + 72, y, self.shown[name], f"v-{name}", ha="right", color=INK)
        if f"dL_d{name}" in self.shown:
            self.gradient(name, right, y)

    def given(self, name, x, y, width, height=28):
        """A box with a value alone."""
        box(self.axes, x, y, width, height, edge=MUTED, gid=f"box-{name}")
        self.text(x - width / 2 + INSET, y, name, ha="left", weight="bold")
        right = x + width / 2 - INSET
        self.text(right, y, self.shown[name], f"v-{name}", ha="right", color=INK)

    def gradient(self, name, x, y):
        number = "1" if name == "loss" else self.shown[f"dL_d{name}"]
        self.text(x, y, number, f"g-{name}", ha="right", color=BACKWARD)

    def forward(self, part, *points):
        self.arrow(part, points, FORWARD)

    def backward(self, part, *points):
        self.arrow(part, points, BACKWARD)

    def arrow(self, part, points, colour):
        arrow(self.axes, *points, colour=colour, dashed=colour == BACKWARD)
        self.axes.lines[-1].set_gid(part)
        self.axes.patches[-1].set_gid(f"{part}-head")

    def legend(self, x, y):
        self.text(x, y - 8, "value, on its way down", ha="left", color=FORWARD)
        self.text(x, y + 8, "gradient, on its way up", ha="left", color=BACKWARD)


def shown(values):
    """Three digits of each number, by name."""
    return {name: n(value, 3) for name, value in values.items() if isinstance(value, float)}
