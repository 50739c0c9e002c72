"""`python3 -m snippets format [--check]`: the layout of the code, by ruff.

Lines have at most 76 columns where readers see them, 100 elsewhere.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main(*arguments):
    """The exit code: 0 if all is well laid out."""
    shown = [*ROOT.glob("snippets/*.py"), *ROOT.glob("docs/labs/*.py")]
    others = [*ROOT.glob("snippets/*/*.py"), *ROOT.glob("tests/**/*.py")]
    others += [ROOT / ".ci/bench", ROOT / ".ci/bench_pages.py"]
    ruff = [sys.executable, "-m", "ruff"]
    mend = [] if "--check" in arguments else ["--fix"]
    calls = [
        [*ruff, "check", "--quiet", *mend, ROOT],
        [*ruff, "format", "--line-length=76", *arguments, *shown],
        [*ruff, "format", *arguments, *others],
    ]
    return max(subprocess.run(call, cwd=ROOT).returncode for call in calls)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
