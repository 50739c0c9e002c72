"""The network of any depth: against PyTorch and steps by hand."""

import numpy as np
import pytest
from conftest import needs
from oracles import assert_close, frozen

from snippets.network import backward, batches, fit, forward, init, sigmoid_loss, softmax_loss

pytestmark = pytest.mark.filterwarnings("error")
LOSSES = {"softmax": softmax_loss, "sigmoid": sigmoid_loss}


def problem(seed):
    """A random depth, width, batch and loss: `X, Y, parameters, loss`; all arrays read-only."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 9, size=rng.integers(2, 7)).tolist()
    N, name = int(rng.integers(1, 40)), ("softmax", "sigmoid")[seed % 2]
    if name == "softmax":
        Y = np.eye(sizes[-1])[rng.integers(sizes[-1], size=N)]
    else:
        Y = rng.integers(0, 2, size=(N, sizes[-1])).astype(float)
    parameters = [p + rng.normal(0, 0.3, p.shape) for p in init(sizes, rng)]
    X, Y, *parameters = frozen(2 * rng.normal(size=(N, sizes[0])), Y, *parameters)
    return X, Y, parameters, name


def gradients_of(X, Y, parameters, name):
    activations = forward(X, parameters)
    value, dL_dZ = LOSSES[name](activations[-1], Y)
    return value, backward(dL_dZ, frozen(*activations), parameters)


@pytest.mark.parametrize("seed", range(100))
def test_agrees_with_pytorch(seed):
    needs("torch")
    import torch

    X, Y, parameters, name = problem(seed)
    theirs = [torch.tensor(p, requires_grad=True) for p in parameters]
    A = torch.tensor(X)
    for k in range(0, len(theirs), 2):
        A = torch.nn.functional.linear(A if k == 0 else torch.relu(A), theirs[k], theirs[k + 1])
    kinds = {"softmax": torch.nn.CrossEntropyLoss, "sigmoid": torch.nn.BCEWithLogitsLoss}
    loss = kinds[name]()(A, torch.tensor(Y))
    loss.backward()
    value, gradients = gradients_of(X, Y, parameters, name)
    assert value == pytest.approx(loss.item(), rel=1e-10, abs=1e-14)
    for ours, tensor in zip(gradients, theirs, strict=True):
        assert_close(ours, tensor.grad.numpy(), rtol=1e-10, atol=1e-14)


def test_forward_keeps_what_goes_into_each_layer():
    parameters = [np.array([[2.0], [-1.0]]), np.zeros(2), np.array([[1.0, 4.0]]), np.ones(1)]
    found = forward(np.array([[3.0], [-3.0]]), parameters)
    assert [A.tolist() for A in found] == [[[3], [-3]], [[6, 0], [0, 3]], [[7], [13]]]
    assert forward(np.array([[-3.0]]), parameters[:2])[-1].tolist() == [[-6, 3]]  # no ReLU at last


def test_slope_of_relu_at_zero_is_zero():
    parameters = [np.eye(2), np.zeros(2), np.ones((1, 2)), np.zeros(1)]
    activations = forward(np.array([[0.0, 5.0]]), parameters)
    dL_dW1, dL_db1, _, _ = backward(np.ones((1, 1)), activations, parameters)
    assert dL_db1.tolist() == [0, 1] and dL_dW1.tolist() == [[0, 0], [0, 5]]


def test_first_parameters_have_the_spread_of_he_and_biases_of_zero():
    parameters = init([200, 300, 100], np.random.default_rng(0))
    assert [p.shape for p in parameters] == [(300, 200), (300,), (100, 300), (100,)]
    for W, b, n_in in zip(parameters[::2], parameters[1::2], [200, 300], strict=True):
        assert W.var() == pytest.approx(2 / n_in, rel=0.02) and abs(W.mean()) < 0.001
        assert not b.any()


@pytest.mark.parametrize("name", LOSSES)
def test_losses_do_not_overflow(name):
    Z, Y = np.array([[1e4, -1e4], [-1e4, 1e4]]), np.array([[1.0, 0.0], [1.0, 0.0]])
    value, dL_dZ = LOSSES[name](Z, Y)
    assert value == {"softmax": 1e4, "sigmoid": 5e3}[name]
    scale = {"softmax": 2, "sigmoid": 4}[name]
    assert (dL_dZ * scale).tolist() == [[0, 0], [-1, 1]]


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("shape", [(3,), (1, 3), ()])
def test_targets_of_another_shape_are_refused_not_broadcast(name, shape):
    with pytest.raises(ValueError, match=r"^Y has shape .*: expected \(3, 1\)$"):
        LOSSES[name](np.ones((3, 1)), np.ones(shape))


def test_batches_show_each_row_once_an_epoch_in_a_new_order():
    X, rng = np.arange(10.0)[:, None], np.random.default_rng(0)
    found = list(batches(X, -X, 4, 3, rng))
    assert [len(x) for x, _ in found] == [4, 4, 2] * 3
    assert all(np.array_equal(x, -y) for x, y in found)
    epochs = [np.concatenate([x for x, _ in found[i : i + 3]]).ravel().tolist() for i in (0, 3, 6)]
    assert all(sorted(epoch) == list(range(10)) for epoch in epochs)
    assert epochs[0] != epochs[1] != epochs[2]


@pytest.mark.parametrize("given, rate", [({}, 0.1), ({"learning_rate": 0.3}, 0.3)])
def test_fit_is_steps_of_gradient_descent_and_changes_nothing_in_place(given, rate):
    X, Y, parameters, name = problem(3)
    data = [(X, Y), (X[:1], Y[:1])]
    trained, losses = fit(parameters, data, LOSSES[name], **given)
    for (x, y), loss in zip(data, losses, strict=True):
        value, gradients = gradients_of(x, y, parameters, name)
        assert loss == value
        parameters = [p - rate * g for p, g in zip(parameters, gradients, strict=True)]
    assert all(np.array_equal(a, b) for a, b in zip(trained, parameters, strict=True))


def test_fit_takes_an_optimiser_with_its_state():
    class Counts:
        def start(self, parameters):
            return 0

        def step(self, parameters, gradients, state):
            return [p + state for p in parameters], state + 1

    X, Y, parameters, name = problem(2)
    trained, _ = fit(parameters, [(X, Y)] * 4, LOSSES[name], optimiser=Counts())
    for p, before in zip(trained, parameters, strict=True):
        assert_close(p, before + 6)  # 0 + 1 + 2 + 3
