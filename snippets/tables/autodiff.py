"""The engine on the worked example; what goes wrong without its order, and what the order saves, by
running it.
"""

from pathlib import Path

from snippets import autodiff
from snippets import worked_example as example
from snippets.autodiff import Node
from snippets.gradient_checking import central_difference
from snippets.tables import n, power_of_ten, spaced

_source = Path(autodiff.__file__).read_text(encoding="utf-8")
lines = sum(1 for line in _source.splitlines() if line.strip())  # but for the empty ones
assert lines <= 100

# of the engine against the worked example, which computes the same in a slightly other way
TOLERANCE = 1e-14
tolerance = power_of_ten(TOLERANCE)

# The worked example as a graph


def worked_graph():
    """Nodes of the worked example by name, the loss last."""
    x, y, W1, b1, W2, b2 = map(
        Node, (example.x, example.y, example.W1, example.b1, example.W2, example.b2)
    )
    z1 = W1 * x + b1
    a1 = autodiff.relu(z1)
    z2 = W2 * a1 + b2
    a2 = autodiff.sigmoid(z2)
    loss = (a2 - y) ** 2
    return {
        "x": x,
        "W1": W1,
        "b1": b1,
        "z1": z1,
        "a1": a1,
        "W2": W2,
        "b2": b2,
        "z2": z2,
        "a2": a2,
        "y": y,
        "loss": loss,
    }


graph = worked_graph()
dL_d = autodiff.backward(graph["loss"])
nodes = len(dL_d)
by_hand = {
    name: getattr(example, f"dL_d{name}") for name in graph if hasattr(example, f"dL_d{name}")
}
WORKED = [
    {
        "Node": f"`{name}`",
        "Value": n(node.value),
        "`dL_d[node]`": n(dL_d[node]),
        "By hand": n(by_hand[name]) if name in by_hand else "–",
    }
    for name, node in graph.items()
]
_value_errors = [abs(node.value - getattr(example, name)) for name, node in graph.items()]
_errors = [abs(dL_d[graph[name]] - gradient) for name, gradient in by_hand.items()]
by_hand_count = len(by_hand)
assert by_hand_count == 8 and max(_value_errors + _errors) < TOLERANCE

# The order: one node that is used twice


def counterexample():
    """The nodes `a, b, c, d, e`; `b` is used twice."""
    a = Node(1.0)
    b = a * 2
    c = b * 3
    d = b * 4
    e = c + d
    return a, b, c, d, e


def all_so_far(node, dL_d):
    """Wrong: whenever something arrives at a node, it hands on all that it has by then. Yields the
    visits.
    """
    yield node
    for parent, slope in node.inputs:
        dL_d[parent] = dL_d.get(parent, 0.0) + dL_d[node] * slope
        yield from all_so_far(parent, dL_d)


def first_visit_only(node, dL_d, met):
    """Wrong: a node hands on what it has when it is first reached, and never again. Yields the
    visits.
    """
    if node not in met:
        met.add(node)
        yield node
        for parent, slope in node.inputs:
            dL_d[parent] = dL_d.get(parent, 0.0) + dL_d[node] * slope
            yield from first_visit_only(parent, dL_d, met)


def along_every_path(node, share, dL_d):
    """Right, but slow: each share that arrives is handed on by itself. Yields the visits."""
    yield node
    dL_d[node] = dL_d.get(node, 0.0) + share
    for parent, slope in node.inputs:
        yield from along_every_path(parent, share * slope, dL_d)


a, b, c, d, e = counterexample()
ordered = autodiff.backward(e)
_so_far, _first, _paths = {e: 1.0}, {e: 1.0}, {}
visits = {
    "ordered": list(ordered),
    "so_far": list(all_so_far(e, _so_far)),
    "first": list(first_visit_only(e, _first, set())),
    "paths": list(along_every_path(e, 1.0, _paths)),
}
gradients = {"ordered": ordered[a], "so_far": _so_far[a], "first": _first[a], "paths": _paths[a]}
right, too_much, too_little = gradients["ordered"], gradients["so_far"], gradients["first"]
nudged = central_difference(lambda a: a * 2 * 3 + a * 2 * 4, 1.0)
_how = {
    "ordered": "each node once, when all that it will get has arrived (topological order)",
    "so_far": "a node hands on all it has so far, whenever something arrives",
    "first": "a node hands on what it has when it is first reached, and never again",
    "paths": "a node hands on each share by itself, path by path",
}
ORDER = [
    {
        "How the blame is handed on": how,
        "Visits": f"{len(visits[key])}",
        "Gradient by `a`": n(gradients[key]),
        "Verdict": "right" if abs(gradients[key] - nudged) < 1e-8 else "**wrong**",
    }
    for key, how in _how.items()
]
assert (
    gradients == {"ordered": 14, "so_far": 20, "first": 6, "paths": 14} and abs(nudged - 14) < 1e-8
)

# What the order saves


def reuse(times):
    """A node that is used twice, and what comes of it again, so many times: the first node and the
    last.
    """
    first = last = Node(1.0)
    for _ in range(times):
        last = Node(0.75) * last + Node(0.5) * last
    return first, last


def _counted(times):
    first, last = reuse(times)
    dL_d = {}
    calls = sum(1 for _ in along_every_path(last, 1.0, dL_d))
    swept = autodiff.backward(last)
    assert abs(dL_d[first] - 1.25**times) < 1e-9 and abs(swept[first] - 1.25**times) < 1e-9
    assert calls == 6 * 2**times - 5 and len(swept) == 5 * times + 1
    return calls, len(swept)


TIMES = [1, 2, 5, 10, 15]
counts = {times: _counted(times) for times in TIMES}
EXPLOSION = [
    {
        "Reuses": f"{times}",
        "Paths from the first node to the last": spaced(2**times),
        "Visits, path by path": spaced(calls),
        "Visits in topological order": spaced(swept),
    }
    for times, (calls, swept) in counts.items()
]
most_reuses = TIMES[-1]
most_calls, most_nodes = counts[most_reuses]

# A chain that is too long for recursion

LONG = 100_000


def chain(length, factor):
    """A node that is multiplied by the factor so many times: the first node and the last."""
    first = last = Node(1.0)
    for _ in range(length):
        last = last * factor
    return first, last


_first_node, _last_node = chain(LONG, 1 - 1 / LONG)
chain_gradient, chain_expected = autodiff.backward(_last_node)[_first_node], (1 - 1 / LONG) ** LONG
try:
    recursion_ends = f"{sum(1 for _ in along_every_path(_last_node, 1.0, {}))} visits"
except RecursionError as error:
    recursion_ends = type(error).__name__
assert abs(chain_gradient - chain_expected) < 1e-9 and recursion_ends == "RecursionError"

# Where no node is used twice, every order will do

SHORT = 5
_first_node, _last_node = chain(SHORT, 0.5)
_in_order, _so_far, _first, _paths = (
    autodiff.backward(_last_node),
    {_last_node: 1.0},
    {_last_node: 1.0},
    {},
)
list(all_so_far(_last_node, _so_far))
list(first_visit_only(_last_node, _first, set()))
list(along_every_path(_last_node, 1.0, _paths))
plain = _in_order[_first_node]
assert _in_order == _so_far == _first == _paths

# The other direction


def forward_mode(output, by):
    """Slope of `output` by one node: the slope of each node follows from those of its inputs."""
    d_by = {}
    for node in autodiff.topological_order(output):
        d_by[node] = float(node is by) + sum(slope * d_by[parent] for parent, slope in node.inputs)
    return d_by[output]


def _both_ways(name, output):
    """A row for the cost of each direction; both must give the same gradients."""
    dL_d = autodiff.backward(output)
    inputs = [node for node in dL_d if node.made_by == "input"]
    edges = sum(len(node.inputs) for node in dL_d)
    assert all(abs(forward_mode(output, node) - dL_d[node]) < 1e-9 for node in inputs)
    return {
        "Graph": name,
        "Inputs, and passes in forward mode": f"{len(inputs)}",
        "Products in forward mode": spaced(len(inputs) * edges),
        "Products in reverse mode, one pass": f"{edges}",
    }


DIRECTIONS = [
    _both_ways("the worked example", graph["loss"]),
    _both_ways(f"{most_reuses} reuses", reuse(most_reuses)[1]),
]
inputs = int(DIRECTIONS[0]["Inputs, and passes in forward mode"])

# What another engine publishes: the expression in the README of karpathy/micrograd, and in its test


def tangle(a, b):
    """Sums, products, powers, quotients and ReLU of two nodes, most of them used several times."""
    c = a + b
    c = c + (c + 1)
    c = c + (1 + c - a)
    d = a * b + b**3
    d = d + (2 * d + autodiff.relu(b + a))
    d = d + (3 * d + autodiff.relu(b - a))
    f = (c - d) ** 2
    return f / 2 + 10 / f


_a, _b = Node(-4.0), Node(2.0)
_g = tangle(_a, _b)
_dg_d = autodiff.backward(_g)
_found = {"value": _g.value, "slope by `a`": _dg_d[_a], "slope by `b`": _dg_d[_b]}
_readme = {"value": "24.7041", "slope by `a`": "138.8338", "slope by `b`": "645.5773"}
PUBLISHED = [
    {"Of the tangle": name, "micrograd's README": _readme[name], "This engine": f"{value:.4f}"}
    for name, value in _found.items()
]
assert all(row["micrograd's README"] == row["This engine"] for row in PUBLISHED)
