"""What a module must not do while it runs in its process: print, write, start or fetch something, throw dice unseeded, or read
a file of the checkout without saying so, for its result would outlive the file. A guard against slips, not against intent.
"""

import functools
import importlib.util
import os
import random
import sys
import tempfile
import warnings

import matplotlib.backends.backend_svg  # noqa: F401
import matplotlib.font_manager  # noqa: F401  writes its cache, so ahead of the watch
import numpy as np

from . import ROOT
from .modules import common

CHANGES = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod",
           "os.chown", "sqlite3.connect", "os.utime", "shutil.rmtree"}  # fmt: skip
OUTWARD = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "socket.connect", "socket.getaddrinfo"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
INSIDE = os.path.realpath(ROOT) + os.sep
LIBRARIES = tuple(prefix for prefix in (os.path.realpath(path) + os.sep for path in (sys.prefix, sys.base_prefix)) if prefix.startswith(INSIDE))
FREE = tuple(os.path.realpath(path) + os.sep for path in (tempfile.gettempdir(), matplotlib.get_cachedir()))


readable = None  # files of the checkout; all of them, while it is None


def confine(files):
    """Hold the rest of this process to it; of the checkout it can read `files`, and what decides every result."""
    global readable
    readable = {os.path.realpath(file) for file in {*files, *common()}}
    warnings.simplefilter("error", RuntimeWarning)
    for stream in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    np.random.default_rng = functools.partial(_seeded, np.random.default_rng)
    sys.addaudithook(_watch)


def _watch(event, arguments):
    if event in OUTWARD:
        raise PermissionError(f"reaches out of its process, by {event}: a module only computes")
    if event == "open" and not arguments[2] & WRITING:
        return _check_read(arguments[0])
    if event not in CHANGES:
        return
    if event.startswith("os.") and event != "os.truncate" and arguments[-1] != -1:
        return  # relative to a folder that is open: the clean-up of a temporary one, watched as shutil.rmtree
    for path in arguments:
        if isinstance(path, (str, bytes)) and not (event == "open" and path is arguments[1]):
            full = os.path.realpath(os.fsdecode(path))
            if full != os.devnull and (full.startswith(INSIDE) or not full.startswith(FREE)):
                raise PermissionError(f"writes a file: {os.fsdecode(path)}")


def _check_read(path):
    if readable is None or not isinstance(path, (str, bytes)):
        return
    full = os.path.realpath(os.fsdecode(path))
    if full.endswith(".pyc"):
        full = importlib.util.source_from_cache(full)
    if full.startswith(INSIDE) and not full.startswith(LIBRARIES) and full not in readable:
        raise PermissionError(f"reads a file that READS does not name: {full.removeprefix(INSIDE)}")


def _seeded(make, seed=None):
    if seed is None:
        raise ValueError("np.random.default_rng() without a seed gives other numbers in each build")
    return make(seed)


def random_state():
    """The state of the generators that everybody shares: `random` and NumPy's old one."""
    _, key, *rest = np.random.get_state()
    return random.getstate(), key.tobytes(), rest
