"""`python3 -m snippets serve`, or `test`, `build`, `new`, `format`, `mutants`.

Sets up what is needed, once, then does it. Needs Python 3.11 or later and
its standard library; everything else goes into `.venv`.
"""

import hashlib
import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCK = ROOT / "requirements.txt"
IN_CI = ROOT / "tests" / "requirements.txt"
COMMANDS = {
    "serve": ["mkdocs", "serve", "--dirty"],
    "test": ["pytest"],
    "build": ["mkdocs", "build", "--strict"],
    "new": ["snippets._new"],
    "format": ["snippets._format"],
    "mutants": ["tests.mutants"],
}


def set_up(command):
    """A virtual environment with the pinned packages.

    In CI it also has what only some tests need.
    """
    install(LOCK, fresh=True)
    if command in ("test", "mutants") and os.environ.get("CI"):
        install(IN_CI)


def install(requirements, fresh=False):
    """Install a file of requirements, unless that has been done."""
    text = requirements.read_bytes() + sys.version.encode()
    wanted = hashlib.sha256(text).hexdigest()
    stamp = VENV / f"installed-{requirements.parent.name}"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    name = requirements.relative_to(ROOT)
    print(
        f"Installing {name} in .venv (once, about a minute) ...", flush=True
    )
    if fresh:
        environment = [sys.executable, "-m", "venv", "--clear", VENV]
        subprocess.run(environment, check=True)
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install"]
    pip += ["--quiet", "-r", requirements]
    subprocess.run(pip, check=True)
    stamp.write_text(wanted)


def refuse_taken_port(arguments):
    """Say before the work, and in one line, that the address is in use."""
    address = dict(zip(arguments, arguments[1:])).get("--dev-addr")
    host, _, port = (address or "localhost:8000").rpartition(":")
    with socket.socket() as probe:
        if probe.connect_ex((host or "localhost", int(port))) == 0:
            other = f"--dev-addr localhost:{int(port) + 1}"
            sys.exit(
                f"{host}:{port} is in use: end what uses it, or {other}"
            )


def main(command=None, *arguments):
    if sys.version_info < (3, 11):
        return (
            f"this needs Python 3.11 or later, and {sys.executable} "
            f"is {sys.version.split()[0]}"
        )
    if command not in COMMANDS:
        commands = "|".join(COMMANDS)
        return f"usage: python3 -m snippets {commands} [arguments]"
    if command == "serve":
        refuse_taken_port(arguments)
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
