"""`python3 -m snippets serve`, or `test`, `build`, `mutants`: set up what is needed, once, then do it.

Needs Python 3.11 or later and its standard library; everything else goes
into `.venv`.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
COMMANDS = {
    "serve": ["mkdocs", "serve"],
    "build": ["mkdocs", "build", "--strict"],
    "test": ["pytest"],
    "mutants": ["tests.mutants"],
}


def set_up(command):
    """A virtual environment with the pinned packages; in CI also with what only some tests need."""
    files = [ROOT / "requirements.txt"] + [
        ROOT / "tests" / "requirements.txt"
    ] * (command in ("test", "mutants") and bool(os.environ.get("CI")))
    wanted = hashlib.sha256(
        b"".join(file.read_bytes() for file in files) + sys.version.encode()
    ).hexdigest()
    stamp = VENV / "installed"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    print(f"Setting up {VENV} (once, a minute or two) ...", flush=True)
    subprocess.run(
        [sys.executable, "-m", "venv", "--clear", VENV], check=True
    )
    for file in files:
        subprocess.run(
            [
                PYTHON,
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "-r",
                file,
            ],
            check=True,
        )
    stamp.write_text(wanted)


def main(command=None, *arguments):
    if sys.version_info < (3, 11):
        return f"this needs Python 3.11 or later, and {sys.executable} is {sys.version.split()[0]}"
    if command not in COMMANDS:
        return "usage: python3 -m snippets serve|test|build|mutants [arguments]"
    try:
        set_up(command)
    except subprocess.CalledProcessError as error:
        return f"the set-up failed at: {' '.join(map(str, error.cmd))}"
    environment = os.environ | {
        "NO_MKDOCS_2_WARNING": "1",
        "PYTHONUTF8": "1",
    }
    try:
        return subprocess.run(
            [PYTHON, "-m", *COMMANDS[command], *arguments],
            cwd=ROOT,
            env=environment,
        ).returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
