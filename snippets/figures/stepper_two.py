"""The worked example with two hidden units: x feeds both, and both paths lead back to it."""

from snippets import two_units as example
from snippets.figures import BACKWARD, MUTED, WIDTH, bare
from snippets.figures._stepper import Graph, shown

TITLE = "Two hidden units: two paths lead back to x, and are added"
DESCRIPTION = (
    "The input x = {x} feeds unit a and unit b. In unit a, z1a = {z1a} and a1a = {a1a}; in unit b, "
    "z1b = {z1b} and a1b = {a1b}. Both enter z2 = {z2}, by the weights W2a = {W2a} and "
    "W2b = {W2b}; then come a2 = {a2} and the loss {loss}. Dashed arrows carry gradients back: "
    "{dL_da2} at a2 and {dL_dz2} at z2; from there {dL_da1a} to a1a and {dL_da1b} to a1b, then "
    "{dL_dz1a} at z1a and {dL_dz1b} at z1b. Along unit a the slope at x is {path_a}, along "
    "unit b {path_b}, together {dL_dx}."
).format(**shown(vars(example)))

RIGHT = WIDTH * 72
UNITS = {"a": (62, 1), "b": (RIGHT - 62, -1)}  # the middle, and which way the inside is
UNIT_WIDTH, SMALL_WIDTH, OUTER_WIDTH = 120, 77, 90
MIDDLE, MIDDLE_WIDTH = RIGHT / 2, 128
TOP, Z1, A1, Z2, A2, LOSS = 24, 102, 178, 274, 376, 444


def draw():
    figure, axes = bare(6.5)
    graph = Graph(axes, vars(example))
    _input(graph)
    for unit, (x, inside) in UNITS.items():
        _unit(graph, unit, x, inside)
    _output(graph)
    return figure


def _input(graph):
    graph.quantity("x", MIDDLE, Z1, 62, 54, given=True)


def _unit(graph, unit, x, inside):
    z, a, edge = f"z1{unit}", f"a1{unit}", x + inside * UNIT_WIDTH / 2
    graph.quantity(z, x, Z1, UNIT_WIDTH, 54)
    graph.quantity(a, x, A1, UNIT_WIDTH, 40)
    for name, shift in ((f"W1{unit}", -20), (f"b1{unit}", 60)):
        place = x + inside * shift
        graph.quantity(name, place, TOP, SMALL_WIDTH, 40, given=True)
        start = min(max(place, x - 50), x + 50)
        graph.forward(f"into-{z}-{name}", (start - 6, TOP + 20), (start - 6, Z1 - 28.5))
        graph.backward(f"back-{name}", (start + 6, Z1 - 27), (start + 6, TOP + 21.5))
    rim = MIDDLE - inside * 31
    graph.forward(f"into-{z}-x", (rim, Z1 - 6), (edge + inside * 1.5, Z1 - 6))
    graph.backward(f"back-path_{unit}", (edge, Z1 + 8), (rim - inside * 1.5, Z1 + 8))
    _activation(graph, unit, x, inside)
    start, end = x + inside * 34, MIDDLE - inside * 46
    graph.forward(f"into-z2-{unit}", (start, A1 + 20), (end, Z2 - 43.5))
    graph.backward(f"back-{a}", (end - inside * 16, Z2 - 42), (start - inside * 16, A1 + 21.5))


def _activation(graph, unit, x, inside):
    z, a = f"z1{unit}", f"a1{unit}"
    slope, outside, middle = f"d{a}_d{z}", x - inside * UNIT_WIDTH / 2, (Z1 + 27 + A1 - 20) / 2
    down, up = outside + inside * 12, outside + inside * 26
    graph.forward(f"into-{a}", (down, Z1 + 27), (down, A1 - 21.5))
    graph.backward(f"back-{z}", (up, A1 - 20), (up, Z1 + 28.5))
    side = "left" if inside > 0 else "right"
    graph.text(outside + inside * 34, middle, "ReLU", f"name-{a}", ha=side, color=MUTED)
    left = x + 10 if inside > 0 else MIDDLE + 5
    graph.text(left, middle, slope, ha="left", color=BACKWARD)
    graph.text(left + 100, middle, graph.shown[slope], f"d-{slope}", ha="right", color=BACKWARD)


def _output(graph):
    graph.quantity("z2", MIDDLE, Z2, MIDDLE_WIDTH, 84)
    half = OUTER_WIDTH / 2
    rows = [("W2a", half + 2, Z2 - 22, 1), ("b2", half + 2, Z2 + 22, 1)]
    rows += [("W2b", RIGHT - half - 2, Z2 - 22, -1)]
    for name, x, y, inside in rows:
        graph.quantity(name, x, y, OUTER_WIDTH, 40, given=True)
        start, end = x + inside * half, MIDDLE - inside * MIDDLE_WIDTH / 2
        graph.forward(f"into-z2-{name}", (start, y - 5), (end - inside * 1.5, y - 5))
        graph.backward(f"back-{name}", (end, y + 6), (start + inside * 1.5, y + 6))
    graph.quantity("a2", MIDDLE, A2, MIDDLE_WIDTH, 40)
    graph.quantity("loss", MIDDLE, LOSS, MIDDLE_WIDTH, 40)
    for above, top, below, bottom in (("z2", Z2 + 42, "a2", A2), ("a2", A2 + 20, "loss", LOSS)):
        left = MIDDLE - MIDDLE_WIDTH / 2
        graph.forward(f"into-{below}", (left + 24, top), (left + 24, bottom - 21.5))
        graph.backward(f"back-{above}", (left + 40, bottom - 20), (left + 40, top + 1.5))
    middle = (Z2 + 42 + A2 - 20) / 2
    graph.text(MIDDLE - 12, middle, "sigmoid", ha="left", color=MUTED)
    graph.text(MIDDLE + 40, middle, "slope da2_dz2", ha="left", color=BACKWARD)
    graph.text(RIGHT - 10, middle, graph.shown["da2_dz2"], "d-da2_dz2", ha="right", color=BACKWARD)
    x = RIGHT - half - 2
    graph.given("y", x, LOSS, OUTER_WIDTH)
    graph.forward("into-loss-y", (x - half, LOSS), (MIDDLE + MIDDLE_WIDTH / 2 + 1.5, LOSS))
