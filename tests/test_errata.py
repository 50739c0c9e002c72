"""The errata: printed and mended versions against other ways to compute, and as published."""

from math import exp, prod

import numpy as np
import pytest
from oracles import assert_close, exact, frozen, gradient_of

from snippets import errata

pytestmark = pytest.mark.filterwarnings("error")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def test_loss_and_slope_are_the_published_ones_and_the_articles_come_from_a_rounded_prediction():
    a2 = exact(lambda z: 1 / (1 + (-z).exp()), 1.08)
    loss, dL_da2 = errata.error(a2, 1.0)
    assert (round(loss, 10), round(dL_da2, 10)) == (0.0642653005, -0.5070120333)
    rounded = errata.error_of_rounded(a2, 1.0)
    assert rounded == pytest.approx((0.254**2, -2 * 0.254), rel=1e-12)


def test_output_gradient_is_that_of_the_stated_loss_and_the_printed_one_that_of_cross_entropy():
    rng = np.random.default_rng(1)
    Z2, Y = frozen(rng.normal(size=(4, 3)), rng.integers(0, 2, size=(4, 3)))
    A2 = sigmoid(Z2)

    def cross_entropy(Z2):
        return -np.log(np.where(Y == 1, sigmoid(Z2), 1 - sigmoid(Z2))).sum() / 4

    by_nudging = gradient_of(lambda Z2: ((sigmoid(Z2) - Y) ** 2).mean(), Z2)
    assert_close(errata.output_gradient_of_mse(A2, Y), by_nudging)
    printed = errata.output_gradient_of_cross_entropy(A2, Y)
    assert_close(printed, gradient_of(cross_entropy, Z2))


@pytest.mark.parametrize("w, b", [(4.0, -2.0), (2.0, 0.0)])
def test_chain_has_weight_and_slope(w, b):
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


def test_blame_that_is_handed_back_is_the_gradient_and_cut_up_it_adds_up_to_the_output():
    a1, w2 = frozen(np.array([0.9, 1.4, 1.2]), np.array([0.3, 0.6, -0.8]))
    a2 = sigmoid(w2 @ a1 + 0.1)
    blame = 2 * (a2 - 1) * a2 * (1 - a2)
    by_nudging = gradient_of(lambda a1: (sigmoid(w2 @ a1 + 0.1) - 1) ** 2, a1)
    assert_close(errata.blame_handed_back(blame, w2), by_nudging)
    cut = errata.blame_cut_up(blame, w2)
    assert cut.sum() == pytest.approx(blame) != pytest.approx(by_nudging.sum(), rel=0.5)
    assert cut / cut[0] == pytest.approx([1, 2, -8 / 3])


def test_over_two_units_the_slope_is_the_sum_over_both_paths():
    into, out = frozen(np.array([0.7, -1.2]), np.array([0.4, 0.9]))
    by_nudging = gradient_of(lambda a1: out @ (a1 * into), np.array(0.5)).item()
    assert errata.slope_of_all_paths(out, into) == pytest.approx(by_nudging, rel=1e-6)
    assert errata.slope_of_one_path(out, into) == pytest.approx(0.28)
    jacobians = np.array([[1.0, 2.0]]), np.array([[3.0, 5.0], [7.0, 11.0]])
    assert errata.slope_of_all_paths(*jacobians).tolist() == [[3 + 14, 5 + 22]]


def test_only_the_seeded_weights_come_again():
    assert np.array_equal(errata.first_weights(3), errata.first_weights(3))
    assert not np.array_equal(errata.first_weights(3), errata.first_weights(4))
    seeded = [errata.first_weights(seed) for seed in range(200)]
    for draws in (seeded, [errata.first_weights_unseeded() for _ in range(200)]):
        assert np.shape(draws) == (200, 3, 2)
        assert -1 <= np.min(draws) < -0.95 and 0.95 < np.max(draws) < 1


def test_bias_of_a_batch_gets_the_sum():
    rng = np.random.default_rng(2)
    z2, y = frozen(rng.normal(size=(3, 4)), rng.uniform(size=(3, 4)))
    blame = 2 * (sigmoid(z2) - y) * sigmoid(z2) * (1 - sigmoid(z2))
    by_nudging = gradient_of(lambda b2: ((sigmoid(z2 + b2) - y) ** 2).sum(), np.zeros((3, 1)))
    assert_close(errata.bias_gradient(blame), by_nudging)
    assert errata.bias_gradient_of_one(blame).shape == (3, 4)


def test_mended_dropout_network_has_the_gradient_of_its_loss():
    rng = np.random.default_rng(0)
    W1, W2, x = rng.normal(size=(8, 6)), rng.normal(size=(3, 8)), rng.uniform(size=6)
    y, kept = rng.normal(size=3), rng.integers(0, 2, size=8)

    def loss(W1):
        a1 = 2 * np.where(np.einsum("i,ji->j", x, W1) > 0, np.einsum("i,ji->j", x, W1), 0) * kept
        return ((np.einsum("j,kj->k", a1, W2) - y) ** 2).sum() / 2

    arguments = frozen(x, y, W1, W2, kept)
    mended = errata.first_gradient(*arguments, errata.relu_slope, errata.dropout_backward)
    assert_close(mended, gradient_of(loss, W1), atol=1e-9)  # the loss is near 100


def test_kink_is_crossed_only_near_it():
    places = {-1e6: False, -1e-4: False, -1e-6: True, 1e-6: True, 1e-4: False}
    assert {x: errata.crosses_kink(x, 1e-5) for x in places} == places
    assert not errata.crosses_kink(-0.5, 0.5)  # at 0 the slope is that of the left side
    assert errata.crosses_kink(0.5, 0.5)


def test_weight_updated_too_early_spoils_the_first_layer_by_the_published_ratio():
    arguments = 0.8, -0.0959473202974, 1.1, 0.1
    W2, right = errata.hidden_gradient(*arguments)
    W2_late, late = errata.hidden_gradient_after_update(*arguments)
    assert W2 == W2_late == pytest.approx(0.810554205233, rel=1e-11)
    assert right == pytest.approx(-0.0767578562379, rel=1e-11)
    assert late / right == pytest.approx(0.810554205233 / 0.8, rel=1e-11)


@pytest.mark.parametrize("target", [0, 1])
@pytest.mark.parametrize("z", [-30.0, -1.0, 0.0, 2.0, 30.0])
def test_cross_entropy_keeps_its_digits(z, target):
    right = exact(lambda z: (1 + (-z if target else z).exp()).ln(), z)
    Z2, Y = np.array([[z]]), np.array([[target]])
    assert errata.cross_entropy_of_scores(Z2, Y) == pytest.approx(right, rel=1e-14)
    rough = errata.cross_entropy_of_prediction(Z2, Y)
    assert rough == pytest.approx(right, rel=0.02, abs=1e-12)


# The table, against what is published


@pytest.fixture(scope="module")
def table():
    from snippets.tables import errata as table

    return table


def test_published_error_and_cosine_of_the_tutorial_are_in_the_measured_spread(table):
    errors, cosines = table.tutorial_errors["as printed"], table.tutorial_cosines["as printed"]
    assert errors.min() < 0.394 < errors.max() and cosines.min() < 0.77 < cosines.max()
    # of a live share p, blame of equal size gives the cosine √p and the error 1 / (1 + 2√p)
    assert np.allclose(errors, 1 / (1 + 2 * cosines))
    assert np.allclose(table.tutorial_errors["only the slope mended"], 1 / 3)
    assert table.tutorial_errors["both mended"].max() < 1e-9


def test_checks_reach_what_is_published(table):
    assert 7e-11 / 5 < table.reach < table.reach_worst < 7e-11 * 2
    assert 5e-5 / 10 < table.single_reach < 5e-5 * 2
    assert table.wrongly[table.PRINTED] > 0 == table.wrongly[table.MENDED]
