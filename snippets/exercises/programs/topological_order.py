"""To write: the order of the way back, and the way back.

Test it with `python -m doctest topological_order.py`: no output means that
all is well.
"""


def topological_order(inputs, output):
    """A list of `output` and all that it is made of, inputs first.

    `inputs` has for each name a dict: the names it is made of, each with
    its slope. A name without an entry is where the graph begins. No name
    comes twice.

    >>> graph = {"e": {"c": 1, "d": 1}, "c": {"b": 3}, "d": {"b": 4}}
    >>> order = topological_order(graph, "e")
    >>> sorted(order), order[0], order[-1]
    (['b', 'c', 'd', 'e'], 'b', 'e')
    >>> topological_order({}, "x")
    ['x']
    """
    order = []

    def visit(name):
        for part in inputs.get(name, {}):
            if part not in order:
                visit(part)
        order.append(name)

    visit(output)
    return order


def gradients(inputs, output):
    """The gradient of `output` with respect to each name, a dict.

    >>> graph = {"e": {"c": 1, "d": 1}, "c": {"b": 3}, "d": {"b": 4}}
    >>> graph["b"] = {"a": 2}
    >>> gradients(graph, "e")["a"]
    14
    >>> diamonds = {k: {k - 1: 1, -k: 1} for k in range(1, 31)}
    >>> diamonds |= {-k: {k - 1: 1} for k in range(1, 31)}
    >>> gradients(diamonds, 30)[0] == 2**30
    True
    """
    found = {output: 1}
    for name in reversed(topological_order(inputs, output)):
        for part, slope in inputs.get(name, {}).items():
            found[part] = found.get(part, 0) + found[name] * slope
    return found
