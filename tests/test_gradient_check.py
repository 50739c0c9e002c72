"""The gradient check: closed forms, where it looks, and gradients it must tell apart."""

import math

import numpy as np
import pytest
from oracles import assert_close, frozen

from snippets.gradient_check import numerical_gradient, relative_error

pytestmark = pytest.mark.filterwarnings("error")


@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 3), (2, 1, 2)])
def test_numerical_gradient_finds_a_known_gradient(shape):
    x, c = frozen(*np.random.default_rng(0).normal(0, 1, (2, *shape)))
    assert_close(
        numerical_gradient(lambda x: np.sum(c * np.sin(x)), x), c * np.cos(x), rtol=1e-8, atol=1e-9
    )


@pytest.mark.parametrize("h", [0.5, 0.25])
def test_the_error_on_a_cube_is_exactly_h_squared(h):
    assert numerical_gradient(lambda x: x.item() ** 3, np.array([2.0]), h).item() == 12 + h**2


def test_each_entry_is_nudged_alone_up_and_down_by_the_default_h():
    x, points = np.array([1.0, 2.0]), []
    numerical_gradient(lambda x: points.append(x.tolist()) or 0.0, x)
    assert points == [[1 + 1e-5, 2], [1 - 1e-5, 2], [1, 2 + 1e-5], [1, 2 - 1e-5]]


def test_a_function_that_overwrites_its_argument_changes_neither_x_nor_the_result():
    def f(x):
        x *= x
        return x.sum()

    x = np.array([1.0, -3.0])
    assert_close(numerical_gradient(f, x), np.array([2.0, -6.0]), rtol=1e-8)
    np.testing.assert_array_equal(x, [1.0, -3.0])


@pytest.mark.parametrize("loss", [float, np.float64, lambda v: np.array([[v]]), lambda v: [v]])
def test_one_number_is_taken_in_any_wrapping(loss):
    assert numerical_gradient(lambda x: loss(3 * x[0]), [2.0]).tolist() == pytest.approx([3.0])


@pytest.mark.parametrize("x", [np.array([1, 2]), [1, 2], np.array([True]), np.array([1j])])
def test_x_without_room_for_a_small_step_is_refused(x):
    with pytest.raises(TypeError, match="x has dtype (int64|bool|complex128): expected floats"):
        numerical_gradient(np.sum, x)


@pytest.mark.parametrize("shape", [(2,), (1, 3), (0,)])
def test_a_loss_for_each_example_is_refused(shape):
    with pytest.raises(ValueError, match=r"array of shape \(.*\): expected one number, the loss"):
        numerical_gradient(lambda x: np.zeros(shape), np.array([1.0]))


@pytest.mark.parametrize(
    "a, b, expected",
    [
        ([3.0, 4.0], [3.0, 4.0], 0.0),
        ([3.0, 4.0], [-3.0, -4.0], 1.0),
        ([3.0, 4.0], [0.0, 0.0], 1.0),
        ([0.0, 0.0], [0.0, -2.0], 1.0),
        ([3.0, 0.0], [0.0, 4.0], 5 / 7),
        ([[1.0, 1.0], [1.0, 1.0]], [[3.0, 3.0], [3.0, 3.0]], 1 / 2),
        ([1.0], [1.0 + 1e-7], 5e-8),
        (2, 1, 1 / 3),
        ([0.0], [0.0], 0.0),
        ([], [], 0.0),
        (np.zeros((2, 0)), np.zeros((2, 0)), 0.0),
    ],
)
def test_relative_error_is_the_distance_as_a_share_of_the_size(a, b, expected):
    error = relative_error(a, b)
    assert type(error) is float
    assert error == pytest.approx(expected, rel=1e-6, abs=0)
    assert relative_error(b, a) == error


@pytest.mark.parametrize("scale", [5e-324, 1e-200, 1e-10, 1e160, 1e300, -1e308])
def test_relative_error_is_the_same_at_every_scale(scale):
    a, b = np.array([1.0, 1.0]), np.array([1.0, -1.0])
    assert relative_error(scale * a, scale * b) == pytest.approx(math.sqrt(0.5))


def test_gradients_in_float32_are_compared_in_float64():
    a, b = np.array([1.0, 2.0], np.float32), np.array([1.0, 3.0], np.float32)
    assert relative_error(a, b) == pytest.approx(1 / (math.sqrt(5) + math.sqrt(10)), rel=1e-14)


@pytest.mark.parametrize(
    "a, b", [([math.nan], [1.0]), ([0.0], [math.nan]), ([math.nan], [math.nan])]
)
def test_nan_never_passes_for_agreement(a, b):
    assert relative_error(a, b) == math.inf


@pytest.mark.parametrize("a, b", [((3,), (3, 1)), ((2, 3), (3, 2)), ((1,), ())])
def test_gradients_of_different_shapes_are_refused(a, b):
    with pytest.raises(ValueError, match="b has shape .*, but a has shape .*: expected the same"):
        relative_error(np.ones(a), np.ones(b))


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_short_floats_are_nudged_in_double_precision(dtype):
    x = np.array([3.0, -2.0], dtype=dtype)
    assert numerical_gradient(lambda x: np.sum(x**2), x) == pytest.approx([6.0, -4.0], rel=1e-9)
