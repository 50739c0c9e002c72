"""What can go wrong while building: each fault ends in a clear error and no site, or in the right page; never in a wrong one."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest
from conftest import WITHOUT_NOISE, edit, mkdocs

SNIPPET, TABLE, FIGURE, PAGE = "snippets/one.py", "snippets/tables/one.py", "snippets/figures/one.py", "docs/index.md"
THREE = "three = 3.0"


def weave(checkout, *arguments, **environment):
    """The machinery without MkDocs, which is quicker; the finished process."""
    return subprocess.run(
        [sys.executable, "-m", "snippets._weave", *arguments],
        cwd=checkout, env=os.environ | environment, text=True, capture_output=True, timeout=60,
    )  # fmt: skip


def woven(checkout, **environment):
    process = weave(checkout, "woven", **environment)
    assert process.returncode == 0, process.stderr
    return (checkout / "woven/index.md").read_bytes()


@pytest.fixture(scope="session")
def right_page(small_checkout, tmp_path_factory):
    return woven(shutil.copytree(small_checkout, tmp_path_factory.mktemp("right") / "checkout"))


@pytest.fixture(scope="session")
def right_site(small_checkout, tmp_path_factory):
    folder = shutil.copytree(small_checkout, tmp_path_factory.mktemp("right") / "checkout")
    assert mkdocs("build", "--strict", checkout=folder).returncode == 0
    return contents(folder / "site")


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


FAULTS = {
    "a snippet raises": (SNIPPET, THREE, "three = 3.0 / 0", f"{SNIPPET}:7: ZeroDivisionError"),
    "a snippet exits": (SNIPPET, THREE, "raise SystemExit(0)", f"{SNIPPET}:7: SystemExit: 0"),
    "a snippet ends its process": (SNIPPET, THREE, "import os; os._exit(0)", f"{SNIPPET}:1: its process ended"),
    "a snippet never ends": (SNIPPET, THREE, "while True: pass", f"{SNIPPET}:7: did not end within 1 s"),
    "a snippet never ends and catches all": (
        SNIPPET, THREE, "while True:\n    try:\n        while True: pass\n    except BaseException: pass", f"{SNIPPET}:9: did not end within 1 s"),
    "a snippet never ends in C": (SNIPPET, THREE, "import re; re.match('(a*)*b', 'a' * 40)", "did not end within 1 s"),
    "a doctest never ends": (SNIPPET, "    8\n", "    8\n    >>> while True: pass\n", "did not end within 1 s"),
    "a snippet is not Python": (SNIPPET, THREE, "three = = 3", f"{SNIPPET}:7: SyntaxError"),
    "a snippet warns": (SNIPPET, THREE, "import numpy; three = numpy.exp([1e4])[0]", f"{SNIPPET}:7: RuntimeWarning"),
    "a message has megabytes": (SNIPPET, THREE, "raise ValueError('x' * 10_000_000)", f"{SNIPPET}:7: ValueError: xxx"),
    "a doctest is wrong": (SNIPPET, "    8\n", "    9\n", f"{SNIPPET}:13: a doctest fails"),
    "a doctest prints megabytes": (SNIPPET, "double(4)\n", "print('x' * 10_000_000)\n", f"{SNIPPET}:13: a doctest fails"),
    "a claim is false": (TABLE, "ROWS =", "assert double(2) == 5, double(2)\nROWS =", f"{TABLE}:3: AssertionError: 4"),
    "a claim that says nothing is false": (
        TABLE, "ROWS =", "assert (double(2)\n        == 5)\nROWS =", f"{TABLE}:3: AssertionError: double(2) == 5"),
    "NumPy's shared random state": (SNIPPET, THREE, "import numpy; three = numpy.random.rand()", f"{SNIPPET}:1: ValueError: uses the global random state"),
    "NumPy's shared seed": (SNIPPET, THREE, "import numpy; numpy.random.seed(0); three = 3.0", f"{SNIPPET}:1: ValueError: uses the global random state"),
    "Python's shared random state": (SNIPPET, THREE, "import random; three = random.random()", f"{SNIPPET}:1: ValueError: uses the global random state"),
    "dice without a seed": (SNIPPET, THREE, "import numpy; three = numpy.random.default_rng().random()", f"{SNIPPET}:7: ValueError: np.random.default_rng() without a seed"),
    "a snippet writes a file": (SNIPPET, THREE, "open('snippets/two.py', 'w'); three = 3.0", f"{SNIPPET}:7: PermissionError: writes a file: snippets/two.py"),
    "NumPy writes a file": (SNIPPET, THREE, "import numpy; numpy.save('x.npy', 1); three = 3.0", f"{SNIPPET}:7: PermissionError: writes a file: x.npy"),
    "a snippet removes a file": (SNIPPET, THREE, "import os; os.remove('docs/next.md'); three = 3.0", f"{SNIPPET}:7: PermissionError: writes a file: docs/next.md"),
    "a snippet moves a file": (SNIPPET, THREE, "import shutil; shutil.move('docs/next.md', 'docs/last.md'); three = 3.0", f"{SNIPPET}:7: PermissionError: "),
    "a snippet removes a folder": (SNIPPET, THREE, "import shutil; shutil.rmtree('docs'); three = 3.0", f"{SNIPPET}:7: PermissionError: writes a file: docs"),
    "a snippet makes a folder": (SNIPPET, THREE, "import pathlib; pathlib.Path('new').mkdir(); three = 3.0", f"{SNIPPET}:7: PermissionError: writes a file: new"),
    "a snippet reads what it does not name": (SNIPPET, THREE, "three = float(len(open('mkdocs.yml').read()))", f"{SNIPPET}:7: PermissionError: reads a file that READS does not name: mkdocs.yml"),
    "a table imports by name": (TABLE, "ROWS =", "import importlib; three = importlib.import_module('docs.code').x\nROWS =", f"{TABLE}:3: PermissionError: reads a file that READS does not name: docs/code.py"),
    "what is read is no list": (TABLE, "ROWS =", "READS = 'docs/x.json'\nROWS =", f"{TABLE}:3: READS is a list"),
    "a snippet opens a database": (SNIPPET, THREE, "import sqlite3; sqlite3.connect('docs/x.db'); three = 3.0", f"{SNIPPET}:7: PermissionError: writes a file: docs/x.db"),
    "a snippet imports a sibling": (SNIPPET, THREE, "from snippets import figures; three = 3.0", f"{SNIPPET}:7: imports `snippets`: a snippet has to run where it is pasted"),
    "a snippet imports a library": (SNIPPET, THREE, "import mkdocs; three = 3.0", f"{SNIPPET}:7: imports `mkdocs`: a snippet has to run where it is pasted"),
    "a snippet starts a program": (SNIPPET, THREE, "import os; three = os.system('touch x')", f"{SNIPPET}:7: PermissionError: reaches out of its process"),
    "a snippet asks the network": (SNIPPET, THREE, "import socket; socket.create_connection(('127.0.0.1', 9))", f"{SNIPPET}:7: PermissionError: reaches out of its process"),
    "a figure has no description": (FIGURE, 'DESCRIPTION = "It rises."', "", f"{FIGURE}:1: ValueError: the figure has no DESCRIPTION"),
    "a figure uses a stray colour": (FIGURE, "color=FORWARD", 'color="#123456"', f"{FIGURE}:1: "),
    "a description lacks its f": (FIGURE, '"It rises."', '"It rises to {three}."', f"{FIGURE}:1: ValueError: a brace in the figure's TITLE or DESCRIPTION"),
    "an image with NaN": (FIGURE, "axes.plot([0, three], ", 'axes.imshow([[1.0, float("nan")]]); axes.plot([0, 1], ', f"{FIGURE}:1: ValueError: the figure is to draw a point"),
    "a figure does not draw": (FIGURE, "axes.plot(", "axes.plott(", f"{FIGURE}:10: AttributeError"),
    "a line with NaN": (FIGURE, "[0, three]", '[0, float("nan"), three]', f"{FIGURE}:1: ValueError: the figure is to draw a point"),
    "a line with infinity": (FIGURE, "[0, three]", '[0, float("inf"), three]', f"{FIGURE}:1: ValueError: the figure is to draw a point"),
    "a bar with NaN": (FIGURE, "axes.plot([0, three]", 'axes.bar([0, 1], [3, float("nan")]', f"{FIGURE}:1: ValueError: the figure is to draw a point"),
    "a dot with NaN": (FIGURE, "axes.plot([0, three]", 'axes.scatter([0, 1], [3, float("nan")]', "ValueError: the figure is to draw a point"),
    "an area with NaN": (FIGURE, "axes.plot([0, three]", 'axes.fill_between([0, 1, 2], [3, float("nan"), 4]', f"{FIGURE}:10: ValueError: the figure is to draw a point"),
    "a word at NaN": (FIGURE, "return figure", 'axes.text(float("nan"), 1, "here")\n    return figure', f"{FIGURE}:1: ValueError: the figure is to draw a point"),
    "a figure says nan": (FIGURE, "return figure", 'axes.text(0, 1, f"a = {float(\'nan\'):.2f}")\n    return figure', f"{PAGE}:11: `one` holds nan"),
    "a description says inf": (FIGURE, '"It rises."', 'f"It rises by {1e999}."', f"{PAGE}:11: `one` holds inf"),
    "a style of the figures is wrong": ("snippets/figures/__init__.py", "WIDTH = 4.6", "WIDTH = 4.6 / 0", "ZeroDivisionError"),
    "a number is NaN": (TABLE, "ROWS", 'number = float("nan")\nROWS', f"{PAGE}:3: `tables.one.number` is nan"),
    "a number is infinite": (TABLE, "ROWS", 'number = -float("inf")\nROWS', f"{PAGE}:3: `tables.one.number` is -inf"),
    "a text says nan": (TABLE, "ROWS", "text = f'{1e999 - 1e999:.2f}'\nROWS", f"{PAGE}:3: `tables.one.text` holds nan"),
    "a cell says nan": (TABLE, "str(double(2))", 'f"{float(\'nan\'):.2f}"', f"{PAGE}:9: `one.ROWS` holds nan"),
    "a cell says minus infinity": (TABLE, "str(double(2))", '"−" + str(1e999)', f"{PAGE}:9: `one.ROWS` holds inf"),
    "a cell is NaN": (TABLE, "str(double(2))", 'float("nan")', f"{PAGE}:9: `one.ROWS` holds nan"),
    "a table is missing": (PAGE, "one.ROWS", "one.ROW", f"{PAGE}:9: "),
    "a name is unknown": (PAGE, "one.three:", "one.thre:", f"{PAGE}:3: unknown name `one.thre`; did you mean `one.three`?"),
    "a name is a function": (PAGE, "one.three:.2f", "one.double", f"{PAGE}:3: unknown name `one.double`: it is a function; `{{{{ code one.double }}}}`"),
    "a format is wrong": (PAGE, "three:.2f", "three:.2q", f"{PAGE}:3: "),
    "a format is missing": (PAGE, "three:.2f", "three", f"{PAGE}:3: "),
    "a section is missing": (PAGE, "code one.double", "code one.treble", f"{PAGE}:5: "),
    "a module is missing": (PAGE, "code one.double", "code two.double", f"{PAGE}:5: there is no snippets/two.py"),
    "an example is missing": (PAGE, "example one.double", "example one.three", f"{PAGE}:7: "),
    "a figure is missing": (PAGE, "figure one", "figure two", f"{PAGE}:11: there is no snippets/figures/two.py"),
    "a directive is unknown": (PAGE, "{{ figure one }}", "{{ figur one }}", f"{PAGE}:11: "),
    "a directive is not closed": (PAGE, "{{ figure one }}", "{{ figure one }", f"{PAGE}:11: "),
    "TeX is wrong": (PAGE, "$x^2$", r"$\frac{x$", f"{PAGE}:3: bad TeX"),
    "two prices": (PAGE, "$x^2$", "costs $5 or $10", f"{PAGE}:3: a lone $"),
    "a formula is not closed": (PAGE, "$x^2$", "$x^2", f"{PAGE}:3: "),
    "a fence is not closed": (PAGE, "[on]", "```python\nx = 1\n\n[on]", f"{PAGE}:13: this ``` is never closed"),
    "a display formula is not closed": (PAGE, "[on]", "$$\nx\n", f"{PAGE}:13: "),
}  # fmt: skip
IN_MKDOCS = {  # one for each way through the hooks
    "a snippet exits": FAULTS["a snippet exits"],
    "a claim is false": FAULTS["a claim is false"],
    "a name is unknown": FAULTS["a name is unknown"],
    "a link is broken": (PAGE, "next.md#there", "nest.md", f"{PAGE}:13: the link `nest.md`"),
    "an anchor is broken": (PAGE, "#there", "#here", f"{PAGE}:13: the link "),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_an_error_with_file_and_line(checkout, fault):
    name, old, new, message = FAULTS[fault]
    edit(checkout / name, old, new)
    if message.startswith(f"{PAGE}:3: `tables"):
        edit(checkout / PAGE, "one.three:.2f", message.split("`")[1] + ":.2f" * ("number" in message))
    (checkout / "docs/code.py").write_text("x = 3\n")
    before = contents(checkout / "docs")
    process = weave(checkout, "woven", WEAVE_TIME_LIMIT="1" if "never" in fault else "60")
    assert process.returncode != 0, f"{fault} went through"
    assert message in process.stderr, process.stderr
    assert "Traceback (" not in process.stderr and len(process.stderr) < 20_000
    assert not (checkout / "woven").exists() and contents(checkout / "docs") == before


@pytest.mark.parametrize("options", [["--quiet"], [], ["--quiet", "--strict"]], ids=" ".join)
@pytest.mark.parametrize("fault", IN_MKDOCS)
def test_fault_ends_the_build_and_leaves_no_site(checkout, fault, options):
    name, old, new, message = IN_MKDOCS[fault]
    edit(checkout / name, old, new)
    (checkout / "site").mkdir()  # what an earlier build left
    process = mkdocs("build", *options, checkout=checkout)
    assert process.returncode != 0 and message in process.stderr, process.stderr
    assert "Traceback" not in process.stderr
    assert not (checkout / "site").exists() and not list(checkout.glob(".site*"))


HARMLESS = {
    "prints megabytes": "print('x' * 10_000_000)",
    "prints megabytes to stderr": "import sys; print('x' * 10_000_000, file=sys.stderr)",
    "prints megabytes below Python": "import os; os.write(1, b'x' * 10_000_000); os.write(2, b'x' * 10_000_000)",
    "changes the style of figures": "import matplotlib; matplotlib.rcParams['lines.linewidth'] = 20",
    "changes its folder": "import os; os.chdir('/')",
    "changes its environment": "import os; os.environ.update(MPLBACKEND='nonsense', LC_ALL='xx', PYTHONOPTIMIZE='1')",
    "changes a library": "import numpy, sys; numpy.asarray = None; sys.path.clear()",
    "writes a temporary file": "import tempfile\nwith tempfile.TemporaryDirectory() as t: open(t + '/x', 'w').write('x')",
    "hides that it writes": "try: open('docs/new.md', 'w')\nexcept Exception: pass",
}


@pytest.mark.parametrize("deed", HARMLESS)
def test_what_a_module_does_to_its_process_reaches_no_page(checkout, right_page, deed):
    (checkout / "snippets/tables/aaa.py").write_text(HARMLESS[deed] + "\n")
    shutil.rmtree(checkout / ".cache")
    process = weave(checkout, "woven")
    assert process.returncode == 0 and process.stdout == process.stderr == ""
    assert (checkout / "woven/index.md").read_bytes() == right_page and not (checkout / "docs/new.md").exists()


def test_every_fault_is_told_in_one_go_and_once(checkout):
    (checkout / "snippets/two.py").write_text("1 / 0\n")
    (checkout / "snippets/three.py").write_text("import snippets.two\n")
    edit(checkout / FIGURE, "axes.plot(", "axes.plott(")
    errors = weave(checkout).stderr
    assert errors.count("snippets/two.py:1: ") == 1 and "three.py" not in errors and "snippets/figures/one.py:10: " in errors


def test_every_fault_of_a_chapter_is_told(checkout):
    edit(checkout / PAGE, "one.three:", "one.thre:")
    edit(checkout / PAGE, "figure one", "figure two")
    (checkout / "docs/next.md").write_text("# Next\n\n$$\n\\frac{x\n$$\n\n{{ one.four }}\n")
    errors = weave(checkout).stderr
    assert re.findall(r"docs/\S+:\d+", errors) == ["docs/index.md:3", "docs/index.md:11", "docs/next.md:5", "docs/next.md:7"]


def test_importers_of_a_module_that_never_ends_are_not_blamed(checkout):
    edit(checkout / SNIPPET, THREE, "while True: pass")
    errors = weave(checkout, WEAVE_TIME_LIMIT="1").stderr
    assert errors.strip() == f"{SNIPPET}:7: did not end within 1 s (WEAVE_TIME_LIMIT)"


@pytest.mark.parametrize("damage", [lambda text: text[:-3], lambda text: text.replace(b"3.0", b"4.0"), lambda text: b"", lambda text: b"\xff\xfe"])
def test_damaged_result_is_not_believed(checkout, right_page, damage):
    stored = checkout / ".cache/weave/snippets.one.json"
    stored.write_bytes(damage(stored.read_bytes()))
    assert woven(checkout) == right_page


@pytest.mark.parametrize("damage", [lambda text: text[:-40], lambda text: text.replace("data-md".encode().hex().encode(), "mata-dd".encode().hex().encode())])
def test_damaged_template_is_not_believed(checkout, right_site, damage):
    mkdocs("build", checkout=checkout)
    for stored in (checkout / ".cache/jinja").iterdir():
        stored.write_bytes(damage(stored.read_bytes()))
    assert mkdocs("build", checkout=checkout).returncode == 0
    assert contents(checkout / "site") == right_site


def lock(path):
    """A file stands where the folder should be: that binds also who may write everywhere."""
    shutil.rmtree(path, ignore_errors=True)
    path.write_text("")


@pytest.mark.parametrize("place", [".cache", ".cache/weave", ".cache/jinja"])
def test_cache_that_cannot_be_written_is_told_and_the_site_is_right(checkout, right_site, place):
    lock(checkout / place)
    process = mkdocs("build", "--strict", "--quiet", checkout=checkout)
    assert process.returncode == 0 and contents(checkout / "site") == right_site
    assert process.stderr.startswith("Nothing is kept for the next build: ") and process.stderr.count("\n") <= 2


def test_cache_that_may_only_be_read_serves_the_page(checkout, right_page):
    for path in [*(checkout / ".cache").rglob("*"), checkout / ".cache"]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        assert woven(checkout) == right_page
    finally:
        for path in [checkout / ".cache", *(checkout / ".cache").glob("*")]:
            path.chmod(0o755)


def begin(checkout, *command, **environment):
    return subprocess.Popen(
        [sys.executable, "-m", *command], cwd=checkout, env=os.environ | WITHOUT_NOISE | environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def until(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_build_that_was_killed_leaves_nothing_that_the_next_believes_or_keeps(checkout, right_site):
    shutil.rmtree(checkout / ".cache")
    build = begin(checkout, "mkdocs", "build")
    until(lambda: list(checkout.glob(".site.*/*")))
    build.kill()
    build.communicate()
    (checkout / f".cache/weave/.x.{build.pid}").write_text("half a resu")
    assert list(checkout.glob(".site.*")) and not (checkout / "site").exists()
    assert mkdocs("build", checkout=checkout).returncode == 0
    assert contents(checkout / "site") == right_site
    assert not list(checkout.glob(".site*")) and not list(checkout.glob(".cache/*/.*"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_build_that_is_told_to_stop_tidies_up(checkout, name):
    edit(checkout / FIGURE, "It rises.", "It climbs.")
    build = begin(checkout, "mkdocs", "build")
    until(lambda: list(checkout.glob(".site.*/*")))
    build.send_signal(getattr(signal, name))
    build.communicate()
    assert build.returncode != 0 and not list(checkout.glob(".site*")) and not (checkout / "site").exists()


@pytest.mark.parametrize("hidden", [False, True])
def test_two_builds_at_once_end_well(checkout, right_site, hidden):
    for _ in range(2):
        (checkout / ".cache/weave/snippets.one.json").unlink()
        if hidden:
            (checkout / "site").mkdir(exist_ok=True)
            (checkout / "site/.git").write_text("a worktree to publish from")
        builds = [begin(checkout, "mkdocs", "build", "--quiet") for _ in range(2)]
        errors = [build.communicate()[1] for build in builds]
        assert [build.returncode for build in builds] == [0, 0], errors
        found = contents(checkout / "site")
        assert (found.pop(".git", None) is not None) == hidden and found == right_site
        assert not list(checkout.glob(".site*")) and not list(checkout.glob(".cache/*/.*"))


def test_publishing_at_once_ends_with_one_whole_site(checkout, tmp_path):
    """Only the last step, a hundred times by each of two processes."""
    program = (
        "import sys, pathlib\nfrom snippets._weave import site\ntarget = pathlib.Path(sys.argv[1])\n"
        "for turn in range(100):\n    built = site.scaffold(target)\n    built.mkdir()\n"
        "    for name in 'abcdef':\n        (built / name).mkdir()\n        (built / name / 'x').write_text(f'{sys.argv[2]}{turn}')\n"
        "    site.publish(built, target)\n"
    )
    runs = [subprocess.Popen([sys.executable, "-c", program, tmp_path / "site", who], cwd=checkout) for who in "AB"]
    assert [run.wait(60) for run in runs] == [0, 0]
    found = contents(tmp_path / "site")
    assert len(found) == 6 and len(set(found.values())) == 1 and not list(tmp_path.glob(".site*"))


def startup(folder, code):
    """An environment in which Python runs this code first."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(code)
    return {"PYTHONPATH": str(folder)}


def test_disk_that_is_full_is_an_error_and_leaves_no_site(checkout, tmp_path):
    (checkout / "site").mkdir()
    limited = startup(tmp_path / "full", "import resource, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
                      "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n")  # fmt: skip
    process = mkdocs("build", "--quiet", checkout=checkout, **limited)
    assert process.returncode != 0 and "File too large, and so there is no site" in process.stderr, process.stderr
    assert "Traceback" not in process.stderr and not (checkout / "site").exists() and not list(checkout.glob(".site*"))
    assert not list(checkout.glob(".cache/*/.*"))


@pytest.mark.parametrize("backend", ["nonsense", "Agg", "TkAgg", ""])
def test_backend_of_matplotlib_does_not_matter(checkout, right_page, backend):
    shutil.rmtree(checkout / ".cache")
    assert woven(checkout, MPLBACKEND=backend) == right_page


@pytest.mark.parametrize("locale", ["C", "de_DE.UTF-8", "tr_TR", "nonsense"])
def test_locale_does_not_matter(checkout, right_page, locale):
    shutil.rmtree(checkout / ".cache")
    assert woven(checkout, LC_ALL=locale, LANG=locale, PYTHONUTF8="0", PYTHONCOERCECLOCALE="0") == right_page


def test_home_without_a_font_cache_does_not_matter(checkout, right_page, tmp_path):
    shutil.rmtree(checkout / ".cache")
    assert woven(checkout, MPLCONFIGDIR=str(tmp_path / "new")) == right_page


def test_build_without_network(checkout, right_site, tmp_path):
    shutil.rmtree(checkout / ".cache")
    offline = startup(tmp_path / "offline", "import sys, os\ndef watch(event, arguments):\n"
                      "    if event == 'socket.getaddrinfo' or event == 'socket.connect' and isinstance(arguments[1], tuple):\n"
                      "        os.write(2, b'the network is asked'); os._exit(9)\nsys.addaudithook(watch)\n")  # fmt: skip
    process = mkdocs("build", "--strict", checkout=checkout, **offline)
    assert process.returncode == 0 and contents(checkout / "site") == right_site, process.stderr


def test_path_with_spaces_commas_and_letters_does_not_matter(checkout, right_site, tmp_path):
    folder = checkout.rename(tmp_path / "Übung, zwei [1] — 計算 'x' %20 #y")
    shutil.rmtree(folder / ".cache")
    process = mkdocs("build", "--strict", checkout=folder)
    assert process.returncode == 0 and contents(folder / "site") == right_site, process.stderr


def test_line_endings_of_windows_give_the_same_pages(checkout, right_site):
    shutil.rmtree(checkout / ".cache")
    for path in [*checkout.rglob("*.py"), *checkout.rglob("*.md"), checkout / "mkdocs.yml"]:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert mkdocs("build", "--strict", checkout=checkout).returncode == 0
    found = contents(checkout / "site")
    assert {name: text.replace(b"\r\n", b"\n") for name, text in found.items() if name.endswith((".html", ".py"))} == {
        name: text for name, text in right_site.items() if name.endswith((".html", ".py"))
    }
    assert all(b"\r" not in text for name, text in found.items() if name.endswith(".html"))


@pytest.mark.parametrize("nav, named", [("[index.md]", "next.md"), ("[index.md, next.md, last.md]", "last.md")])
def test_chapter_and_navigation_must_agree(checkout, nav, named):
    with (checkout / "mkdocs.yml").open("a") as settings:
        settings.write(f"nav: {nav}\nvalidation: {{nav: {{omitted_files: warn}}}}\n")
    process = mkdocs("build", "--strict", checkout=checkout)
    assert process.returncode != 0 and named in process.stderr and not (checkout / "site").exists(), process.stderr


def test_python_without_asserts_is_refused(checkout):
    process = weave(checkout, PYTHONOPTIMIZE="1")
    assert process.returncode != 0 and "leaves out every assert" in process.stderr


def test_dirty_build_is_refused(checkout):
    process = mkdocs("build", "--dirty", checkout=checkout)
    assert process.returncode != 0 and not (checkout / "site").exists()
