"""Laws that hold for all inputs: hypothesis looks for one that breaks them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from snippets import (
    activations,
    challenges,
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


@st.composite
def pair(draw, limit=10.0):
    """Two batches of one shape."""
    shape = draw(SIZES), draw(SIZES)
    return draw(array(shape, limit)), draw(array(shape, limit))


@st.composite
def scores_and_targets(draw):
    """Scores `(N, K)`, and a target for each row: one-hot."""
    N, K = draw(SIZES), draw(SIZES)
    classes = draw(st.lists(st.integers(0, K - 1), min_size=N, max_size=N))
    return draw(array((N, K), 1e4)), np.eye(K)[classes]


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
    Z1, A1, Z2, A2 = matrix_form.forward_batch(X, W1, b1, W2, b2)
    return matrix_form.backward_batch(X, Y, Z1, A1, A2, W2)


@given(pair(1e4), floats(1e4))
def test_softmax_sums_to_one_and_does_not_see_a_shift(case, shift):
    z, _ = case
    a = activations.softmax(z)
    assert (a >= 0).all()
    close(a.sum(axis=-1), 1, rtol=1e-14)
    close(activations.softmax(z + shift), a, atol=1e-11)
    J = activations.softmax_jacobian(a[0])
    assert (J == J.T).all() and (np.diag(J) >= 0).all()
    close(J.sum(axis=1), 0, atol=1e-15)


@given(scores_and_targets())
def test_softmax_cross_entropy_neither_sees_a_shift_nor_moves_the_mean_of_a_row(case):
    z, y = case
    loss = losses.softmax_cross_entropy(z, y)
    assert loss >= 0
    close(losses.softmax_cross_entropy(z + 16.0, y), loss)
    close(losses.softmax_cross_entropy_gradient(z, y).sum(axis=1), 0, atol=1e-14)


@given(two_layers())
def test_the_gradient_of_a_batch_is_the_mean_of_those_of_its_examples(case):
    """The batch takes the mean over its K outputs, the step for one example the sum."""
    (X, Y), (W1, b1, W2, b2) = case
    singles = []
    for x, y in zip(X[:, :, None], Y[:, :, None], strict=True):
        z1, a1, z2, a2 = process.forward_pass(x, W1, b1[:, None], W2, b2[:, None])
        dL_dz2 = process.output_gradient(a2, y)
        singles.append(process.propagate_backward(x, z1, a1, W2, dL_dz2))
    for of_batch, *of_singles in zip(gradients(X, Y, W1, b1, W2, b2), *singles, strict=True):
        close(of_batch, np.mean(of_singles, axis=0).reshape(of_batch.shape) / Y.shape[1])


@given(two_layers(), st.randoms(use_true_random=False))
def test_neither_the_order_of_the_examples_nor_of_the_hidden_units_matters(case, random):
    (X, Y), (W1, b1, W2, b2) = case
    order, units = (random.sample(range(n), n) for n in (len(X), len(W1)))
    dL_dW1, dL_db1, *second = gradients(X, Y, W1, b1, W2, b2)
    found = gradients(X[order], Y[order], W1[units], b1[units], W2[:, units], b2)
    expected = dL_dW1[units], dL_db1[units], second[0][:, units], second[1]
    for a, b in zip(found, expected, strict=True):
        close(a, b)


@given(two_layers())
def test_the_weights_and_what_they_receive_balance_across_a_relu(case):
    """Scaling a unit's way in up and its way out down changes nothing."""
    (X, Y), (W1, b1, W2, b2) = case
    dL_dW1, dL_db1, dL_dW2, _ = gradients(X, Y, W1, b1, W2, b2)
    close((W1 * dL_dW1).sum(axis=1) + b1 * dL_db1, (W2 * dL_dW2).sum(axis=0), atol=1e-8)


@given(pair(), floats(100.0))
def test_batch_normalisation_does_not_see_a_shift_of_a_column(case, shift):
    U, V = case
    gamma, beta = np.linspace(0.5, 2.0, U.shape[1]), np.zeros(U.shape[1])
    Z, cache = challenges.batch_norm(U, gamma, beta)
    close(challenges.batch_norm(U + shift, gamma, beta)[0], Z, atol=1e-8)
    dL_dU, _ = challenges.batch_norm_backward(V, cache)
    close(dL_dU.sum(axis=0), 0, atol=1e-8)  # hence the gradient along a shift is 0
    close(challenges.batch_norm_backward(V + shift, cache)[0], dL_dU, atol=1e-7)


@given(two_layers(), st.floats(0.01, 100.0))
def test_clipping_shortens_and_does_not_turn(case, max_norm):
    (X, Y), parameters = case
    found = gradients(X, Y, *parameters)
    clipped, norm = challenges.clip_by_norm(found, max_norm), challenges.global_norm(found)
    assert challenges.global_norm(clipped) == pytest.approx(min(norm, max_norm))
    for short, long in zip(clipped, found, strict=True):
        close(short * norm, long * min(norm, max_norm))
