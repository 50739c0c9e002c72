"""First weights: against closed forms, central differences and other quadratures."""

import math
from itertools import pairwise

import numpy as np
import pytest
from oracles import assert_close, gradient_of

from snippets import initialisation
from snippets.initialisation import linear_and_slope, relu_and_slope, tanh_and_slope, weight_std


def normal_mean(f, std):
    """The mean of f(z) for normal z with mean 0, by Gauss-Hermite quadrature."""
    x, weights = np.polynomial.hermite_e.hermegauss(120)
    return float(weights @ f(std * x) / weights.sum())


def test_spread_of_the_first_weights():
    assert weight_std("naive", 7, 3) == 1
    assert weight_std("he", 8, 3) == 0.5
    assert weight_std("glorot", 7, 1) == 0.5
    assert [weight_std(name, 7, 3) for name in ("tiny", "wide")] == [0.01, 0.5]
    with pytest.raises(
        ValueError, match="^unknown scheme 'best': expected one of tiny, wide, naiv"
    ):
        weight_std("best", 7, 3)


def network(widths=(3, 6, 5, 2), seed=0):
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=(n_out, n_in)) for n_in, n_out in pairwise(widths)]
    return weights, rng.normal(size=(6, widths[0])), rng.normal(size=(6, widths[-1]))


def test_forward_by_hand():
    (W1, W2, W3), X, _ = network()
    A, slopes = initialisation.values_by_layer(X, [W1, W2, W3], tanh_and_slope)
    A1 = np.tanh(np.einsum("nd,hd->nh", X, W1))
    A2 = np.tanh(np.einsum("nd,hd->nh", A1, W2))
    expected = [X, A1, A2, np.tanh(np.einsum("nd,hd->nh", A2, W3))]
    for found, right in zip(A, expected, strict=True):
        assert_close(found, right)
    for found, right in zip(slopes, expected[1:], strict=True):
        assert_close(found, 1 - right**2)


@pytest.mark.parametrize("activation", [relu_and_slope, tanh_and_slope, linear_and_slope])
def test_backward_by_central_differences_at_every_layer(activation):
    weights, X, V = network()
    A, slopes = initialisation.values_by_layer(X, weights, activation)
    gradients = initialisation.gradients_by_layer(V, weights, slopes)
    assert [g.shape for g in gradients] == [a.shape for a in A] and gradients[-1] is V
    for layer in range(3):

        def loss(A, layer=layer):
            return np.sum(V * initialisation.values_by_layer(A, weights[layer:], activation)[0][-1])

        assert_close(gradients[layer], gradient_of(loss, A[layer]), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("scale", [0.5, 1.0, 2.0])
def test_prediction_for_tanh_by_another_quadrature(scale):
    values, gradients = initialisation.predicted_rms(tanh_and_slope, scale, 3)
    sizes, factors = [1.0], []
    for _ in range(3):
        std = math.sqrt(scale) * sizes[-1]
        factors.append(math.sqrt(scale * normal_mean(lambda z: np.cosh(z) ** -4.0, std)))
        sizes.append(math.sqrt(normal_mean(lambda z: np.tanh(z) ** 2, std)))
    assert values == pytest.approx(sizes, rel=1e-5)
    assert gradients == pytest.approx([math.prod(factors[k:]) for k in range(4)], rel=1e-5)


@pytest.mark.parametrize("x", [0.5, 1, 1.5, 2.0, 17.5, 512])
def test_digamma_is_the_slope_of_log_gamma(x):
    slope = gradient_of(lambda x: math.lgamma(x), x).item()
    assert initialisation.digamma(x) == pytest.approx(slope, abs=1e-8)


@pytest.mark.parametrize("x", [0, -0.5, 0.25])
def test_digamma_refuses_what_it_does_not_know(x):
    with pytest.raises(ValueError, match=f"^x is {x}: expected 1/2, 1, 3/2, "):
        initialisation.digamma(x)


def test_log10_of_product():
    log10_of_product = initialisation.log10_of_product
    A, B, C = np.random.default_rng(0).normal(size=(3, 4, 4))
    assert log10_of_product([A, B, C]) == pytest.approx(math.log10(np.linalg.norm(C @ B @ A)))
    assert log10_of_product([A]) == pytest.approx(math.log10(np.linalg.norm(A)))
    assert log10_of_product([np.diag([1e-150, 0.0])] * 4) == pytest.approx(-600)


# The tables


def test_products_grow_as_published():
    """Measured 10^25.0 give or take 1.8, in theory 10^24.2; neutral at 0.572."""
    from snippets.tables import initialisation as tables

    naive = tables.product["naive"]
    assert naive["theory"] == pytest.approx(24.23, abs=0.01)
    assert naive["mean"] == pytest.approx(25.0, abs=0.5)
    trigamma = math.pi**2 / 6 - 1  # at 2: of the logarithm of chi-squared, 4 degrees of freedom
    assert naive["std"] == pytest.approx(10 * math.sqrt(trigamma) / 2 / math.log(10), rel=0.1)
    assert f"{tables.NEUTRAL:.3f}" == "0.572"
