"""`python3 -m snippets`, in a checkout whose commands only say how they were called."""

import os
import re
import shutil
import socket
import subprocess
import sys

import pytest
from conftest import ROOT, put

from snippets import __main__ as command

SAYS = """import os, sys
print("ran", os.path.basename(__file__), *sys.argv[1:], os.environ["PYTHONUTF8"])
sys.exit(7)
"""
PROGRAMS = "pytest.py mkdocs.py snippets/_new.py snippets/_format.py tests/mutants.py".split()
COMMANDS = {
    "serve": "ran mkdocs.py serve --dirty",
    "test": "ran pytest.py",
    "build": "ran mkdocs.py build --strict",
    "new": "ran _new.py",
    "format": "ran _format.py",
    "mutants": "ran mutants.py",
}
MAKES_NEW = "Making a new environment in .venv"
INSTALLS = "Installing requirements.txt"
INSTALLS_MORE = "Installing tests/requirements.txt"


@pytest.fixture(scope="module")
def set_up(tmp_path_factory):
    """A checkout after its first command, and what that printed."""
    folder = tmp_path_factory.mktemp("main") / "checkout"
    put(folder, dict.fromkeys(PROGRAMS, SAYS))
    put(folder, dict.fromkeys(["requirements.txt", "tests/requirements.txt"], "# nothing\n"))
    shutil.copy(ROOT / "snippets/__main__.py", folder / "snippets")
    return folder, run(folder, "test", "-k", "x")


@pytest.fixture
def checkout(set_up, tmp_path):
    """The checkout after its first command, to change."""
    return shutil.copytree(set_up[0], tmp_path / "checkout", symlinks=True)


def run(folder, *arguments, **variables):
    environment = {name: value for name, value in os.environ.items() if name != "CI"} | variables
    call = [sys.executable, "-m", "snippets", *arguments]
    return subprocess.run(call, cwd=folder, env=environment, text=True, capture_output=True)


def test_the_first_command_sets_up_and_is_run(set_up):
    folder, process = set_up
    said = [line.partition(" (")[0] for line in process.stdout.splitlines()]
    assert said == [f"{MAKES_NEW} ...", INSTALLS, "ran pytest.py -k x 1"]
    assert process.returncode == 7 and (folder / ".venv/installed-requirements.txt").is_file()


@pytest.mark.parametrize("name, said", COMMANDS.items())
def test_a_later_command_is_only_run(set_up, name, said):
    process = run(set_up[0], name, "--dev-addr=localhost:1")  # nothing serves at port 1
    assert process.stdout == f"{said} --dev-addr=localhost:1 1\n" and process.returncode == 7


@pytest.mark.parametrize("name, more", [("test", True), ("mutants", True), ("build", False)])
def test_only_tests_in_ci_add_what_only_tests_need(checkout, name, more):
    first, second = (run(checkout, name, CI="true").stdout for _ in range(2))
    assert (INSTALLS_MORE in first) == more and "Installing" not in second
    assert MAKES_NEW not in first


def test_new_requirements_are_installed_and_a_failure_ends_the_command(checkout):
    (checkout / "requirements.txt").write_text("./not-there\n")
    process = run(checkout, "test")
    assert process.returncode == 1 and MAKES_NEW in process.stdout and "ran" not in process.stdout
    assert re.search("the set-up failed at: .* -m pip install", process.stderr.splitlines()[-1])
    assert INSTALLS in run(checkout, "test").stdout


@pytest.mark.parametrize("option", ["--dev-addr={}", "-a {}"])
def test_an_address_in_use_is_refused_in_one_line(set_up, option):
    with socket.create_server(("localhost", 0)) as other:
        port = other.getsockname()[1]
        process = run(set_up[0], "serve", *option.format(f"localhost:{port}").split())
    advice = f"stop the other server or add --dev-addr localhost:{port + 1}\n"
    assert process.stderr == f"localhost:{port} is in use: {advice}" and process.returncode == 1


def test_a_wrong_word_and_an_old_python_are_refused(monkeypatch):
    usage = f"usage: python3 -m snippets {'|'.join(COMMANDS)}"
    assert command.main().startswith(usage) and command.main("srve").startswith(usage)
    monkeypatch.setattr(sys, "version_info", (3, 10, 9))
    assert command.main("test").startswith("this needs Python 3.11 or later")
