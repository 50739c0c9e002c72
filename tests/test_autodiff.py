"""The engine: against PyTorch, differences of many digits, published values; its limits."""

import math
import operator
import random
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from conftest import needs

from snippets.autodiff import Node, gradients_of, topological_order

pytestmark = pytest.mark.filterwarnings("error")


# Programs drawn at random: a list of (operation, place of an argument, place of another), the
# same for all who run it

OPERATIONS = [
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: a / b,
    lambda a, b: (1 + a * a) ** b,
    lambda a, b: -a,
    lambda a, b: a.relu(),
    lambda a, b: a.exp(),
    lambda a, b: a.log(),
    lambda a, b: a.tanh(),
    lambda a, b: a.sigmoid(),
    lambda a, b: a + 2,
    lambda a, b: 0.5 - a,
    lambda a, b: a * 3,
    lambda a, b: -2 * a,
    lambda a, b: 2 / a,
    lambda a, b: a**3,
    lambda a, b: 1.5**a,
]


def values_of(program, inputs):
    """What each step gives, of nodes or of tensors; the last adds up three of them."""
    values = list(inputs)
    for which, i, j in program:
        values.append(OPERATIONS[which](values[i], values[j]))
    return [*values, values[-1] + values[-2] * values[-3]]


def random_program(seed):
    """Inputs, and a program that stays within moderate numbers and uses recent ones again."""
    rng = random.Random(seed)
    inputs = [rng.uniform(-2, 2) for _ in range(3)]
    program, values, wanted = [], [Node(x) for x in inputs], rng.randint(3, 30)
    while len(program) < wanted:
        places = range(max(0, len(values) - 6), len(values))
        step = rng.randrange(len(OPERATIONS)), rng.choice(places), rng.choice(places)
        try:
            node = OPERATIONS[step[0]](values[step[1]], values[step[2]])
        except (ValueError, ZeroDivisionError, OverflowError):
            continue
        if abs(node.value) < 20:
            program.append(step)
            values.append(node)
    return inputs, program


def assert_near(ours, theirs, rtol):
    scale = max(map(abs, theirs))
    np.testing.assert_allclose(ours, theirs, rtol=rtol, atol=rtol * 1e-3 * scale)


def test_a_thousand_random_graphs_give_the_gradients_of_pytorch():
    needs("torch")
    import torch

    for seed in range(1000):
        inputs, program = random_program(seed)
        nodes = values_of(program, map(Node, inputs))
        leaves = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in inputs]
        tensors = values_of(program, leaves)
        assert_near([node.value for node in nodes], [tensor.item() for tensor in tensors], 1e-11)
        dL_d = gradients_of(nodes[-1])
        found = torch.autograd.grad(tensors[-1], tensors, allow_unused=True)
        grads = {node: grad for node, grad in zip(nodes, found, strict=True) if grad is not None}
        assert list(grads) == [node for node in nodes if node in dL_d]
        assert_near([dL_d[node] for node in grads], [g.item() for g in grads.values()], 1e-8)


# Each operation by itself, also far out

UNARY = {
    "negate": (operator.neg, operator.neg, [-2.5, 0.0, 3.0]),
    "exp": (Node.exp, mpmath.exp, [-800.0, -1.0, 0.0, 2.0, 700.0]),
    "log": (Node.log, mpmath.log, [1e-300, 0.5, 1.0, 1e300]),
    "tanh": (Node.tanh, mpmath.tanh, [-2.0, -1e-9, 0.0, 0.7, 5.0]),
    "sigmoid": (
        Node.sigmoid,
        lambda a: 1 / (1 + mpmath.exp(-a)),
        [-1000.0, -40.0, 0.0, 0.25, 40.0, 1000.0],
    ),
    "relu": (Node.relu, lambda a: max(a, 0), [-3.0, -1e-5, 1e-5, 0.5, 4.0]),
    "root": (lambda a: a**0.5, mpmath.sqrt, [0.25, 2.0]),
    "power of two": (lambda a: 2**a, lambda a: mpmath.mpf(2) ** a, [-2.0, 0.0, 3.0]),
}


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
    assert gradients_of(y)[x] == pytest.approx(slope_of(exact, at), rel=tolerance, abs=0)
    assert name == y.made_by or y.made_by == "power"


@pytest.mark.parametrize(
    "base, exponent, slope", [(0, 0, 0), (0, 1, 1), (0, 2, 0), (-2, 2, -4), (-2, 3, 12)]
)
def test_where_the_base_is_not_positive_the_exponent_has_no_slope(base, exponent, slope):
    x, y = Node(base), Node(exponent)
    z = x**y
    dz_d = gradients_of(z)
    assert z.value == base**exponent and dz_d[x] == slope and math.isnan(dz_d[y])


@pytest.mark.parametrize("two", [2, Fraction(2), np.float32(2)])
def test_integers_fractions_and_numbers_of_numpy_count_as_numbers(two):
    x = Node(3)
    for y, value, slope in (
        (x * two, 6, 2),
        (two * x, 6, 2),
        (two - x, -1, -1),
        (two / x, 2 / 3, -2 / 9),
        (x**two, 9, 6),
    ):
        assert type(y) is Node and type(y.value) is float
        assert (y.value, gradients_of(y)[x]) == pytest.approx((value, slope))


# What others have published


def test_expression_of_micrograd_gives_its_published_values():
    """karpathy/micrograd, README.md."""
    a, b = Node(-4.0), Node(2.0)
    c, d = a + b, b**3 + a * b
    c = 1 + (c + c)
    c = (c + 1 + c) - a
    d = d * 2 + d + (a + b).relu()
    d = 3 * d + d + (b - a).relu()
    squared = (c - d) ** 2
    g = squared / 2 + 10 / squared
    dg_d = gradients_of(g)
    published = [24.7041, 138.8338, 645.5773]
    assert [g.value, dg_d[a], dg_d[b]] == pytest.approx(published, abs=5e-5)


# The graph and its order


def test_a_second_call_gives_the_same_and_leaves_no_trace():
    x, y = Node(3.0), Node(4.0)
    z = x * y
    loss = z * z + x
    first = gradients_of(loss)
    assert gradients_of(z) == {z: 1, x: 4, y: 3}
    assert gradients_of(loss) == first


def test_slope_of_relu_at_0_is_0():
    x = Node(0.0)
    assert gradients_of(x.relu())[x] == 0.0


def test_chain_of_a_hundred_thousand_nodes_forward_backward_and_deleted():
    x = y = Node(2.0)
    for _ in range(100_000):
        y = y * 1.00001
    gradient = gradients_of(y)
    assert len(gradient) == 100_001 and topological_order(y)[0] is x
    assert gradient[x] == pytest.approx(math.exp(1e5 * math.log(1.00001)), rel=1e-9)


def test_two_hundred_reuses_take_no_longer_than_their_nodes():
    x = y = Node(1.0)
    for _ in range(200):
        y = y + y * 0.25
    assert gradients_of(y)[x] == pytest.approx(1.25**200) and len(topological_order(y)) == 401


# Mistakes


@pytest.mark.parametrize(
    "mistake, kind",
    [
        (lambda x: x + "1", "str"),
        (lambda x: x * None, "NoneType"),
        (lambda x: [1.0] + x, "list"),
        (lambda x: np.ones((2, 2)) - x, "ndarray"),
        (lambda x: 1j / x, "complex"),
        (lambda x: Node(x), "Node"),
    ],
)
def test_what_is_not_one_real_number_is_refused_by_name(mistake, kind):
    with pytest.raises(TypeError, match=f"^expected a real number, not {kind}$"):
        mistake(Node(2.0))


def test_what_is_not_a_node_has_no_gradient():
    with pytest.raises(TypeError, match="^expected a Node, not float$"):
        gradients_of(2.0)


@pytest.mark.parametrize(
    "mistake, error",
    [
        (lambda x: (x - 2).log(), ValueError),
        (lambda x: (-x) ** 0.5, ValueError),
        (lambda x: (-1) ** (x / 4), ValueError),
        (lambda x: 1 / (x - 2), ZeroDivisionError),
        (lambda x: (1000 * x).exp(), OverflowError),
        (lambda x: x > 1, TypeError),
    ],
)
def test_out_of_range_it_raises_and_does_not_go_on_with_a_wrong_number(mistake, error):
    with pytest.raises(error):
        mistake(Node(2.0))
