"""The exercises: answers by another way, slips of readers, and what is refused as none."""

import numpy as np
import pytest
from conftest import needs

from snippets import exercises
from snippets.exercises import _hunt, bug_hunt, worked_example
from snippets.exercises import order as put_in_order
from snippets.tables.practice import ALL, EVERY

SLIPS = {  # what readers answered, and what led to it
    "matrix_form.how_far_apart": {
        "1.4": "divides by one of the two",
        "0.58": "divides by one of the two",
        "0.82": "divides by the mean",
        "-0.41": "has a sign",
    },
    "core_idea.two_paths": {"-10": "through $d$ alone"},
    "autodiff.used_twice": {"10": "arrives at $b$", "13": "also goes on"},
    "challenges.around_the_block": {"0.3": "forgets the path", "1.1": "one block"},
    "losses.one_entry_of_a_mean": {"-0.25": "wrong sign", "0.5": "the error itself"},
    "losses.sure_and_wrong": {"4.6": "the loss itself", "4.605": "the loss itself"},
    "matrix_form.gradient_of_W2": {
        "dL_dZ2.T@A1/5": "mean once more",
        "dL_dZ2@A1": "differ",
        "dL_dZ2.T*A1": "fits nothing",
    },
    "worked_example.through_the_relu": {
        "dL_da1*da1_dz1": "",
        "np.where(z1>0,dL_da1,0)": "",
        "dL_da1*a1": "what the ReLU put out",
        "dL_da1*(z1>=0)": "$z_1 = 0$",
        "da1_dz1": "alone",
    },
    "losses.mean_over_rows": {"(A-Y)/N": "", "(A-Y)/K": "classes"},
    "process.shape_that_travels": {"3": "second axis"},
    "why_it_matters.price_of_nudging": {"100": "in milliseconds, and counts one"},
}


def listed(step, answer):
    """What is said of an answer, as the page finds it."""
    for item in step["items"]:
        for value in item["values"]:
            near = step["kind"] == "number" and abs(float(answer) - float(value)) <= step["within"]
            if answer == value or near:
                return item["why"]
    return None


@pytest.mark.parametrize("name", SLIPS)
def test_slips_of_readers_are_known(name):
    stem, key = name.split(".")
    step = ALL[stem][key]["variants"][0]["steps"][0]
    for answer, why in SLIPS[name].items():
        said = listed(step, answer)
        assert said is not None and (why in said if why else said == ""), (answer, said)


def test_every_exercise_has_a_hint_a_solution_and_a_place_to_read_again():
    for stem, key, each in EVERY:
        assert each["section"].startswith("[") and ".md#" in each["section"], (stem, key)
        for variant in each["variants"]:
            assert len(variant["hint"]) > 20 and len(variant["solution"]) > 12, (stem, key)


@pytest.mark.parametrize("x, y", worked_example.INPUTS)
def test_worked_example_has_the_gradients_of_torch(x, y):
    needs("torch")
    import torch

    article = worked_example.article
    values = [article.W1, article.b1, article.W2, article.b2]
    W1, b1, W2, b2 = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in values)
    loss = (torch.sigmoid(W2 * torch.relu(W1 * x + b1) + b2) - y) ** 2
    loss.backward()
    found = worked_example.network(x, y)
    for name, parameter in (("W1", W1), ("b1", b1), ("W2", W2), ("b2", b2)):
        assert found[f"dL_d{name}"] == pytest.approx(parameter.grad.item(), rel=1e-12)


@pytest.mark.parametrize(
    "name, loss, x",
    [
        ("core_idea.slope_of_a_square", lambda x: (3 * x + 1) ** 2, 1.0),
        ("core_idea.two_paths", lambda x: 2 * (3 * x) + 5 * (-2 * x), 0.3),
        ("activations.tanh_from_output", np.tanh, np.arctanh(-0.8)),
        ("losses.one_entry_of_a_mean", lambda a: (a - 0.4) ** 2 / 4, 0.9),
        ("losses.sure_and_wrong", lambda z: np.log1p(np.exp(-z)), np.log(0.01 / 0.99)),
        ("autodiff.used_twice", lambda a: 3 * (2 * a) + 7 * (2 * a), 1.0),
    ],
)
def test_answer_by_nudging(name, loss, x, h=1e-5):
    stem, key = name.split(".")
    right = ALL[stem][key]["variants"][0]["steps"][0]["items"][0]["values"][0]
    assert float(right) == pytest.approx((loss(x + h) - loss(x - h)) / (2 * h), rel=1e-7)


WRONG = [(2.0, "is not right, since it is too large."), (3.0, "is not right, either.")]


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: exercises.number("?", 2.0, WRONG, "", ""), "are alike within"),
        (lambda: exercises.number("?", 1.0, WRONG[:1], "", ""), "expected two and more"),
        (lambda: exercises.shape("?", (1, 2), [((1, 2), ""), ((2, 1), "")], "", ""), "are alike"),
        (
            lambda: exercises.line("?", "y = ____", "2 * x", [("x + x", "")], {"x": 3.0}, "", ""),
            "as right as",
        ),
        (
            lambda: exercises.exercise("T", "i", "s", [(1,), (2,)])(lambda k: {}),
            "expected 1 or 10 and more",
        ),
    ],
)
def test_an_exercise_that_is_none_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_lines_that_may_be_exchanged_are_no_pair():
    made = put_in_order("?", ["a = 1", "b = 2 * a", "c = 3 * a", "d = b + c"], {}, "h", "s")
    pairs = {item["values"][0] for item in made["steps"][0]["items"][1:]}
    assert pairs == {"1 0", "2 0", "3 1", "3 2"}


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"fixes": ["dL_da2 = (a2 - y) * 2", "dL_da2 = a2"]}, "mends it"),
        ({"blind": ("x = 2", {})}, "seen on"),
        ({"cause": "nothing"}, "the check gives"),
    ],
)
def test_bug_that_is_none_is_refused(changes, message, monkeypatch):
    monkeypatch.setitem(bug_hunt.example.slips, "nothing", "dL_da2 = (a2 - y) * 2")
    good = {"cause": "The factor 2 of the square is missing.", "fixes": ["dL_da2 = a2"]}
    arguments = {"why": "?", "case": ("x = 2", {})} | good | changes
    with pytest.raises(ValueError, match=message):
        _hunt.bug(bug_hunt.example, "T", 1, "i", "s", **arguments)
