"""The README's commands, with the programs that they start replaced by a note of the call."""

import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import ROOT

from snippets import __main__ as command


@pytest.fixture
def calls(tmp_path, monkeypatch):
    """A checkout that has only its requirements, and the list of what was called: `(words, options)`."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "requirements.txt").write_text("numpy")
    (tmp_path / "tests/requirements.txt").write_text("torch")
    calls = []

    def run(words, **options):
        calls.append(([str(word) for word in words], options))
        if "venv" in words:
            command.VENV.mkdir(exist_ok=True)
        return SimpleNamespace(returncode=7)

    for name, value in {"ROOT": tmp_path, "VENV": tmp_path / ".venv", "PYTHON": tmp_path / "python"}.items():
        monkeypatch.setattr(command, name, value)
    monkeypatch.setattr(subprocess, "run", run)
    for variable in ("CI", "NO_MKDOCS_2_WARNING", "PYTHONUTF8"):
        monkeypatch.delenv(variable, raising=False)
    return calls


def test_the_environment_is_in_the_checkout():
    assert command.ROOT == ROOT and command.VENV == ROOT / ".venv"


@pytest.mark.parametrize("system, python", [("posix", "bin/python"), ("nt", "Scripts/python.exe")])
def test_python_is_where_the_system_has_it(system, python):
    """The module with another name for the system, which `pathlib` is not to see."""
    source = (ROOT / "snippets/__main__.py").read_text(encoding="utf-8").replace("os.name", repr(system))
    namespace = {"__file__": str(ROOT / "snippets/__main__.py"), "__name__": "another"}
    exec(compile(source, "another", "exec"), namespace)
    assert namespace["PYTHON"] == ROOT / ".venv" / python


@pytest.mark.parametrize("name, words", {
    "serve": ["mkdocs", "serve"], "build": ["mkdocs", "build", "--strict"], "test": ["pytest"], "mutants": ["tests.mutants"],
}.items())  # fmt: skip
def test_first_run_sets_up_and_then_does_it(calls, name, words, tmp_path, capsys):
    assert command.main(name, "-k", "x") == 7
    python, pip = str(tmp_path / "python"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]
    assert [call for call, _ in calls] == [
        [sys.executable, "-m", "venv", "--clear", str(tmp_path / ".venv")],
        [python, *pip, str(tmp_path / "requirements.txt")],
        [python, "-m", *words, "-k", "x"],
    ]
    assert calls[0][1] == calls[1][1] == {"check": True}
    assert calls[2][1]["cwd"] == tmp_path
    assert calls[2][1]["env"] == os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1"}
    assert (tmp_path / ".venv/installed").is_file()
    assert capsys.readouterr().out == f"Setting up {tmp_path / '.venv'} (once, a minute or two) ...\n"


def test_second_run_only_does_it(calls):
    command.main("test")
    calls.clear()
    assert command.main("test") == 7
    assert len(calls) == 1


@pytest.mark.parametrize("change", ["requirements.txt", "CI", "Python"])
def test_set_up_is_done_again_when_what_it_is_made_of_changes(calls, change, tmp_path, monkeypatch):
    command.main("test")
    calls.clear()
    if change == "CI":
        monkeypatch.setenv("CI", "true")
    elif change == "Python":
        monkeypatch.setattr(sys, "version", "another")
    else:
        (tmp_path / change).write_text("numpy==2")
    command.main("test")
    assert len(calls) == 3 + (change == "CI")


@pytest.mark.parametrize("name", ["test", "mutants"])
def test_ci_installs_what_only_some_tests_need(calls, tmp_path, monkeypatch, name):
    monkeypatch.setenv("CI", "true")
    command.main(name)
    assert [call[-1] for call, _ in calls[1:3]] == [str(tmp_path / "requirements.txt"), str(tmp_path / "tests/requirements.txt")]


def test_building_in_ci_installs_no_framework(calls, tmp_path, monkeypatch):
    monkeypatch.setenv("CI", "true")
    command.main("build")
    assert [call[-1] for call, _ in calls[1:]] == [str(tmp_path / "requirements.txt"), "--strict"]


def test_set_up_that_fails_is_told_and_tried_again(calls, monkeypatch):
    def run(words, check=False, **options):
        raise subprocess.CalledProcessError(1, words)

    monkeypatch.setattr(subprocess, "run", run)
    assert command.main("test") == f"the set-up failed at: {sys.executable} -m venv --clear {command.VENV}"
    assert not (Path(command.VENV) / "installed").exists()


def test_interrupt_ends_quietly(calls, monkeypatch):
    command.main("test")

    def run(*words, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "run", run)
    assert command.main("serve") == 130


def test_what_it_is_about_to_do_is_told_at_once(calls, monkeypatch):
    told = []
    monkeypatch.setattr("builtins.print", lambda *words, **options: told.append(options))
    command.main("test")
    assert told == [{"flush": True}]


@pytest.mark.parametrize("words", [[], ["srve"]])
def test_wrong_word_is_answered_with_the_right_ones(calls, words):
    assert command.main(*words).startswith("usage: python3 -m snippets serve|test|build|mutants") and calls == []


@pytest.mark.parametrize("version, fits", [((3, 10, 9), False), ((3, 11), True), ((3, 11, 0), True), ((3, 12, 0), True)])
def test_old_python_is_refused(calls, monkeypatch, version, fits):
    monkeypatch.setattr(sys, "version_info", version)
    told = command.main("test")
    assert (told == 7) if fits else told == f"this needs Python 3.11 or later, and {sys.executable} is {sys.version.split()[0]}"


def test_it_is_run_as_a_module(tmp_path):
    ended = subprocess.run([sys.executable, "-m", "snippets", "nothing"], cwd=ROOT, text=True, capture_output=True)
    assert ended.returncode == 1 and ended.stderr.startswith("usage: ")


def test_words_behind_the_module_are_its_arguments(calls, tmp_path, monkeypatch):
    (tmp_path / "snippets").mkdir()
    shutil.copy(ROOT / "snippets/__main__.py", tmp_path / "snippets")
    monkeypatch.setattr(sys, "argv", ["snippets", "test", "-x"])
    with pytest.raises(SystemExit) as end:
        runpy.run_path(str(tmp_path / "snippets/__main__.py"), run_name="__main__")
    assert end.value.code == 7 and calls[-1][0][1:] == ["-m", "pytest", "-x"]
