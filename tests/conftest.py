"""What several tests use: the built site, a small checkout to break, and: CI skips nothing."""

import ast
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
WITHOUT_NOISE = {"NO_MKDOCS_2_WARNING": "1"}
SMALL = {
    "snippets/one.py": '''"""One.

>>> double(2)
4
"""

three = 3.0


def double(x):
    """Twice `x`.

    >>> double(4)
    8
    """
    return 2 * x
''',
    "snippets/tables/one.py": """from snippets.one import double

ROWS = [{"in": "2", "out": str(double(2))}]
""",
    "snippets/figures/one.py": """from snippets.figures import FORWARD, canvas
from snippets.one import three

TITLE = "A line"
DESCRIPTION = "It rises."


def draw():
    figure, axes = canvas(2)
    axes.plot([0, three], color=FORWARD)
    return figure
""",
    "docs/index.md": """# Start

Three is {{ one.three:.2f }}, and $x^2$ is a formula.

{{ code one.double }}

{{ example one.double }}

{{ table one.ROWS }}

{{ figure one }}

[on](next.md#there)
""",
    "docs/next.md": "# Next\n\n## There\n\n[back](index.md)\n",
    "mkdocs.yml": """site_name: Small
theme: {name: material, font: false}
use_directory_urls: false
plugins: []
hooks: [snippets/_weave/hooks.py]
not_in_nav: snippets/*
validation: {nav: {omitted_files: warn}, anchors: warn, not_found: warn}
markdown_extensions: [admonition, attr_list, md_in_html, tables, toc]
""",
}


def edited(module, **setup):
    """The namespace of a module after its setup was edited: `edited(worked_example, b1=-2.0)`."""
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    first = next(i for i, node in enumerate(tree.body) if isinstance(node, ast.FunctionDef))
    edit = "\n".join(f"{name} = {value!r}" for name, value in setup.items())
    tree.body[first:first] = ast.parse(edit).body
    exec(compile(tree, module.__file__, "exec"), namespace := {})
    return namespace


def missing(what):
    """Skip a test on a reader's machine; fail it in CI."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing, and CI skips no test")
    pytest.skip(f"{what} is not installed here; CI runs this test")


def needs(package):
    if importlib.util.find_spec(package) is None:
        missing(package)


def python(*arguments, checkout=ROOT, **environment):
    """Run Python with these arguments in a checkout; the finished process, its output as text."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=checkout,
        env=os.environ | WITHOUT_NOISE | environment,
        text=True,
        capture_output=True,
        timeout=300,
    )


def mkdocs(*arguments, checkout=ROOT, **environment):
    return python("-m", "mkdocs", *arguments, checkout=checkout, **environment)


def weave(checkout, **environment):
    """Weave a checkout into its folder `woven`; the finished process."""
    return python("-m", "snippets._weave", "woven", checkout=checkout, **environment)


@pytest.fixture(scope="session")
def site(tmp_path_factory, worker_id):
    """The folder of the whole site, built once for all workers as CI publishes it."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared if worker_id == "master" else shared.parent
    try:
        (shared / "building").mkdir()
    except FileExistsError:  # another worker builds it
        while not (shared / "built").exists():
            time.sleep(0.1)
    else:
        said = "the build did not end"
        try:
            process = mkdocs("build", "--strict", "--site-dir", shared / "site")
            said = process.stderr if process.returncode else ""
        finally:
            (shared / "building/said").write_text(said)
            (shared / "building/said").rename(shared / "built")
    assert not (shared / "built").read_text(), (shared / "built").read_text()
    return shared / "site"


@pytest.fixture(scope="session")
def small_checkout(tmp_path_factory):
    """One snippet, one table, one figure, two chapters: woven, and all results are cached."""
    folder = tmp_path_factory.mktemp("small") / "checkout"
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "snippets/_weave", folder / "snippets/_weave", ignore=unwanted)
    for package in ("snippets", "snippets/tables", "snippets/figures"):
        (folder / package).mkdir(exist_ok=True)
        shutil.copy(ROOT / package / "__init__.py", folder / package)
    put(folder, SMALL)
    process = weave(folder)
    assert process.returncode == 0, process.stderr
    return folder


@pytest.fixture
def checkout(small_checkout, tmp_path):
    """A small checkout of one's own, to change and to break."""
    return shutil.copytree(small_checkout, tmp_path / "checkout")


def put(checkout, files):
    """Write files, texts or bytes by path."""
    for name, content in files.items():
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        (checkout / name).write_bytes(data)


def edit(path, old, new):
    """Replace a text that is there exactly once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes():
    """Run the modules that are stale once, and not in each worker."""
    subprocess.run([sys.executable, "-m", "snippets._weave"], cwd=ROOT)


def pytest_terminal_summary(terminalreporter):
    """Leave the names of what was skipped to `.ci/run`, which runs it with what is missing here."""
    names = [report.nodeid for report in terminalreporter.stats.get("skipped", [])]
    (ROOT / ".cache").mkdir(exist_ok=True)
    (ROOT / ".cache/skipped").write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
