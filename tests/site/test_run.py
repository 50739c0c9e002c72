"""Code that readers run in the page: by Pyodide, in two browsers that reach no other host."""

import doctest
import gzip
import hashlib
import importlib.util
import re
import shutil

import pytest
from browser import SCHEMES, from_npm, node, program
from conftest import ROOT, edit, mkdocs, put

pytest_plugins = ["browser_fixtures"]

ASSETS = ROOT / "docs/assets/run"
SCRIPT = 3_000  # bytes, compressed
PLAIN = {  # with a chapter that shows some of it
    "autodiff": "deeper/autodiff.html",
    "core_idea": "core-idea.html",
    "two_units": "worked-example.html",
    "why_it_matters": "why-it-matters.html",
    "worked_example": "worked-example.html",
}
BROWSERS = pytest.mark.parametrize(
    "kind, names",
    [("chrome", ["chromium", "google-chrome"]), ("firefox", ["firefox-esr", "firefox"])],
)
WHEEL = "numpy-2.4.6-cp314-cp314-pyemscripten_2026_0_wasm32.whl"


@pytest.fixture(scope="module")
def pyodide():
    return from_npm("pyodide")


@BROWSERS
def test_examples_of_all_plain_files_pass(pyodide, address, kind, names):
    places = [f"{page}#{name}.py" for name, page in PLAIN.items()]
    [seen] = look(kind, names, address, "files", *places)
    for name in PLAIN:
        found = seen[f"{name}.py"]
        passed, count = map(int, re.findall(r"\d+", found["status"]))
        assert passed == count == attempted(ROOT / f"snippets/{name}.py"), found
        assert found["mark"] == "right" and "not the Python that built this site" in found["about"]


def attempted(path):
    """How many examples of a file Python's own doctest finds, of which none may fail."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    spec.loader.exec_module(module := importlib.util.module_from_spec(spec))
    results = doctest.testmod(module)
    assert results.failed == 0
    return results.attempted


def look(kind, names, address, *what):
    found = node("run.mjs", kind, program(*names), address, *what)
    assert found[0].pop("faults") == [], found
    return found


@BROWSERS
def test_what_goes_wrong_is_told_with_its_line_and_ends(pyodide, address, kind, names):
    [seen] = look(kind, names, address, "slips", "snippets/core_idea.html")
    count = attempted(ROOT / "snippets/core_idea.py")
    for broken in (seen["broken"], seen["kept"]):  # the second after a reload
        assert broken["status"].startswith(f"{count - 2} of {count} examples as printed, with your")
        assert broken["mark"] == "wrong"
        assert broken["faults"][0].split() == "line 10 g(2.0) expected 7.0 got 8.0".split()
    assert seen["reset"]
    assert seen["raises"]["status"].endswith("ZeroDivisionError: division by zero in line 2")
    assert seen["raises"]["output"] == "before\n"
    assert seen["syntax"]["status"].endswith("SyntaxError: expected ':' in line 2")
    lines = seen["many"]["output"].splitlines()
    assert len(lines) == 20_000 and lines[-1].startswith("19999 ")
    assert seen["many"]["milliseconds"] < 2000
    assert 1_000_000 <= len(seen["most"]["output"]) < 1_000_100
    assert seen["stopped"]["status"] == "Stopped."
    assert seen["again"]["output"] == "again\n"
    assert seen["endless"]["status"] == "Stopped: it ran for 20 seconds, the time limit."
    assert seen["dead"]["status"].startswith("Python did not start: nothing arrived for 30 seconds")


@BROWSERS
def test_exercises_without_numpy_are_solved_in_the_page(pyodide, address, kind, names):
    [seen] = look(kind, names, address, "programs", "practice.html")
    assert len(seen.pop("version")) and len(seen) == 5
    for name, found in seen.items():
        assert found["stub"]["mark"] == "wrong" and "✓" not in found["stub_title"], name
        passed, count = re.findall(r"\d+", found["solved"]["status"])
        assert passed == count and found["solved"]["mark"] == "right", name
        assert "✓ solved" in found["title"], name


def test_panel_is_accessible_and_fits_a_phone(pyodide, opened, address):
    with opened(360) as page:
        page.goto(address + "snippets/core_idea.html")
        button = page.get_by_role("button", name="Run core_idea.py")
        button.focus()
        page.keyboard.press("Enter")
        page.locator(".said[data-mark=right]").wait_for()
        area = page.get_by_role("textbox", name="Code of core_idea.py")
        area.press("ControlOrMeta+Home")
        page.keyboard.type("if True:")
        page.keyboard.press("Enter")
        page.keyboard.type("print('typed', 1 / 0)\n")
        assert area.input_value().startswith("if True:\n    print('typed', 1 / 0)\n    # core")
        page.keyboard.press("ControlOrMeta+Enter")
        page.locator(".said[data-mark=wrong]").wait_for()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Run"
        page.locator(".run-panel .line").press("Enter")
        assert page.evaluate("getSelection().toString()").strip() == "print('typed', 1 / 0)"
        page.add_script_tag(path=from_npm("axe-core/axe.min.js"))
        for scheme in SCHEMES.values():
            page.evaluate("scheme => (document.body.dataset.mdColorScheme = scheme)", scheme)
            assert page.evaluate("audit('.run-panel')") + page.evaluate("wide()") == []
        page.get_by_role("button", name="Close").press("Enter")
        assert page.locator(".run-panel").count() == 0
        assert button.evaluate("button => button === document.activeElement")
        assert page.complaints == []


def test_from_the_disk_the_button_says_what_it_needs(pyodide, opened, site):
    with opened() as page:
        page.goto((site / "snippets/core_idea.html").as_uri())
        page.get_by_role("button", name="Run core_idea.py").click()
        note = page.locator("p.run-panel")
        note.filter(has_text="python3 -m http.server").wait_for()
        assert note.get_attribute("role") == "status" and page.complaints == []


def test_script_is_small_and_only_where_code_runs(pyodide, site):
    assert len(gzip.compress((site / "assets/run/run.js").read_bytes())) < SCRIPT
    found = {}
    for path in site.rglob("*.html"):
        html = path.read_text("utf-8")
        if tags := re.findall('run/run.js" data-files="([^"]+)"', html):
            [found[path.relative_to(site).as_posix()]] = tags
        assert len(re.findall('"[./]*assets/run/', html)) == len(tags), path
    whole = {name for name in found if name.startswith("snippets/")}
    assert whole == {f"snippets/{name}.html" for name in PLAIN}
    assert {*PLAIN.values()} <= found.keys()
    assert len(found["practice.html"].split()) == 5


@pytest.fixture
def small(checkout, pyodide):
    """A small checkout that asks for Pyodide and wheels."""
    shutil.copytree(ASSETS, checkout / "docs/assets/run")
    shutil.copy(ROOT / "docs/run.txt", checkout / "docs")
    with (checkout / "mkdocs.yml").open("a") as settings:
        settings.write(f"extra: {{pyodide: {checkout}/pyodide, wheels: wheels}}\n")
    shutil.copytree(pyodide, checkout / "pyodide")
    return checkout


def test_without_pyodide_nothing_is_there(small):
    shutil.rmtree(small / "pyodide")
    process = mkdocs("build", "--strict", checkout=small)
    assert process.returncode == 0 and not (small / "site/assets/run").exists()
    assert "run.js" not in (small / "site/snippets/one.html").read_text()


def test_wheel_is_taken_only_with_the_digest_of_the_lock_file(small):
    put(small, {f"wheels/{WHEEL}": b"a stand-in", "snippets/two.py": '"""T."""\nimport numpy\n'})
    process = mkdocs("build", "--strict", checkout=small)
    found = hashlib.sha256(b"a stand-in").hexdigest()
    said = re.search(rf"{WHEEL}: sha256 {found}, pyodide-lock.json has (\w+)", process.stderr)
    assert process.returncode != 0 and said
    edit(small / "pyodide/pyodide-lock.json", said[1], found)
    process = mkdocs("build", "--strict", checkout=small)
    assert process.returncode == 0, process.stderr
    assert (small / f"site/assets/run/pyodide/{WHEEL}").read_bytes() == b"a stand-in"
    assert 'data-files="two.py"' in (small / "site/snippets/two.html").read_text()
