"""The deep network of "Common challenges" against closed forms and differences."""

from functools import partial

import numpy as np
import pytest
from oracles import frozen, parameter_gradients

from snippets import challenges
from snippets.initialisation import weight_std

NAMES = ["sigmoid", "tanh", "relu", "leaky_relu", "elu", "linear"]


def slopes_of(name):
    return getattr(challenges, f"{name}_and_slope")


def network(seed=0, norm=False):
    """A small network, of which two layers have as many inputs as outputs; b and gamma are random
    too.
    """
    rng = np.random.default_rng(seed)
    parameters = challenges.deep_init([3, 5, 5, 5, 2], partial(weight_std, "he"), rng, norm)
    parameters = [p + rng.normal(0, 0.3, p.shape) if p.ndim == 1 else p for p in parameters]
    return parameters, rng.normal(size=(7, 3)), rng.normal(size=(7, 2))


def close(a, b):
    np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-8)


def test_leaky_relu_takes_another_slope():
    a, da_dz = challenges.leaky_relu_and_slope(np.array([-2.0, 2.0]), slope=0.25)
    assert a.tolist() == [-0.5, 2.0] and da_dz.tolist() == [0.25, 1.0]


def test_first_parameters():
    def std(n_in, n_out):
        return 10.0**n_in + n_out

    draw, rng = np.random.default_rng, np.random.default_rng(0)
    W1, b1, gamma1, W2, b2 = challenges.deep_init([3, 4, 2], std, draw(0), norm=True, bias=-1.5)
    assert W1 == pytest.approx(std(3, 4) * rng.standard_normal((4, 3)))
    assert W2 == pytest.approx(std(4, 2) * rng.standard_normal((2, 4)))
    assert [p.tolist() for p in (b1, gamma1, b2)] == [[-1.5] * 4, [1] * 4, [0, 0]]
    assert [p.any() for p in challenges.deep_init([3, 4, 2], std, draw(0))[1::2]] == [False, False]


def test_batch_norm_centres_and_scales_every_column():
    rng = np.random.default_rng(1)
    U, gamma, beta = rng.normal(3, 5, (50, 4)), rng.uniform(0.5, 2, 4), rng.normal(size=4)
    Z, _ = challenges.batch_norm(U, gamma, beta)
    assert Z.mean(axis=0) == pytest.approx(beta)
    assert Z.std(axis=0) == pytest.approx(gamma, rel=1e-5)
    one, zero, column = np.ones(1), np.zeros(1), np.array([[1.0], [-1.0]])
    same = challenges.batch_norm(np.ones((5, 1)), one, zero)[0]
    assert not same.any()  # a column without any variance does not divide by 0
    assert challenges.batch_norm(column, one, zero, epsilon=3.0)[0].tolist() == [[0.5], [-0.5]]


@pytest.mark.parametrize("residual", [False, True])
@pytest.mark.parametrize("norm", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_every_gradient_by_differences(name, norm, residual):
    parameters, X, V = network(4, norm)
    parameters = frozen(*parameters)

    def loss(X, *parameters):
        return (V * challenges.deep_forward(X, parameters, slopes_of(name), residual)[0]).sum()

    _, caches = challenges.deep_forward(X, parameters, slopes_of(name), residual)
    gradients, dL_dA = challenges.deep_backward(V, parameters, caches)
    expected = parameter_gradients(loss, [X, *parameters], h=1e-6)  # near no kink
    for gradient, slopes in zip([dL_dA[0], *gradients], expected, strict=True):
        close(gradient, slopes)
    assert [d.shape for d in dL_dA] == [(7, 3), (7, 5), (7, 5), (7, 5), (7, 2)]


def test_forward_by_hand():
    parameters, X, _ = network(5)
    W1, b1, W2, b2, W3, b3, W4, b4 = parameters
    A1 = np.tanh(X @ W1.T + b1)
    A2 = np.tanh(A1 @ W2.T + b2)
    A3 = np.tanh(A2 @ W3.T + b3)
    tanh = challenges.tanh_and_slope
    Y_hat, _ = challenges.deep_forward(X, parameters, tanh)
    close(Y_hat, A3 @ W4.T + b4)
    A2 = A1 + np.tanh(A1 @ W2.T + b2)  # layer 1 has 3 inputs and 5 outputs: nothing to add
    A3 = A2 + np.tanh(A2 @ W3.T + b3)
    close(challenges.deep_forward(X, parameters, tanh, residual=True)[0], A3 @ W4.T + b4)


def flat(arrays):
    return np.concatenate([array.ravel() for array in arrays])


def test_clip_keeps_the_direction_and_sets_the_norm():
    rng = np.random.default_rng(8)
    gradients = [rng.normal(size=(4, 3)), rng.normal(size=4), rng.normal(size=3)]
    vector = flat(gradients)
    clipped = flat(challenges.clip_by_norm(gradients, 0.5))
    assert clipped == pytest.approx(0.5 * vector / np.linalg.norm(vector))
    assert np.array_equal(flat(gradients), vector)  # the gradients passed in stay as they are
    for enough in (1.01 * np.linalg.norm(vector), np.inf):
        assert np.array_equal(flat(challenges.clip_by_norm(gradients, enough)), vector)


@pytest.mark.parametrize("max_norm", [0.0, -1.0, float("nan")])
def test_clip_wants_a_positive_norm(max_norm):
    with pytest.raises(ValueError, match=f"max_norm is {max_norm}: expected a positive number"):
        challenges.clip_by_norm([np.ones((1, 1))], max_norm)


def test_dead_fraction_counts_hidden_units_only():
    parameters = [np.ones((4, 1)), np.array([-9.0, 0.0, -1.0, -2.0]), np.ones((1, 4)), np.zeros(1)]
    X = np.array([[1.0], [1.5]])
    _, caches = challenges.deep_forward(X, parameters, slopes_of("relu"))
    assert challenges.dead_fraction(caches) == 0.5  # -9 and -2; that with -1 is at 0 and at 0.5
    _, caches = challenges.deep_forward(X, parameters, slopes_of("leaky_relu"))
    assert challenges.dead_fraction(caches) == 0
    assert challenges.dead_fraction(caches, flat=0.01) == 0.5


def test_ten_remedies_stand_in_the_table_in_the_order_of_the_article():
    from snippets.tables import challenges as tables

    numbers = [row["Remedy"].partition(".")[0] for row in tables.REMEDIES]
    assert list(dict.fromkeys(numbers)) == [str(k) for k in range(1, 11)]
