"""`python3 -m snippets new`: a chapter that passes at once, and nothing is overwritten."""

import shutil
import subprocess
import sys

import pytest
from conftest import ROOT

CODE = ["snippets/my_topic.py", "snippets/tables/my_topic.py", "snippets/figures/my_topic.py"]
TEST = "tests/test_my_topic.py"
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".cache", "site", "__pycache__")


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    return shutil.copytree(ROOT, tmp_path_factory.mktemp("new") / "copy", ignore=LEFT_OUT)


def run(folder, *module):
    command = [sys.executable, "-m", *module]
    return subprocess.run(command, cwd=folder, text=True, encoding="utf-8", capture_output=True)


@pytest.mark.parametrize(
    "name", ["", "My topic", "my_topic", "../topic", "class", "losses", "figures"]
)
def test_another_name_is_refused_in_one_line(copy, name):
    before = sorted(copy.rglob("*.*"))
    process = run(copy, "snippets._new", name)
    assert process.returncode == 1 and process.stderr.count("\n") == 1, process.stderr
    assert sorted(copy.rglob("*.*")) == before


def test_a_new_chapter_is_in_the_contents_and_passes(copy):
    settings = (copy / "mkdocs.yml").read_text(encoding="utf-8")
    process = run(copy, "snippets._new", "my-topic")
    assert process.returncode == 0, process.stderr
    for path in ["docs/my-topic.md", *CODE, TEST]:
        assert (copy / path).is_file() and path in process.stdout
    line = "      - My topic: my-topic.md\n"
    changed = (copy / "mkdocs.yml").read_text(encoding="utf-8")
    assert f"{line}  - Labs:" in changed and changed.replace(line, "") == settings
    for check in (["pytest", "-n0", TEST, CODE[0]], ["ruff", "check", *CODE, TEST]):
        process = run(copy, *check)
        assert process.returncode == 0, process.stdout
    imported = "from snippets.tables import my_topic; from snippets.figures.my_topic import draw"
    process = subprocess.run([sys.executable, "-c", f"{imported}; draw()"], cwd=copy)
    assert process.returncode == 0
