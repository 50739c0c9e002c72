"""Automatic differentiation in reverse mode: a graph, and one walk back.

>>> x, y = Node(3.0), Node(4.0)
>>> loss = x * y + relu(x - 1) ** 2
>>> dL_d = backward(loss)
>>> loss, dL_d[x], dL_d[y]
(Node(16.0), 8.0, 3.0)
"""

import math
from numbers import Real


def operation(name, rule):
    """An operation on nodes and plain numbers, from a rule for floats.

    `rule` returns the value, then its slope by each argument. It raises
    what `math` raises, such as ValueError for log(0).
    """

    def on_nodes(*xs):
        values = [x.value if isinstance(x, Node) else number(x) for x in xs]
        value, *slopes = rule(*values)
        pairs = zip(xs, slopes)
        inputs = [(x, slope) for x, slope in pairs if isinstance(x, Node)]
        return Node(value, inputs, name)

    return on_nodes


def number(x):
    """`x` as a float; what is not one real number raises TypeError."""
    if not isinstance(x, Real):
        raise TypeError(f"expected a real number, not {type(x).__name__}")
    return float(x)


def _sigmoid(a):  # of powers of at most 1
    return math.exp(min(a, 0.0)) / (1 + math.exp(-abs(a)))


# Forward and backward side by side: the value of each operation, then the
# slope of this value by each input.
add = operation("add", lambda a, b: (a + b, 1.0, 1.0))
subtract = operation("subtract", lambda a, b: (a - b, 1.0, -1.0))
multiply = operation("multiply", lambda a, b: (a * b, b, a))
divide = operation("divide", lambda a, b: (a / b, 1 / b, -a / b / b))
negate = operation("negate", lambda a: (-a, -1.0))
exp = operation("exp", lambda a: (math.exp(a), math.exp(a)))
log = operation("log", lambda a: (math.log(a), 1 / a))
relu = operation("relu", lambda a: (max(a, 0.0), float(a > 0)))
tanh = operation("tanh", lambda a: (math.tanh(a), 1 - math.tanh(a) ** 2))
sigmoid = operation("sigmoid", lambda a: (_sigmoid(a), _sigmoid(a) * _sigmoid(-a)))
power = operation(
    "power",
    lambda a, b: (
        math.pow(a, b),
        b * math.pow(a, b - 1) if b else 0.0,
        math.pow(a, b) * math.log(a) if a > 0 else math.nan,
    ),
)


class Node:
    """A number in a graph: its value, and the nodes it was made from.

    Each of these `inputs` comes with the slope of the value by it.
    `Node(2.0)` begins a graph; operations make all the other nodes. A node
    is equal only to itself, and stays as it is.
    """

    __slots__ = "value", "inputs", "made_by"
    __array_ufunc__ = None  # so that NumPy leaves `array * node` to us
    __add__, __sub__, __mul__ = add, subtract, multiply
    __truediv__, __pow__, __neg__ = divide, power, negate
    __radd__, __rmul__ = add, multiply  # r: with a plain number on the left

    def __rsub__(self, other):
        return subtract(other, self)

    def __rtruediv__(self, other):
        return divide(other, self)

    def __rpow__(self, other):
        return power(other, self)

    def __init__(self, value, inputs=(), made_by="input"):
        self.value, self.inputs = number(value), tuple(inputs)
        self.made_by = made_by

    def __repr__(self):
        return f"Node({self.value})"


def topological_order(output):
    """`output` and all nodes that it was made from, each after its inputs.

    A depth-first search without recursion; `output` is the last.

    >>> topological_order(Node(2.0) + 3)
    [Node(2.0), Node(5.0)]
    """
    order, met, stack = [], set(), [(output, False)]
    while stack:
        node, inputs_done = stack.pop()
        if inputs_done:
            order.append(node)
        elif node not in met:
            met.add(node)
            stack.append((node, True))  # again, when its inputs are done
            stack.extend((parent, False) for parent, _ in node.inputs)
    return order


def backward(output):
    """Gradient of `output` by each node it was made from, as a new dict."""
    if not isinstance(output, Node):
        kind = type(output).__name__
        raise TypeError(f"expected a Node, not {kind}: was it made from any Node?")
    dL_d = {output: 1.0}
    for node in reversed(topological_order(output)):
        for parent, slope in node.inputs:
            dL_d[parent] = dL_d.get(parent, 0.0) + dL_d[node] * slope
    return dL_d
