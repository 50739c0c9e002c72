"""`python -m snippets._weave`: run what is stale, and check every chapter."""

import sys

from . import ROOT, WeaveError, modules
from .chapter import weave
from .run import WeaveErrors, run


def update():
    """The results of all modules, computed anew where something they depend on has changed."""
    paths = modules.discover()
    results, stale = modules.current(paths)
    fresh = run({name: paths[name] for name in stale}) if stale else {}
    for name, result in fresh.items():
        if modules.fingerprint(paths[name]) == stale[name]:  # else it was edited meanwhile: the next build will see
            modules.store(name, stale[name], result)
    modules.drop(paths)
    return results | fresh


def check(results):
    """Weave every chapter once; raises one `WeaveError` that lists every failure by file and line."""
    failures = []
    for path in sorted((ROOT / "docs").rglob("*.md")):
        try:
            weave(path.read_text(encoding="utf-8"), path.relative_to(ROOT), results)
        except WeaveError as error:
            failures.append(error)
    if failures:
        raise WeaveErrors(failures)


if __name__ == "__main__":
    try:
        check(update())
    except WeaveError as error:
        sys.exit(str(error))
