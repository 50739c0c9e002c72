"""The errata: printed and mended versions against computations that share no code with them, and published values."""

import inspect
import re
from decimal import Decimal, getcontext
from math import exp, log, prod

import numpy as np
import pytest
from conftest import ROOT
from oracles import assert_close, exact, frozen, gradient_of

from snippets import errata
from snippets.tables import errata as table

pytestmark = pytest.mark.filterwarnings("error")
getcontext().prec = 50


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def test_loss_and_slope_are_the_published_ones_and_the_articles_come_from_a_rounded_prediction():
    a2 = 1 / (1 + Decimal("-1.08").exp())
    loss, dL_da2 = errata.error(float(a2), 1.0)
    assert round(loss, 10) == round(float((a2 - 1) ** 2), 10) == 0.0642653005
    assert round(dL_da2, 10) == round(float(2 * (a2 - 1)), 10) == -0.5070120333
    assert errata.error_of_rounded(float(a2), 1.0) == pytest.approx(
        (0.254**2, -2 * 0.254), rel=1e-12
    )
    assert (table.exact_loss, table.exact_slope) == (float((a2 - 1) ** 2), float(2 * (a2 - 1)))


def test_output_gradient_is_that_of_the_stated_loss_and_the_printed_one_that_of_cross_entropy():
    rng = np.random.default_rng(1)
    Z2, Y = frozen(rng.normal(size=(4, 3)), rng.integers(0, 2, size=(4, 3)))
    A2 = sigmoid(Z2)
    by_nudging = gradient_of(lambda Z2: ((sigmoid(Z2) - Y) ** 2).mean(), Z2)
    assert_close(errata.output_gradient(A2, Y), by_nudging)
    cross_entropy = gradient_of(
        lambda Z2: -np.log(np.where(Y == 1, sigmoid(Z2), 1 - sigmoid(Z2))).sum() / 4, Z2
    )
    assert_close(errata.output_gradient_of_cross_entropy(A2, Y), cross_entropy)


@pytest.mark.parametrize("w, b, row", [(4.0, -2.0, 0), (2.0, 0.0, 1)])
def test_chain_has_weight_and_slope(w, b, row):
    def run(a):
        slopes = []
        for _ in range(10):
            a = 1 / (1 + exp(-(w * a + b)))
            slopes.append(a * (1 - a))
        return a, slopes

    slopes = run(0.5)[1]
    gradient = gradient_of(lambda x: run(float(x))[0], np.array(0.5)).item()
    assert errata.product_of_both(w, slopes) == pytest.approx(gradient, rel=1e-6)
    assert errata.product_of_slopes(w, slopes) == pytest.approx(gradient / w**10, rel=1e-6)
    assert errata.product_of_weights(w, slopes) == pytest.approx(gradient / prod(slopes), rel=1e-6)
    assert table.chain(w, b) == (pytest.approx(slopes), pytest.approx(gradient, rel=1e-6))
    assert number(table.CHAINS[row]["both"]) == pytest.approx(gradient, rel=0.005)


def number(cell):
    """A cell of the tables as a float."""
    return float(cell.replace(" × 10<sup>", "e").replace("</sup>", "").replace("−", "-"))


@pytest.mark.parametrize("sizes", [[2, 3, 1], [64, 30, 10], [5, 4, 3, 2]])
def test_passes_are_those_of_counting_the_products(sizes):
    forward = backward = 0
    for layer, (n_in, n_out) in enumerate(zip(sizes, sizes[1:])):
        forward += n_in * n_out
        backward += n_in * n_out * (2 if layer else 1)
    assert (
        errata.passes(sizes)
        == pytest.approx((forward + backward) / forward)
        == pytest.approx(table.counted(sizes))
    )
    assert errata.passes_if_equal(sizes) == 2.0


def test_only_the_seeded_weights_come_again():
    assert np.array_equal(
        errata.first_weights(3), errata.first_weights(3)
    ) and errata.first_weights(3).shape == (3, 2)
    assert not np.array_equal(errata.first_weights(3), errata.first_weights(4))
    assert not np.array_equal(errata.first_weights_unseeded(), errata.first_weights_unseeded())
    for draws in (
        [errata.first_weights(seed) for seed in range(200)],
        [errata.first_weights_unseeded() for _ in range(200)],
    ):
        assert (
            np.shape(draws) == (200, 3, 2)
            and -1 <= np.min(draws) < -0.95
            and 0.95 < np.max(draws) < 1
        )


def test_bias_of_a_batch_gets_the_sum():
    rng = np.random.default_rng(2)
    z2, y = frozen(rng.normal(size=(3, 4)), rng.uniform(size=(3, 4)))
    blame = 2 * (sigmoid(z2) - y) * sigmoid(z2) * (1 - sigmoid(z2))
    by_nudging = gradient_of(lambda b2: ((sigmoid(z2 + b2) - y) ** 2).sum(), np.zeros((3, 1)))
    assert_close(errata.bias_gradient(blame), by_nudging)
    assert errata.bias_gradient_of_one(blame).shape == (3, 4)


def test_lines_are_those_of_the_article_and_only_the_mended_ones_compile():
    assert {"relu'(-1) = 0", "dL/dz = a - y"} <= {printed for printed, _ in table.LINES}
    for printed, mended in table.LINES:
        with pytest.raises(SyntaxError):
            compile(printed, "article", "exec")
        compile(mended, "mended", "exec")
        assert (errata.is_python(printed), errata.is_python(mended)) == (False, True)
    assert [errata.relu_derivative(z) for z in (-1, 0, 1)] == [0, 0, 1]


def small_network(seed=0):
    rng = np.random.default_rng(seed)
    W1, W2 = rng.normal(size=(6, 8)), rng.normal(size=(8, 3))
    return frozen(rng.uniform(size=6), rng.normal(size=3), W1, W2, rng.integers(0, 2, size=8))


def test_mended_dropout_network_has_the_gradient_of_its_loss():
    x, y, W1, W2, kept = small_network()

    def loss(W1):
        a1 = [2 * max(sum(x * column), 0.0) * keep for column, keep in zip(W1.T, kept)]
        return sum((sum(a1 * column) - target) ** 2 for column, target in zip(W2.T, y)) / 2

    mended = errata.first_gradient(x, y, W1, W2, kept, errata.relu_slope, errata.dropout_backward)
    assert_close(mended, gradient_of(loss, W1), atol=1e-9)  # the loss is near 100


def test_printed_lines_are_the_tutorials():
    a1, kept = np.array([0.0, 0.0, 3.0, 5.0]), np.array([1, 0, 1, 1])
    assert errata.relu_slope_or_one(a1).tolist() == [1, 1, 1, 1] and errata.relu_slope(
        a1
    ).tolist() == [0, 0, 1, 1]
    assert errata.dropout_backward_halved(a1, kept).tolist() == [0, 0, 3, 5]
    assert errata.dropout_backward(a1, kept).tolist() == [0, 0, 6, 10]


def test_published_error_and_cosine_of_the_tutorial_are_in_the_measured_spread_and_fit_each_other():
    errors, cosines = table.tutorial_errors["as printed"], table.tutorial_cosines["as printed"]
    assert errors.min() < 0.394 < errors.max() and cosines.min() < 0.77 < cosines.max()
    # where a share p of the kept units is live, blame of equal size gives the cosine √p and the error 1 / (1 + 2√p)
    assert 1 / (1 + 2 * 0.77) == pytest.approx(0.394, abs=0.001)
    assert np.allclose(errors, 1 / (1 + 2 * cosines))
    assert np.allclose(table.tutorial_errors["only the slope mended"], 1 / 3)
    assert table.tutorial_errors["both mended"].max() < 1e-9


def test_kink_is_crossed_only_near_it():
    assert [errata.crosses_kink(x, 1e-5) for x in (-1e6, -1e-4, -1e-6, 1e-6, 1e-4)] == [
        False,
        False,
        True,
        True,
        False,
    ]
    assert [errata.crosses_kink(x, 0.5) for x in (-0.5, 0.5)] == [
        False,
        True,
    ]  # at 0 the slope is that of the left side
    assert [row["central difference"] for row in table.KINK] == ["0", f"{(1e-5 - 1e-6) / 2e-5:.2g}"]


def test_weight_updated_too_early_spoils_the_first_layer_by_the_published_ratio():
    arguments = 0.8, -0.0959473202974, 1.1, 0.1
    (W2, right), (W2_late, late) = (
        errata.hidden_gradient(*arguments),
        errata.hidden_gradient_after_update(*arguments),
    )
    assert W2 == W2_late == pytest.approx(0.810554205233, rel=1e-11)
    assert right == pytest.approx(-0.0767578562379, rel=1e-11)
    assert late / right == pytest.approx(0.810554205233 / 0.8, rel=1e-11)
    assert number(table.ORDER[1]["`dL_dW1`"]) == pytest.approx(-0.153515712476, rel=5e-6)


def test_differences_have_the_error_of_their_formula_and_the_precision_of_their_vector():
    x = np.array([1.0, -2.0])
    assert_close(
        errata.forward_differences(lambda x: (x**3).sum(), x, 0.5), 3 * x**2 + 3 * x * 0.5 + 0.25
    )
    assert_close(errata.central_differences(lambda x: (x**3).sum(), x, 0.5), 3 * x**2 + 0.25)
    seen = []
    for differences in (errata.forward_differences, errata.central_differences):
        differences(lambda x: seen.append(x.dtype) or x.sum(), x.astype(np.float32), 0.1)
    assert set(seen) == {np.dtype(np.float32)}


@pytest.mark.parametrize("z", [-30.0, -1.0, 0.0, 2.0, 30.0])
def test_cross_entropy_keeps_its_digits(z):
    for target in (0, 1):
        right = exact(lambda z: (1 + (z if target == 0 else -z).exp()).ln(), z)
        Z2, Y = np.array([[z]]), np.array([[target]])
        assert errata.cross_entropy(Z2, Y) == pytest.approx(right, rel=1e-14)
        assert errata.cross_entropy_of_prediction(Z2, Y) == pytest.approx(
            right, rel=0.02, abs=1e-12
        )
    lost = errata.cross_entropy_of_prediction(np.array([[30.0]]), np.array([[0]]))
    assert lost != pytest.approx(log(1 + exp(30)), rel=1e-6)


def test_gradients_of_the_checked_networks_are_right():
    for seed in (0, 1, 2):
        vector, gradient, Z2, Y = table.case(seed)
        assert_close(
            gradient,
            gradient_of(lambda v: np.log1p(np.exp((1 - 2 * Y) * Z2(v))).mean(), vector),
            rtol=1e-8,
        )


def test_checks_reach_what_is_published():
    assert 7e-11 / 5 < table.reach < table.reach_worst < 7e-11 * 2
    assert 5e-5 / 10 < table.single_reach < 5e-5 * 2
    assert table.wrongly[table.PRINTED] > 0 == table.wrongly[table.MENDED]
