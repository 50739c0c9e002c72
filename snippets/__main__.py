"""`python3 -m snippets serve` or test, build, new, format, mutants.

Sets up what is needed, once, then does it. Needs Python 3.11 or later and
its standard library; everything else goes into `.venv`.
"""

import argparse
import hashlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
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
    if is_new("requirements.txt"):
        print("Making a new environment in .venv ...", flush=True)
        run(sys.executable, "-m", "venv", "--clear", VENV)
        install("requirements.txt", "about half a minute")
    if command in ("test", "mutants") and os.environ.get("CI"):
        if is_new("tests/requirements.txt"):
            install("tests/requirements.txt", "some minutes")


def is_new(requirements):
    """Whether this is not what is installed."""
    stamp = stamp_of(requirements)
    return not stamp.is_file() or stamp.read_text() != digest(requirements)


def install(requirements, duration):
    print(f"Installing {requirements} ({duration}) ...", flush=True)
    quietly = ["--quiet", "--disable-pip-version-check"]
    file = ROOT / requirements
    run(PYTHON, "-m", "pip", "install", *quietly, "-r", file)
    stamp_of(requirements).write_text(digest(requirements))


def stamp_of(requirements):
    return VENV / f"installed-{requirements.replace('/', '-')}"


def digest(requirements):
    text = (ROOT / requirements).read_bytes() + sys.version.encode()
    return hashlib.sha256(text).hexdigest()


def run(*words):
    subprocess.run(words, check=True)


def in_use(address):
    """Whether somebody listens at this `host:port`."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def address_of(arguments):
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("-a", "--dev-addr", default="localhost:8000")
    return parser.parse_known_args(arguments)[0].dev_addr


def main(command=None, *arguments):
    """Do it; returns the exit code, or a message why not."""
    if sys.version_info < (3, 11):
        return (
            f"this needs Python 3.11 or later, and {sys.executable} "
            f"is {sys.version.split()[0]}"
        )
    if command not in COMMANDS:
        commands = "|".join(COMMANDS)
        return f"usage: python3 -m snippets {commands} [arguments]"
    if command == "serve" and in_use(address := address_of(arguments)):
        host, _, port = address.rpartition(":")
        return (
            f"{address} is in use: stop the other server "
            f"or add --dev-addr {host}:{int(port) + 1}"
        )
    call = [PYTHON, "-m", *COMMANDS[command], *arguments]
    settings = {"NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1"}
    environment = os.environ | settings
    # however it is ended, what it runs ends, too
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        set_up(command)
        return subprocess.run(call, cwd=ROOT, env=environment).returncode
    except subprocess.CalledProcessError as error:
        return f"the set-up failed at: {' '.join(map(str, error.cmd))}"
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
