"""What several tests use: the built site, a small checkout to break, and the rule that CI skips nothing."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
WITHOUT_NOISE = {"NO_MKDOCS_2_WARNING": "1"}


def missing(what):
    """Skip a test on a reader's machine; fail it in CI."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing, and CI skips no test")
    pytest.skip(f"{what} is not installed here; CI runs this test")


def needs(package):
    if importlib.util.find_spec(package) is None:
        missing(package)


def mkdocs(*arguments, checkout=ROOT, **environment):
    """Run MkDocs in a checkout; the finished process, its output as text."""
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", *map(str, arguments)],
        cwd=checkout, env=os.environ | WITHOUT_NOISE | environment, text=True, capture_output=True, timeout=300,
    )  # fmt: skip


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The folder of the whole site, built as CI publishes it."""
    folder = tmp_path_factory.mktemp("built") / "site"
    process = mkdocs("build", "--strict", "--site-dir", folder)
    assert process.returncode == 0, process.stderr
    return folder


@pytest.fixture
def checkout(small_checkout, tmp_path):
    """A small checkout with this machinery, to change and to break: its modules have run."""
    return shutil.copytree(small_checkout, tmp_path / "checkout")


@pytest.fixture(scope="session")
def small_checkout(tmp_path_factory):
    """One snippet, one table, one figure, two chapters."""
    folder = tmp_path_factory.mktemp("small") / "checkout"
    copy_machinery(folder)
    files = {
        "snippets/one.py": '"""One.\n\n>>> double(2)\n4\n"""\n\nthree = 3.0\n\n\n'
        'def double(x):\n    """Twice `x`.\n\n    >>> double(4)\n    8\n    """\n    return 2 * x\n',
        "snippets/tables/one.py": 'from snippets.one import double\n\nROWS = [{"in": "2", "out": str(double(2))}]\n',
        "snippets/figures/one.py": "from snippets.figures import FORWARD, canvas\nfrom snippets.one import three\n\n"
        'TITLE = "A line"\nDESCRIPTION = "It rises."\n\n\ndef draw():\n    figure, axes = canvas(2)\n'
        "    axes.plot([0, three], color=FORWARD)\n    return figure\n",
        "docs/index.md": "# Start\n\nThree is {{ one.three:.2f }}, and $x^2$ is a formula.\n\n{{ code one.double }}\n\n"
        "{{ example one.double }}\n\n{{ table one.ROWS }}\n\n{{ figure one }}\n\n[on](next.md#there)\n",
        "docs/next.md": "# Next\n\n## There\n\n[back](index.md)\n",
        "mkdocs.yml": "site_name: Small\ntheme: {name: material, font: false}\nwatch: [snippets]\n"
        "hooks: [snippets/_weave/hooks.py]\nmarkdown_extensions: [attr_list, tables, pymdownx.superfences]\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    subprocess.run([sys.executable, "-m", "snippets._weave"], cwd=folder, check=True)
    return folder


def copy_machinery(folder):
    for name in ("docs", "snippets/tables"):
        (folder / name).mkdir(parents=True)
    for name in ("snippets/_weave", "snippets/figures"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "[!_]*.py" * (name[-1] == "s")))
    for name in ("snippets/__init__.py", "snippets/tables/__init__.py"):
        shutil.copy(ROOT / name, folder / name)


def edit(path, old, new):
    """Replace a text that is there exactly once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
    path.write_text(text.replace(old, new), encoding="utf-8")
