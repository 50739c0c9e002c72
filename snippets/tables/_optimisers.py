"""The experiments behind the chapter on optimisers: a narrow valley, and a network on the
handwritten digits.
"""

import functools
import importlib.util
from pathlib import Path

import numpy as np

from snippets import network, optimisers

KINDS = {
    "Gradient descent": optimisers.GradientDescent,
    "Momentum": optimisers.Momentum,
    "Adam": optimisers.Adam,
}

# A valley: L = (x² + STEEP y²) / 2, as it is or turned

STEEP = 100.0
START = np.array([-4.0, 0.4])
# the search in `optimisers` finds the same
VALLEY_RATES = {"Gradient descent": 0.0178, "Momentum": 0.01, "Adam": 0.178}


def valley(degrees=0.0):
    """Its Hessian, a matrix H with L = p·Hp / 2, and the start, both turned by this angle."""
    angle = np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return turn @ np.diag([1.0, STEEP]) @ turn.T, turn @ START


def walk(optimiser, steps, degrees=0.0):
    """The points of the path (steps + 1, 2), and the loss at each, as a share of the first.

    With learning rates (R, 1) all R paths at once: (steps + 1, R, 2), and (steps + 1, R).
    """
    H, start = valley(degrees)
    start = np.broadcast_to(start, (*np.shape(optimiser.learning_rate)[:-1], 2))
    with np.errstate(over="ignore", invalid="ignore"):  # a path that diverges may get to infinity
        path = optimisers.descend(optimiser, [start], lambda parameters: [parameters[0] @ H], steps)
        points = np.array([parameters[0] for parameters in path])
        heights = np.sum(points * (points @ H), axis=-1)
    return points, heights / heights[0]


# The digits: one hidden layer of 30 ReLU units, softmax with cross-entropy

WIDTHS, TRAINING, BATCH, STEPS = [64, 30, 10], 1500, 32, 100
DIGIT_RATES = {"Gradient descent": 0.562, "Momentum": 0.1, "Adam": 0.0316}  # again


@functools.cache
def digits():
    """Pixels from 0 to 1 and one-hot classes: `X, Y` to train on, then `X, Y` to test on, shuffled
    once.
    """
    package = importlib.util.find_spec("sklearn").submodule_search_locations[0]
    # to import it takes a second
    table = np.loadtxt(Path(package, "datasets", "data", "digits.csv.gz"), delimiter=",")
    pixels, classes = table[:, :-1], table[:, -1].astype(int)
    order = np.random.default_rng(0).permutation(len(pixels))
    X, Y = pixels[order] / 16, np.eye(10)[classes[order]]
    return X[:TRAINING], Y[:TRAINING], X[TRAINING:], Y[TRAINING:]


def gradients_of(parameters, X, Y):
    activations = network.forward(X, parameters)
    _, dL_dZ = network.softmax_loss(activations[-1], Y)
    return network.backward(dL_dZ, activations, parameters)


def train(optimiser, seed):
    """The parameters before each step and after the last; the seed decides the first weights and
    the batches.
    """
    rng = np.random.default_rng(seed)
    X, Y, _, _ = digits()

    def gradients_at(parameters):
        batch = rng.integers(TRAINING, size=BATCH)
        return gradients_of(parameters, X[batch], Y[batch])

    return optimisers.descend(optimiser, network.init(WIDTHS, rng), gradients_at, STEPS)


def loss(parameters):
    """Over all training examples."""
    X, Y, _, _ = digits()
    return network.softmax_loss(network.forward(X, parameters)[-1], Y)[0]


def accuracy(parameters):
    """Over the test examples."""
    _, _, X, Y = digits()
    Z = network.forward(X, parameters)[-1]
    return float(np.mean(Z.argmax(axis=1) == Y.argmax(axis=1)))
