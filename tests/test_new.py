"""`python3 -m snippets new my-topic`, in a copy of the checkout."""

import shutil
import subprocess

import pytest
from conftest import ROOT, python, weave

MADE = {
    "docs/my-topic.md",
    "snippets/my_topic.py",
    "snippets/tables/my_topic.py",
    "snippets/figures/my_topic.py",
    "tests/test_my_topic.py",
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A checkout like this one, with its results, so that only what is new has to run."""
    folder = tmp_path_factory.mktemp("new") / "checkout"
    unwanted = ".git .venv woven node screenshots bench python-* __pycache__".split()
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*unwanted))
    git(folder, "init", "--quiet")
    (folder / ".git/info/exclude").write_text("woven/\n")
    git(folder, "add", ".")
    who = ["-c", "user.name=Author", "-c", "user.email=author@localhost"]
    git(folder, *who, "commit", "--quiet", "--message", "All")
    return folder


def woven(copy):
    """The bytes of the woven files by path."""
    process = weave(copy)
    assert process.returncode == 0, process.stderr
    return {path: path.read_bytes() for path in copy.glob("woven/**/*.*")}


def git(folder, *words):
    return subprocess.run(["git", *words], cwd=folder, check=True, text=True, capture_output=True)


def test_a_new_chapter_is_woven_passes_and_goes_without_a_trace(copy):
    before, nav = woven(copy), (copy / "mkdocs.yml").read_text(encoding="utf-8")
    process = python("-m", "snippets._new", "my-topic", checkout=copy)
    assert process.returncode == 0, process.stderr
    made = git(copy, "status", "--short", "--untracked-files=all").stdout.split("\n")
    changed = {" M mkdocs.yml", " M tests/test_conventions.py"}
    assert set(made) == {*changed, *(f"?? {path}" for path in MADE), ""}
    line = "      - My topic: my-topic.md\n"
    now = (copy / "mkdocs.yml").read_text(encoding="utf-8")
    assert now.replace(line, "") == nav != now
    page = woven(copy)[copy / "woven/my-topic.md"].decode()
    shown = ["has 25% of its", "<math", ">penalty</span>", "| w |", 'id="figure-my_topic"']
    assert [mark for mark in shown if mark not in page] == []
    files = [path for path in sorted(MADE) if path.endswith(".py")]
    for command in (
        ["pytest", "-n0", "tests/test_my_topic.py", "snippets/my_topic.py"],
        ["pytest", "-n0", "tests/test_figures.py", "tests/test_conventions.py", "-k", "my_topic"],
        ["pytest", "-n0", "tests/site/test_prose.py", "-k", "my-topic"],
        ["ruff", "check", *files],
        ["ruff", "format", "--check", "--line-length=76", "snippets/my_topic.py"],
        ["ruff", "format", "--check", *files[1:]],
    ):
        process = python("-m", *command, checkout=copy)
        assert process.returncode == 0, process.stdout + process.stderr
    git(copy, "checkout", "--quiet", ".")
    git(copy, "clean", "--quiet", "--force", "docs", "snippets", "tests")
    assert woven(copy) == before


@pytest.mark.parametrize("name", ["", "my_topic", "../up", "losses", "tables", "class"])
def test_a_name_that_cannot_be_is_refused_in_one_line(copy, name):
    process = python("-m", "snippets._new", name, checkout=copy)
    assert process.returncode == 1 and process.stderr.count("\n") == 1, process.stderr
    assert git(copy, "status", "--short", "mkdocs.yml", "docs", "snippets", "tests").stdout == ""
