"""The machinery, on a small checkout: what it puts into a page, what it refuses, and what it runs again."""

import re
import shutil
import subprocess
import sys

import pytest
from conftest import edit, mkdocs

FIGURE, SNIPPET, PAGE = "snippets/figures/one.py", "snippets/one.py", "docs/index.md"


def page(checkout):
    return (checkout / "site" / "index.html").read_text(encoding="utf-8")


def test_page_holds_number_formula_code_example_table_and_figure(checkout):
    process = mkdocs("build", "--strict", checkout=checkout)
    assert process.returncode == 0, process.stderr
    html = page(checkout)
    text = re.sub(r"<[^>]+>", "", html)
    assert "Three is 3.00, and" in text
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in html and 'alttext="x^2"' in html
    assert "return 2 * x" in text and "Twice `x`." in text and ">>>" not in text
    assert "double(4)\n# 8" in text
    assert re.search(r"<td[^>]*>2</td>\s*<td[^>]*>4</td>", html)
    assert "var(--figure-forward)" in html and '<desc id="one-desc">It rises.</desc>' in html
    assert "<style" not in html.split("<svg", 2)[-1].split("</svg>")[0] and "<metadata" not in html
    assert (checkout / "site/snippets/one.py").read_text() == (checkout / SNIPPET).read_text()


def test_pages_link_to_ids_that_are_unique(checkout):
    mkdocs("build", checkout=checkout)
    ids = re.findall(r'\bid="([^"]+)"', page(checkout))
    assert len(ids) == len(set(ids)) and any(name.startswith("one-") for name in ids)


FAULTS = {
    "a snippet raises": (SNIPPET, "three = 3.0", "three = 3.0 / 0", "snippets/one.py:7: ZeroDivisionError"),
    "a snippet exits": (SNIPPET, "three = 3.0", "raise SystemExit(0)", "snippets/one.py:7: SystemExit: 0"),
    "a snippet ends its process": (SNIPPET, "three = 3.0", "import os; os._exit(0)", "snippets/one.py:1: "),
    "a snippet is not Python": (SNIPPET, "three = 3.0", "three = = 3", "snippets/one.py:7: SyntaxError"),
    "a snippet warns": (SNIPPET, "three = 3.0", "import numpy; three = numpy.exp([1e4])[0]", "snippets/one.py:7: RuntimeWarning"),
    "a doctest is wrong": (SNIPPET, "    8\n", "    9\n", "snippets/one.py:13: a doctest fails"),
    "a claim is false": ("snippets/tables/one.py", "ROWS =", "assert double(2) == 5, double(2)\nROWS =", "snippets/tables/one.py:3: AssertionError: 4"),
    "a figure has no description": (FIGURE, 'DESCRIPTION = "It rises."', "", "snippets/figures/one.py:1: "),
    "a figure uses a stray colour": (FIGURE, "color=FORWARD", 'color="#123456"', "snippets/figures/one.py:1: "),
    "a figure does not draw": (FIGURE, "axes.plot(", "axes.plott(", "snippets/figures/one.py:10: AttributeError"),
    "a table is missing": (PAGE, "one.ROWS", "one.ROW", "docs/index.md:9: "),
    "a name is unknown": (PAGE, "one.three:", "one.thre:", "docs/index.md:3: unknown name `one.thre`; did you mean `one.three`?"),
    "a format is wrong": (PAGE, "three:.2f", "three:.2q", "docs/index.md:3: "),
    "a format is missing": (PAGE, "three:.2f", "three", "docs/index.md:3: "),
    "a number is not one": (SNIPPET, "three = 3.0", 'three = float("nan")', "docs/index.md:3: `one.three` is nan"),
    "a section is missing": (PAGE, "code one.double", "code one.treble", "docs/index.md:5: "),
    "a module is missing": (PAGE, "code one.double", "code two.double", "docs/index.md:5: there is no snippets/two.py"),
    "an example is missing": (PAGE, "example one.double", "example one.three", "docs/index.md:7: "),
    "a figure is missing": (PAGE, "figure one", "figure two", "docs/index.md:11: there is no snippets/figures/two.py"),
    "a directive is unknown": (PAGE, "{{ figure one }}", "{{ figur one }}", "docs/index.md:11: "),
    "a directive is not closed": (PAGE, "{{ figure one }}", "{{ figure one }", "docs/index.md:11: "),
    "TeX is wrong": (PAGE, "$x^2$", r"$\frac{x$", "docs/index.md:3: bad TeX"),
    "a formula is not closed": (PAGE, "$x^2$", "$x^2", "docs/index.md:3: "),
    "a display formula is not closed": (PAGE, "[on]", "$$\nx\n", "docs/index.md:13: "),
    "a link is broken": (PAGE, "next.md#there", "nest.md", "docs/index.md:13: the link `nest.md`"),
    "an anchor is broken": (PAGE, "#there", "#here", "docs/index.md:13: the link "),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_ends_the_build_with_file_and_line_and_leaves_no_site(checkout, fault):
    name, old, new, message = FAULTS[fault]
    edit(checkout / name, old, new)
    (checkout / "site").mkdir()  # what an earlier build left
    process = mkdocs("build", "--quiet", checkout=checkout)
    assert process.returncode != 0, f"{fault} went through"
    assert message in process.stderr, process.stderr
    assert "Traceback" not in process.stderr
    assert not (checkout / "site").exists() and not list(checkout.glob(".site*"))


@pytest.mark.parametrize("options", [[], ["--strict"], ["--quiet", "--strict"]])
@pytest.mark.parametrize("fault", ["a snippet exits", "an anchor is broken"])
def test_fault_ends_the_build_with_every_option(checkout, fault, options):
    name, old, new, message = FAULTS[fault]
    edit(checkout / name, old, new)
    process = mkdocs("build", *options, checkout=checkout)
    assert process.returncode != 0 and message in process.stderr and not (checkout / "site").exists()


def test_module_that_never_ends_is_stopped(checkout):
    edit(checkout / SNIPPET, "three = 3.0", "while True: pass")
    process = mkdocs("build", checkout=checkout, WEAVE_TIME_LIMIT="2")
    assert process.returncode != 0 and "snippets/one.py:1: did not end within 2 s" in process.stderr


def test_every_broken_module_and_chapter_is_named_in_one_go(checkout):
    (checkout / "snippets/two.py").write_text("1 / 0\n")
    edit(checkout / FIGURE, "axes.plot(", "axes.plott(")
    errors = mkdocs("build", checkout=checkout).stderr
    assert "snippets/two.py:1: " in errors and "snippets/figures/one.py:10: " in errors


def weave(checkout, **environment):
    """Run the machinery without MkDocs; the names of the modules whose stored result is new."""
    store = checkout / ".cache/weave"
    before = {path: path.stat().st_ino for path in store.glob("*.json")}
    process = subprocess.run([sys.executable, "-m", "snippets._weave"], cwd=checkout, text=True, capture_output=True)
    assert process.returncode == 0, process.stderr
    return sorted(path.stem for path in store.glob("*.json") if path.stat().st_ino != before.get(path))


def test_only_what_a_change_touches_runs_again(checkout):
    everything = ["snippets.figures.one", "snippets.one", "snippets.tables.one"]
    assert weave(checkout) == []
    edit(checkout / FIGURE, "It rises.", "It climbs.")
    assert weave(checkout) == ["snippets.figures.one"]
    edit(checkout / SNIPPET, "three = 3.0", "three = 3.5")
    assert weave(checkout) == everything
    edit(checkout / "snippets/_weave/__init__.py", "It knows no topic.", "It knows nothing.")
    assert weave(checkout) == everything


def test_figure_follows_a_module_that_it_imports_at_one_remove(checkout):
    (checkout / "snippets/two.py").write_text("from snippets.one import three\n")
    edit(checkout / FIGURE, "from snippets.one", "from snippets.two")
    weave(checkout)
    edit(checkout / SNIPPET, "three = 3.0", "three = 3.5")
    assert "snippets.figures.one" in weave(checkout)


def test_module_runs_again_when_a_file_that_it_reads_changes(checkout):
    (checkout / "snippets/data.json").write_text("3")
    edit(checkout / SNIPPET, "three = 3.0", 'READS = ["snippets/*.json"]\nthree = float(open("snippets/data.json").read())')
    weave(checkout)
    assert weave(checkout) == []
    (checkout / "snippets/data.json").write_text("4")
    assert "snippets.one" in weave(checkout)


def test_result_of_a_module_that_is_gone_is_dropped(checkout):
    (checkout / "snippets/two.py").write_text("two = 2\n")
    weave(checkout)
    (checkout / "snippets/two.py").unlink()
    weave(checkout)
    assert not (checkout / ".cache/weave/snippets.two.json").exists()


@pytest.mark.parametrize("damage", [lambda text: text[:-3], lambda text: text.replace("3.0", "4.0"), lambda text: ""])
def test_damaged_cache_is_not_believed(checkout, damage):
    weave(checkout)
    stored = checkout / ".cache/weave/snippets.one.json"
    stored.write_text(damage(stored.read_text()))
    assert weave(checkout) == ["snippets.one"]
    mkdocs("build", checkout=checkout)
    assert "Three is 3.00" in page(checkout)


def test_modules_see_nothing_of_one_another(checkout):
    (checkout / "snippets/aaa.py").write_text("import os, sys, numpy\nos.environ['LEAK'] = '1'\nnumpy.leak = 1\nsys.leak = 1\n")
    (checkout / "snippets/zzz.py").write_text(
        "import os, sys, numpy\nleaks = os.environ.get('LEAK', '') + str(hasattr(numpy, 'leak') or hasattr(sys, 'leak'))\n"
    )
    (checkout / PAGE).write_text("# Start\n\nLeaks: {{ zzz.leaks }}\n\n## There\n")
    (checkout / "docs/next.md").write_text("# Next\n")
    assert mkdocs("build", checkout=checkout).returncode == 0
    assert "Leaks: False" in page(checkout)


def test_dirty_build_is_refused(checkout):
    process = mkdocs("build", "--dirty", checkout=checkout)
    assert process.returncode != 0 and not (checkout / "site").exists()


def test_same_source_gives_the_same_bytes_anywhere(checkout, tmp_path_factory):
    """Another folder (a space and an umlaut in its name), time zone, locale, hash seed and MPLBACKEND."""
    other = tmp_path_factory.mktemp("ein Ört chen") / "x"
    shutil.copytree(checkout, other)
    shutil.rmtree(other / ".cache")
    mkdocs("build", checkout=checkout, TZ="UTC", LC_ALL="C", PYTHONHASHSEED="1")
    mkdocs("build", checkout=other, TZ="Asia/Tokyo", LC_ALL="de_DE.UTF-8", PYTHONHASHSEED="2", MPLBACKEND="agg")
    assert contents(checkout / "site") == contents(other / "site")


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_python_without_asserts_is_refused(checkout):
    process = mkdocs("build", checkout=checkout, PYTHONOPTIMIZE="1")
    assert process.returncode != 0 and "leaves out every assert" in process.stderr and not (checkout / "site").exists()


def test_hidden_files_of_the_target_stay(checkout):
    (checkout / "site").mkdir()
    (checkout / "site/.git").write_text("a worktree to publish from")
    (checkout / "site/old.html").write_text("old")
    assert mkdocs("build", checkout=checkout).returncode == 0
    assert (checkout / "site/.git").exists() and (checkout / "site/index.html").exists() and not (checkout / "site/old.html").exists()


def test_error_in_the_style_of_the_figures_is_told_where_it_is(checkout):
    edit(checkout / "snippets/figures/__init__.py", "WIDTH = 4.6", "WIDTH = 4.6 / 0")
    errors = mkdocs("build", checkout=checkout).stderr
    assert re.search(r"snippets/figures/__init__\.py:\d+: ZeroDivisionError", errors) and "ended with code" not in errors


def test_woven_chapters_can_be_had_without_mkdocs(checkout):
    subprocess.run([sys.executable, "-m", "snippets._weave", "woven"], cwd=checkout, check=True)
    text = (checkout / "woven/index.md").read_text(encoding="utf-8")
    assert "Three is 3.00" in text and "<svg" in text and "```python" in text and "{{" not in text
