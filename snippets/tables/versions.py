"""The versions that the snippets are tested with: what CI runs, and what a page may promise."""

READS = ["requirements.txt"]

import re
from pathlib import Path

pinned = re.search(
    r"^numpy==([\d.]+)",
    Path(__file__).parents[2].joinpath(READS[0]).read_text(encoding="utf-8"),
    re.MULTILINE,
)[1]
ENVIRONMENTS = {
    "oldest": {"python": "3.11", "numpy": "1.26.4"},
    "newest": {"python": "3.13", "numpy": pinned},
}
TESTED = [
    {"": name, "Python": pair["python"], "NumPy": pair["numpy"]}
    for name, pair in ENVIRONMENTS.items()
]
