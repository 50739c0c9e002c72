"""The recorded programs, run where the frameworks are: the records still say what they do."""

import json
import re
import subprocess
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


def test_zeros_are_compared_without_their_sign():
    printed = "[[-0.25 -0.]\n [-0.         10.0]] -0.: -10."
    assert unsigned_zeros(printed) == "[[-0.25  0.]\n [ 0.         10.0]]  0.: -10."


# The recorder


def test_the_recorder_takes_down_what_a_program_computes_and_prints(tmp_path, monkeypatch):
    monkeypatch.setattr(recorder, "FOLDER", tmp_path)
    monkeypatch.setattr(recorder, "PACKAGES", {"program": "numpy"})
    program = """
import numpy as np

weights = {"b": np.array([[1.5, 2.0]]), "a": np.array([2.5])}
gradients = {"a": np.array([0.0]), "b": np.array([[0.5, 1.0]])}
print("done")
"""
    (tmp_path / "program.py").write_text(program)
    record = recorder.run("program")
    assert set(record.pop("versions")) == {"numpy", "Python"} and record.pop("printed") == "done\n"
    assert record == {
        "parameters": {"b": [[1.5, 2.0]], "a": [2.5]},
        "gradients": {"b": [[0.5, 1.0]], "a": [0.0]},
    }
    assert list(record["gradients"]) == ["b", "a"]


def test_the_recorder_records_what_is_installed_and_names_what_is_not(tmp_path, monkeypatch):
    packages = {"with_numpy": "numpy", "with_nothing": "a-package-that-is-not-there"}
    monkeypatch.setattr(recorder, "FOLDER", tmp_path)
    monkeypatch.setattr(recorder, "PACKAGES", packages)
    monkeypatch.setattr(recorder, "record", lambda name: f'"{name}"'.encode())
    assert recorder.main().startswith("with_nothing.py was not run: a-package-that-is-not-there")
    assert [path.name for path in tmp_path.iterdir()] == ["with_numpy.json"]


def test_the_recorder_refuses_a_framework_it_does_not_know():
    command = [sys.executable, "-m", "snippets.recorded", "jacks"]
    ended = subprocess.run(command, cwd=ROOT, text=True, capture_output=True)
    assert ended.returncode == 1 and "no program needs jacks: expected pytorch" in ended.stderr
