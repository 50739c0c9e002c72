"""The chain rule: against exact fractions, and against nudging the first weight of a chain."""

import math
from fractions import Fraction

import numpy as np
import pytest

from snippets import core_idea

CHAINS = {
    1: [0.5],
    2: [1.5, -2.0],
    3: [0.5, -1.0, 2.0],
    6: np.random.default_rng(0).normal(0, 2, 6).tolist(),
}


def last_activation(x, w):
    for w_k in w:
        x = 0.5 * (1 + math.tanh(w_k * x / 2))  # the sigmoid, written another way
    return x


@pytest.mark.parametrize("x", [Fraction(-2), Fraction(-1, 3), Fraction(0), Fraction(5, 7)])
def test_the_chain_rule_gives_the_slope_of_the_composed_parabola(x):
    h = Fraction(1, 1000)  # a central difference of a parabola is exact
    slope = (core_idea.f(core_idea.g(x + h)) - core_idea.f(core_idea.g(x - h))) / (2 * h)
    assert core_idea.f(core_idea.g(x)) == 9 * x**2 + 6 * x + 1
    assert core_idea.chain_rule(x) == pytest.approx(float(slope), rel=1e-15)


@pytest.mark.parametrize("w", CHAINS.values(), ids=CHAINS)
def test_forward_keeps_every_activation(w):
    a = core_idea.chain_activations(0.75, w)
    assert a == pytest.approx([last_activation(0.75, w[:k]) for k in range(len(w) + 1)], rel=1e-14)
    assert a[0] == 0.75


@pytest.mark.parametrize("y", [0.0, 1.0])
@pytest.mark.parametrize("w", CHAINS.values(), ids=CHAINS)
def test_the_product_of_the_links_agrees_with_nudging_the_first_weight(w, y):
    given, h = list(w), 1e-4
    factors, dL_dw1 = core_idea.first_weight_gradient(-0.75, w, y)
    up, down = ((last_activation(-0.75, [w[0] + step, *w[1:]]) - y) ** 2 for step in (h, -h))
    assert dL_dw1 == pytest.approx((up - down) / (2 * h), rel=1e-6)
    assert dL_dw1 == pytest.approx(float(np.prod(factors)), rel=1e-14)
    assert w == given


@pytest.mark.parametrize("x", [-1.5, 0.0, 0.25, 2.0])
def test_two_paths_give_the_sum_of_both_units_and_its_slope(x):
    w_in, w_out, h = [0.5, -1.5], [0.75, 3.0], 0.5  # a central difference of a line is exact
    y, dy_dx = core_idea.two_paths(x, w_in, w_out)
    assert y == pytest.approx((0.375 - 4.5) * x, rel=1e-15)
    up, down = (core_idea.two_paths(x + step, w_in, w_out)[0] for step in (h, -h))
    assert dy_dx == pytest.approx(up - down, rel=1e-15)
