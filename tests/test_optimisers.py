"""Gradient descent, momentum and Adam against PyTorch."""

import numpy as np
import pytest
from conftest import needs

from snippets.optimisers import Adam, GradientDescent, Momentum, descend

OPTIMISERS = [
    GradientDescent(0.05),
    Momentum(0.05),
    Momentum(0.02, momentum=0.5),
    Adam(0.05),
    Adam(0.1, 0.5, 0.8, 1e-3),
]


every_optimiser = pytest.mark.parametrize(
    "optimiser", OPTIMISERS, ids=lambda optimiser: f"{type(optimiser).__name__} {vars(optimiser)}"
)


def problem(seed=0):
    """Parameters of two shapes, and the gradients of a loss, sum(cosh(p) + p A), no quadratic."""
    rng = np.random.default_rng(seed)
    parameters = [rng.normal(size=(3, 2)), rng.normal(size=4)]
    tilts = [rng.normal(size=p.shape) for p in parameters]

    def gradients_at(parameters):
        return [np.sinh(p) + tilt for p, tilt in zip(parameters, tilts, strict=True)]

    return parameters, gradients_at


def test_defaults_are_those_of_the_papers():
    assert vars(Momentum(0.3)) == {"learning_rate": 0.3, "momentum": 0.9}
    assert vars(Adam(0.3)) == {"learning_rate": 0.3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}


@every_optimiser
def test_nothing_is_changed_in_place(optimiser):
    parameters, gradients_at = problem()
    state, settings = optimiser.start(parameters), dict(vars(optimiser))
    for _ in range(2):  # the second step has a state with numbers in it
        gradients = gradients_at(parameters)
        kept = repr((parameters, gradients, state))
        result = optimiser.step(parameters, gradients, state)
        assert repr((parameters, gradients, state)) == kept
        parameters, state = result
    assert vars(optimiser) == settings


@every_optimiser
def test_gradients_that_do_not_fit_are_refused(optimiser):
    W, b = np.zeros((2, 3)), np.zeros(2)
    for wrong in ([W, np.zeros(1)], [W], [b, W]):
        with pytest.raises(ValueError, match=r"^gradients of .*: expected \[\(2, 3\)"):
            optimiser.step([W, b], wrong, optimiser.start([W, b]))


@pytest.mark.parametrize("wrong", [{"W": np.ones(2)}, np.arange(3), "W1"])
@every_optimiser
def test_parameters_in_anything_but_a_flat_list_of_float_arrays_are_refused(optimiser, wrong):
    with pytest.raises(TypeError, match="^a parameter is .*: expected a flat list of float arrays"):
        optimiser.start([wrong])


ONE, TWO = [np.zeros(2)], [np.zeros(2), np.zeros(2)]


@pytest.mark.parametrize(
    "optimiser, state",
    [(Momentum(0.1), ONE), (Adam(0.1), (0, ONE, TWO)), (Adam(0.1), (0, TWO, ONE))],
)
def test_state_of_other_parameters_is_refused(optimiser, state):
    with pytest.raises(ValueError, match="^state of the shapes .*, those of the parameters$"):
        optimiser.step(TWO, TWO, state)


@every_optimiser
def test_every_step_is_that_of_pytorch(optimiser):
    needs("torch")
    import torch

    parameters, gradients_at = problem()
    theirs = [torch.tensor(p) for p in parameters]
    if isinstance(optimiser, Adam):
        rate, beta1, beta2, epsilon = vars(optimiser).values()
        twin = torch.optim.Adam(theirs, lr=rate, betas=(beta1, beta2), eps=epsilon)
    else:
        momentum = getattr(optimiser, "momentum", 0.0)
        twin = torch.optim.SGD(theirs, lr=optimiser.learning_rate, momentum=momentum)
    for ours in descend(optimiser, parameters, gradients_at, 60)[1:]:
        gradients = gradients_at([tensor.numpy() for tensor in theirs])
        for tensor, gradient in zip(theirs, gradients, strict=True):
            tensor.grad = torch.tensor(gradient)
        twin.step()
        for p, tensor in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(p, tensor.numpy(), rtol=1e-9, atol=1e-11)


# The experiments


def test_digits_are_those_of_scikit_learn():
    from sklearn.datasets import load_digits

    from snippets.tables import _optimisers as experiment

    X, Y, X_test, Y_test = experiment.digits()
    assert len(X) == len(Y) == 1500 and set(Y.sum(axis=1)) == {1}
    pixels, classes = load_digits(return_X_y=True)
    ours = np.column_stack([16 * np.vstack([X, X_test]), np.vstack([Y, Y_test]).argmax(axis=1)])
    assert sorted(ours.tolist()) == sorted(np.column_stack([pixels, classes]).tolist())
    assert np.ptp(np.bincount(Y_test.argmax(axis=1))) < 25  # shuffled: no class is missing
