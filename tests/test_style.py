"""The layout of the code is that of ruff."""

import subprocess
import sys

from conftest import ROOT


def test_code_is_formatted():
    command = [sys.executable, "-m", "snippets._format", "--check"]
    process = subprocess.run(command, cwd=ROOT, text=True, capture_output=True)
    found = process.stdout + process.stderr
    assert process.returncode == 0, f"{found}\nMend it: python3 -m snippets format"
