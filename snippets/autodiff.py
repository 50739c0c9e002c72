"""Automatic differentiation in reverse mode: a graph, and one walk back.

>>> x, y = Node(3.0), Node(4.0)
>>> loss = x * y + (x - 1).relu() ** 2
>>> dL_d = gradients_of(loss)
>>> loss, dL_d[x], dL_d[y]
(Node(16.0), 8.0, 3.0)
"""

import math
from numbers import Real


class Node:
    """A number in a graph: its value, and the nodes it was made from.

    `Node(2.0)` begins a graph; operations make all other nodes. Each of the
    `inputs` is a pair: a node, and the slope of the value with respect to
    it. A node is equal only to itself, and stays as it is.
    """

    __slots__ = "value", "made_by", "inputs"
    __array_ufunc__ = None  # so that NumPy leaves `array * node` to us

    def __init__(self, value, made_by="input", *inputs):
        _check_number(value)
        self.value, self.made_by = float(value), made_by
        # a plain number is no node, and gets no gradient
        self.inputs = [pair for pair in inputs if isinstance(pair[0], Node)]

    def __repr__(self):
        return f"Node({self.value})"

    # Each operation: its value, then each input with its slope. They raise
    # what `math` raises, such as ValueError for the logarithm of 0.

    def __add__(self, other):
        a, b = self.value, value_of(other)
        return Node(a + b, "add", (self, 1.0), (other, 1.0))

    def __sub__(self, other):
        a, b = self.value, value_of(other)
        return Node(a - b, "subtract", (self, 1.0), (other, -1.0))

    def __mul__(self, other):
        a, b = self.value, value_of(other)
        return Node(a * b, "multiply", (self, b), (other, a))

    def __truediv__(self, other):
        a, b = self.value, value_of(other)
        return Node(a / b, "divide", (self, 1 / b), (other, -a / b / b))

    def __pow__(self, other):
        a, b = self.value, value_of(other)
        power = math.pow(a, b)
        by_a = b * math.pow(a, b - 1) if b else 0.0
        by_b = power * math.log(a) if a > 0 else math.nan
        return Node(power, "power", (self, by_a), (other, by_b))

    def __neg__(self):
        return Node(-self.value, "negate", (self, -1.0))

    def exp(self):
        exp = math.exp(self.value)
        return Node(exp, "exp", (self, exp))

    def log(self):
        return Node(math.log(self.value), "log", (self, 1 / self.value))

    def relu(self):
        a = self.value
        return Node(max(a, 0.0), "relu", (self, float(a > 0)))

    def tanh(self):
        tanh = math.tanh(self.value)
        return Node(tanh, "tanh", (self, 1 - tanh**2))

    def sigmoid(self):
        a = self.value
        e = math.exp(-abs(a))  # at most 1: no overflow
        sigmoid = math.exp(min(a, 0.0)) / (1 + e)
        return Node(sigmoid, "sigmoid", (self, e / (1 + e) ** 2))

    # With a plain number on the left: Python asks the node on the right.

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other):
        return Node(other) - self

    def __rtruediv__(self, other):
        return Node(other) / self

    def __rpow__(self, other):
        return Node(other) ** self


def value_of(x):
    """The value of a node; of a plain number the number, as a float."""
    if isinstance(x, Node):
        return x.value
    _check_number(x)
    return float(x)


def topological_order(output):
    """`output` and all nodes it was made from, each after its inputs.

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
            for parent, _ in node.inputs:
                stack.append((parent, False))
    return order


def gradients_of(output):
    """A dict: for each node, `output`'s gradient with respect to it."""
    _check_node(output)
    order = topological_order(output)
    gradients = dict.fromkeys(order, 0.0)
    gradients[output] = 1.0
    for node in reversed(order):
        for parent, slope in node.inputs:
            gradients[parent] += gradients[node] * slope
    return gradients


def _check_number(x):
    if type(x) is not float and not isinstance(x, Real):
        raise TypeError(f"expected a real number, not {type(x).__name__}")


def _check_node(x):
    if not isinstance(x, Node):
        raise TypeError(f"expected a Node, not {type(x).__name__}")
