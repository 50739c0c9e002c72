"""The deep network of "Common challenges" against closed forms and central differences."""

import math

import numpy as np
import pytest

from snippets import challenges

NAMES = ["sigmoid", "tanh", "relu", "leaky_relu", "elu", "linear"]
POINTS = [-30.0, -3.0, -0.7, -0.01, 0.01, 0.7, 3.0, 30.0]

# Written down again, for one number, with nothing but the math module.
FORMULAS = {
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": lambda z: (math.exp(z) - math.exp(-z)) / (math.exp(z) + math.exp(-z)),
    "relu": lambda z: max(0.0, z),
    "leaky_relu": lambda z: max(0.01 * z, z),
    "elu": lambda z: z if z > 0 else math.exp(z) - 1,
    "linear": lambda z: z,
}


def network(seed=0, norm=False, bias=0.0):
    """Small layers, of which two have as many inputs as outputs; b and gamma are random too."""
    rng = np.random.default_rng(seed)
    layers = challenges.init_network([3, 5, 5, 5, 2], "he", rng, norm, bias)
    for layer in layers:
        layer["b"] = layer["b"] + rng.normal(0, 0.3, layer["b"].shape)
        if "gamma" in layer:
            layer["gamma"] = rng.uniform(0.5, 1.5, layer["gamma"].shape)
    return layers, rng.normal(size=(7, 3)), rng.normal(size=(7, 2))


def central_differences(f, x, h=1e-6):
    """df/dx of a scalar f at the array x, entry by entry; x is changed and put back."""
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        kept, values = x[i], []
        for x[i] in (kept + h, kept - h):
            values.append(f())
        x[i] = kept
        gradient[i] = (values[0] - values[1]) / (2 * h)
    return gradient


def close(a, b):
    np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("name", NAMES)
def test_activation_and_slope(name):
    z = np.array(POINTS)
    a, da_dz = challenges.ACTIVATIONS[name](z)
    assert a == pytest.approx([FORMULAS[name](point) for point in POINTS], rel=1e-12, abs=1e-13)
    h = 1e-6
    slopes = [(FORMULAS[name](point + h) - FORMULAS[name](point - h)) / (2 * h) for point in POINTS]
    assert da_dz == pytest.approx(slopes, abs=1e-8)


def test_slopes_at_0():
    slopes = [challenges.ACTIVATIONS[name](np.zeros(1))[1].item() for name in NAMES]
    assert slopes == [0.25, 1, 0, 0.01, 1, 1]


def test_leaky_relu_takes_another_slope():
    a, da_dz = challenges.leaky_relu(np.array([-2.0, 2.0]), slope=0.25)
    assert a.tolist() == [-0.5, 2.0] and da_dz.tolist() == [0.25, 1.0]


def test_unknown_names_say_what_came_and_what_was_expected():
    layers, X, _ = network()
    with pytest.raises(ValueError, match="^unknown activation 'gelu': expected one of sigmoid"):
        challenges.forward(layers, X, "gelu")
    with pytest.raises(ValueError, match="^unknown scheme 'best': expected one of tiny, wide"):
        challenges.init_network([3, 1], "best", np.random.default_rng(0))


@pytest.mark.parametrize(
    "scheme, variance",
    [("tiny", 1e-4), ("wide", 0.25), ("naive", 1), ("glorot", 2 / (300 + 500)), ("he", 2 / 300)],
)
def test_first_weights_have_the_variance_of_their_scheme(scheme, variance):
    W = challenges.init_network([300, 500], scheme, np.random.default_rng(0))[0]["W"]
    assert W.shape == (500, 300) and W.var() == pytest.approx(variance, rel=0.02)
    assert abs(W.mean()) < 0.01 * math.sqrt(variance)


def test_first_biases_and_gammas():
    sizes, draw = [3, 4, 5, 2], np.random.default_rng
    layers = challenges.init_network(sizes, "he", draw(0), norm=True, bias=-1.5)
    assert [layer["b"].tolist() for layer in layers] == [[-1.5] * 4, [-1.5] * 5, [0, 0]]
    assert [layer["gamma"].tolist() for layer in layers[:-1]] == [[1] * 4, [1] * 5]
    assert "gamma" not in layers[-1]
    plain = challenges.init_network(sizes, "he", draw(0))
    assert all(layer.keys() == {"W", "b"} and not layer["b"].any() for layer in plain)
    for layer, other in zip(layers, plain, strict=True):
        assert np.array_equal(layer["W"], other["W"])


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
    default = challenges.batch_norm(1e-3 * column, one, zero)[0]
    assert default[0, 0] == pytest.approx(1e-3 / math.sqrt(1e-6 + 1e-5))


def test_batch_norm_backward_by_central_differences():
    rng = np.random.default_rng(2)
    U, gamma, beta = rng.normal(size=(6, 3)), rng.uniform(0.5, 2, 3), rng.normal(size=3)
    weights = rng.normal(size=(6, 3))

    def loss():
        return float((weights * challenges.batch_norm(U, gamma, beta)[0] ** 2).sum())

    Z, cache = challenges.batch_norm(U, gamma, beta)
    dL_dU, dL_dgamma = challenges.batch_norm_backward(2 * weights * Z, cache)
    close(dL_dU, central_differences(loss, U))
    close(dL_dgamma, central_differences(loss, gamma))


@pytest.mark.parametrize("residual", [False, True])
@pytest.mark.parametrize("norm", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_every_gradient_by_central_differences(name, norm, residual):
    layers, X, Y = network(4, norm)

    def loss():
        return challenges.mse(challenges.forward(layers, X, name, residual)[0], Y)[0]

    Y_hat, caches = challenges.forward(layers, X, name, residual)
    kept = [{key: value.copy() for key, value in layer.items()} for layer in layers]
    gradients, dL_dA = challenges.backward(layers, caches, challenges.mse(Y_hat, Y)[1])
    for layer, gradient, before in zip(layers, gradients, kept, strict=True):
        assert gradient.keys() == layer.keys()
        for key, value in layer.items():
            assert np.array_equal(value, before[key])  # the backward pass changes nothing
            close(gradient[key], central_differences(loss, value))
    close(dL_dA[0], central_differences(loss, X))
    assert [d.shape for d in dL_dA] == [(7, 3), (7, 5), (7, 5), (7, 5), (7, 2)]


def test_forward_by_hand():
    layers, X, Y = network(5)
    W1, W2, W3, W4 = (layer["W"] for layer in layers)
    b1, b2, b3, b4 = (layer["b"] for layer in layers)
    A1 = np.tanh(X @ W1.T + b1)
    A2 = np.tanh(A1 @ W2.T + b2)
    A3 = np.tanh(A2 @ W3.T + b3)
    Y_hat, _ = challenges.forward(layers, X, "tanh")
    close(Y_hat, A3 @ W4.T + b4)
    assert challenges.mse(Y_hat, Y)[0] == pytest.approx(((Y_hat - Y) ** 2).sum() / Y.size)
    A2 = A1 + np.tanh(A1 @ W2.T + b2)  # layer 1 has 3 inputs and 5 outputs: nothing to add
    A3 = A2 + np.tanh(A2 @ W3.T + b3)
    close(challenges.forward(layers, X, "tanh", residual=True)[0], A3 @ W4.T + b4)


def flat(gradients):
    return np.concatenate([g.ravel() for gradient in gradients for g in gradient.values()])


def test_clip_keeps_the_direction_and_sets_the_norm():
    rng = np.random.default_rng(8)
    gradients = [{"W": rng.normal(size=(4, 3)), "b": rng.normal(size=4)}, {"W": rng.normal(size=3)}]
    vector = flat(gradients)
    assert challenges.global_norm(gradients) == pytest.approx(np.linalg.norm(vector))
    clipped = flat(challenges.clip_by_norm(gradients, 0.5))
    assert clipped == pytest.approx(0.5 * vector / np.linalg.norm(vector))
    assert np.array_equal(flat(gradients), vector)  # the gradients passed in stay as they are
    for enough in (1.01 * np.linalg.norm(vector), np.inf):
        assert np.array_equal(flat(challenges.clip_by_norm(gradients, enough)), vector)


@pytest.mark.parametrize("max_norm", [0.0, -1.0, float("nan")])
def test_clip_wants_a_positive_norm(max_norm):
    with pytest.raises(ValueError, match=f"max_norm is {max_norm}: expected a positive number"):
        challenges.clip_by_norm([{"W": np.ones((1, 1))}], max_norm)


def test_train_is_steps_of_gradient_descent():
    layers, X, Y = network(9)
    given = flat(layers)
    trained, losses = challenges.train(layers, X, Y, "elu", 0.05, 3, residual=True)
    assert np.array_equal(flat(layers), given)
    expected = []
    for _ in range(3):
        Y_hat, caches = challenges.forward(layers, X, "elu", True)
        loss, dL_dY_hat = challenges.mse(Y_hat, Y)
        gradients, _ = challenges.backward(layers, caches, dL_dY_hat)
        expected.append(loss)
        for layer, gradient in zip(layers, gradients, strict=True):
            for key in layer:
                layer[key] = layer[key] - 0.05 * gradient[key]
    assert losses == expected and losses[0] > losses[1] > losses[2]
    assert np.array_equal(flat(trained), flat(layers))


def test_train_clips_every_step():
    layers, X, Y = network(10)
    trained, _ = challenges.train(layers, X, Y, "relu", 0.5, 1, max_norm=1e-3)
    assert np.linalg.norm(flat(trained) - flat(layers)) == pytest.approx(0.5 * 1e-3)


def test_a_run_that_diverges_ends_before_it_overflows():
    layers = challenges.init_network([4, *[16] * 8, 1], "naive", np.random.default_rng(0))
    X, Y = challenges.make_data(np.random.default_rng(0))
    with np.errstate(all="raise", under="ignore"):
        _, losses = challenges.train(layers, X, Y, "relu", 0.1, 50)
    assert len(losses) < 5 and np.isfinite(losses).all()


def chain(*weights):
    """Layers of one unit each, without biases."""
    return [{"W": np.array([[w]]), "b": np.zeros(1)} for w in weights]


def steps_taken(weights, target, **options):
    X, Y = np.ones((1, 1)), np.array([[target]])
    return len(challenges.train(chain(*weights), X, Y, "relu", 0.0, 4, **options)[1])


def test_the_loss_and_the_gradient_each_end_a_run():
    assert steps_taken([1.0, 0.0], 3e4) == 4  # a loss of 9e8; the limit is 1e9
    assert steps_taken([1.0, 0.0], 3.2e4) == 1
    assert steps_taken([1.0, 1e9], 1e9 - 10) == 1  # a loss of 100, a gradient of 2e10
    assert steps_taken([1.0, 1e9], 1e9 - 10, limit=1e12) == 4


def test_a_loss_at_the_limit_is_not_beyond_it():
    X = np.array([[1.0], [-1.0]])
    losses = challenges.train(chain(1.0), X, 3 * X, "linear", 0.25, 3, limit=4.0)[1]
    assert losses == [4, 1, 0.25]  # loss and gradient are 4


def test_dead_fraction_counts_hidden_units_only():
    hidden = {"W": np.ones((4, 1)), "b": np.array([-9.0, 0.0, -1.0, -2.0])}
    layers, X = [hidden, {"W": np.ones((1, 4)), "b": np.zeros(1)}], np.array([[1.0], [1.5]])
    _, caches = challenges.forward(layers, X, "relu")
    assert challenges.dead_fraction(caches) == 0.5  # -9 and -2; that with -1 is at 0 and at 0.5
    _, caches = challenges.forward(layers, X, "leaky_relu")
    assert challenges.dead_fraction(caches) == 0
    assert challenges.dead_fraction(caches, flat=0.01) == 0.5


def test_dead_fraction_counts_all_layers():
    _, caches = challenges.forward(chain(1.0, -1.0, 1.0), np.ones((2, 1)), "relu")
    assert challenges.dead_fraction(caches) == 0.5


def test_data_are_reproducible_scaled_and_noisy():
    X, Y = challenges.make_data(np.random.default_rng(0), 2000)
    again = challenges.make_data(np.random.default_rng(0), 2000)
    assert np.array_equal(X, again[0]) and np.array_equal(Y, again[1])
    assert X.shape == (2000, 4) and Y.shape == (2000, 1)
    assert X.std() == pytest.approx(1, abs=0.03)
    assert Y.mean() == pytest.approx(0, abs=1e-12) and Y.std() == pytest.approx(1)
    rng = np.random.default_rng(0)  # the same again: what is left over is the noise
    A = np.tanh(rng.normal(size=(2000, 4)) @ rng.normal(size=(4, 6)))
    signal = A @ rng.normal(size=(6, 1))
    noise = rng.normal(size=(2000, 1))
    clean, scale = signal + 0.1 * noise, (signal + 0.1 * noise).std()
    np.testing.assert_allclose(Y * scale + clean.mean(), clean)


@pytest.mark.parametrize("shape", [(3,), (1, 3), (0, 1)])
def test_target_of_another_shape_is_refused_not_broadcast(shape):
    with pytest.raises(ValueError, match=r"Y has shape .*: expected"):
        challenges.mse(np.ones((3, 1) if shape != (0, 1) else shape), np.ones(shape))


def test_run_with_a_loss_that_is_not_a_number_ends_at_once():
    X, Y = challenges.make_data(np.random.default_rng(0))
    layers = challenges.init_network([4, 8, 1], "he", np.random.default_rng(0))
    X[0, 0] = np.nan
    assert len(challenges.train(layers, X, Y, "relu", learning_rate=0.1, steps=5)[1]) == 1
