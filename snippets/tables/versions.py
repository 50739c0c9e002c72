"""The versions that the snippets are tested with: what CI runs, and what a page may promise."""

import re
from pathlib import Path

_lock = Path(__file__).parents[2].joinpath("requirements.txt").read_text(encoding="utf-8")
pinned = re.search(r"^numpy==([\d.]+)", _lock, re.MULTILINE)[1]
ENVIRONMENTS = {
    "oldest": {"python": "3.11", "numpy": "1.26.4"},
    "newest": {"python": "3.13", "numpy": pinned},
}
TESTED = [
    {"Versions": name, "Python": pair["python"], "NumPy": pair["numpy"]}
    for name, pair in ENVIRONMENTS.items()
]
