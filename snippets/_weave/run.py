"""Runs modules, each in a process of its own, and hands over what they computed as they end."""

import multiprocessing
import os
import sys
import time
from concurrent.futures import FIRST_COMPLETED, wait

from . import at, shown

TIME_LIMIT = float(os.environ.get("WEAVE_TIME_LIMIT", 120))  # seconds for one module
PRELOADED = ["pebble", "numpy.random", "matplotlib.figure", "matplotlib.style"]
PRELOADED += ["matplotlib.backends.backend_svg", "snippets._weave.process"]


def context():
    """Processes forked from a clean one that has the libraries loaded, where the system forks."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # sums in one order, and no fight over the cores
    os.environ["MPLBACKEND"] = "svg"
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    forking = multiprocessing.get_context("forkserver")
    forking.set_forkserver_preload(PRELOADED)
    return forking


def run(paths):
    """Yield `(name, result)` of each module in `paths` as it ends, and `None` meanwhile.

    Every three seconds it says what still runs. Who takes no more ends the processes.
    """
    if not paths:
        return
    from pebble import concurrent  # here, since it takes long and most builds run nothing

    from .process import execute

    process = concurrent.process(context=context(), timeout=TIME_LIMIT)(execute)
    waiting, running, started, told = list(paths), {}, {}, time.monotonic()
    try:
        while waiting or running:
            while waiting and len(running) < 3 * (os.cpu_count() or 1):
                name = waiting.pop(0)
                running[process(name, paths[name])] = name
                started[name] = time.monotonic()
            done, _ = wait(running, timeout=0.1, return_when=FIRST_COMPLETED)
            for future in done:
                name = running.pop(future)
                yield name, outcome(future, paths[name])
            yield None
            if running and (now := time.monotonic()) - told > 3:
                told, left = now, len(waiting) + len(running)
                long = [shown(paths[name]) for name in running.values() if now - started[name] > 3]
                slow = f"; running for more than 3 s: {', '.join(long)}" if long else ""
                print(f"{left} modules to run{slow}", file=sys.stderr)
    finally:
        for future in running:
            future.cancel()


def outcome(future, path):
    """The result of a process, or one that says why there is none."""
    try:
        return future.result()
    except TimeoutError:
        error = f"did not end within {TIME_LIMIT:g} s (WEAVE_TIME_LIMIT)"
    except Exception as lost:
        error = f"its process ended before the module did: {lost}"
    return {"values": {}, "errors": [at(path, 1, error)], "failed": True, "used": {shown(path): ""}}
