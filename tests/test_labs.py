"""Labs: what the machinery makes of one, what it runs again, what it refuses, and that the downloads run on their own."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT, copy_machinery, edit, mkdocs
from test_serve import Served

from snippets._weave import notebook

LAB, SNIPPET = "docs/labs/one.py", "snippets/one.py"
LABS = sorted((ROOT / "docs/labs").glob("*.py"))
SOURCE = '''# ---
# title: One
# ---

# %% [markdown]
# # A lab
#
# !!! goal "After this lab"
#
#     You know that $x^2$ of {{ three:.1f }} is {{ one.nine }}; see [the start](../index.md).

# %%
# pip install numpy matplotlib
import matplotlib.pyplot as plt
import numpy as np

from snippets.one import square
from snippets.tables.one import RECORD

rng = np.random.default_rng(0)
three = np.sqrt(square(3))
print("printed", RECORD["a"])

# %%
figure, axes = plt.subplots(figsize=(4.6, 2))
axes.plot([0, three], color="C1", label="$")
axes.axhline(1, color="lightgrey")
TITLE = "A line"
DESCRIPTION = f"It rises to {three:.1f}."
plt.show()

# %%
[{"in": "2", "out": f"{square(2)}"}]
'''


@pytest.fixture(scope="session")
def small_checkout(tmp_path_factory):
    """One snippet, one table, one lab: they have run."""
    folder = tmp_path_factory.mktemp("lab") / "checkout"
    copy_machinery(folder)
    (folder / "docs/labs").mkdir()
    files = {
        SNIPPET: '"""One."""\n\nimport math\n\nnine = 9\n\n\ndef _root(x):\n    return math.sqrt(x)\n\n\ndef unused(x):\n    return x\n\n\n'
        'def square(x):\n    """The square.\n\n    More words.\n    """\n    return round(_root(x) ** 4)\n',
        "snippets/tables/one.py": 'from pathlib import Path\n\nRECORD = {"a": 1, "b": [2.5]}\n',
        LAB: SOURCE,
        "docs/index.md": "# Start\n\nThe lab has {{ labs.one.three:.2f }}.\n",
        "mkdocs.yml": "site_name: Small\ntheme: {name: material, font: false}\nwatch: [snippets]\n"
        "hooks: [snippets/_weave/hooks.py]\nmarkdown_extensions: [admonition, attr_list, tables, pymdownx.superfences]\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    process = weave(folder)
    assert process.returncode == 0, process.stderr
    return folder


def weave(checkout, *arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "snippets._weave", *arguments],
        cwd=checkout, env=os.environ | environment, text=True, capture_output=True, timeout=300,
    )  # fmt: skip


def test_page_has_prose_code_output_figure_and_table_like_a_chapter(checkout):
    process = mkdocs("build", "--strict", checkout=checkout, MPLBACKEND="agg")
    assert process.returncode == 0, process.stderr
    html = (checkout / "site/labs/one.html").read_text(encoding="utf-8")
    text = re.sub(r"<[^>]+>", "", html)
    assert "of 3.0 is 9; see the start" in text and 'alttext="x^2"' in html
    assert '<desc id="one-1-desc">It rises to 3.0.</desc>' in html and "<figcaption>A line</figcaption>" in html
    assert "var(--figure-backward)" in html and "var(--figure-grid)" in html
    assert "printed 1\n" in text and re.search(r"<td[^>]*>2</td>\s*<td[^>]*>4</td>", html)
    assert "from snippets.one import square" in text and 'href="../snippets/one.py"' in html
    assert "pip install numpy matplotlib" in text and 'href="one.ipynb"' in html and 'href="one.py"' in html
    assert len(html) < 60_000 and "jp-" not in html
    assert "The lab has 3.00." in (checkout / "site/index.html").read_text(encoding="utf-8")
    assert (checkout / "site/labs/one.ipynb").is_file() and "{{" not in (checkout / "site/labs/one.py").read_text()


def test_same_source_gives_the_same_bytes(checkout, tmp_path):
    assert weave(checkout, "woven").returncode == 0
    other = tmp_path / "ein Ört chen"
    shutil.copytree(checkout, other)
    shutil.rmtree(other / ".cache")
    shutil.rmtree(other / "woven")
    assert weave(other, "woven", TZ="Asia/Tokyo", LC_ALL="C", PYTHONHASHSEED="2", MPLBACKEND="agg").returncode == 0
    ours, theirs = ({str(p.relative_to(f)): p.read_bytes() for p in f.rglob("*") if p.is_file()} for f in (checkout / "woven", other / "woven"))
    assert ours == theirs and "labs/one.ipynb" in ours


def ran(checkout):
    """Whether the machinery executed the lab: its stored result is new."""
    path = checkout / ".cache/weave/docs.labs.one.json"
    before = path.stat().st_ino
    process = weave(checkout)
    assert process.returncode == 0, process.stderr
    return path.stat().st_ino != before


def test_lab_runs_again_only_when_it_or_what_it_imports_changed(checkout):
    assert not ran(checkout)
    edit(checkout / "docs/index.md", "# Start", "# The start")
    (checkout / "snippets/two.py").write_text('"""Two."""\n\ntwo = 2\n')
    assert not ran(checkout)
    edit(checkout / SNIPPET, "return x\n", "return -x\n")
    assert ran(checkout)
    edit(checkout / LAB, "figsize=(4.6, 2)", "figsize=(4.6, 3)")
    assert ran(checkout)


THREE = "three = np.sqrt(square(3))"


def test_serve_runs_a_lab_again_only_for_a_save_of_what_it_imports(checkout, tmp_path):
    """The lab reads a file that the machinery knows nothing of: a new number from it shows that the lab ran."""
    told = tmp_path / "told"
    told.write_text("0")
    edit(checkout / LAB, THREE, f"{THREE} + float(__import__('pathlib').Path({str(told)!r}).read_text())")
    server = Served(checkout, tmp_path / "log")
    try:
        assert server.shows("The lab has 3.00.", seconds=60), server.log.read_text()
        told.write_text("1")
        edit(checkout / "docs/index.md", "# Start", "# The start")
        assert server.shows("The start"), server.log.read_text()
        (checkout / "snippets/two.py").write_text('"""Two."""\n\ntwo = 2\n')
        edit(checkout / "docs/index.md", "The lab has", "{{ two.two }}: the lab has")
        assert server.shows("2: the lab has 3.00."), server.log.read_text()
        edit(checkout / SNIPPET, "return x\n", "return -x\n")
        assert server.shows("2: the lab has 4.00.", seconds=60), server.log.read_text()
    finally:
        server.process.kill()
        server.process.wait()


FAULTS = {
    "raises": (LAB, THREE, "three = 1 / 0", f"{LAB}:21: ZeroDivisionError"),
    "raises in a snippet": (SNIPPET, "math.sqrt(x)", "math.sqrt(-x)", f"{SNIPPET}:9: ValueError"),
    "exits": (LAB, THREE, "raise SystemExit(0)", f"{LAB}:13: SystemExit: 0"),
    "ends its process": (LAB, THREE, "import os; os._exit(0)", f"{LAB}:13: its kernel ended"),
    "never ends": (LAB, THREE, "while True: pass", f"{LAB}:21: did not end within 2 s"),
    "never ends in C": (LAB, THREE, "import re; re.match('(a*)*b', 'a' * 40)", f"{LAB}:13: did not end within 2 s"),
    "is not Python": (LAB, THREE, "three = = 3", f"{LAB}:21: SyntaxError"),
    "a magic": (LAB, THREE, "%time three = 3", f"{LAB}:21: SyntaxError"),
    "warns": (LAB, THREE, "three = np.exp([1e4])[0]", f"{LAB}:21: RuntimeWarning"),
    "another warning": (LAB, THREE, "import warnings; warnings.warn('old'); three = 3.0", f"{LAB}:13: writes to stderr"),
    "a false claim": (LAB, THREE, "three = 3.0; assert three == 4", f"{LAB}:21: AssertionError: three == 4"),
    "shared random state": (LAB, THREE, "three = np.random.rand()", f"{LAB}:13: ValueError: uses the global random state"),
    "dice without a seed": (LAB, "default_rng(0)", "default_rng()", f"{LAB}:20: ValueError: np.random.default_rng() without a seed"),
    "writes a file": (LAB, THREE, f"open({ROOT.anchor!r} + 'x', 'w')", f"{LAB}:21: PermissionError: writes a file"),
    "prints NaN": (LAB, THREE, "three = 3.0; print(float('nan'))", f"{LAB}:13: `an output` holds nan"),
    "draws NaN": (LAB, "[0, three], color", "[0, float('nan')], color", f"{LAB}:30: ValueError: the figure is to draw a point"),
    "a table says NaN": (LAB, '"in": "2"', '"in": "nan"', f"{LAB}:33: ValueError: `the table` holds nan"),
    "a table has a float": (LAB, '"in": "2"', '"in": 2.0', f"{LAB}:33: ValueError: a table is"),
    "no description": (LAB, "DESCRIPTION = ", "description = ", f"{LAB}:30: ValueError: the figure has no DESCRIPTION"),
    "no title": (LAB, "TITLE = ", "title = ", f"{LAB}:30: ValueError: the figure has no TITLE"),
    "a stray colour": (LAB, '"C1"', '"pink"', f"{LAB}:30: ValueError: the figure uses the colour"),
    "a figure too wide": (LAB, "(4.6, 2)", "(6.4, 2)", f"{LAB}:30: ValueError: the figure is 6.4 inches wide"),
    "an unknown name": (LAB, "{{ three:", "{{ thre:", f"{LAB}:10: unknown name `thre`"),
    "a number is NaN": (SNIPPET, "nine = 9", "nine = float('nan')", f"{LAB}:10: `one.nine` is nan"),
    "TeX is wrong": (LAB, "$x^2$", r"$\\frac{x$", f"{LAB}:10: bad TeX"),
    "a missing snippet": (LAB, "from snippets.one import", "from snippets.none import", f"{LAB}:17: ModuleNotFoundError"),
    "a missing function": (LAB, "import square", "import square, cube", f"{LAB}:17: ImportError"),
    "a snippet by another name": (LAB, "import square", "import square as s, square", f"{LAB}:13: import names from snippets.one"),
    "two things of one name": (LAB, THREE, "three = 3.0; _root = 2", f"{LAB}:13: `_root` of {SNIPPET}"),
    "no word on what it needs": (LAB, "# pip install", "# needs", f"{LAB}:13: SyntaxError: the first code cell"),
    "imports a module": (LAB, "import numpy as np\n", "import numpy as np\nimport snippets.one\n", f"{LAB}:13: a lab takes from snippets by"),
    "imports within": (LAB, THREE, f"if True:\n    from snippets.one import nine\n{THREE}", f"{LAB}:13: a lab takes from snippets by"),
    "takes a function of a table": (LAB, "import RECORD", "import RECORD, Path", f"{LAB}:13: snippets.tables.one has no value Path"),
    "prose without a comment": (LAB, "# # A lab", "lab", f"{LAB}:6: SyntaxError: prose"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_an_error_with_file_and_line(checkout, fault):
    name, old, new, message = FAULTS[fault]
    edit(checkout / name, old, new)
    process = weave(checkout, "woven", WEAVE_TIME_LIMIT="2" if "never" in fault else "60")
    assert process.returncode != 0, f"{fault} went through"
    assert message in process.stderr, process.stderr
    assert "Traceback (" not in process.stderr and not (checkout / "woven").exists()


def test_fault_ends_mkdocs_and_leaves_no_site(checkout):
    edit(checkout / LAB, THREE, "three = 1 / 0")
    process = mkdocs("build", "--quiet", checkout=checkout)
    assert process.returncode != 0 and f"{LAB}:21: ZeroDivisionError" in process.stderr
    assert not (checkout / "site").exists()


def test_downloads_hold_the_source_of_what_the_lab_imports_and_of_nothing_else(checkout):
    weave(checkout, "woven")
    script = (checkout / "woven/labs/one.py").read_text(encoding="utf-8")
    tree = ast.parse(script)
    assert [node.name for node in tree.body if isinstance(node, ast.FunctionDef)] == ["_root", "square"]
    assert "snippets." not in script.replace("# from snippets/one.py", "") and "import math" in script
    assert "RECORD = {'a': 1, 'b': [2.5]}" in script
    cells = json.loads((checkout / "woven/labs/one.ipynb").read_text(encoding="utf-8"))["cells"]
    assert [cell["id"] for cell in cells] == [f"cell-{number}" for number in range(1, len(cells) + 1)]
    assert "> **After this lab**" in cells[0]["source"] and "$x^2$ of 3.0 is 9; see the start" in cells[0]["source"]
    assert not any(cell.get("outputs") for cell in cells)


# The labs of this site

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # the tests beside this one want the other cores


@pytest.fixture(scope="session", params=LABS, ids=lambda path: path.stem)
def downloaded(request, site, tmp_path_factory):
    """An empty folder with the downloads of a lab, and a Python that has what its first cell names: in CI nothing else."""
    lab, folder = request.param, tmp_path_factory.mktemp("downloaded")
    for suffix in (".py", ".ipynb"):
        shutil.copy(site / "labs" / f"{lab.stem}{suffix}", folder)
    if not os.environ.get("CI"):
        return lab, folder, sys.executable
    environment = ROOT / ".cache" / f"lab-{'-'.join(notebook.needs(lab).split())}"
    python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (environment / "done").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", environment], check=True)
        pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-compile"]
        subprocess.run([*pip, *notebook.needs(lab).split(), "nbclient", "ipykernel"], check=True)
        (environment / "done").touch()
    return lab, folder, python


def test_downloaded_script_runs_from_top_to_bottom(downloaded):
    lab, folder, python = downloaded
    process = subprocess.run([python, "-I", f"{lab.stem}.py"], cwd=folder, text=True, capture_output=True, env=os.environ | ONE_THREAD | {"MPLBACKEND": "svg"})
    assert process.returncode == 0, process.stderr
    assert "snippets" not in process.stderr


def test_downloaded_notebook_runs_from_top_to_bottom(downloaded):
    lab, folder, python = downloaded
    code = ("import nbformat, nbclient, sys; n = nbformat.read(sys.argv[1], 4); nbformat.validate(n); nbclient.NotebookClient(n, kernel_name='python3').execute();"
            "print(sum('image/png' in o.get('data', {}) for c in n.cells for o in c.get('outputs', [])))")  # fmt: skip
    process = subprocess.run([python, "-c", code, f"{lab.stem}.ipynb"], cwd=folder, text=True, capture_output=True, env=os.environ | ONE_THREAD)
    assert process.returncode == 0, process.stderr
    assert int(process.stdout) == lab.read_text(encoding="utf-8").count("plt.show()") > 0


@pytest.mark.parametrize("lab", LABS, ids=lambda path: path.stem)
def test_lab_types_no_number_that_it_computes(lab):
    prose = "\n".join(cell.text for cell in notebook.cells(lab) if cell.kind == "prose")
    text = re.sub(r"\{\{.*?\}\}|`[^`\n]*`", "", prose)
    assert re.findall(r"(?<![\w.])\d+(?:\.\d+|\s?%)(?![.\w])", text) == []
    assert '!!! goal "After this lab"' in prose and "## Take along" in prose
