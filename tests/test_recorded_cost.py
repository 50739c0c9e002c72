"""The program that measures costs: what it measures is what it says, with a clock of its own; `test_cost.py` has a quick run of it."""

import gc
import inspect
import io
import json

import numpy as np
import pytest
from conftest import ROOT, needs

from snippets import cost, matrix_form


@pytest.fixture(scope="module")
def program():
    needs("torch")
    from snippets.recorded import cost as program

    return program


@pytest.fixture(scope="module")
def stored():
    return json.loads((ROOT / "snippets/recorded/cost.json").read_text(encoding="utf-8"))


def test_settings_are_those_of_the_record(program, stored):
    assert (program.N, program.RATE, program.WIDTHS, program.BATCHES) == (32, 0.5, [7, 22, 70, 223, 707, 2235], [10, 128])
    assert [network["width"] for network in stored["growth"]] == program.WIDTHS and stored["N"] == program.N
    assert [epoch["batch"] for epoch in stored["epochs"]] == program.BATCHES


def test_clock_is_read_around_so_many_calls(program, monkeypatch):
    calls, clock = [], iter([10.0, 12.5])
    monkeypatch.setattr(program.time, "process_time", lambda: next(clock))
    assert program.cpu_time(lambda: calls.append(1), 3) == 2.5 and len(calls) == 3


@pytest.mark.parametrize("least, times", [(0.0, 1), (1.0, 1), (1.5, 2), (4.0, 4), (5.0, 8)])
def test_call_is_repeated_until_it_takes_long_enough(program, monkeypatch, least, times):
    monkeypatch.setattr(program, "cpu_time", lambda call, times: float(times))
    assert program.enough(None, least) == times


def test_candidates_take_turns_without_the_garbage_collector(program, monkeypatch):
    turns = []

    def cpu_time(call, times):
        turns.append((call, times, gc.isenabled()))
        return {"a": 0.123456, "b": 2.0}[call] * times

    monkeypatch.setattr(program, "cpu_time", cpu_time)
    monkeypatch.setattr(program, "enough", lambda call, least: {"a": 4, "b": 2}[call] if least == 0.5 else None)
    assert program.side_by_side({"A": "a", "B": "b"}, 2, 0.5) == {"A": [0.1235, 0.1235], "B": [2.0, 2.0]}
    assert turns == [("a", 4, False), ("b", 2, False)] * 2 and gc.isenabled()


def test_peak_is_the_most_that_a_call_holds_once_it_is_warm(program):
    calls = []

    def call():
        calls.append(np.zeros(10**7, dtype=np.uint8).sum())

    assert 10**7 <= program.peak(call) < 1.1 * 10**7 and len(calls) == 2


def test_network_has_normal_weights_of_the_size_that_keeps_sums_alike(program):
    X, Y, (W1, b1, W2, b2) = program.network(300, np.random.default_rng(1))
    assert X.shape == Y.shape == (32, 300) and W1.shape == W2.shape == (300, 300) and b1.shape == b2.shape == (300,)
    assert W1.std() == pytest.approx(300**-0.5, rel=0.02) and W2.std() == pytest.approx(300**-0.5, rel=0.02)
    assert not b1.any() and not b2.any() and not np.array_equal(W1, W2)
    assert 0 <= Y.min() < 0.01 and 0.99 < Y.max() < 1 and X.std() == pytest.approx(1, rel=0.03)


@pytest.fixture
def small(program):
    X, Y, parameters = program.network(3, np.random.default_rng(2))
    Z1, A1, Z2, A2 = matrix_form.forward(X, *parameters)
    gradients = matrix_form.backward(X, Y, Z1, A1, A2, parameters[2])
    return X, Y, parameters, gradients, np.concatenate([np.ravel(gradient) for gradient in gradients])


def test_each_way_computes_what_it_is_called(program, small):
    X, Y, parameters, gradients, flat = small
    ways = program.ways(X, Y, parameters)
    assert list(ways) == ["forward", "backward", "forward mode", "finite differences"]
    assert ways["forward"]() == pytest.approx(np.mean((matrix_form.forward(X, *parameters)[3] - Y) ** 2), rel=1e-14)
    for found, expected in zip(ways["backward"](), gradients, strict=True):
        np.testing.assert_array_equal(found, expected)
    for way, digits in (("forward mode", 1e-12), ("finite differences", 1e-6)):  # round and round, entry by entry
        found = [ways[way]() for _ in range(2 * len(flat))]
        np.testing.assert_allclose(found, [*flat, *flat], rtol=digits, atol=digits / 10)
    assert program.one_direction(X, Y, parameters)() == next(cost.forward_mode(X, Y, parameters))


def test_pytorchs_passes_are_of_the_same_loss(program, small, monkeypatch):
    X, Y, parameters, gradients, _ = small
    models, make = [], program.pytorch_model
    monkeypatch.setattr(program, "pytorch_model", lambda *given: models.append(make(*given)) or models[-1])
    passes = program.pytorch_passes(X, Y, parameters)
    for _ in range(2):  # the second has to forget the first
        passes()
    for ours, theirs in zip(gradients, models[0].parameters(), strict=True):
        np.testing.assert_allclose(theirs.grad.numpy(), ours, rtol=1e-12, atol=1e-15)


def test_units_of_the_loop(program):
    z = np.array([-1.0, 0.0, 2.0])
    np.testing.assert_allclose(program.sigmoid(z), 1 / (1 + np.exp(-z)), rtol=1e-15)
    np.testing.assert_allclose(program.sigmoid_prime(z), np.exp(-z) / (1 + np.exp(-z)) ** 2, rtol=1e-14)
    np.testing.assert_array_equal(program.relu(z), [0, 0, 2])
    np.testing.assert_array_equal(program.relu_prime(z), [0, 0, 1])


@pytest.mark.parametrize("units", ["ARTICLE", "SIGMOIDS"])
def test_backprop_of_one_example_agrees_with_central_differences(program, units):
    rng, units = np.random.default_rng(3), getattr(program, units)
    x, y = rng.normal(size=(4, 1)), rng.uniform(size=(2, 1))
    weights, biases = [rng.normal(size=(3, 4)), rng.normal(size=(2, 3))], [rng.normal(size=(3, 1)), rng.normal(size=(2, 1))]

    def loss():
        a = x
        for W, b, (function, _) in zip(weights, biases, units):
            a = function(W @ a + b)
        return float(np.mean((a - y) ** 2))

    for arrays, gradients in zip((weights, biases), program.backprop(x, y, weights, biases, units)):
        for array, gradient in zip(arrays, gradients, strict=True):
            for index in np.ndindex(array.shape):
                kept = array[index]
                array[index] = kept + 1e-6
                above = loss()
                array[index] = kept - 1e-6
                below = loss()
                array[index] = kept
                assert gradient[index] == pytest.approx((above - below) / 2e-6, rel=1e-5, abs=1e-9)


@pytest.mark.parametrize("i", [0, 1])
def test_an_epoch_ends_where_the_record_says(program, stored, monkeypatch, i):
    monkeypatch.setattr(program, "side_by_side", lambda candidates, rounds, least: (list(candidates), rounds, least))
    then = stored["epochs"][i]
    now = program.epochs(then["batch"], None, 7, 0.5)
    assert (now["batch"], now["examples"], now["seconds"]) == (then["batch"], then["examples"], (list(then["seconds"]), 7, 0.5))
    assert list(now["apart"]) == list(then["apart"]) and now["apart"]["batch form"] == 0
    assert now["apart"]["loop, sigmoids"] == pytest.approx(then["apart"]["loop, sigmoids"], rel=1e-9)
    assert max(now["apart"]["loop, the same units"], now["apart"]["PyTorch, float64"]) < 1e-11
    assert 1e-11 < now["apart"]["PyTorch, float32"] < 1e-4


def test_growth_counts_as_recorded(program, stored, monkeypatch):
    monkeypatch.setattr(program, "side_by_side", lambda candidates, rounds, least: (list(candidates), rounds, least))
    now, then = program.growth(7, 3, 0.25), stored["growth"][0]
    assert list(now) == list(then) and now["seconds"] == (list(then["seconds"]), 3, 0.25)
    assert {key: now[key] for key in ("width", "parameters", "multiplications", "bytes")} == {key: then[key] for key in ("width", "parameters", "multiplications", "bytes")}
    assert list(now["peak"]) == list(then["peak"])


@pytest.mark.parametrize("quick, widths, rounds, examples, least", [(False, [7, 22, 70, 223, 707, 2235], 25, None, 0.05), (True, [2, 3], 2, 40, 0.0)])
def test_record_measures_all_sizes_and_both_batches_on_one_thread(program, monkeypatch, quick, widths, rounds, examples, least):
    threads = []
    monkeypatch.setattr(program, "growth", lambda *given: given)
    monkeypatch.setattr(program, "epochs", lambda *given: given)
    monkeypatch.setattr(program.torch, "set_num_threads", threads.append)
    assert inspect.signature(program.record_cost).parameters["quick"].default is False
    record = program.record_cost(quick)
    assert record["growth"] == [(width, rounds, least) for width in widths] and threads == [1]
    assert record["epochs"] == [(batch, examples, rounds, least) for batch in (10, 128)] and record["N"] == 32


def test_record_tells_the_machine_and_the_versions(program, stored, monkeypatch):
    told = program.surroundings()
    assert list(told["machine"]) == list(stored["machine"]) and list(told["versions"]) == list(stored["versions"])
    assert told["machine"]["Cores"].isdigit() and len(told["machine"]["System"].split()) >= 2 and told["versions"]["NumPy"] == np.__version__
    assert "+" not in told["versions"]["torch"] and len(told["versions"]["BLAS"].split()) >= 2
    monkeypatch.setattr("builtins.open", lambda *given, **options: io.StringIO("vendor_id\t: A\nmodel name\t: Fast One: 2\nmodel name\t: B\n"))
    assert program.processor() == "Fast One"
    monkeypatch.setattr("builtins.open", lambda *given, **options: io.StringIO("vendor_id\t: A\n"))
    monkeypatch.setattr(program.platform, "processor", lambda: "")
    monkeypatch.setattr(program.platform, "machine", lambda: "x86")
    assert program.processor() == "x86"
    monkeypatch.setattr(program.platform, "processor", lambda: "another")
    assert program.processor() == "another"
