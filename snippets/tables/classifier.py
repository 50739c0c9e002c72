"""The program of the page *Copy it into your project*, run in an empty folder with its three
files.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

FILES = ["network", "optimisers", "activations"]
_snippets = Path(__file__).parents[1]


def run(program, files):
    """What the program prints, in a folder with nothing but these snippets."""
    sources = {name: (_snippets / f"{name}.py").read_bytes() for name in files}
    sources[program] = (_snippets / "programs" / f"{program}.py").read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        for name, source in sources.items():
            Path(folder, f"{name}.py").write_bytes(source)
        command = [sys.executable, f"{program}.py"]
        return subprocess.run(
            command, cwd=folder, stdout=subprocess.PIPE, text=True, check=True
        ).stdout


printed = run("classifier", FILES)
right = float(re.search(r"([\d.]+)% of the other points", printed)[1]) / 100
assert right > 0.95
