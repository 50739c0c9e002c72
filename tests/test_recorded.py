"""The recorded programs, run for real where the frameworks are installed: the records still say what they do."""

import ast
import json
import re

import pytest
from conftest import ROOT, needs

from snippets.recorded import __main__ as recorder
from snippets.recorded import unsigned_zeros

FOLDER = ROOT / "snippets/recorded"
PINS = dict(
    re.findall(
        r"^([\w-]+)==([\w.]+)",
        (ROOT / "tests/requirements.txt").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
)


def test_every_program_has_a_package_and_a_record():
    programs = {path.stem for path in FOLDER.glob("[!_]*.py")}
    assert (
        programs
        == set(recorder.PACKAGES | recorder.MEASURED)
        == {path.stem for path in FOLDER.glob("*.json")} - {"mutants"}
    )


def test_all_programs_but_the_articles_start_with_the_same_lines():
    start = {
        re.search(
            r"^rng = .*?^x, y = .*?$",
            ast.unparse(ast.parse(path.read_text())),
            re.MULTILINE | re.DOTALL,
        )[0]
        for path in FOLDER.glob("with_*.py")
    }
    assert len(start) == 1


def test_zeros_are_compared_without_their_sign():
    assert (
        unsigned_zeros("[[-0.25 -0.]\n [-0.         10.0]] -0.: -10.")
        == "[[-0.25  0.]\n [ 0.         10.0]]  0.: -10."
    )


def stored(name):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name, package", (recorder.PACKAGES | recorder.MEASURED).items())
def test_a_record_is_of_the_pinned_version(name, package):
    assert stored(name)["versions"][package] == PINS[package]


@pytest.mark.parametrize("name, package", recorder.PACKAGES.items())
def test_a_program_does_what_is_recorded(name, package):
    needs({"tensorflow-cpu": "tensorflow"}.get(package, package))
    now, then = json.loads(recorder.record(name)), stored(name)
    assert (
        now["versions"][package] == then["versions"][package]
        and now["versions"].keys() == then["versions"].keys()
    )
    assert unsigned_zeros(now.get("printed", "")) == unsigned_zeros(then.get("printed", ""))
    assert list(now) == list(then)
    for what in now.keys() - {"versions", "printed"}:
        assert_alike(now[what], then[what], what)


def assert_alike(now, then, where):
    """The same structure, with numbers that agree to 1e-6."""
    if isinstance(then, dict):
        assert list(now) == list(then), where
        for name in then:
            assert_alike(now[name], then[name], f"{where} {name}")
    elif isinstance(then, list):
        assert len(now) == len(then), where
        for a, b in zip(now, then):
            assert_alike(a, b, where)
    elif isinstance(then, str):
        assert now == then, where
    else:
        assert now == pytest.approx(then, rel=1e-6, abs=1e-15), where
