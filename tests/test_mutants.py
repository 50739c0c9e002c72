"""The command that makes the record of the mutants, run in a checkout of one tiny snippet."""

import json
import shutil
import subprocess
import sys

from conftest import ROOT, needs

SNIPPET = '''
def count(n):
    """Count to `n`.

    >>> count(3)
    3
    """
    i, unused, spare = 0, 7, 8
    while i < n:
        i += 1
    return i
'''
TEST = """
from snippets.tiny import count


def test_nothing_to_count():
    assert count(0) == 0
"""
ASSIGNMENT = "i, unused, spare = (0, 7, 8)"
KNOWN = {f"{ASSIGNMENT}  # 7 -> 8": "Nothing reads it.", "gone  # 1 -> 2": "It was."}


def test_record_has_the_planted_survivors_and_keeps_the_reason_of_the_known_one(tmp_path):
    needs("resource")  # Windows has no limit on CPU time
    files = {
        "snippets/__init__.py": "",
        "snippets/tiny.py": SNIPPET,
        "tests/test_tiny.py": TEST,
        "snippets/recorded/mutants.json": json.dumps({"tiny": {"survivors": KNOWN}, "gone": {}}),
        ".pytest.ini": "[pytest]\naddopts = --doctest-modules\npythonpath = .\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    shutil.copy(ROOT / "tests/mutants.py", tmp_path / "tests")
    command = [sys.executable, "-m", "tests.mutants"]
    process = subprocess.run(command, cwd=tmp_path, text=True, capture_output=True)
    record = json.loads((tmp_path / "snippets/recorded/mutants.json").read_text())
    survivors = {f"{ASSIGNMENT}  # 7 -> 8": "Nothing reads it.", f"{ASSIGNMENT}  # 8 -> 9": ""}
    # Killed: 0 -> 1, the two comparisons, += 2, and -= 1, which never ends.
    assert record == {"tiny": {"mutants": 7, "killed": 5, "survivors": survivors}}
    assert process.stdout == f"tiny: 5 of 7 killed\n    {ASSIGNMENT}  # 8 -> 9\n"
    assert process.returncode == 1 and process.stderr.startswith("1 survivors have no reason")
    assert (tmp_path / "snippets/tiny.py").read_text() == SNIPPET
