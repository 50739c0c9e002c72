"""The recorded programs, run where the frameworks are: the records still say what they do."""

import json
import re
import sys

import pytest
from conftest import ROOT, needs

from snippets.recorded import __main__ as recorder
from snippets.recorded import unsigned_zeros

FOLDER = ROOT / "snippets/recorded"
REQUIREMENTS = (ROOT / "tests/requirements.txt").read_text(encoding="utf-8")
PINS = dict(re.findall(r"^([\w-]+)==([\w.]+)", REQUIREMENTS, re.MULTILINE))
PROGRAMS = recorder.PACKAGES | recorder.MEASURED
RUNNABLE = dict(recorder.PACKAGES)
if sys.version_info >= (3, 14):
    del RUNNABLE["with_tensorflow"]  # the pinned TensorFlow has no wheel for Python 3.14
del RUNNABLE["digits"]  # which takes the longest: two of its ten seeds say as much


def stored(name):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def test_every_program_has_a_package_and_a_record():
    records = {path.stem for path in FOLDER.glob("*.json")} - {"mutants"}
    assert {path.stem for path in FOLDER.glob("[!_]*.py")} == set(PROGRAMS) == records


@pytest.mark.parametrize("name, package", PROGRAMS.items())
def test_a_record_is_of_the_pinned_version(name, package):
    assert stored(name)["versions"][package] == PINS[package]


@pytest.mark.parametrize("name, package", RUNNABLE.items())
def test_a_program_does_what_is_recorded(name, package):
    needs({"tensorflow-cpu": "tensorflow"}.get(package, package))
    now, then = json.loads(recorder.record(name)), stored(name)
    assert list(now) == list(then)
    versions = now.pop("versions"), then.pop("versions")
    assert versions[0].keys() == versions[1].keys()
    assert versions[0][package] == versions[1][package]
    printed = [unsigned_zeros(record.pop("printed", "")) for record in (now, then)]
    assert printed[0] == printed[1]
    assert_alike(now, then, name)


def test_digits_are_learned_as_recorded():
    needs("torch")
    program = (FOLDER / "digits.py").read_text(encoding="utf-8")
    assert program.count("range(SEEDS)") == 2
    exec(program.replace("range(SEEDS)", "range(2)"), found := {})
    for run, counts in found["record"].items():
        assert counts == stored("digits")[run][:2], run


def assert_alike(now, then, where):
    """The same structure, with numbers that agree to 1e-6."""
    if isinstance(then, dict):
        assert list(now) == list(then), where
        for name in then:
            assert_alike(now[name], then[name], f"{where} {name}")
    elif isinstance(then, list):
        assert len(now) == len(then), where
        for a, b in zip(now, then, strict=True):
            assert_alike(a, b, where)
    elif isinstance(then, str):
        assert now == then, where
    else:
        assert now == pytest.approx(then, rel=1e-6, abs=1e-15), where
