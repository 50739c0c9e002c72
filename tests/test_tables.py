"""The tables, against computations that share no code with the snippets."""

from decimal import Decimal, getcontext
from math import prod

import numpy as np
import pytest

from snippets.tables import (
    core_idea,
    efficiency,
    frameworks,
    losses,
    magnitude,
    matrix_form,
    n,
    spaced,
    why_it_matters,
)
from snippets.tables import worked_example as table

getcontext().prec = 40


def exact():
    """The worked example in 40-digit arithmetic, written out again."""
    D = Decimal
    x, y, W1, b1, W2, b2, rate = D(2), D(1), D("0.5"), D("0.1"), D("0.8"), D("0.2"), D("0.1")
    v = {"z1": W1 * x + b1}
    v["a1"] = max(v["z1"], D(0))
    v["z2"] = W2 * v["a1"] + b2
    v["a2"] = 1 / (1 + (-v["z2"]).exp())
    v["loss"] = (v["a2"] - y) ** 2
    v["dL_da2"] = 2 * (v["a2"] - y)
    v["da2_dz2"] = (-v["z2"]).exp() / (1 + (-v["z2"]).exp()) ** 2
    v["dL_dz2"] = v["dL_db2"] = v["dL_da2"] * v["da2_dz2"]
    v["dL_dW2"] = v["dL_dz2"] * v["a1"]
    v["dL_da1"] = v["dL_dz1"] = v["dL_db1"] = v["dL_dz2"] * W2
    v["da1_dz1"] = D(1)
    v["dL_dW1"] = v["dL_dz1"] * x
    for name, value in {"W1": W1, "b1": b1, "W2": W2, "b2": b2}.items():
        v[f"{name}_new"] = value - rate * v[f"dL_d{name}"]
    return v


ROWS = {
    row["Quantity"].strip("`"): row
    for row in table.FORWARD + table.OUTPUT_LAYER + table.HIDDEN_LAYER + table.UPDATE
}


@pytest.mark.parametrize("name, value", exact().items())
def test_worked_example_row_has_the_exact_value_and_a_just_verdict(name, value):
    row = ROWS[name]
    assert float(row["Value"].replace("−", "-")) == pytest.approx(float(value), rel=5e-6)
    article = Decimal(row["Article"].replace("−", "-"))
    assert (row["Verdict"] == "agrees") == (
        abs(value - article) <= Decimal(10) ** article.as_tuple().exponent / 2
    )
    assert row["Central differences"] == (
        row["Value"] if "dL" in name or "_d" in name or "_new" in name else "–"
    )


def test_worked_example_has_every_number_of_the_article():
    assert set(ROWS) == set(exact())


def test_formulas_with_numbers_plugged_in_give_the_value():
    for name, row in ROWS.items():
        formula = row["With numbers"]
        if "because" in formula:
            continue
        for sign, python in {
            "−": "-",
            "×": "*",
            "²": "**2",
            "<sup>": "**(",
            "</sup>": ")",
            "e**": "2.718281828459045**",
        }.items():
            formula = formula.replace(sign, python)
        assert eval(formula) == pytest.approx(float(row["Value"].replace("−", "-")), rel=2e-5), name


def test_step_table_shows_the_loss_falling_to_the_published_value():
    before, after, change = [float(row["Loss"].replace("−", "-")) for row in table.STEP]
    assert (round(before, 7), round(after, 7)) == (0.0642653, 0.0594065)
    assert change == pytest.approx(after - before, abs=1e-7)
    assert table.fall == pytest.approx(1 - 0.0594065 / 0.0642653, rel=1e-4)
    assert table.dL_dW1_too_late / float(exact()["dL_dW1"]) == pytest.approx(
        0.810554205233 / 0.8, rel=1e-9
    )


def test_chain_table_ends_with_the_product_of_its_links():
    values = [float(row["Value"].strip("*").replace("−", "-")) for row in core_idea.CHAIN]
    assert prod(values[:4]) == pytest.approx(values[4], rel=1e-5) and values[5] == values[4]


def test_matrix_table_errors_are_those_of_a_direct_computation():
    X, Y, W1, b1, W2, b2 = matrix_form.cases[0]

    def loss(b2):
        A1 = np.maximum(X @ W1.T + b1, 0)
        return np.mean((1 / (1 + np.exp(-(A1 @ W2.T + b2))) - Y) ** 2)

    h = 1e-6
    nudged = [(loss(b2 + h * e) - loss(b2 - h * e)) / (2 * h) for e in np.eye(len(b2))]
    A2 = 1 / (1 + np.exp(-(np.maximum(X @ W1.T + b1, 0) @ W2.T + b2)))
    article = ((A2 - Y) / len(X)).sum(axis=0)
    for k, row in enumerate(matrix_form.SIDE_BY_SIDE):
        shown = {
            name: float(row[name].replace("−", "-"))
            for name in ("article", "ours", "central differences")
        }
        assert shown["ours"] == shown["central differences"] == pytest.approx(nudged[k], rel=1e-4)
        assert shown["article"] == pytest.approx(article[k], rel=1e-5)
    assert [row["verdict"].strip("*") for row in matrix_form.CHECK] == [
        "fails",
        "passes",
        "passes",
        "fails",
    ]


def test_parameters_and_passes_are_those_of_the_formula():
    counts = {
        "2 – 3 – 1": 13,
        "64 – 30 – 10": 2260,
        "784 – 100 – 10": 79510,
        "784 – 1000 – 1000 – 10": 1796010,
    }
    for row in why_it_matters.PASSES:
        assert row["Parameters"] == spaced(counts[row["Layers"]])
        assert row["Forward passes to nudge them all"] == spaced(2 * counts[row["Layers"]])
    assert why_it_matters.nudging_days == pytest.approx(2 * 1796010 * 0.001 * 10_000 / 86_400)
    assert why_it_matters.backpropagation_minutes == pytest.approx(3 * 0.001 * 10_000 / 60)


def test_counted_products_are_those_of_the_formula():
    for row, sizes in zip(efficiency.COUNTS, efficiency.NETWORKS.values()):
        products = [a * b for a, b in zip(sizes, sizes[1:])]
        assert row["Multiplications forward"] == spaced(32 * sum(products))
        assert row["Multiplications backward"] == spaced(32 * (2 * sum(products) - products[0]))
        assert (
            row["Forward + backward, in forward passes"] == f"{3 - products[0] / sum(products):.2f}"
        )
        assert (row["Products forward"], row["Products backward"]) == (
            str(len(products)),
            str(2 * len(products) - 1),
        )
    for row, sizes in zip(efficiency.REUSE, efficiency.NETWORKS.values()):
        assert row["Products backward, each gradient on its own"] == str(sum(range(1, len(sizes))))


def test_share_of_dead_starts_is_one_in_eight():
    assert frameworks.probability == 1 / 8
    assert frameworks.numpy_share == pytest.approx(1 / 8, abs=4 * np.sqrt(7 / 64 / 10_000))
    assert frameworks.pytorch_share == pytest.approx(1 / 8, abs=4 * np.sqrt(7 / 64 / 10_000))


def test_the_four_frameworks_records_are_compared_parameter_by_parameter():
    assert [row["Parameter"] for row in frameworks.FRAMEWORK_COMPARISON] == [
        "`0.weight`",
        "`0.bias`",
        "`2.weight`",
        "`2.bias`",
    ]
    assert list(frameworks.FRAMEWORK_COMPARISON[0])[1:] == [
        row["Recorded"] for row in frameworks.VERSIONS
    ]
    assert 0 < frameworks.largest_error < 1e-12
    record = frameworks.recorded("with_jax")
    record["gradients"]["2.bias"][0] *= 1.001
    assert frameworks.same_gradients(record)[3]["2.bias"] == pytest.approx(0.0005, rel=1e-3)
    record["parameters"]["0.weight"][1][0] += 0.1
    assert min(frameworks.same_gradients(record)[3].values()) > 1e-4


def test_confident_wrong_prediction_gets_the_published_gradients():
    a = 1 / (1 + np.exp(6.0))
    assert losses.confident_mse == pytest.approx(
        2 * (a - 1) * a * (1 - a)
    ) and losses.confident_bce == pytest.approx(a - 1)
    assert losses.broadcast_loss == pytest.approx(
        np.mean([0.1**2, 0.9**2, 0.9**2, 0.1**2])
    ) and losses.right_loss == pytest.approx(0.01)


@pytest.mark.parametrize(
    "error, text",
    [
        (0.5, "0.5"),
        (0.0123, "0.012"),
        (1.1e-4, "0.00011"),
        (1e-4, "below 10<sup>−4</sup>"),
        (2e-7, "below 10<sup>−4</sup>"),
        (6e-8, "below 10<sup>−7</sup>"),
        (3e-9, "below 10<sup>−8</sup>"),
        (1e-8, "below 10<sup>−8</sup>"),
        (0.0, "below 10<sup>−14</sup>"),
    ],
)
def test_an_error_is_shown_as_its_size_and_noise_as_its_power_of_ten(error, text):
    assert magnitude(error) == text


def test_numbers_are_written_with_a_real_minus():
    assert (
        n(-0.1234567) == "−0.123457"
        and n(-0.5, 1) == "−0.5"
        and spaced(1234567) == "1\u202f234\u202f567"
    )
