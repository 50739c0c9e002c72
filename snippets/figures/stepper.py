"""The worked example as a graph: at each quantity its value and, below it, its gradient."""

from itertools import pairwise

from snippets import worked_example as example
from snippets.figures import BACKWARD, MUTED, WIDTH, bare
from snippets.figures._stepper import INSET, Graph, shown

TITLE = "The worked example: values flow down, gradients come back up"
DESCRIPTION = (
    "A chain of boxes from top to bottom: x = {x}, z1 = {z1}, a1 = {a1}, z2 = {z2}, a2 = {a2} and "
    "the loss {loss}. The parameters W1 = {W1}, b1 = {b1}, W2 = {W2} and b2 = {b2} and the target "
    "y = {y} stand beside the boxes that they enter. Solid arrows carry values down. Dashed arrows "
    "carry gradients up: {dL_da2} at a2, {dL_dz2} at z2, {dL_da1} at a1 and {dL_dz1} at z1; and "
    "out to the parameters: {dL_dW2} to W2, {dL_db2} to b2, {dL_dW1} to W1 and {dL_db1} to b1."
).format(**shown(vars(example)))

CHAIN, CHAIN_WIDTH = 68, 128  # the middle and the width of the boxes of the chain
SIDE_WIDTH = 154  # of those that enter it
SIDE = WIDTH * 72 - 4 - SIDE_WIDTH / 2
ROWS = {"x": (18, 28), "z1": (87, 54), "a1": (161, 40), "z2": (235, 54), "a2": (309, 40)}
ROWS |= {"loss": (376, 40)}  # middle and height
ENTERS = {"z1": ("W1", "b1"), "z2": ("W2", "b2"), "loss": ("y",)}
MAKES = {"a1": ("ReLU", "da1_dz1"), "a2": ("sigmoid", "da2_dz2")}


def draw():
    figure, axes = bare(5.6)
    graph = Graph(axes, vars(example))
    graph.legend(SIDE - SIDE_WIDTH / 2, ROWS["x"][0])
    graph.given("x", CHAIN, ROWS["x"][0], CHAIN_WIDTH)
    for above, below in pairwise(ROWS):
        graph.quantity(below, CHAIN, ROWS[below][0], CHAIN_WIDTH, ROWS[below][1])
        _between(graph, above, below)
    for below, names in ENTERS.items():
        for place, name in enumerate(names):
            _beside(graph, name, below, 28 * (place - (len(names) - 1) / 2))
    return figure


def _beside(graph, name, below, shift):
    y = ROWS[below][0] + shift
    graph.parameter(name, SIDE, y, SIDE_WIDTH)
    left, start = SIDE - SIDE_WIDTH / 2, CHAIN + CHAIN_WIDTH / 2 + 1.5
    graph.forward(f"into-{below}-{name}", (left, y - 4), (start, y - 4))
    if name != "y":
        graph.backward(f"back-{name}", (start, y + 5), (left - 1.5, y + 5))


def _between(graph, above, below):
    upper = ROWS[above][0] + ROWS[above][1] / 2
    lower = ROWS[below][0] - ROWS[below][1] / 2
    graph.forward(f"into-{below}", (CHAIN - 40, upper), (CHAIN - 40, lower - 1.5))
    if above != "x":
        graph.backward(f"back-{above}", (CHAIN - 24, lower), (CHAIN - 24, upper + 1.5))
    if below in MAKES:
        (name, slope), middle = MAKES[below], (upper + lower) / 2
        graph.text(CHAIN - 12, middle, name, f"name-{below}", ha="left", color=MUTED)
        left, right = SIDE - SIDE_WIDTH / 2 + INSET, SIDE + SIDE_WIDTH / 2 - INSET
        graph.text(left, middle, f"slope {slope}", ha="left", color=BACKWARD)
        graph.text(right, middle, graph.shown[slope], f"d-{slope}", ha="right", color=BACKWARD)
