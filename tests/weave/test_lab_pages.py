"""A lab: what its page shows, what runs it again, what is wrong in it, what readers download."""

import html
import io
import re
import shutil
import zipfile

import markdown
import nbformat
import pytest
from conftest import SMALL, edit, mkdocs, put, python, weave

LAB = "docs/labs/one.py"
SOURCE = """# ---
# title: One
# ---

# %% [markdown]
# # A lab
#
# You know that $x^2$ of {{ three:.1f }} is {{ one.three:.0f }}; see [the start](../index.md).

# %%
# pip install numpy matplotlib
import matplotlib.pyplot as plt
import numpy as np

from snippets.one import double

rng = np.random.default_rng(0)
three = np.sqrt(double(4.5))
print("printed", double(2))

# %%
figure, axes = plt.subplots(figsize=(4.6, 2))
axes.plot([0, three], color="C1")
TITLE = "A line"
DESCRIPTION = f"It rises to {three:.1f}."
plt.show()

# %% [markdown]
# ## The end

# %%
class Table:
    def __repr__(self):
        return "in  out\\n 2    4"

    def _repr_markdown_(self):
        return f"| in | out |\\n| --- | --- |\\n| 2 | {double(2)} |"


table = Table()
table

# %%
later = three
float(later) * 2
"""
THREE = "three = np.sqrt(double(4.5))"


@pytest.fixture(scope="module")
def small_checkout(small_checkout, tmp_path_factory):
    """A small checkout with a lab, which has run."""
    folder = shutil.copytree(small_checkout, tmp_path_factory.mktemp("lab") / "checkout")
    code = SMALL["snippets/one.py"] + "\n\ndef unused(x):\n    return x\n"
    put(folder, {LAB: SOURCE, "snippets/one.py": code})
    put(folder, {"docs/next.md": SMALL["docs/next.md"] + "\nIt is {{ labs.one.three:.2f }}.\n"})
    process = weave(folder, MPLBACKEND="agg")
    assert process.returncode == 0, process.stderr
    return folder


def page(checkout, name="labs/one"):
    return html.unescape((checkout / f"woven/{name}.md").read_text("utf-8"))


def test_page_has_prose_code_and_what_it_showed_like_a_chapter(small_checkout):
    text = (small_checkout / "woven/labs/one.md").read_text("utf-8")
    shown = markdown.markdown(text, extensions=["md_in_html", "tables", "attr_list", "meta"])
    read = html.unescape(re.sub("<[^>]+>", "", shown))
    assert "of 3.0 is 3; see the start" in read and 'alttext="x^2"' in html.unescape(shown)
    assert "from snippets.one import double" in read and "printed 4\n" in read
    assert "Imported from one.py" in read and 'href="../snippets/one.md"' in shown
    assert re.search(r"<td[^>]*>2</td>\s*<td[^>]*>4</td>", shown) and "\n6.0\n" in read
    assert '<figure class="figure" id="figure-one-1">' in shown
    assert '<desc id="one-1-desc">It rises to 3.0.</desc>' in shown
    assert "<figcaption>A line</figcaption>" in shown and "var(--figure-backward)" in shown
    assert "pip install numpy matplotlib" in read and "{{" not in shown
    assert '<a href="one.zip">' in shown
    assert read.index("printed 4") < read.index("It rises") < read.index("The end")
    assert "It is 3.00." in page(small_checkout, "next")


def test_strict_build_has_it(checkout):
    process = mkdocs("build", "--strict", checkout=checkout)
    assert process.returncode == 0, process.stderr
    assert (checkout / "site/labs/one.zip").is_file()
    assert "printed 4" in (checkout / "site/labs/one.html").read_text("utf-8")


def test_only_code_runs_a_lab(checkout):
    """It says when it ran by a number that no other run has."""
    edit(checkout / LAB, "later = three", "later = three\nstamp = __import__('time').time_ns()")
    edit(checkout / "docs/next.md", "It is", "{{ labs.one.stamp }} is")

    def stamp():
        process = weave(checkout)
        assert process.returncode == 0, process.stderr
        return re.search(r"(\d+) is 3.00", page(checkout, "next"))[1]

    first = stamp()
    edit(checkout / LAB, "# You know that", "# You know, that\n#\n# also,")
    put(checkout, {"snippets/two.py": "two = 2\n"})
    assert stamp() == first and "You know, that" in page(checkout)
    edit(checkout / "snippets/one.py", "return x\n", "return -x\n")
    assert stamp() != first
    edit(checkout / "snippets/one.py", "return -x\n", "return x\n")
    assert stamp() == first


FAULTS = {  # old, new, line, message
    "raises": (THREE, "three = 1 / 0", 18, "ZeroDivisionError: division by zero"),
    "later": ("later = three", "print('before')\nlater = 1 / 0", 45, "ZeroDivisionError: division"),
    "exits": (THREE, "raise SystemExit(0)", 18, "SystemExit: 0"),
    "slip": (THREE, "__import__('time').sleep(99); x = = 1", 18, "SyntaxError: invalid syntax"),
    "stderr": (THREE, "three = 3.0; __import__('sys').stderr.write('x')", 11, "writes to stderr"),
    "prints_nan": ("(later) * 2", "(later) * np.nan", 44, "`an output` holds nan"),
    "undescribed": ("DESCRIPTION =", "description =", 22, "the figure has no DESCRIPTION"),
    "nan_cell": ("| 2 |", "| nan |", 32, "`an output` holds nan"),
    "unknown": ("{{ three:", "{{ thre:", 8, "unknown name `thre`"),
    "needless": ("# pip install", "# needs", 1, "the first code cell has to start with"),
}
CLAIM = "docs/labs/claims.py:19: AssertionError: three == 4"


@pytest.fixture(scope="module")
def broken(small_checkout, tmp_path_factory):
    """A checkout with a lab for each mistake, and what its weaving says."""
    folder = shutil.copytree(small_checkout, tmp_path_factory.mktemp("broken") / "checkout")
    put(folder, {"docs/labs/claims.py": SOURCE.replace(THREE, f"{THREE}\nassert three == 4")})
    put(folder, {"docs/more.md": "# More\n\nIt is {{ labs.claims.three:.2f }}.\n"})
    for name, (old, new, *_) in FAULTS.items():
        assert SOURCE.count(old) == 1
        put(folder, {f"docs/labs/{name}.py": SOURCE.replace(old, new)})
    return folder, weave(folder)


@pytest.mark.parametrize("name", FAULTS)
def test_mistake_gives_one_message_with_file_and_line_in_the_page_as_well(broken, name):
    folder, process = broken
    *_, line, message = FAULTS[name]
    told = [text for text in process.stderr.split("\n") if text.startswith(f"docs/labs/{name}.py")]
    place = rf"docs/labs/{name}\.py:{line}: [^\n]*{re.escape(message)}"
    assert len(told) == 1 and re.match(place, told[0]), told
    assert re.search(rf'(- |weave-error">){place}', page(folder, f"labs/{name}"))
    assert "## The end" in page(folder, f"labs/{name}") or name == "needless"


def test_other_labs_and_pages_are_as_they_were(broken, small_checkout):
    folder, process = broken
    assert process.returncode == 1 and "Traceback (" not in process.stderr, process.stderr
    for name in ("index", "next", "labs/one"):
        assert page(folder, name) == page(small_checkout, name)


def test_lab_that_never_ends_is_ended(checkout):
    edit(checkout / LAB, THREE, "while True: pass")
    said = weave(checkout, WEAVE_TIME_LIMIT="15").stderr
    assert said.count(f"{LAB}:1: did not end within 15 s") == 1 and "## The end" in page(checkout)


def test_error_of_a_cell_keeps_what_came_before_and_later_cells_do_not_run(broken):
    for name, kept, lost in (("later", "before", "6.0"), ("raises", "The end", "printed 4")):
        text = re.sub("<[^>]+>", "", page(broken[0], f"labs/{name}"))
        assert f"{kept}\n" in text and f"\n{lost}\n" not in text


def test_false_claim_is_passed_over_and_stands_on_top(broken):
    folder, process = broken
    assert process.stderr.count(CLAIM) == 1
    for name in ("labs/claims", "more"):
        assert re.search(rf"(?s)# \w+.*Not true, or not computed.*{CLAIM}.*3.0", page(folder, name))
    assert "\n6.0\n" in re.sub("<[^>]+>", "", page(folder, "labs/claims"))


@pytest.fixture(scope="module")
def downloaded(small_checkout, tmp_path_factory):
    """What a reader has: an empty folder with the files of the zip."""
    folder = tmp_path_factory.mktemp("downloaded")
    data = (small_checkout / "woven/labs/one.zip").read_bytes()
    zipfile.ZipFile(io.BytesIO(data)).extractall(folder)
    return folder / "one"


def test_downloaded_script_runs_and_prints_what_the_page_shows(downloaded, small_checkout):
    snippet = (downloaded / "snippets/one.py").read_text("utf-8")
    assert snippet == (small_checkout / "woven/snippets/one.py").read_text("utf-8")
    assert python("-m", "doctest", "snippets/one.py", checkout=downloaded).returncode == 0
    assert re.match("# one.py, MIT-0, .{8}, labs/one.html\n", (downloaded / "one.py").read_text())
    files = {path.name for path in downloaded.rglob("*.*")}
    assert not files & {"index.md", "process.py", "kernel.py"}
    process = python("one.py", checkout=downloaded, MPLBACKEND="svg")
    assert process.returncode == 0, process.stderr
    assert process.stdout.split("\n")[:3] == ["printed 4", "in  out", " 2    4"]


def test_downloaded_notebook_is_valid_and_has_its_numbers(downloaded):
    notebook = nbformat.read(downloaded / "one.ipynb", 4)
    nbformat.validate(notebook)
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert "$x^2$ of 3.0 is 3; see the start." in prose and "{{" not in prose
    assert sum(cell.cell_type == "code" for cell in notebook.cells) == 4
