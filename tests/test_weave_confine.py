"""What a module must not do while it runs: each deed is refused, and what is harmless is not."""

import os
import random
import subprocess
import sys
import tempfile

import numpy as np
import pytest
from conftest import ROOT

from snippets._weave import confine

FILE = str(ROOT / "docs/new.md")
TEMPORARY = os.path.join(tempfile.gettempdir(), "x")
CREATE = os.O_WRONLY | os.O_CREAT
WRITES = {  # by event of Python's audit: a deed, as Python tells it
    "open": [(FILE, "w", CREATE), (FILE, "r+", os.O_RDWR), (FILE, "x", os.O_CREAT), (FILE, None, os.O_TRUNC), (FILE, "w", os.O_WRONLY),
             (FILE.encode(), "w", CREATE), ("docs/new.md", "w", CREATE), ("/etc/new", "w", CREATE)],
    "os.mkdir": [(FILE, 0o777, -1)],
    "os.rename": [(FILE, TEMPORARY, -1, -1), (TEMPORARY, FILE, -1, -1)],
    "os.remove": [(FILE, -1)],
    "os.rmdir": [(FILE, -1)],
    "os.link": [(FILE, TEMPORARY, -1, -1)],
    "os.symlink": [(FILE, TEMPORARY, -1)],
    "os.truncate": [(FILE, 0)],
    "os.chmod": [(FILE, 0o777, -1)],
    "os.chown": [(FILE, 0, 0, -1)],
    "os.utime": [(FILE, None, None, -1)],
    "shutil.rmtree": [(FILE, None)],
    "sqlite3.connect": [(FILE,), ("docs/x.db",)],
}  # fmt: skip
OUTWARD = ["subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "socket.connect", "socket.getaddrinfo"]


@pytest.mark.parametrize("event, arguments", [(event, arguments) for event, deeds in WRITES.items() for arguments in deeds])
def test_change_of_a_file_is_refused(event, arguments):
    with pytest.raises(PermissionError, match="^writes a file: (docs|/)"):
        confine._watch(event, arguments)


@pytest.mark.parametrize("event", OUTWARD)
def test_way_out_of_the_process_is_refused(event):
    with pytest.raises(PermissionError, match=f"^reaches out of its process, by {event}: a module only computes$"):
        confine._watch(event, ())


@pytest.mark.parametrize("event, arguments", [
    ("open", (FILE, "r", os.O_RDONLY | os.O_CLOEXEC)), ("open", (TEMPORARY, "w", CREATE)), ("open", (3, "w", CREATE)),
    ("open", (TEMPORARY.encode(), "w", CREATE)), ("open", (os.devnull, "w", CREATE)), ("os.truncate", (3, 0)),
    ("os.rename", (TEMPORARY, TEMPORARY + "y", -1, -1)), ("os.remove", (TEMPORARY, -1)), ("os.remove", (FILE, 5)),
    ("os.mkdir", (TEMPORARY, 0o777, -1)), ("os.link", (TEMPORARY, TEMPORARY + "y", -1, -1)), ("shutil.rmtree", (TEMPORARY, None)),
    ("os.listdir", (FILE,)), ("import", ("os", None)), ("compile", (None, FILE)), ("os.chdir", (FILE,)),
])  # fmt: skip
def test_harmless_deed_is_not_refused(event, arguments):
    confine._watch(event, arguments)


def test_folder_of_the_checkout_is_not_free_even_among_temporary_files(monkeypatch):
    inside = os.path.join(tempfile.gettempdir(), "checkout") + os.sep
    monkeypatch.setattr(confine, "INSIDE", os.path.realpath(inside) + os.sep)
    with pytest.raises(PermissionError):
        confine._watch("open", (inside + "x", "w", CREATE))
    confine._watch("open", (TEMPORARY, "w", CREATE))


READ = os.O_RDONLY | os.O_CLOEXEC
MINE = str(ROOT / "docs/mine.json")


@pytest.fixture
def readable(monkeypatch):
    monkeypatch.setattr(confine, "readable", {os.path.realpath(MINE), os.path.realpath(ROOT / "docs/code.py")})


@pytest.mark.parametrize("path", [FILE, FILE.encode(), "docs/new.md", "docs/../docs/new.md", str(ROOT / ".cache/weave/one.json"), str(ROOT / "tests/helper.py"),
                                  str(ROOT / "tests/__pycache__/helper.cpython-311.pyc")])
def test_file_of_the_checkout_is_not_read_unsaid(readable, path):
    with pytest.raises(PermissionError, match=r"^reads a file that READS does not name: (docs/new\.md|tests/helper\.py|\.cache/weave/one\.json)$"):
        confine._watch("open", (path, "r", READ))


@pytest.mark.parametrize("path", [
    MINE, MINE.encode(), "docs/mine.json", 3, str(ROOT / "docs/__pycache__/code.cpython-311.pyc"), os.path.join(sys.prefix, "lib/x.dat"), os.path.join(sys.base_prefix, "lib/x.dat"), "/etc/hosts", TEMPORARY,
])  # fmt: skip
def test_what_is_named_and_what_belongs_to_python_is_read(readable, path):
    confine._watch("open", (path, "r", READ))


def test_before_a_module_runs_everything_is_read():
    assert confine.readable is None
    confine._watch("open", (FILE, "r", READ))


def test_libraries_within_the_checkout_are_those_of_the_environment(monkeypatch):
    prefixes = {os.path.realpath(prefix) + os.sep for prefix in (sys.prefix, sys.base_prefix)}
    assert set(confine.LIBRARIES) == {prefix for prefix in prefixes if prefix.startswith(os.path.realpath(ROOT) + os.sep)}
    monkeypatch.setattr(confine, "readable", set())
    monkeypatch.setattr(confine, "LIBRARIES", (os.path.realpath(ROOT / "environment") + os.sep,))
    confine._watch("open", (str(ROOT / "environment/x.dat"), "r", READ))
    with pytest.raises(PermissionError):
        confine._watch("open", (str(ROOT / "environments"), "r", READ))


def test_dice_need_a_seed():
    assert confine._seeded(np.random.default_rng, 0).random() == np.random.default_rng(0).random()
    assert confine._seeded(np.random.default_rng, seed=7).random() == np.random.default_rng(7).random()
    with pytest.raises(ValueError) as error:
        confine._seeded(np.random.default_rng)
    assert str(error.value) == "np.random.default_rng() without a seed gives other numbers in each build"


@pytest.mark.parametrize("use", [random.random, np.random.rand, np.random.standard_normal, lambda: np.random.seed(8), lambda: random.seed(8)])
def test_use_of_the_shared_dice_shows(use):
    before = confine.random_state()
    assert confine.random_state() == before
    use()
    assert confine.random_state() != before


# Were a deed not refused, it would fail otherwise: there is no docs/none.
PROGRAM = """
import os, random, socket, sys, warnings
report = os.fdopen(os.dup(1), "w")  # the way out that is left
from snippets._weave.confine import confine
confine(["mkdocs.yml"])
import numpy as np
print("loud"); print("loud", file=sys.stderr); sys.stdout.flush(); os.write(1, b"loud"); os.write(2, b"loud")
warnings.warn("only a word", UserWarning)
def refused(deed):
    try:
        deed()
    except Exception as error:
        print(type(error).__name__, file=report)
refused(lambda: open("docs/none/new.md", "w"))
refused(lambda: os.mkdir("docs/none/new"))
refused(lambda: os.remove("docs/none/old.md"))
refused(lambda: os.truncate("docs/none/old.md", 0))
refused(lambda: os.system("true"))
refused(lambda: socket.create_connection(("127.0.0.1", 9)))
refused(np.random.default_rng)
refused(lambda: np.exp([1e4]))
refused(lambda: open("mkdocs.yml").close())
refused(lambda: open("README.md").close())
refused(lambda: open("snippets/figures/__init__.py").close())
print(np.random.default_rng(1).integers(9), file=report)
"""


def test_process_is_held_to_it():
    process = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, text=True, capture_output=True)
    assert process.stderr == ""
    assert process.stdout.split() == ["PermissionError"] * 6 + ["ValueError", "RuntimeWarning", "PermissionError", str(np.random.default_rng(1).integers(9))]
