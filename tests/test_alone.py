"""A snippet copied alone into an empty folder works there, with the oldest NumPy and with the pinned one."""

import os
import re
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT, missing

SNIPPETS = sorted((ROOT / "snippets").glob("[!_]*.py"))
OLDEST = "1.26.4"


@pytest.fixture(scope="session")
def oldest_numpy():
    """A Python that has the oldest NumPy and nothing else; made in CI, kept in `.cache`."""
    folder = ROOT / ".cache" / f"numpy-{OLDEST}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        if not os.environ.get("CI"):
            missing(f"NumPy {OLDEST}")
        made_for = (sys.executable, shutil.which("python3.12"), shutil.which("python3.11"))
        base = made_for[0] if sys.version_info < (3, 13) else made_for[1] or made_for[2]
        if base is None:
            missing(f"a Python that NumPy {OLDEST} was made for")
        subprocess.run([base, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", f"numpy=={OLDEST}"], check=True)
    return python


def doctests(python, path, folder):
    """Run the doctests of a copy of `path` in `folder`; how many there were."""
    alone = shutil.copy(path, folder)
    process = subprocess.run(
        [python, "-I", "-W", "error", "-m", "doctest", "-v", alone], cwd=folder, text=True, capture_output=True
    )
    assert process.returncode == 0, process.stdout[-2000:] + process.stderr
    return int(re.search(r"^(\d+) (?:tests? )?passed", process.stdout, re.MULTILINE)[1])


@pytest.mark.parametrize("path", SNIPPETS, ids=lambda path: path.stem)
def test_snippet_passes_its_doctests_alone_with_the_pinned_numpy(path, tmp_path):
    assert doctests(sys.executable, path, tmp_path) > 0


@pytest.mark.parametrize("path", SNIPPETS, ids=lambda path: path.stem)
def test_snippet_passes_its_doctests_alone_with_the_oldest_numpy(path, tmp_path, oldest_numpy):
    assert doctests(oldest_numpy, path, tmp_path) > 0
