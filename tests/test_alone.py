"""A snippet copied alone into an empty folder works there, with the oldest and newest NumPy."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, missing

from snippets.tables.versions import ENVIRONMENTS

SNIPPETS = sorted((ROOT / "snippets").glob("[!_]*.py"))


def python_of(version):
    """A Python of this version: on the path, by pyenv or by uv; None where there is none."""
    home = Path.home()
    places = [sys.executable, shutil.which(f"python{version}")]
    places += home.glob(f".pyenv/versions/{version}*/bin/python")
    places += home.glob(f".local/share/uv/python/cpython-{version}*/bin/python")
    for python in filter(None, places):
        asked = subprocess.run([python, "--version"], text=True, capture_output=True)
        if asked.stdout.startswith(f"Python {version}."):
            return python


@pytest.fixture(scope="module", params=ENVIRONMENTS)
def python(request):
    """A Python of one end of the range, with NumPy of that end and nothing else; CI makes it."""
    version, numpy = ENVIRONMENTS[request.param].values()
    folder = ROOT / ".cache" / f"python-{version}-numpy-{numpy}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (folder / "done").exists():
        if not os.environ.get("CI"):
            missing(f"Python {version} with NumPy {numpy}")
        if not python_of(version):
            subprocess.run([sys.executable, "-m", "uv", "python", "install", "--quiet", version])
        base = python_of(version) or missing(f"Python {version}")
        subprocess.run([base, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", f"numpy=={numpy}"], check=True)
        (folder / "done").touch()
    return python


def doctests(python, path, folder):
    """Run the doctests of a copy of `path` in `folder`; how many there were."""
    command = [python, "-I", "-W", "error", "-m", "doctest", "-v", shutil.copy(path, folder)]
    process = subprocess.run(command, cwd=folder, text=True, capture_output=True)
    assert process.returncode == 0, process.stdout[-2000:] + process.stderr
    return int(re.search(r"^(\d+) (?:tests? )?passed", process.stdout, re.MULTILINE)[1])


@pytest.mark.parametrize("path", SNIPPETS, ids=lambda path: path.stem)
def test_snippet_passes_its_doctests_alone(path, tmp_path):
    assert doctests(sys.executable, path, tmp_path) > 0


@pytest.mark.parametrize("path", SNIPPETS, ids=lambda path: path.stem)
def test_snippet_passes_its_doctests_alone_at_both_ends_of_the_range(path, tmp_path, python):
    assert doctests(python, path, tmp_path) > 0
