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


@pytest.fixture(scope="module", params=["this one", *ENVIRONMENTS])
def python(request):
    """This Python, or one of an end of the range, with NumPy of that end alone; CI makes it."""
    if request.param == "this one":
        return sys.executable
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


@pytest.mark.parametrize("path", SNIPPETS, ids=lambda path: path.stem)
def test_snippet_passes_its_doctests_alone(path, tmp_path, python):
    command = [python, "-I", "-W", "error", "-m", "doctest", "-v", shutil.copy(path, tmp_path)]
    process = subprocess.run(command, cwd=tmp_path, text=True, capture_output=True)
    assert process.returncode == 0, process.stdout[-2000:] + process.stderr
    passed = re.search(r"^(\d+) (?:tests? )?passed", process.stdout, re.MULTILINE)
    assert int(passed[1]) > 0
