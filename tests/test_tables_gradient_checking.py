"""The experiments behind the chapter on gradient checking, run again from their parts."""

import numpy as np
import pytest

from snippets import matrix_form

@pytest.fixture(scope="module")
def tables():
    from snippets.tables import gradient_checking

    return gradient_checking


def test_settings(tables):
    assert (tables.NETWORKS, tables.SIZES, tables.EXAMPLES, tables.TOLERANCE) == (10, [4, 8, 2], 16, 1e-6)
    assert tables.single_steps == [0.1, 0.01, 0.001, 0.0001]
    assert tables.floor_share == pytest.approx(np.finfo(float).eps / 1e-9, rel=1e-12)


@pytest.mark.parametrize("name, method, largest, least", [
    ("forward", "forward differences", 1e-2, 1e-6), ("central", "central differences", 1e-1, 1e-4), ("rounding", "central differences", 1e-7, 1e-13),
])  # fmt: skip
def test_steepness_is_that_of_the_curve_between_two_steps(tables, name, method, largest, least):
    points = [(np.log10(h), np.log10(error)) for h, error in zip(tables.STEPS, tables.CURVES["float64"][method]) if least <= h <= largest]
    x, y = np.array(points).T
    assert tables.steep[name] == pytest.approx(np.cov(x, y)[0, 1] / np.var(x, ddof=1), rel=1e-9)


def test_reach_is_measured_at_the_two_steps(tables):
    assert list(tables._by_step) == [1e-5, 1e-7]


def test_error_as_large_as_the_tolerance_fails(tables):
    assert tables.judged([1e-7, 1e-6]) == ("1e−07", "**fails**") and tables.judged([1e-7, 9e-7]) == ("below 10<sup>−6</sup>", "passes")


def test_misses_are_counted_over_draws_on_the_first_network(tables, monkeypatch):
    asked, errors = [], iter([1e-6, 9e-7, 2.0])

    def check(backward, seed, names, rng, entries):
        asked.append((backward, seed, names, rng.random(), entries))
        return {"error": next(errors)}

    monkeypatch.setattr(tables, "check", check)
    assert tables.misses("backward", "W1", 7, 3) == 1
    assert asked == [("backward", 0, ["W1"], np.random.default_rng(seed).random(), 7) for seed in range(3)]


@pytest.mark.parametrize("found, h", [("bug_before", 1e-3), ("bug_after", 1e-4)])
def test_bug_is_measured_at_the_steps_that_are_named(tables, found, h):
    assert getattr(tables, found) == tables.check(tables.backward_without_mask, 0, h=h)["error"]


def test_deep_networks_have_batch_normalisation(tables):
    assert tables._deep == [tables.gradient_checking.check_gradient(*tables.smooth_network(seed, norm=True)) for seed in range(10)]


def test_slips_do_what_they_are_called(tables):
    X, Y, model = tables.relu_network(3)
    Z1, A1, _, A2 = matrix_form.forward(X, **model)
    arguments = X, Y, Z1, A1, A2, model["W2"]
    right = dict(zip(model, matrix_form.backward(*arguments)))
    slips = {"`dL_db1`: mean over the batch, not sum": ("b1", right["b1"] / 16), "`dL_dW2`: no factor 2": ("W2", right["W2"] / 2),
             "`dL_dW1`: off by a thousandth": ("W1", right["W1"] * 1.001)}  # fmt: skip
    for slip, (name, wrong) in slips.items():
        found = dict(zip(model, tables.BACKWARDS[slip](*arguments)))
        for key in model:
            np.testing.assert_allclose(found[key], wrong if key == name else right[key], rtol=1e-14)
    np.testing.assert_array_equal(dict(zip(model, tables.changed("b2", lambda dL_db2: 3 * dL_db2)(*arguments)))["b2"], 3 * right["b2"])


def test_slip_in_one_entry_and_slip_in_one_row(tables):
    np.testing.assert_array_equal(tables.one_sign(np.array([[1.0, 2.0], [3.0, 4.0]])), [[-1, 2], [3, 4]])
    ones = np.ones((8, 4))
    expected = ones.copy()
    expected[3] = 2
    np.testing.assert_array_equal(tables.one_row(ones), expected)
