"""`python3 -m snippets format`: ruff mends the code.

With `--check` it only says what is wrong. Code has at most 76 columns
where readers see it, all lines at most 100.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHOWN = [
    *ROOT.glob("snippets/*.py"),
    *ROOT.glob("snippets/programs/*.py"),
    *ROOT.glob("docs/labs/*.py"),
]
OTHERS = [*ROOT.glob("snippets/[!p]*/"), ROOT / "tests", ROOT / ".ci"]
OTHERS.append(ROOT / ".ci/bench")  # it has no suffix


def main(*arguments):
    """The worst exit code of ruff: 0 if all is well."""
    check = "--check" in arguments
    form = ["format", "--check"] if check else ["format"]
    calls = [
        [*form, "--line-length=76", *SHOWN],
        [*form, *OTHERS],
        ["check"] if check else ["check", "--fix"],
    ]
    ruff = [sys.executable, "-m", "ruff"]
    codes = [
        subprocess.run([*ruff, *call], cwd=ROOT).returncode
        for call in calls
    ]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
