"""The README's commands, with the programs that they start replaced by a note of the call."""

import socket
import subprocess
import sys
from types import SimpleNamespace

import pytest
from conftest import python

from snippets import __main__ as command

WORDS = {
    "serve": ["mkdocs", "serve", "--dirty"],
    "build": ["mkdocs", "build", "--strict"],
    "test": ["pytest"],
    "new": ["snippets._new"],
    "format": ["snippets._format"],
    "mutants": ["tests.mutants"],
}


@pytest.fixture
def calls(tmp_path, monkeypatch):
    """A checkout that has only its requirements, and a list of what was called there."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "requirements.txt").write_text("numpy")
    (tmp_path / "tests/requirements.txt").write_text("torch")
    calls = []

    def run(words, **options):
        words = [str(word).replace(f"{tmp_path}/", "") for word in words]
        calls.append(" ".join(words).removeprefix("python -m ").replace(sys.executable, "PYTHON"))
        if "venv" in words:
            for stamp in command.VENV.glob("*"):
                stamp.unlink()
            command.VENV.mkdir(exist_ok=True)
        return SimpleNamespace(returncode=7)

    places = {"ROOT": tmp_path, "VENV": tmp_path / ".venv", "PYTHON": tmp_path / "python"}
    for name, value in places.items():
        monkeypatch.setattr(command, name, value)
    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(command, "in_use", lambda address: False)
    monkeypatch.delenv("CI", raising=False)
    return calls


VENV = "PYTHON -m venv --clear .venv"
LOCKED = "pip install --quiet --disable-pip-version-check -r requirements.txt"
IN_CI = "pip install --quiet --disable-pip-version-check -r tests/requirements.txt"


@pytest.mark.parametrize("name, words", WORDS.items())
def test_first_run_sets_up_and_the_second_only_does_it(calls, name, words, capsys):
    assert command.main(name, "-k", "x") == 7
    does = " ".join([*words, "-k", "x"])
    assert calls == [VENV, LOCKED, does]
    assert capsys.readouterr().out.count("\n") == 2
    calls.clear()
    assert command.main(name, "-k", "x") == 7
    assert calls == [does] and capsys.readouterr().out == ""


@pytest.mark.parametrize("change", ["requirements.txt", "Python"])
def test_another_lock_or_python_makes_a_new_environment(calls, change, tmp_path, monkeypatch):
    monkeypatch.setenv("CI", "true")
    command.main("test")
    assert calls == [VENV, LOCKED, IN_CI, "pytest"]
    calls.clear()
    if change == "Python":
        monkeypatch.setattr(sys, "version", "another")
    else:
        (tmp_path / change).write_text("numpy==2")
    command.main("test")
    assert calls == [VENV, LOCKED, IN_CI, "pytest"]


@pytest.mark.parametrize("name, more", [("test", [IN_CI]), ("mutants", [IN_CI]), ("build", [])])
def test_ci_adds_what_only_some_tests_need(calls, monkeypatch, name, more):
    command.main(name)
    calls.clear()
    monkeypatch.setenv("CI", "true")
    command.main(name)
    assert calls == [*more, " ".join(WORDS[name])]


@pytest.mark.parametrize("failing", ["venv", "pip"])
def test_set_up_that_fails_says_what_failed_and_is_tried_again(calls, monkeypatch, failing):
    run = subprocess.run

    def fails(words, **options):
        run(words)
        if failing in words:
            raise subprocess.CalledProcessError(1, words)

    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "run", fails)
        message = command.main("test")
    assert message.startswith("the set-up failed at: ") and f"-m {failing} " in message
    calls.clear()
    command.main("test")
    assert calls == [VENV, LOCKED, "pytest"]


@pytest.mark.parametrize("form", ["--dev-addr {}", "--dev-addr={}", "-a {}"])
def test_a_port_in_use_is_named_before_anything_is_done(form):
    with socket.create_server(("localhost", 0)) as other:
        port = other.getsockname()[1]
        process = python("-m", "snippets", "serve", *form.format(f"localhost:{port}").split())
    advice = f"stop the other server or add --dev-addr localhost:{port + 1}"
    assert process.stderr == f"localhost:{port} is in use: {advice}\n" and process.returncode == 1
    assert not command.in_use(f"localhost:{port}")


def test_the_port_is_8000_unless_another_is_given():
    assert command.address_of(["--strict"]) == "localhost:8000"


def test_interrupt_ends_quietly(calls, monkeypatch):
    def run(*words, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "run", run)
    assert command.main("serve") == 130


@pytest.mark.parametrize("words", [[], ["srve"]])
def test_wrong_word_is_answered_with_the_right_ones(words):
    process = python("-m", "snippets", *words)
    usage = "usage: python3 -m snippets serve|test|build|new|format|mutants [arguments]\n"
    assert (process.returncode, process.stderr) == (1, usage)


@pytest.mark.parametrize("version, fits", [((3, 10, 9), False), ((3, 11, 0), True)])
def test_old_python_is_refused(calls, monkeypatch, version, fits):
    monkeypatch.setattr(sys, "version_info", version)
    message = command.main("test")
    assert message == 7 if fits else message.startswith("this needs Python 3.11 or later, and ")
