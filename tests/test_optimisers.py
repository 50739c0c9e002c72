"""Gradient descent, momentum and Adam against PyTorch, closed forms and recurrences; the tables and figures of the chapter."""

import importlib
import math

import numpy as np
import pytest
from conftest import needs

from snippets.optimisers import Adam, GradientDescent, Momentum, descend

OPTIMISERS = [GradientDescent(0.05), Momentum(0.05), Momentum(0.02, momentum=0.5), Adam(0.05), Adam(0.1, 0.5, 0.8, 1e-3)]


def problem(seed=0):
    """Parameters of two shapes, and a loss that is not a quadratic: the gradient of sum(cosh(p) + p A) by each."""
    rng = np.random.default_rng(seed)
    parameters = [rng.normal(size=(3, 2)), rng.normal(size=4)]
    tilts = [rng.normal(size=p.shape) for p in parameters]
    return parameters, lambda parameters: [np.sinh(p) + tilt for p, tilt in zip(parameters, tilts)]


def test_defaults_are_those_of_the_papers():
    assert vars(Momentum(0.3)) == {"learning_rate": 0.3, "momentum": 0.9}
    assert vars(Adam(0.3)) == {"learning_rate": 0.3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}


@pytest.mark.parametrize("optimiser", OPTIMISERS, ids=lambda optimiser: f"{type(optimiser).__name__} {vars(optimiser)}")
def test_nothing_is_changed_in_place(optimiser):
    parameters, gradients_at = problem()
    state, settings = optimiser.start(parameters), dict(vars(optimiser))
    for _ in range(2):  # the second step has a state with numbers in it
        gradients = gradients_at(parameters)
        kept = repr((parameters, gradients, state))
        again = optimiser.step(parameters, gradients, state)
        result = optimiser.step(parameters, gradients, state)
        assert repr((parameters, gradients, state)) == kept and repr(again) == repr(result)
        parameters, state = result
    assert vars(optimiser) == settings


@pytest.mark.parametrize("optimiser", OPTIMISERS, ids=lambda optimiser: f"{type(optimiser).__name__} {vars(optimiser)}")
def test_gradients_that_do_not_fit_are_refused(optimiser):
    parameters = [np.zeros((2, 3)), np.zeros(2)]
    for wrong in ([np.zeros((2, 3)), np.zeros(1)], [np.zeros((2, 3))], [np.zeros(2), np.zeros((2, 3))]):
        with pytest.raises(ValueError, match=r"^the list of gradients has the shapes \[.*\]: expected \[\(2, 3\), \(2,\)\], those of the parameters"):
            optimiser.step(parameters, wrong, optimiser.start(parameters))


@pytest.mark.parametrize("state", {"velocity": [np.zeros(2)], "mean": (0, [np.zeros(2)], 2 * [np.zeros(2)]), "square": (0, 2 * [np.zeros(2)], [np.zeros(2)])}.items(),
                         ids=lambda state: state[0])  # fmt: skip
def test_state_of_other_parameters_is_refused(state):
    two = [np.zeros(2), np.zeros(2)]
    with pytest.raises(ValueError, match=r"^the state has the shapes \[.*\]: expected \[\(2,\), \(2,\)\], those of the parameters$"):
        (Momentum if state[0] == "velocity" else Adam)(0.1).step(two, two, state[1])


def test_gradient_descent_on_a_quadratic_is_a_power():
    curvatures, start = np.array([0.5, 2.0, 7.0]), np.array([3.0, -1.0, 0.2])
    path = descend(GradientDescent(0.2), [start], lambda parameters: [curvatures * parameters[0]], 30)
    for t, (p,) in enumerate(path):
        np.testing.assert_allclose(p, (1 - 0.2 * curvatures) ** t * start, rtol=1e-12)


@pytest.mark.parametrize("curvature", [0.1, 3.0, 200.0])
def test_gradient_descent_diverges_above_two_over_the_curvature(curvature):
    def distance(share):
        path = descend(GradientDescent(share * 2 / curvature), [np.array(1.0)], lambda parameters: [curvature * parameters[0]], 500)
        return abs(path[-1][0].item())

    assert distance(0.995) < 0.01 and distance(1.0) == pytest.approx(1) and distance(1.005) > 100


def test_momentum_is_polyaks_heavy_ball():
    """Without a velocity: x(t + 1) = x(t) - rate * gradient + momentum * (x(t) - x(t - 1))."""
    parameters, gradients_at = problem(1)
    path = descend(Momentum(0.07, 0.8), parameters, gradients_at, 50)
    previous, current = parameters, parameters
    for ours in path[1:]:
        following = [x - 0.07 * g + 0.8 * (x - y) for x, g, y in zip(current, gradients_at(current), previous)]
        previous, current = current, following
        for p, x in zip(ours, current):
            np.testing.assert_allclose(p, x, rtol=1e-10, atol=1e-12)


def test_adam_with_its_means_written_out_as_sums():
    rng = np.random.default_rng(2)
    gradients, p = rng.normal(size=12), 0.3
    optimiser = Adam(0.1, beta1=0.7, beta2=0.9, epsilon=1e-2)
    feed = iter(gradients)
    path = descend(optimiser, [np.array(p)], lambda parameters: [np.array(next(feed))], 12)
    for t in range(1, 13):
        old = range(t)
        mean = sum(0.7 ** (t - 1 - k) * gradients[k] for k in old) / sum(0.7**k for k in old)
        square = sum(0.9 ** (t - 1 - k) * gradients[k] ** 2 for k in old) / sum(0.9**k for k in old)
        p -= 0.1 * mean / (math.sqrt(square) + 1e-2)
        assert path[t][0].item() == pytest.approx(p, rel=1e-12)


def test_first_step_of_adam_has_the_length_of_the_learning_rate_whatever_the_gradient():
    gradients = np.array([1e6, -3.0, 1e-4, 0.0])
    (moved,), (t, _, _) = Adam(0.25).step([np.zeros(4)], [gradients], Adam(0.25).start([np.zeros(4)]))
    np.testing.assert_allclose(moved, [-0.25, 0.25, -0.25, 0.0], rtol=2e-4)
    assert t == 1


def test_state_at_the_start():
    parameters = [np.ones((2, 3)), np.ones(4)]
    assert GradientDescent(1.0).start(parameters) == []
    assert [v.tolist() for v in Momentum(1.0).start(parameters)] == [[[0, 0, 0]] * 2, [0] * 4]
    t, mean, square = Adam(1.0).start(parameters)
    assert t == 0 and repr(mean) == repr(square) == repr(Momentum(1.0).start(parameters))


def test_descend_asks_once_a_step_at_the_newest_parameters():
    asked = []

    def gradients_at(parameters):
        asked.append(parameters[0].item())
        return [np.array(1.0)]

    path = descend(GradientDescent(0.5), [np.array(2.0)], gradients_at, 3)
    assert asked == [2, 1.5, 1] and [p.item() for p, in path] == [2, 1.5, 1, 0.5]


def torch_twin(optimiser, parameters):
    import torch

    if isinstance(optimiser, Adam):
        o = optimiser
        return torch.optim.Adam(parameters, lr=o.learning_rate, betas=(o.beta1, o.beta2), eps=o.epsilon)
    return torch.optim.SGD(parameters, lr=optimiser.learning_rate, momentum=getattr(optimiser, "momentum", 0.0))


@pytest.mark.parametrize("optimiser", OPTIMISERS, ids=lambda optimiser: f"{type(optimiser).__name__} {vars(optimiser)}")
def test_every_step_is_that_of_pytorch(optimiser):
    needs("torch")
    import torch

    parameters, gradients_at = problem()
    theirs = [torch.tensor(p) for p in parameters]
    twin = torch_twin(optimiser, theirs)
    for ours in descend(optimiser, parameters, gradients_at, 60)[1:]:
        for tensor, gradient in zip(theirs, gradients_at([tensor.numpy() for tensor in theirs])):
            tensor.grad = torch.tensor(gradient)
        twin.step()
        for p, tensor in zip(ours, theirs):
            np.testing.assert_allclose(p, tensor.numpy(), rtol=1e-9, atol=1e-11)


# The experiments and the tables


def loaded(name):
    """A fixture: a module that runs an experiment, imported where a test first asks for it, after the quick tests."""
    return pytest.fixture(scope="module")(lambda: importlib.import_module(f"snippets.{name}"))


paths_figure = loaded("figures.optimisers")
digits_figure = loaded("figures.optimisers_digits")
experiment = loaded("tables._optimisers")
tables = loaded("tables.optimisers")


def test_grid_and_rates(experiment, tables):
    assert tables.grid(-1, 0) == [0.1, 0.178, 0.316, 0.562, 1.0]
    assert len(tables.VALLEY_GRID) == 17 and len(tables.DIGIT_GRID) == 9
    for rates, grid in ((experiment.VALLEY_RATES, tables.VALLEY_GRID), (experiment.DIGIT_RATES, tables.DIGIT_GRID)):
        assert all(grid[0] < rate < grid[-1] and rate in grid for rate in rates.values())  # no best rate lies on an edge


@pytest.mark.parametrize("degrees", [0, 30, 90])
def test_valley_is_turned_and_not_changed(experiment, degrees):
    H, start = experiment.valley(degrees)
    assert np.linalg.eigvalsh(H) == pytest.approx([1, 100]) and np.linalg.norm(start) == pytest.approx(math.hypot(4, 0.4))
    assert start @ H @ start == pytest.approx(16 + 100 * 0.16)
    along = np.linalg.eigh(H)[1][:, 0]
    assert abs(along @ [math.cos(math.radians(degrees)), math.sin(math.radians(degrees))]) == pytest.approx(1)


def test_walk_of_gradient_descent_by_the_closed_form(experiment):
    points, heights = experiment.walk(GradientDescent(0.015), 50)
    t = np.arange(51)
    x, y = -4 * 0.985**t, 0.4 * (-0.5) ** t
    np.testing.assert_allclose(points, np.column_stack([x, y]), rtol=1e-9, atol=1e-14)
    np.testing.assert_allclose(heights, (x**2 + 100 * y**2) / 32, rtol=1e-9)


def test_steps_needed_by_the_closed_form(tables):
    x, y = (abs(1 - 0.0178) ** (2 * np.arange(401)) * 16, abs(1 - 1.78) ** (2 * np.arange(401)) * 16)
    assert tables.best["Gradient descent"] == tables.steps_needed(GradientDescent(0.0178)) == int(np.argmax(x + y < 32e-4))
    assert tables.steps_needed(GradientDescent(1.0)) == 401 == tables.steps_needed(GradientDescent(1e-4))
    assert (tables.steps(400), tables.steps(401)) == ("400", "more than 400")


def test_limits_of_the_learning_rate(tables):
    assert tables.LIMIT == pytest.approx(0.02) and tables.MOMENTUM_LIMIT == pytest.approx(0.038)
    assert [row["Factor of a step, $1 - \\eta\\lambda$"] for row in tables.STABILITY] == ["−0.94", "−0.98", "−1.02", "−1.06"]
    for row, factor in zip(tables.STABILITY, (0.94, 0.98, 1.02, 1.06)):
        assert float(row["Measured"]) == float(row["Distance after 100 steps: formula"]) == pytest.approx(factor**100, rel=5e-3)


def test_digits_are_those_of_scikit_learn(experiment):
    needs("sklearn")
    from sklearn.datasets import load_digits

    X, Y, X_test, Y_test = experiment.digits()
    assert X.shape == (1500, 64) and Y.shape == (1500, 10) and X_test.shape == (297, 64) and Y_test.shape == (297, 10)
    pixels, classes = load_digits(return_X_y=True)
    theirs = sorted([*map(float, row), int(c)] for row, c in zip(pixels, classes))
    ours = sorted([*map(float, 16 * row), int(np.argmax(y))] for row, y in zip(np.vstack([X, X_test]), np.vstack([Y, Y_test])))
    assert ours == theirs and set(Y.sum(axis=1)) == {1}
    assert np.ptp(np.bincount(Y_test.argmax(axis=1))) < 25  # shuffled: no class is missing in the test


def test_training_on_the_digits_is_repeatable_and_fair(experiment):
    one, again, other = (experiment.train(optimiser, 3) for optimiser in (Adam(0.01), Adam(0.01), Momentum(0.01)))
    assert len(one) == experiment.STEPS + 1 == 101
    assert all(np.array_equal(p, q) for p, q in zip(one[-1], again[-1]))
    assert all(np.array_equal(p, q) for p, q in zip(one[0], other[0]))  # the same first weights
    assert [p.shape for p in one[0]] == [(30, 64), (30,), (10, 30), (10,)]
    assert one[0][0].std() == pytest.approx(math.sqrt(2 / 64), rel=0.05)


def scores(parameters, X):
    W1, b1, W2, b2 = parameters
    return np.maximum(X @ W1.T + b1, 0) @ W2.T + b2


def cross_entropy(parameters, X, Y):
    exp_Z = np.exp(scores(parameters, X))
    return -np.mean(np.log(np.sum(exp_Z * Y, axis=1) / exp_Z.sum(axis=1)))


def test_loss_and_accuracy_by_hand(experiment):
    X, Y, X_test, Y_test = experiment.digits()
    last = experiment.train(Adam(0.03), 1)[-1]
    assert experiment.loss(last) == pytest.approx(cross_entropy(last, X, Y), rel=1e-10)
    right = [scores(last, x).argmax() == y.argmax() for x, y in zip(X_test, Y_test)]
    assert experiment.accuracy(last) == pytest.approx(sum(right) / 297)


def test_first_step_on_the_digits_follows_the_batch_of_the_seed(experiment):
    first, second = experiment.train(GradientDescent(1.0), 5)[:2]
    rng = np.random.default_rng(5)
    rng.normal(size=(30, 64)), rng.normal(size=(10, 30))  # the first weights
    batch = rng.integers(1500, size=32)
    X, Y = (array[batch] for array in experiment.digits()[:2])
    for parameter, i in ((0, (4, 20)), (1, 7), (2, (3, 12)), (3, 9)):
        losses = []
        for h in (1e-5, -1e-5):
            nudged = [p.copy() for p in first]
            nudged[parameter][i] += h
            losses.append(cross_entropy(nudged, X, Y))
        assert first[parameter][i] - second[parameter][i] == pytest.approx((losses[0] - losses[1]) / 2e-5, abs=1e-8)


def test_digits_table_and_comparison_of_pairs(experiment, tables):
    losses = {name: [experiment.loss(experiment.train(kind(experiment.DIGIT_RATES[name]), seed)[-1]) for seed in range(10)]
              for name, kind in experiment.KINDS.items()}  # fmt: skip
    for name, row in zip(losses, tables.DIGITS):
        low, median, high = np.percentile(losses[name], [25, 50, 75])
        assert row["Optimiser"] == name and row["Loss after 100 steps"] == f"{median:.2f} ({low:.2f} to {high:.2f})"
    wins = sum(a < m for a, m in zip(losses["Adam"], losses["Momentum"]))
    assert tables.adam_beats_momentum == wins
    assert tables.GUESSING == pytest.approx(math.log(10))


# The figures


def test_paths_figure_draws_each_walk_with_its_rate(paths_figure, experiment):
    for axes, (name, kind) in zip(paths_figure.draw().axes, experiment.KINDS.items()):
        rate = experiment.VALLEY_RATES[name]
        points, heights = experiment.walk(kind(rate), 40)
        assert np.array_equal(axes.lines[0].get_xydata(), points)
        assert axes.lines[1].get_xydata().tolist() == [[-4.0, 0.4]] and axes.lines[2].get_xydata().tolist() == [[0, 0]]
        assert axes.get_title(loc="left") == f"{name}, rate {rate}: {heights[-1]:.1%} of the loss left"
        assert axes.get_aspect() == 1
        contours = next(c for c in axes.collections if hasattr(c, "levels"))
        for level, path in zip(contours.levels, contours.get_paths()):
            x, y = path.vertices.T
            np.testing.assert_allclose((x**2 + 100 * y**2) / 2, level, rtol=0.02, atol=0.02)


def test_digits_figure_draws_the_losses_of_the_table(digits_figure, experiment, tables):
    axes = digits_figure.draw().axes[0]
    lines = {line.get_label(): line for line in axes.lines}
    assert list(lines) == [f"{name}, rate {experiment.DIGIT_RATES[name]}: ends at {tables.losses[name]['x1']['median']:.2f}"
                           for name in experiment.KINDS]  # fmt: skip
    for band, (name, line) in zip(axes.collections, zip(experiment.KINDS, lines.values())):
        assert line.get_xdata().tolist() == list(range(0, 101, 5))
        assert line.get_ydata()[-1] == pytest.approx(tables.losses[name]["x1"]["median"])
        assert line.get_ydata()[0] == pytest.approx(2.5, abs=0.2)
        ends = band.get_paths()[0].vertices
        assert sorted(set(ends[ends[:, 0] == 100, 1])) == pytest.approx([tables.losses[name]["x1"][key] for key in ("low", "high")])
    assert axes.get_yscale() == "log"
