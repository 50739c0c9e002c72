"""Files that a reader would combine, combined: their lists, names and shapes fit."""

import ast
import shutil
import subprocess
import sys

import numpy as np
import pytest
from conftest import ROOT
from oracles import assert_close

from snippets import (
    challenges,
    gradient_checking,
    initialisation,
    losses,
    network,
    optimisers,
)

PROGRAM = ROOT / "snippets/programs/classifier.py"
OPTIMISERS = [
    optimisers.GradientDescent(0.3),
    optimisers.Momentum(0.1),
    optimisers.Adam(0.03),
]
every_optimiser = pytest.mark.parametrize(
    "optimiser", OPTIMISERS, ids=lambda optimiser: type(optimiser).__name__
)


def test_the_recipe_runs_in_an_empty_folder_with_its_three_files_and_numpy(tmp_path):
    from snippets.tables.classifier import printed

    imported = {
        node.names[0].name if isinstance(node, ast.Import) else node.module
        for node in ast.parse(PROGRAM.read_text(encoding="utf-8")).body
        if isinstance(node, (ast.Import, ast.ImportFrom))
    }
    for name in imported - {"numpy"}:
        shutil.copy(ROOT / f"snippets/{name}.py", tmp_path)
    shutil.copy(PROGRAM, tmp_path)
    assert len(list(tmp_path.iterdir())) == 1 + 3
    command = [sys.executable, "-W", "error", PROGRAM.name]
    process = subprocess.run(command, cwd=tmp_path, text=True, capture_output=True)
    assert process.returncode == 0, process.stderr
    assert process.stdout == printed


def blobs(rng, N=90, K=3):
    """Points around the corners of a triangle, and one-hot targets."""
    classes = rng.integers(K, size=N)
    corners = 2 * np.array([[0.0, 1.0], [1.0, -1.0], [-1.0, -1.0]])
    return corners[classes] + rng.normal(0, 0.4, (N, 2)), np.eye(K)[classes]


@every_optimiser
def test_network_and_optimisers(optimiser):
    rng = np.random.default_rng(0)
    X, Y = blobs(rng)
    first = network.init([2, 8, 3], rng)
    data = network.batches(X, Y, 10, 20, rng)
    parameters, found = network.fit(first, data, network.softmax_loss, optimiser=optimiser)
    right = network.forward(X, parameters)[-1].argmax(axis=1) == Y.argmax(axis=1)
    assert right.mean() > 0.98 and np.mean(found[-9:]) < 0.2 * found[0]


@pytest.mark.parametrize("name", ["softmax", "sigmoid"])
def test_network_and_losses(name):
    rng = np.random.default_rng(2)
    Z, Y = rng.normal(size=(5, 3)), np.eye(3)[[0, 1, 2, 1, 0]]
    value, dL_dZ = getattr(network, f"{name}_loss")(Z, Y)
    assert value == pytest.approx(getattr(losses, f"{name}_cross_entropy")(Z, Y), rel=1e-14)
    assert_close(dL_dZ, getattr(losses, f"{name}_cross_entropy_gradient")(Z, Y))


@pytest.mark.parametrize("name", ["softmax", "sigmoid"])
def test_network_and_gradient_check(name):
    rng, loss_of = np.random.default_rng(9), getattr(network, f"{name}_loss")
    X, Y = blobs(rng, N=12)
    parameters = [p + rng.normal(0, 0.1, p.shape) for p in network.init([2, 5, 4, 3], rng)]

    def loss():
        return loss_of(network.forward(X, parameters)[-1], Y)[0]

    inputs = network.forward(X, parameters)
    gradients = network.backward(loss_of(inputs[-1], Y)[1], inputs, parameters)
    check = gradient_checking.check_gradient
    assert check(loss, parameters, gradients).verdict == "right"
    gradients[2] = 1.01 * gradients[2]
    verdicts = [found.verdict for found in check(loss, parameters, gradients).worst]
    assert verdicts == ["right", "right", "wrong", "right", "right", "right"]


@every_optimiser
def test_challenges_and_optimisers(optimiser):
    """Ten layers with batch normalisation and clipping."""
    rng = np.random.default_rng(7)
    X, Y = blobs(rng)
    sizes, relu = [2, *[8] * 9, 3], challenges.relu_and_slope

    def std(n_in, n_out):
        return initialisation.weight_std("he", n_in, n_out)

    def loss_and_gradients(parameters):
        Z, caches = challenges.deep_forward(X, parameters, relu)
        value, dL_dZ = network.softmax_loss(Z, Y)
        gradients, _ = challenges.deep_backward(dL_dZ, parameters, caches)
        return value, challenges.clip_by_norm(gradients, 1.0)

    first = challenges.deep_init(sizes, std, rng, norm=True)
    path = optimisers.descend(optimiser, first, lambda p: loss_and_gradients(p)[1], 60)
    assert loss_and_gradients(path[-1])[0] < 0.5 * loss_and_gradients(first)[0]


def test_a_network_of_challenges_without_its_remedies_is_the_network():
    rng = np.random.default_rng(8)
    X, Y = blobs(rng)
    parameters = [p + rng.normal(0, 0.1, p.shape) for p in network.init([2, 5, 4, 3], rng)]
    activations_ = network.forward(X, parameters)
    _, dL_dZ = network.softmax_loss(activations_[-1], Y)
    Z, caches = challenges.deep_forward(X, parameters, challenges.relu_and_slope)
    assert_close(Z, activations_[-1])
    ours = challenges.deep_backward(dL_dZ, parameters, caches)[0]
    for a, b in zip(ours, network.backward(dL_dZ, activations_, parameters), strict=True):
        assert_close(a, b)
