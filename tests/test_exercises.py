"""The data of the exercises: right by another way, wrong answers apart, programs run alone."""

import itertools
import shutil
import subprocess
import sys

import numpy as np
import pytest
from conftest import ROOT, needs

from snippets import exercises
from snippets.exercises import _hunt, bug_hunt, worked_example
from snippets.exercises import order as put_in_order
from snippets.tables.practice import ALL, EVERY

PROGRAMS = sorted((ROOT / "snippets/exercises/programs").glob("*.py"))
VARIANTS = [
    (f"{stem}.{key}", each, variant) for stem, key, each in EVERY for variant in each["variants"]
]


def test_no_two_answers_of_an_exercise_are_within_the_tolerance_of_each_other():
    for name, _, variant in VARIANTS:
        for step in variant["steps"]:
            values = [value for item in step["items"] for value in item["values"]]
            assert len(set(values)) == len(values), name
            if step["kind"] == "number":
                answers = [[float(value) for value in item["values"]] for item in step["items"]]
                for ones, others in itertools.combinations(answers, 2):
                    gaps = np.abs(np.subtract.outer(ones, others))
                    assert (gaps > 2 * step["within"]).all(), (name, answers)
            if step["kind"] != "program":
                assert len(step["items"]) >= 3, name


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


def test_numbers_are_redrawn_at_least_ten_times_and_questions_differ():
    for stem, key, each in EVERY:
        asked = [variant["steps"][0]["ask"] for variant in each["variants"]]
        assert len(asked) == 1 or len(asked) >= 10, (stem, key)
        answers = [str(variant["steps"][0]["items"][:1]) for variant in each["variants"]]
        assert len({*zip(asked, answers)}) == len(asked), (stem, key)


def test_every_exercise_has_a_hint_a_solution_and_a_place_to_read_again():
    for name, each, variant in VARIANTS:
        assert len(variant["hint"]) > 20 and len(variant["solution"]) > 12, name
        assert each["section"].startswith("[") and ".md#" in each["section"], name


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


def slope(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h)


def right(name, key, index=0):
    return float(ALL[name][key]["variants"][index]["steps"][0]["items"][0]["values"][0])


def test_some_answers_by_nudging():
    assert right("core_idea", "slope_of_a_square") == pytest.approx(
        slope(lambda x: (3 * x + 1) ** 2, 1), rel=1e-8
    )
    assert right("core_idea", "two_paths") == pytest.approx(
        slope(lambda x: 2 * (3 * x) + 5 * (-2 * x), 0.3), rel=1e-8
    )
    assert right("activations", "tanh_from_output") == pytest.approx(
        slope(np.tanh, np.arctanh(-0.8)), rel=1e-8
    )
    assert right("losses", "one_entry_of_a_mean") == pytest.approx(
        slope(lambda a: (a - 0.4) ** 2 / 4, 0.9), rel=1e-8
    )
    assert right("losses", "sure_and_wrong") == pytest.approx(
        slope(lambda z: np.log1p(np.exp(-z)), np.log(0.01 / 0.99)), rel=1e-7
    )
    assert right("autodiff", "used_twice") == pytest.approx(
        slope(lambda a: 3 * (2 * a) + 7 * (2 * a), 1.0), rel=1e-8
    )


WRONG = [(2.0, "is not right, since it is too large."), (3.0, "is not right, either.")]


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: exercises.number("?", 2.0, WRONG, "", ""), "are alike within"),
        (lambda: exercises.number("?", 1.0, WRONG, "", "", within=0.6), "are alike within"),
        (lambda: exercises.number("?", 1.0, WRONG[:1], "", ""), "expected two and more"),
        (lambda: exercises.shape("?", (1, 2), [((1, 2), ""), ((2, 1), "")], "", ""), "are alike"),
        (lambda: exercises.choice("?", "a", [("b", ""), ("a", "")], "", ""), "are alike"),
        (
            lambda: exercises.line("?", "y = ____", "2 * x", [("x + x", "")], {"x": 3.0}, "", ""),
            "as right as",
        ),
        (
            lambda: exercises.line(
                "?", "y = ____", "2 * x", [], {"x": 3.0}, "", "", also=("x * x",)
            ),
            "not the same",
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


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_stub_fails_its_doctests_and_the_solution_passes_them_in_an_empty_folder(path, tmp_path):
    steps = [v["steps"][0] for _, _, v in VARIANTS]
    [text] = [step["text"] for step in steps if step.get("file") == path.name]
    stub = tmp_path / path.name
    stub.write_text(text)
    assert doctest(stub).returncode != 0
    assert "NotImplementedError" in text and text.count(">>> ") > 3
    shutil.copy(path, stub)
    passed = doctest(stub)
    assert passed.returncode == 0, passed.stdout + passed.stderr


def doctest(path):
    command = [sys.executable, "-I", "-m", "doctest", path.name]
    return subprocess.run(command, cwd=path.parent, capture_output=True, text=True)


def test_at_least_five_programs_need_nothing_but_python():
    assert len(PROGRAMS) >= 6
    assert sum("import numpy" not in path.read_text() for path in PROGRAMS) >= 5


@pytest.mark.parametrize("name", ALL["bug_hunt"])
def test_bug_differs_from_the_right_code_in_one_line_that_a_check_sees(name):
    steps = ALL["bug_hunt"][name]["variants"][0]["steps"]
    lines = [text.strip("`") for _, text in steps[0]["options"]]
    wrong = steps[0]["items"][0]["shown"].strip("`")
    right_line = steps[2]["items"][0]["shown"].strip("`")
    [code] = [
        code
        for code in vars(bug_hunt).values()
        if isinstance(code, _hunt.Code)
        and [right_line if line == wrong else line for line in lines] == code.lines
    ]
    assert lines.count(wrong) == 1 and wrong not in code.lines
    assert len(lines) == len(code.lines) and len({*lines} - {*code.lines}) == 1


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


def test_right_codes_agree_with_nudging_to_more_digits_than_the_checks_ask_for():
    for code in vars(bug_hunt).values():
        if isinstance(code, _hunt.Code):
            assert code.error(code.lines, {}) < _hunt.PASSED / 10
