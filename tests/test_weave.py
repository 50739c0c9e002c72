"""The machinery, on a small checkout: what it puts into a page, and what it runs again. `test_faults.py` has what it refuses."""

import re
import shutil
import subprocess
import sys

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
    (checkout / "snippets/tables/two.py").write_text("from snippets.one import three\n")
    edit(checkout / FIGURE, "from snippets.one", "from snippets.tables.two")
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


def test_hidden_files_of_the_target_stay(checkout):
    (checkout / "site").mkdir()
    (checkout / "site/.git").write_text("a worktree to publish from")
    (checkout / "site/old.html").write_text("old")
    assert mkdocs("build", checkout=checkout).returncode == 0
    assert (checkout / "site/.git").exists() and (checkout / "site/index.html").exists() and not (checkout / "site/old.html").exists()


def test_woven_chapters_can_be_had_without_mkdocs(checkout):
    subprocess.run([sys.executable, "-m", "snippets._weave", "woven"], cwd=checkout, check=True)
    text = (checkout / "woven/index.md").read_text(encoding="utf-8")
    assert "Three is 3.00" in text and "<svg" in text and "```python" in text and "{{" not in text
