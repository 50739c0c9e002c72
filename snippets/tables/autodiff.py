"""The engine on the worked example; what goes wrong without its order, and what the order saves."""

from pathlib import Path

from snippets import autodiff
from snippets import worked_example as example
from snippets.autodiff import Node, gradients_of, topological_order
from snippets.gradient_checking import central_difference
from snippets.tables import n, power_of_ten, spaced

_source = Path(autodiff.__file__).read_text(encoding="utf-8")
lines = sum(1 for line in _source.splitlines() if line.strip())  # but for the empty ones
assert lines <= 110

# The worked example: the engine against the gradients by hand


def worked_graph():
    """Nodes of the worked example by name, the loss last."""
    names = "x", "y", "W1", "b1", "W2", "b2"
    x, y, W1, b1, W2, b2 = (Node(getattr(example, name)) for name in names)
    z1 = W1 * x + b1
    a1 = z1.relu()
    z2 = W2 * a1 + b2
    a2 = z2.sigmoid()
    loss = (a2 - y) ** 2
    return dict(x=x, W1=W1, b1=b1, z1=z1, a1=a1, W2=W2, b2=b2, z2=z2, a2=a2, y=y, loss=loss)


TOLERANCE = 1e-14
tolerance = power_of_ten(TOLERANCE)
graph = worked_graph()
dL_d = gradients_of(graph["loss"])
nodes = len(dL_d)
by_hand = {name: getattr(example, f"dL_d{name}", None) for name in graph}
WORKED = [
    {
        "Node": f"`{name}`",
        "Value": n(node.value),
        "`dL_d[node]`": n(dL_d[node]),
        "By hand": "–" if by_hand[name] is None else n(by_hand[name]),
    }
    for name, node in graph.items()
]
_errors = [node.value - getattr(example, name) for name, node in graph.items()]
_errors += [dL_d[graph[name]] - slope for name, slope in by_hand.items() if slope is not None]
by_hand_count = len(_errors) - len(graph)
assert by_hand_count == 8 and max(map(abs, _errors)) < TOLERANCE

# A second call, and what it leaves where gradients are stored and added up
twice = [gradients_of(graph["loss"])[graph["W1"]] for _ in range(2)]
added_up = sum(twice)
assert twice[0] == twice[1] == dL_d[graph["W1"]]

# The order: one node that is used twice


def counterexample(start=1.0):
    """The nodes `a, b, c, d, e`; `b` is used twice."""
    a = Node(start)
    b = a * 2
    c = b * 3
    d = b * 4
    e = c + d
    return a, b, c, d, e


def all_so_far(node, dL_d):
    """Wrong: when something arrives, a node hands on all that it has.

    Yields the visits.
    """
    yield node
    for parent, slope in node.inputs:
        dL_d[parent] = dL_d.get(parent, 0.0) + dL_d[node] * slope
        yield from all_so_far(parent, dL_d)


def first_visit_only(node, dL_d, met):
    """Wrong: a node hands on what it has when first reached, no more.

    Yields the visits.
    """
    if node not in met:
        met.add(node)
        yield node
        for parent, slope in node.inputs:
            dL_d[parent] = dL_d.get(parent, 0.0) + dL_d[node] * slope
            yield from first_visit_only(parent, dL_d, met)


def along_every_path(node, share, dL_d):
    """Right, but slow: each share that arrives is handed on by itself.

    Returns how many visits it made.
    """
    dL_d[node] = dL_d.get(node, 0.0) + share
    visits = 1
    for parent, slope in node.inputs:
        visits += along_every_path(parent, share * slope, dL_d)
    return visits


def in_four_ways(first, last):
    """Four ways to hand on the blame: visits, and the gradient at the first node."""
    ordered, so_far, first_only, paths = gradients_of(last), {last: 1.0}, {last: 1.0}, {}
    counts = (
        len(ordered),
        len(list(all_so_far(last, so_far))),
        len(list(first_visit_only(last, first_only, set()))),
        along_every_path(last, 1.0, paths),
    )
    return counts, [dL_d[first] for dL_d in (ordered, so_far, first_only, paths)]


a, b, c, d, e = counterexample()
nudged = central_difference(lambda start: counterexample(start)[-1].value, 1.0)
_how = [
    "each node once, when all that it will get has arrived (topological order)",
    "a node hands on all it has so far, whenever something arrives",
    "a node hands on what it has when it is first reached, and never again",
    "a node hands on each share by itself, path by path",
]
_counts, _gradients = in_four_ways(a, e)
ORDER = [
    {
        "How the blame is handed on": how,
        "Visits": f"{count}",
        "Gradient with respect to `a`": n(gradient),
        "Verdict": "right" if abs(gradient - nudged) < 1e-8 else "**wrong**",
    }
    for how, count, gradient in zip(_how, _counts, _gradients)
]
right, too_much, too_little, _ = _gradients
assert _gradients == [14, 20, 6, 14] and abs(nudged - 14) < 1e-8

# What the order saves


def reuse(times):
    """The first node and the last: used twice, and so many times again."""
    first = last = Node(1.0)
    for _ in range(times):
        last = Node(0.75) * last + Node(0.5) * last
    return first, last


EXPLOSION = []
for times in (1, 2, 5, 10, 15):
    _first, _last = reuse(times)
    _paths, _swept = {}, gradients_of(_last)
    most_reuses, most_nodes = times, len(_swept)
    most_calls = along_every_path(_last, 1.0, _paths)
    EXPLOSION.append(
        {
            "Reuses": f"{times}",
            "Paths from the first node to the last": spaced(2**times),
            "Visits, path by path": spaced(most_calls),
            "Visits in topological order": spaced(most_nodes),
        }
    )
    assert abs(_paths[_first] - 1.25**times) < 1e-9 > abs(_swept[_first] - 1.25**times)
    assert most_calls == 6 * 2**times - 5 and most_nodes == 5 * times + 1

# A chain that is too long for recursion, and one where every order will do

LONG, SHORT = 10_000, 5


def chain(length, factor):
    """The first node and the last: multiplied by the factor so many times."""
    first = last = Node(1.0)
    for _ in range(length):
        last = last * factor
    return first, last


_first, _last = chain(LONG, 1 - 1 / LONG)
chain_gradient, chain_expected = gradients_of(_last)[_first], (1 - 1 / LONG) ** LONG
try:
    recursion_ends = f"{along_every_path(_last, 1.0, {})} visits"
except RecursionError as error:
    recursion_ends = type(error).__name__
assert abs(chain_gradient - chain_expected) < 1e-9 and recursion_ends == "RecursionError"

plain, *_others = in_four_ways(*chain(SHORT, 0.5))[1]
assert _others == 3 * [plain]

# The other direction


def forward_mode(output, by):
    """Slope of `output` with respect to one node, from the inputs on."""
    d_by = {}
    for node in topological_order(output):
        d_by[node] = 1.0 if node is by else 0.0
        for parent, slope in node.inputs:
            d_by[node] += slope * d_by[parent]
    return d_by[output]


DIRECTIONS = []
for _name, _output in {
    "the worked example": graph["loss"],
    f"{most_reuses} reuses": reuse(most_reuses)[1],
}.items():
    _gradients = gradients_of(_output)
    _inputs = [node for node in _gradients if node.made_by == "input"]
    _edges = sum(len(node.inputs) for node in _gradients)
    DIRECTIONS.append(
        {
            "Graph": _name,
            "Inputs, and passes in forward mode": f"{len(_inputs)}",
            "Products in forward mode": spaced(len(_inputs) * _edges),
            "Products in reverse mode, one pass": f"{_edges}",
        }
    )
    assert all(abs(forward_mode(_output, node) - _gradients[node]) < 1e-9 for node in _inputs)

# What another engine publishes: the expression in the README of karpathy/micrograd, and in its test


def tangle(a, b):
    """Sums, products, powers, quotients and ReLU of two nodes, most of them used several times."""
    c = a + b
    c = c + (c + 1)
    c = c + (1 + c - a)
    d = a * b + b**3
    d = d + (2 * d + (b + a).relu())
    d = d + (3 * d + (b - a).relu())
    f = (c - d) ** 2
    return f / 2 + 10 / f


_a, _b = Node(-4.0), Node(2.0)
_g = tangle(_a, _b)
_dg_d = gradients_of(_g)
_found = {"value": _g.value, "with respect to `a`": _dg_d[_a], "with respect to `b`": _dg_d[_b]}
_readme = {"value": "24.7041", "with respect to `a`": "138.8338", "with respect to `b`": "645.5773"}
PUBLISHED = [
    {"Of the tangle": name, "micrograd's README": _readme[name], "This engine": f"{value:.4f}"}
    for name, value in _found.items()
]
assert all(row["micrograd's README"] == row["This engine"] for row in PUBLISHED)
