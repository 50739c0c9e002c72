"""`python3 -m snippets serve`, or `test`, `build`, `mutants`.

Sets up what is needed, once, then does it. Needs Python 3.11 or later and
its standard library; everything else goes into `.venv`.
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
    "test": ["pytest"],
    "build": ["mkdocs", "build", "--strict"],
    "mutants": ["tests.mutants"],
}


def set_up(command):
    """A virtual environment with the pinned packages.

    In CI it also has what only some tests need.
    """
    files = [ROOT / "requirements.txt"]
    if command in ("test", "mutants") and os.environ.get("CI"):
        files.append(ROOT / "tests" / "requirements.txt")
    pinned = b"".join(file.read_bytes() for file in files)
    wanted = hashlib.sha256(pinned + sys.version.encode()).hexdigest()
    stamp = VENV / "installed"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    print(f"Setting up {VENV} (once, a minute or two) ...", flush=True)
    subprocess.run(
        [sys.executable, "-m", "venv", "--clear", VENV], check=True
    )
    for file in files:
        pip = [PYTHON, "-m", "pip", "install", "--quiet"]
        pip += ["--disable-pip-version-check", "-r", file]
        subprocess.run(pip, check=True)
    stamp.write_text(wanted)


def main(command=None, *arguments):
    if sys.version_info < (3, 11):
        return (
            f"this needs Python 3.11 or later, and {sys.executable} "
            f"is {sys.version.split()[0]}"
        )
    if command not in COMMANDS:
        commands = "|".join(COMMANDS)
        return f"usage: python3 -m snippets {commands} [arguments]"
    try:
        set_up(command)
    except subprocess.CalledProcessError as error:
        return f"the set-up failed at: {' '.join(map(str, error.cmd))}"
    call = [PYTHON, "-m", *COMMANDS[command], *arguments]
    settings = {"NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1"}
    environment = os.environ | settings
    try:
        return subprocess.run(call, cwd=ROOT, env=environment).returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
