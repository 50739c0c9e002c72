"""The engine: against PyTorch, against differences with forty digits, against published values, and to its limits."""

import ast
import gc
import math
import operator
import random
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from conftest import ROOT, needs
from oracles import gradient_of

from snippets import autodiff, worked_example
from snippets.autodiff import Node, backward, topological_order
from snippets.tables import autodiff as tables

pytestmark = pytest.mark.filterwarnings("error")


class Floats:
    exp, log, tanh = staticmethod(math.exp), staticmethod(math.log), staticmethod(math.tanh)

    def relu(self, a):
        return (a + abs(a)) / 2

    def sigmoid(self, a):
        return 0.5 * (1 + math.tanh(a / 2))


class Digits(Floats):
    """Numbers of mpmath, with as many digits as asked for."""

    exp, log, tanh = staticmethod(mpmath.exp), staticmethod(mpmath.log), staticmethod(mpmath.tanh)

    def sigmoid(self, a):
        return 1 / (1 + mpmath.exp(-a))


# Programs drawn at random: a list of (operation, place of an argument, place of another), the same for all who run it

OPERATIONS = [
    lambda f, a, b: a + b, lambda f, a, b: a - b, lambda f, a, b: a * b, lambda f, a, b: a / b,
    lambda f, a, b: (1 + a * a) ** b, lambda f, a, b: -a, lambda f, a, b: f.relu(a), lambda f, a, b: f.exp(a),
    lambda f, a, b: f.log(a), lambda f, a, b: f.tanh(a), lambda f, a, b: f.sigmoid(a),
    lambda f, a, b: a + 2, lambda f, a, b: 3 + a, lambda f, a, b: a - 1.5, lambda f, a, b: 0.5 - a,
    lambda f, a, b: a * 3, lambda f, a, b: -2 * a, lambda f, a, b: a / 4, lambda f, a, b: 2 / a,
    lambda f, a, b: a**3, lambda f, a, b: a**-2, lambda f, a, b: 1.5**a,
]  # fmt: skip


def values_of(program, f, inputs):
    """What each step gives; the last adds up three of them."""
    values = list(inputs)
    for which, i, j in program:
        values.append(OPERATIONS[which](f, values[i], values[j]))
    return [*values, values[-1] + values[-2] * values[-3]]


def random_program(seed):
    """Inputs, and a program that stays within moderate numbers. Later steps like recent numbers, and use them again."""
    rng = random.Random(seed)
    inputs = [rng.uniform(-2, 2) for _ in range(3)]
    program, values, wanted = [], list(inputs), rng.randint(3, 30)
    while len(program) < wanted:
        places = range(max(0, len(values) - 6), len(values))
        step = rng.randrange(len(OPERATIONS)), rng.choice(places), rng.choice(places)
        try:
            value = OPERATIONS[step[0]](Floats(), values[step[1]], values[step[2]])
        except (ValueError, ZeroDivisionError, OverflowError):
            continue
        if abs(value) < 20:
            program.append(step)
            values.append(value)
    return inputs, program


def assert_near(ours, theirs, rtol):
    scale = max(map(abs, theirs))
    np.testing.assert_allclose(ours, theirs, rtol=rtol, atol=rtol * 1e-3 * scale)


@pytest.mark.parametrize("seed", range(5000, 5060))
def test_random_graphs_agree_with_differences_of_forty_digits(seed):
    inputs, program = random_program(seed)
    nodes = [Node(x) for x in inputs]
    dL_d = backward(values_of(program, autodiff, nodes)[-1])
    with mpmath.workdps(40):
        step = mpmath.mpf(10) ** -12
        for i, node in enumerate(nodes):
            up, down = ([mpmath.mpf(x) + sign * step * (k == i) for k, x in enumerate(inputs)] for sign in (1, -1))
            slope = (values_of(program, Digits(), up)[-1] - values_of(program, Digits(), down)[-1]) / (2 * step)
            assert dL_d.get(node, 0.0) == pytest.approx(float(slope), rel=1e-8, abs=1e-9 * max(map(abs, dL_d.values())))


# Each operation by itself, also far out

UNARY = {
    "negate": (operator.neg, lambda a: -a, [-2.5, 0.0, 3.0]),
    "exp": (autodiff.exp, mpmath.exp, [-800.0, -1.0, 0.0, 2.0, 700.0]),
    "log": (autodiff.log, mpmath.log, [1e-300, 0.5, 1.0, 1e300]),
    "tanh": (autodiff.tanh, mpmath.tanh, [-2.0, -1e-9, 0.0, 0.7, 5.0]),
    "sigmoid": (autodiff.sigmoid, lambda a: 1 / (1 + mpmath.exp(-a)), [-1000.0, -700.0, -40.0, -1.0, 0.0, 0.25, 40.0, 700.0, 1000.0]),
    "relu": (autodiff.relu, lambda a: mpmath.mpf(a > 0) * a, [-3.0, -1e-5, 1e-5, 0.5, 4.0]),
    "square": (lambda a: a**2, lambda a: a**2, [-3.0, 0.0, 2.0]),
    "root": (lambda a: a**0.5, mpmath.sqrt, [0.25, 2.0]),
    "reciprocal": (lambda a: a**-1, lambda a: 1 / a, [-3.0, 0.5]),
    "power of two": (lambda a: 2**a, lambda a: mpmath.mpf(2) ** a, [-2.0, 0.0, 3.0]),
    "from three": (lambda a: 3 - a, lambda a: 3 - a, [-2.0, 3.0]),
    "less three": (lambda a: a - 3, lambda a: a - 3, [-2.0, 3.0]),
    "by three": (lambda a: a / 3, lambda a: a / 3, [-2.0, 3.0]),
    "three by": (lambda a: 3 / a, lambda a: 3 / a, [-2.0, 3.0]),
}  # fmt: skip
BINARY = {
    "add": (operator.add, [(2.0, -3.0), (0.0, 0.0)]),
    "subtract": (operator.sub, [(2.0, -3.0), (0.0, 1.0)]),
    "multiply": (operator.mul, [(2.0, -3.0), (0.0, 5.0)]),
    "divide": (operator.truediv, [(2.0, -3.0), (0.0, 5.0), (1e-200, 1e-200), (1.0, 1e100)]),
    "power": (operator.pow, [(2.0, -3.0), (0.5, 0.5), (3.0, 0.0), (1.5, 4.0)]),
}  # fmt: skip


def slope_of(f, at):
    with mpmath.workdps(1000):
        h = mpmath.mpf(10) ** -400
        return float((f(mpmath.mpf(at) + h) - f(mpmath.mpf(at) - h)) / (2 * h))


@pytest.mark.parametrize("name, at", [(name, at) for name in UNARY for at in UNARY[name][2]])
def test_operation_of_one_number_and_its_slope(name, at):
    ours, exact, _ = UNARY[name]
    x = Node(at)
    y = ours(x)
    with mpmath.workdps(400):
        assert y.value == pytest.approx(float(exact(mpmath.mpf(at))), rel=1e-14, abs=0)
    tolerance = {"tanh": 1e-11}.get(name, 1e-13)  # 1 - tanh² loses digits far out
    assert backward(y)[x] == pytest.approx(slope_of(exact, at), rel=tolerance, abs=0)


@pytest.mark.parametrize("name, a, b", [(name, *pair) for name in BINARY for pair in BINARY[name][1]])
def test_operation_of_two_numbers_and_its_slopes(name, a, b):
    f = BINARY[name][0]
    x, y = Node(a), Node(b)
    z = f(x, y)
    assert z.value == f(a, b) and z.made_by == name
    dz_d = backward(z)
    assert dz_d[x] == pytest.approx(slope_of(lambda x: f(x, mpmath.mpf(b)), a), rel=1e-14)
    assert dz_d[y] == pytest.approx(slope_of(lambda y: f(mpmath.mpf(a), y), b), rel=1e-14)


def test_slope_of_relu_at_0_is_that_of_pytorch():
    x = Node(0.0)
    assert backward(autodiff.relu(x))[x] == 0.0
    needs("torch")
    import torch

    tensor = torch.zeros((), requires_grad=True)
    torch.relu(tensor).backward()
    assert tensor.grad.item() == 0.0


@pytest.mark.parametrize("base, exponent, slope", [(0.0, 0, 0.0), (5.0, 0, 0.0), (0.0, 1, 1.0), (0.0, 2, 0.0), (-2.0, 3, 12.0)])
def test_whole_powers_of_any_base(base, exponent, slope):
    x = Node(base)
    assert (x**exponent).value == base**exponent
    assert backward(x**exponent)[x] == slope


@pytest.mark.parametrize("base", [-2.0, 0.0])
def test_exponent_has_no_slope_where_the_base_is_not_positive(base):
    x, y = Node(base), Node(2.0)
    dz_d = backward(x**y)
    assert dz_d[x] == 2 * base and math.isnan(dz_d[y])


def test_integers_fractions_and_numbers_of_numpy_count_as_numbers():
    for two in (2, Fraction(2), np.float32(2), np.int64(2), np.float64(2), True + 1):
        x = Node(3)
        for y, value, slope in ((x * two, 6, 2), (two * x, 6, 2), (two - x, -1, -1), (two / x, 2 / 3, -2 / 9), (x**two, 9, 6)):
            assert type(y) is Node and type(y.value) is float
            assert (y.value, backward(y)[x]) == pytest.approx((value, slope))
        assert type(Node(two).value) is float


def test_sums_and_assignments_in_place_make_new_nodes():
    x = Node(3.0)
    y = x
    y += 1
    y *= x
    assert (x.value, y.value, backward(y)[x]) == (3.0, 12.0, 7.0)
    assert backward(sum([x, x, y]))[x] == 9.0


# What others have published


def test_the_two_expressions_that_micrograd_tests_give_its_values_and_those_of_pytorch():
    """karpathy/micrograd, test/test_engine.py and README.md: the values printed there, and -20 and 46 by hand."""
    needs("torch")
    import torch

    def sanity(x, f):
        z = 2 + x + 2 * x
        q = z * x + f.relu(z)
        return q * x + f.relu(z * z) + q

    def more(a, b, f):
        c, d = a + b, b**3 + a * b
        c = 1 + (c + c)
        c = (c + 1 + c) - a
        d = d * 2 + d + f.relu(a + b)
        d = 3 * d + d + f.relu(b - a)
        squared = (c - d) ** 2
        return squared / 2 + 10 / squared

    def both(function, *inputs):
        for f, start in ((autodiff, Node), (torch, lambda x: torch.tensor(x, dtype=torch.float64, requires_grad=True))):
            started = [start(x) for x in inputs]
            y = function(*started, f)
            if f is torch:
                y.backward()
                yield [y.item(), *(x.grad.item() for x in started)]
            else:
                yield [y.value, *(backward(y)[x] for x in started)]

    ours, theirs = both(sanity, -4.0)
    assert ours == theirs == [-20.0, 46.0]
    ours, theirs = both(more, -4.0, 2.0)
    assert ours == pytest.approx(theirs, rel=1e-12)
    assert [round(value, 4) for value in ours] == [24.7041, 138.8338, 645.5773]


def test_the_article_s_example():
    graph = tables.worked_graph()
    dL_d = backward(graph["loss"])
    for name, node in graph.items():
        assert node.value == pytest.approx(getattr(worked_example, name), rel=1e-14)
        if hasattr(worked_example, f"dL_d{name}"):
            assert dL_d[node] == pytest.approx(getattr(worked_example, f"dL_d{name}"), rel=1e-14)
    assert len(dL_d) == 14

    def loss(v):
        x, y, W1, b1, W2, b2 = v
        return (1 / (1 + math.exp(-(W2 * max(0.0, W1 * x + b1) + b2))) - y) ** 2

    names = "x", "y", "W1", "b1", "W2", "b2"
    measured = gradient_of(loss, [getattr(worked_example, name) for name in names])
    assert [dL_d[graph[name]] for name in names] == pytest.approx(measured.tolist(), rel=1e-9)


# A thousand graphs against PyTorch, and what the random graphs are like


@pytest.mark.parametrize("hundred", range(10))
def test_a_thousand_random_graphs_give_the_gradients_of_pytorch(hundred):
    needs("torch")
    import torch

    for seed in range(100 * hundred, 100 * hundred + 100):
        inputs, program = random_program(seed)
        nodes = values_of(program, autodiff, map(Node, inputs))
        tensors = values_of(program, torch, [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in inputs])
        dL_d = backward(nodes[-1])
        expected = torch.autograd.grad(tensors[-1], tensors, allow_unused=True)
        assert [node in dL_d for node in nodes] == [gradient is not None for gradient in expected], seed
        assert_near([node.value for node in nodes], [tensor.item() for tensor in tensors], 1e-11)
        reached = [(dL_d[node], gradient.item()) for node, gradient in zip(nodes, expected) if gradient is not None]
        assert_near(*zip(*reached), 1e-8)


def test_random_graphs_reuse_their_nodes_and_have_every_operation():
    programs = [random_program(seed)[1] for seed in range(1000)]
    assert {which for program in programs for which, *_ in program} == set(range(len(OPERATIONS)))
    made_by, reused = set(), 0
    for seed in range(100):
        inputs, program = random_program(seed)
        order = topological_order(values_of(program, autodiff, map(Node, inputs))[-1])
        uses = [parent for node in order for parent, _ in node.inputs]
        made_by |= {node.made_by for node in order}
        reused += len(uses) > len(set(uses))
    assert reused > 90
    assert made_by == {"input", "add", "subtract", "multiply", "divide", "power", "negate", "exp", "log", "relu", "tanh", "sigmoid"}


# The graph and its order


def diamond(a):
    b = a * 2
    c, d = b * 3, b * 4
    return b, c, d, c + d


def test_every_node_has_a_gradient_and_a_node_that_is_used_twice_the_sum_of_both():
    a = Node(5.0)
    b, c, d, e = diamond(a)
    assert backward(e) == {e: 1, c: 1, d: 1, b: 7, a: 14}
    assert list(backward(e))[0] is e


@pytest.mark.parametrize("function, slope", [(lambda x: x * x, 6), (lambda x: x + x, 2), (lambda x: x - x, 0), (lambda x: x / x, 0),
                                             (lambda x: x**x, 27 * (1 + math.log(3)))])  # fmt: skip
def test_a_node_that_is_both_inputs_of_one_operation(function, slope):
    x = Node(3.0)
    assert backward(function(x))[x] == pytest.approx(slope, abs=1e-15)


def test_an_input_is_its_own_graph():
    x = Node(3.0)
    assert backward(x) == {x: 1.0} and topological_order(x) == [x] and x.inputs == () and x.made_by == "input"


@pytest.mark.parametrize("seed", range(50))
def test_order_has_each_node_that_was_used_once_and_after_its_inputs(seed):
    inputs, program = random_program(seed)
    nodes = values_of(program, autodiff, map(Node, inputs))
    order = topological_order(nodes[-1])
    place = {node: i for i, node in enumerate(order)}
    assert len(place) == len(order) and order[-1] is nodes[-1]
    assert all(place[parent] < place[node] for node in order for parent, _ in node.inputs)
    used = {nodes[-1]}
    for node in reversed(order):
        if node in used:
            used.update(parent for parent, _ in node.inputs)
    assert used == set(order)


def test_plain_numbers_get_no_node():
    x = Node(3.0)
    y = 2 * x + 1
    assert len(topological_order(y)) == 3
    assert [slope for _, slope in y.inputs] == [1.0]


def test_calling_backward_again_gives_the_same_and_leaves_no_trace():
    x, y = Node(3.0), Node(4.0)
    z = x * y
    loss = z * z + x
    before = [(node, node.value, node.inputs) for node in topological_order(loss)]
    first = backward(loss)
    copy = dict(first)
    assert backward(z) == {z: 1, x: 4, y: 3}
    second = backward(loss)
    assert second == copy == first and second is not first
    second[x] = None
    assert backward(loss) == copy
    assert before == [(node, node.value, node.inputs) for node in topological_order(loss)]
    with pytest.raises(AttributeError):
        x.grad = 1.0  # there is nowhere to store one


def test_node_that_had_no_part_has_no_gradient():
    x, y = Node(1.0), Node(2.0)
    with pytest.raises(KeyError):
        backward(x * 2)[y]


def test_gradient_is_linear_in_what_is_differentiated():
    for seed in range(50):
        inputs, program = random_program(seed)
        nodes = values_of(program, autodiff, map(Node, inputs))
        f, g = nodes[-2], nodes[-3]
        df_d, dg_d, both = backward(f), backward(g), backward(3 * f - g / 2)
        for node in both.keys() & (df_d.keys() | dg_d.keys()):
            expected = 3 * df_d.get(node, 0.0) - dg_d.get(node, 0.0) / 2
            scale = abs(3 * df_d.get(node, 0.0)) + abs(dg_d.get(node, 0.0))
            assert both[node] == pytest.approx(expected, rel=1e-9, abs=1e-9 * scale)


def count_nodes():
    gc.collect()
    return sum(type(thing) is Node for thing in gc.get_objects())


def test_chain_of_a_hundred_thousand_nodes_forward_backward_and_deleted():
    length, before = 100_000, count_nodes()
    x = y = Node(2.0)
    for _ in range(length):
        y = y * 1.00001
    gradient = backward(y)
    assert len(gradient) == length + 1 and topological_order(y)[0] is x
    assert gradient[x] == pytest.approx(math.exp(length * math.log(1.00001)), rel=1e-9)
    assert y.value == pytest.approx(2 * gradient[x]) and repr(y) == f"Node({y.value})"
    assert count_nodes() == before + length + 1
    del gradient, y
    assert count_nodes() == before + 1


def test_two_hundred_reuses_take_no_longer_than_their_nodes():
    x = y = Node(1.0)
    for _ in range(200):
        y = y + y * 0.25
    assert backward(y)[x] == pytest.approx(1.25**200) and len(topological_order(y)) == 401


# Mistakes


@pytest.mark.parametrize("mistake, kind", [
    (lambda x: x + "1", "str"), (lambda x: "1" * x, "str"), (lambda x: x * None, "NoneType"), (lambda x: [1.0] + x, "list"),
    (lambda x: x * np.ones(2), "ndarray"), (lambda x: np.ones(2) * x, "ndarray"), (lambda x: np.ones((2, 2)) - x, "ndarray"),
    (lambda x: x**1j, "complex"), (lambda x: 1j / x, "complex"), (lambda x: autodiff.exp("1"), "str"),
    (lambda x: Node("1"), "str"), (lambda x: Node(x), "Node"), (lambda x: Node([1.0]), "list"), (lambda x: "1" ** x, "str"),
])  # fmt: skip
def test_what_is_not_one_real_number_is_refused_by_name(mistake, kind):
    with pytest.raises(TypeError, match=f"^expected a real number, not {kind}$"):
        mistake(Node(2.0))


def test_what_is_not_a_node_has_no_gradient():
    with pytest.raises(TypeError, match="^expected a Node, not float: was it made from any Node[?]$"):
        backward(2.0)


@pytest.mark.parametrize("mistake, error", [
    (lambda x: autodiff.log(x - 2), ValueError), (lambda x: autodiff.log(-x), ValueError), (lambda x: (-x) ** 0.5, ValueError),
    (lambda x: 1 / (x - 2), ZeroDivisionError), (lambda x: x / 0, ZeroDivisionError), (lambda x: (x - 2) ** -1, ValueError),
    (lambda x: autodiff.exp(1000 * x), OverflowError), (lambda x: x > 1, TypeError), (lambda x: (-1) ** (x / 4), ValueError),
])  # fmt: skip
def test_out_of_range_it_raises_and_does_not_go_on_with_a_wrong_number(mistake, error):
    with pytest.raises(error):
        mistake(Node(2.0))


def test_operations_work_on_plain_numbers_too_and_node_is_known_by_its_value():
    assert repr(autodiff.exp(0)) == "Node(1.0)" and autodiff.relu(-1).inputs == ()
    assert Node(2.0) != Node(2.0) and len({Node(2.0), Node(2.0)}) == 2


def test_the_engine_fits_on_a_page_imports_little_and_does_not_call_itself():
    source = (ROOT / "snippets/autodiff.py").read_text(encoding="utf-8")
    assert len([line for line in source.splitlines() if line.strip()]) <= 100
    tree = ast.parse(source)
    assert {ast.unparse(node) for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))} == {
        "import math", "from numbers import Real"}
    assert not any(isinstance(node, (ast.Global, ast.Nonlocal)) for node in ast.walk(tree))


def test_name_and_rule_of_an_operation_of_your_own():
    cube = autodiff.operation("cube", lambda a: (a**3, 3 * a * a))
    x = Node(2.0)
    y = cube(x)
    assert (y.value, y.made_by, backward(y)[x]) == (8.0, "cube", 12.0)
    assert autodiff.number(Fraction(1, 4)) == 0.25


# What the chapter shows: the tables and the figures


def cells(rows, heading):
    return [row[heading] for row in rows]


def test_counterexample_without_order_gives_the_wrong_gradients_that_the_chapter_names():
    assert (tables.right, tables.too_much, tables.too_little) == (14, 20, 6)
    assert cells(tables.ORDER, "Gradient by `a`") == ["14", "20", "6", "14"]
    assert cells(tables.ORDER, "Visits") == ["5", "7", "5", "7"]
    assert cells(tables.ORDER, "Verdict") == ["right", "**wrong**", "**wrong**", "right"]
    names = {node: name for name, node in zip("abcde", (tables.a, tables.b, tables.c, tables.d, tables.e))}
    walks = {key: "".join(names[node] for node in walk) for key, walk in tables.visits.items()}
    assert walks == {"ordered": "ecdba", "so_far": "ecbadba", "first": "ecbad", "paths": "ecbadba"}


def test_all_orders_agree_where_no_node_is_used_twice():
    x = Node(2.0)
    loss = autodiff.exp(-x * 3) / 7
    expected, so_far, first, paths = backward(loss), {loss: 1.0}, {loss: 1.0}, {}
    assert len(list(tables.all_so_far(loss, so_far))) == 5
    list(tables.first_visit_only(loss, first, set()))
    list(tables.along_every_path(loss, 1.0, paths))
    assert so_far == first == paths == expected
    assert (tables.SHORT, tables.plain) == (5, 1 / 32)


@pytest.mark.parametrize("seed", range(40))
def test_path_by_path_and_forward_mode_give_the_gradients_of_the_engine_on_small_random_graphs(seed):
    inputs, program = random_program(seed)
    nodes = values_of(program[:8], autodiff, map(Node, inputs))
    expected, paths = backward(nodes[-1]), {}
    list(tables.along_every_path(nodes[-1], 1.0, paths))
    scale = max(map(abs, expected.values()))
    assert paths == pytest.approx(expected, rel=1e-9, abs=1e-12 * scale)
    assert [tables.forward_mode(nodes[-1], node) for node in expected] == pytest.approx(list(expected.values()), rel=1e-9, abs=1e-12 * scale)
    assert tables.forward_mode(nodes[0], nodes[1]) == 0


def test_fifteen_reuses_take_196603_recursive_calls_against_76_nodes():
    first, last = tables.reuse(15)
    calls = 0

    def call(node):
        nonlocal calls
        calls += 1
        for parent, _ in node.inputs:
            call(parent)

    call(last)
    assert (calls, len(backward(last))) == (196_603, 76) == (tables.most_calls, tables.most_nodes)
    assert last.value == pytest.approx(1.25**15) and tables.most_reuses == 15
    assert cells(tables.EXPLOSION, "Reuses") == ["1", "2", "5", "10", "15"]
    assert cells(tables.EXPLOSION, "Paths from the first node to the last") == ["2", "4", "32", "1\u202f024", "32\u202f768"]
    assert cells(tables.EXPLOSION, "Visits, path by path") == ["7", "19", "187", "6\u202f139", "196\u202f603"]
    assert cells(tables.EXPLOSION, "Visits in topological order") == ["6", "11", "26", "51", "76"]


def test_forward_mode_takes_a_pass_for_each_input():
    rows = [list(row.values()) for row in tables.DIRECTIONS]
    assert rows == [["the worked example", "6", "78", "13"], ["15 reuses", "31", "2\u202f790", "90"]]
    assert tables.inputs == 6 and tables.nodes == 14


def test_long_chain_ends_the_recursion_and_not_the_engine():
    assert tables.LONG == 100_000 and tables.recursion_ends == "RecursionError"
    assert tables.chain_gradient == pytest.approx(math.exp(100_000 * math.log1p(-1e-5)), rel=1e-9)
    first, last = tables.chain(3, 0.25)
    assert last.value == backward(last)[first] == 0.25**3
    assert tables.chain_expected == pytest.approx(tables.chain_gradient)


def test_worked_table_has_all_nodes_and_eight_gradients_by_hand():
    rows = {row["Node"].strip("`"): row for row in tables.WORKED}
    assert list(rows) == ["x", "W1", "b1", "z1", "a1", "W2", "b2", "z2", "a2", "y", "loss"]
    for name, row in rows.items():
        value, gradient = (float(row[key].replace("−", "-")) for key in ("Value", "`dL_d[node]`"))
        assert value == pytest.approx(getattr(worked_example, name), rel=1e-5)
        by_hand = getattr(worked_example, f"dL_d{name}", None)
        assert row["By hand"] == ("–" if by_hand is None else row["`dL_d[node]`"])
        assert by_hand is None or gradient == pytest.approx(by_hand, rel=1e-5)
    assert tables.by_hand_count == 8 and tables.tolerance == "10<sup>−14</sup>" and tables.lines <= 100


def test_published_values_of_micrograd_are_those_of_the_engine():
    assert cells(tables.PUBLISHED, "This engine") == cells(tables.PUBLISHED, "micrograd's README") == ["24.7041", "138.8338", "645.5773"]
    a, b = 0.7, -1.3

    def plain(v):
        a, b = v
        c = 3 * a + 4 * b + 3
        d = 4 * (3 * (a * b + b**3) + max(a + b, 0.0)) + max(b - a, 0.0)
        return (c - d) ** 2 / 2 + 10 / (c - d) ** 2

    nodes = [Node(a), Node(b)]
    g = tables.tangle(*nodes)
    assert g.value == pytest.approx(plain([a, b]))
    assert [backward(g)[node] for node in nodes] == pytest.approx(gradient_of(plain, [a, b]).tolist(), rel=1e-8)


def texts(name):
    from test_figures import strings

    return strings(name)


def short(value):
    return f"{value:.3g}".replace("-", "−")


def test_figure_of_the_graph_shows_every_value_gradient_and_slope():
    from snippets.figures import autodiff_graph as figure

    e, shown = worked_example, texts("autodiff_graph")
    error = e.a2 - e.y
    boxes = {
        "x": (e.x, e.dL_dz1 * e.W1), "W1": (e.W1, e.dL_dW1), "b1": (e.b1, e.dL_db1), "W2": (e.W2, e.dL_dW2), "b2": (e.b2, e.dL_db2),
        "y": (e.y, -2 * error), "W1 · x": (e.W1 * e.x, e.dL_dz1), "z1 = W1 · x + b1": (e.z1, e.dL_dz1), "a1 = ReLU(z1)": (e.a1, e.dL_da1),
        "W2 · a1": (e.W2 * e.a1, e.dL_dz2), "z2 = W2 · a1 + b2": (e.z2, e.dL_dz2), "a2 = σ(z2)": (e.a2, e.dL_da2),
        "a2 − y": (error, 2 * error), "loss = (a2 − y)²": (e.loss, 1),
    }  # fmt: skip
    assert len(boxes) == len(figure.order)
    for heading, (value, gradient) in boxes.items():
        i = shown.index(heading)
        assert shown[i + 1 : i + 3] == [short(value), short(gradient)], heading
        name = heading.split(" = ")[-1]
        told = f"{name} has the value {short(value)} and the gradient {short(gradient)}", f"{name} {short(gradient)}"
        assert told[len(name) < 3] in figure.DESCRIPTION
    slopes = [text[2:] for text in shown if text.startswith("× ")]
    expected = [0.5, e.x, 1, 1, 1, e.W2, e.a1, 1, 1, e.da2_dz2, 1, -1, 2 * error]
    assert sorted(slopes) == sorted(map(short, expected))
    assert [short(slope) for slope in figure.SLOPES] == [short(v) for v in (e.W1, 1, 1, e.W2, 1, e.da2_dz2, 1, 2 * error)]


def test_arrows_of_the_graph_go_from_box_to_box():
    """Solid ones down or right, dashed ones up or left; each touches two boxes and none enters one."""
    from snippets.figures import BACKWARD, FORWARD
    from snippets.figures import autodiff_graph as figure

    axes = figure.draw().axes[0]
    boxes = [patch.get_path().get_extents() for patch in axes.patches if type(patch).__name__ == "FancyBboxPatch"]
    assert len(boxes) == 15 and len(axes.lines) == 26
    edges_x = {edge for box in boxes for edge in (box.x0, box.x1)}
    edges_y = {edge for box in boxes for edge in (box.y0, box.y1)}
    for line in axes.lines:
        (x0, x1), (y0, y1) = line.get_data()
        onward = x1 > x0 or y1 > y0
        assert line.get_color() == (FORWARD if onward else BACKWARD) and (line.get_linestyle() == "-") == onward
        assert min(abs((x0 if y0 == y1 else y0) - edge) for edge in (edges_x if y0 == y1 else edges_y)) < 1e-6
        assert not any(box.x0 + 1 < (x0 + x1) / 2 < box.x1 - 1 and box.y0 + 1 < (y0 + y1) / 2 < box.y1 - 1 for box in boxes)


def test_figure_of_the_order_shows_turns_and_gradients():
    from snippets.figures import autodiff_order as figure

    shown = texts("autodiff_order")
    middle = shown.index("As soon as it arrives")
    left, right = shown[:middle], shown[middle:]
    assert left[0] == "Topological order"
    assert "gradient by a: 14" in left and "right" in left and "gradient by a: 20" in right and "wrong: 14 is right" in right
    assert {"14", "7", "7 × 2 = 14"} <= set(left)
    assert {"6 + 14 = 20", "3, then 7", "3 × 2 = 6\n7 × 2 = 14"} <= set(right)
    for panel, turns in ((left, {"a": "5", "b": "4", "c": "2", "d": "3", "e": "1"}),
                         (right, {"a": "47", "b": "36", "c": "2", "d": "5", "e": "1"})):  # fmt: skip
        assert [text for text in panel if text.startswith("× ")] == ["× 3", "× 4", "× 1", "× 1"]
        for name, numbers in turns.items():
            i = panel.index(name)
            assert sorted(panel[i + 1 : i + 1 + len(numbers)]) == list(numbers)
    for told in ("holds 7, and hands 14 to a", "first hands on 6", "holding 7, another 14", "ends with 20 instead of 14"):
        assert told in figure.DESCRIPTION
