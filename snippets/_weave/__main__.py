"""`python -m snippets._weave [FOLDER]`: run what is stale, check every chapter, and write it as plain Markdown and HTML."""

import platform
import sys
from importlib.metadata import version
from pathlib import Path

from . import ROOT, WeaveError, WeaveErrors, modules, notebook, source
from .chapter import WORDS_PER_MINUTE, weave, words
from .download import downloads
from .run import run


def update():
    """`(results, false)`: the results of all modules, computed anew where something they depend on has changed.

    `false` lists, as `WeaveError`s, the claims that do not hold: an author may see the pages that they make, nobody else.
    A module without a result raises `WeaveErrors`.
    """
    if sys.flags.optimize:
        raise WeaveError("Python leaves out every assert (-O or PYTHONOPTIMIZE), and so every claim", "python")
    for folder in (modules.STORE, modules.TEMPLATES):
        modules.sweep(folder)
    paths = modules.discover()
    results, stale = modules.current(paths)
    fresh, faults = run({name: paths[name] for name in stale}) if stale else ({}, [])
    for name, key in modules.fingerprints({name: paths[name] for name in fresh}).items():
        if key == stale[name]:  # else it was edited while it ran
            modules.store(name, key, fresh[name])
    modules.drop(paths)
    results |= fresh
    false = [WeaveError(*claim) for name in sorted(paths) if name in results for claim in results[name]["false"]]
    if faults:
        raise WeaveErrors(faults + false)
    for path in notebook.LABS.glob("[!_]*.py"):
        results |= notebook.figures(path, results)
    return results | {"snippets.build": {"values": about_the_build()}}, false


def about_the_build():
    """What a page may say of the build itself, as `{{ build.minutes }}`: the reading time, and the versions."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "docs").rglob("*.md")]
    versions = {name: version(name) for name in ("numpy", "matplotlib")}
    return versions | {"python": platform.python_version(), "minutes": round(sum(map(words, texts)) / WORDS_PER_MINUTE)}


def check(results):
    """The woven chapters by path; raises one `WeaveErrors` that lists every failure by file and line."""
    failures, woven = [], {}
    for path in sorted(notebook.LABS.glob("[!_]*.py")):
        try:
            shown = path.relative_to(ROOT).as_posix()
            weave(notebook.prose(path, results), shown, results)
            notebook.check_outputs(path, results)
            woven[path.with_suffix(".md")] = weave(notebook.page(path, results), shown, results)
            woven |= {path.with_name(name): text for name, text in downloads(path, results).items()}
        except WeaveError as error:
            failures.append(error)
    for path in sorted((ROOT / "docs").rglob("*.md")):
        try:
            woven[path] = weave(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix(), results)
        except WeaveError as error:
            failures.append(error)
    if failures:
        raise WeaveErrors(failures)
    for path, text in source.pages().items():
        file = Path(path).with_suffix(".py")
        woven |= {ROOT / "docs" / path: weave(text, file, results), ROOT / "docs" / file: (ROOT / file).read_text(encoding="utf-8")}
    return woven


if __name__ == "__main__":
    try:
        results, false = update()
        if false:
            raise WeaveErrors(false)
        for path, text in check(results).items():
            if sys.argv[1:]:
                modules.write(Path(sys.argv[1]) / path.relative_to(ROOT / "docs"), text)
    except (WeaveError, OSError) as error:
        sys.exit(str(error))
