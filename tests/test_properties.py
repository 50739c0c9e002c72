"""Laws that hold for all inputs: hypothesis looks for an input that breaks one. The search is the same at every run."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from snippets import (
    activations,
    challenges,
    core_idea,
    efficiency,
    gradient_check,
    losses,
    matrix_form,
    process,
)

pytestmark = pytest.mark.filterwarnings("error")
settings.register_profile(
    "repeatable", derandomize=True, deadline=None, database=None, max_examples=60
)
settings.load_profile("repeatable")

SIZES = st.integers(1, 5)


def floats(limit):
    return st.floats(-limit, limit, allow_subnormal=False)


def array(shape, limit=10.0):
    return arrays.arrays(float, shape, elements=floats(limit))


def batch(limit=10.0):
    return arrays.array_shapes(min_dims=2, max_dims=2, max_side=5).flatmap(
        lambda shape: array(shape, limit)
    )


@st.composite
def pair(draw, limit=10.0):
    """Two batches of one shape."""
    shape = draw(arrays.array_shapes(min_dims=2, max_dims=2, max_side=5))
    return draw(array(shape, limit)), draw(array(shape, limit))


@st.composite
def scores_and_targets(draw, limit=1e4):
    """Scores `(N, K)`, and a target for each row: one-hot."""
    z = draw(batch(limit))
    classes = draw(st.lists(st.integers(0, z.shape[1] - 1), min_size=len(z), max_size=len(z)))
    return z, np.eye(z.shape[1])[classes]


@st.composite
def two_layers(draw, limit=10.0):
    """`X, Y` and the parameters `W1, b1, W2, b2`, of any small shape; read-only."""
    N, D, H, K = (draw(SIZES) for _ in range(4))
    found = [draw(array(shape, limit)) for shape in ((N, D), (N, K), (H, D), (H,), (K, H), (K,))]
    for value in found:
        value.flags.writeable = False
    return found[:2], found[2:]


def close(a, b, rtol=1e-9, atol=1e-9):
    np.testing.assert_allclose(a, b, rtol=rtol, atol=atol)


def gradients(X, Y, W1, b1, W2, b2):
    Z1, A1, Z2, A2 = matrix_form.forward(X, W1, b1, W2, b2)
    return matrix_form.backward(X, Y, Z1, A1, A2, W2)


# Activations


@given(batch(1e4))
def test_sigmoid_of_minus_z_is_what_is_left_to_one(z):
    for sigmoid in (
        activations.sigmoid,
        matrix_form.sigmoid,
        process.sigmoid,
        lambda z: challenges.sigmoid(z)[0],
    ):
        close(sigmoid(-z), 1 - sigmoid(z), rtol=0, atol=1e-15)


@given(batch(1e4), floats(1e4))
def test_softmax_sums_to_one_and_does_not_see_a_shift(z, shift):
    a = activations.softmax(z)
    assert (a >= 0).all()
    close(a.sum(axis=-1), 1, rtol=1e-14)
    close(activations.softmax(z + shift), a, atol=1e-11)


@given(array(4, 1e4))
def test_jacobian_of_softmax_is_symmetric_with_rows_that_sum_to_zero(z):
    J = activations.softmax_jacobian(activations.softmax(z))
    assert (J == J.T).all() and (np.diag(J) >= 0).all()
    close(J.sum(axis=1), 0, atol=1e-15)


# Losses


@given(scores_and_targets())
def test_softmax_cross_entropy_neither_sees_a_shift_nor_moves_the_mean_of_a_row(case):
    z, y = case
    gradient = losses.softmax_cross_entropy_gradient(z, y)
    close(gradient.sum(axis=1), 0, atol=1e-14)
    close(
        losses.softmax_cross_entropy(z + 16.0, y),
        losses.softmax_cross_entropy(z, y),
        rtol=1e-9,
        atol=1e-9,
    )
    assert losses.softmax_cross_entropy(z, y) >= 0


@given(scores_and_targets())
def test_each_score_is_pushed_towards_its_target(case):
    z, y = case
    for gradient in (
        losses.sigmoid_cross_entropy_gradient(z, y),
        losses.softmax_cross_entropy_gradient(z, y),
    ):
        assert (gradient[y == 1] <= 1e-15).all() and (gradient[y == 0] >= -1e-15).all()
        assert (abs(gradient) <= 1 / len(z)).all()


# Networks


@given(two_layers())
def test_the_gradient_of_a_batch_is_the_mean_of_those_of_its_examples(case):
    """The batch takes the mean over its outputs, the step for one example the sum: a factor of K."""
    (X, Y), (W1, b1, W2, b2) = case
    singles = []
    for x, y in zip(X, Y):
        x, y = x[:, None], y[:, None]
        z1, a1, z2, a2 = process.forward_pass(x, W1, b1[:, None], W2, b2[:, None])
        dL_dz2 = process.output_gradient(a2, y)
        singles.append(process.propagate_backward(x, z1, a1, W2, dL_dz2))
    for of_batch, *of_singles in zip(gradients(X, Y, W1, b1, W2, b2), *singles):
        close(of_batch, np.mean(of_singles, axis=0).reshape(of_batch.shape) / Y.shape[1])


@given(two_layers(), st.randoms(use_true_random=False))
def test_neither_the_order_of_the_examples_nor_of_the_hidden_units_matters(case, random):
    (X, Y), (W1, b1, W2, b2) = case
    order, units = (random.sample(range(n), n) for n in (len(X), len(W1)))
    right = gradients(X, Y, W1, b1, W2, b2)
    for a, b in zip(gradients(X[order], Y[order], W1, b1, W2, b2), right):
        close(a, b)
    dL_dW1, dL_db1, dL_dW2, dL_db2 = gradients(X, Y, W1[units], b1[units], W2[:, units], b2)
    for a, b in zip(
        (dL_dW1, dL_db1, dL_dW2, dL_db2),
        (right[0][units], right[1][units], right[2][:, units], right[3]),
    ):
        close(a, b)


@given(two_layers(), st.sampled_from(list(challenges.ACTIVATIONS)), st.booleans(), floats(100.0))
def test_the_deep_backward_pass_is_linear_in_what_comes_from_above(
    case, activation, residual, factor
):
    (X, Y), (W1, b1, W2, b2) = case
    layers = [{"W": W1, "b": b1}, {"W": W2, "b": b2}]
    Y_hat, caches = challenges.forward(layers, X, activation, residual)
    one, other = (challenges.backward(layers, caches, V)[1] for V in (Y, np.ones_like(Y)))
    for whole, a, b in zip(challenges.backward(layers, caches, Y + factor)[1], one, other):
        close(whole, a + factor * b, atol=1e-7)


@given(two_layers(), SIZES)
def test_backward_with_and_without_reuse_agree(case, scale):
    (X, Y), (W1, _, W2, _) = case
    activations_ = efficiency.forward(X, [W1, W2])
    once = efficiency.backward(activations_, [W1, W2], Y)
    with_input, dL_dX = efficiency.backward(activations_, [W1, W2], Y, input_gradient=True)
    assert dL_dX.shape == X.shape
    for a, b, c in zip(
        once, efficiency.backward_without_reuse(activations_, [W1, W2], Y), with_input, strict=True
    ):
        close(a, b)
        assert (a == c).all()
    # ReLU is homogeneous: twice the input is twice the output, so the gradient of the first weight doubles, too
    close(
        efficiency.backward(efficiency.forward(scale * X, [W1, W2]), [W1, W2], Y)[0],
        scale * once[0],
    )


@given(two_layers())
def test_the_weights_and_what_they_receive_balance_across_a_relu(case):
    """Scaling a unit's way in up and its way out down changes nothing: so both gradients agree along that direction."""
    (X, Y), (W1, b1, W2, b2) = case
    dL_dW1, dL_db1, dL_dW2, _ = gradients(X, Y, W1, b1, W2, b2)
    close((W1 * dL_dW1).sum(axis=1) + b1 * dL_db1, (W2 * dL_dW2).sum(axis=0), atol=1e-8)


# Batch normalisation


@given(pair(), floats(100.0))
def test_batch_normalisation_does_not_see_a_shift_of_a_column(case, shift):
    U, V = case
    gamma, beta = np.linspace(0.5, 2.0, U.shape[1]), np.zeros(U.shape[1])
    Z, cache = challenges.batch_norm(U, gamma, beta)
    close(challenges.batch_norm(U + shift, gamma, beta)[0], Z, atol=1e-8)
    dL_dU, _ = challenges.batch_norm_backward(V, cache)
    close(dL_dU.sum(axis=0), 0, atol=1e-8)  # hence the gradient along a shift is 0
    close(challenges.batch_norm_backward(V + shift, cache)[0], dL_dU, atol=1e-7)
    assert (abs((Z / gamma).mean(axis=0)) < 1e-8).all() and (
        (Z / gamma).std(axis=0) < 1 + 1e-9
    ).all()


# The chain, the check, the update


@given(floats(1e4), st.lists(floats(5.0), min_size=1, max_size=4), floats(5.0), floats(5.0))
def test_the_first_weights_gradient_is_the_product_of_its_factors_up_to_ten_thousand(
    w_1, rest, x, y
):
    factors, product = core_idea.first_weight_gradient(x, [w_1, *rest], y)
    assert len(factors) == len(rest) + 2 and product == pytest.approx(math.prod(factors))
    assert math.isfinite(product) and abs(product) <= 2 * (1 + abs(y)) * abs(x) / 4 * math.prod(
        abs(w) / 4 for w in rest
    )


@given(pair(1e300))
def test_relative_error_is_symmetric_from_zero_to_one_and_zero_only_for_equals(case):
    a, b = case
    error = gradient_check.relative_error(a, b)
    assert error == gradient_check.relative_error(b, a) and 0 <= error <= 1 + 1e-15
    assert gradient_check.relative_error(a, a) == 0
    assert error > 0 or np.allclose(a, b, rtol=1e-15, atol=1e-15 * abs(a).max())


@given(two_layers(), st.floats(1e-6, 1.0))
def test_an_update_takes_each_parameter_against_its_gradient_and_leaves_the_gradients(
    case, learning_rate
):
    (X, Y), parameters = case
    found = gradients(X, Y, *parameters)
    updated, kept = [W.copy() for W in parameters], [dL_dW.copy() for dL_dW in found]
    process.update_weights(updated, found, learning_rate)
    for W, old, dL_dW, before in zip(updated, parameters, found, kept):
        assert (W == old - learning_rate * before).all() and (dL_dW == before).all()
    (other,) = challenges.descend(
        [dict(enumerate(parameters))], [dict(enumerate(found))], learning_rate
    )
    assert all((other[i] == W).all() for i, W in enumerate(updated))


@given(two_layers(), st.floats(0.01, 100.0))
def test_clipping_shortens_and_does_not_turn(case, max_norm):
    (X, Y), parameters = case
    found = [{"W": dL_dW} for dL_dW in gradients(X, Y, *parameters)]
    clipped, norm = challenges.clip_by_norm(found, max_norm), challenges.global_norm(found)
    assert challenges.global_norm(clipped) == pytest.approx(min(norm, max_norm))
    for short, long in zip(clipped, found):
        close(short["W"] * norm, long["W"] * min(norm, max_norm))
