"""What runs again, and what is written again: only what has to be, and the bytes are the same."""

import re
import shutil

import pytest
from conftest import ROOT, SMALL, edit, put, weave

RAN = """
import os
print(f"ran {} {{os.getpid()}}\\n", end="")
"""
TABLE = """import json
from pathlib import Path

from snippets.two import two

ROWS = [{"a": str(json.loads(Path(__file__).with_name("data.json").read_text()) + two)}]
"""
LISTS = "from pathlib import Path\nlist(Path('docs').glob('*.md'))\n"
FIGURE = SMALL["snippets/figures/one.py"].replace("one import", "tables.two import two as")
FILES = {
    "snippets/two.py": "two = 2" + RAN.format("two"),
    "snippets/three.py": "open('mkdocs.yml').close()\n" + LISTS + "three = 3" + RAN.format("three"),
    "snippets/tables/two.py": TABLE + RAN.format("table"),
    "snippets/tables/data.json": "5",
    "snippets/figures/two.py": FIGURE + RAN.format("figure"),
    "docs/two.md": "# Two\n\n{{ two.two }} {{ three.three }}\n\n{{ table two.ROWS }}\n",
}
ALL = ["figure", "table", "three", "two"]


@pytest.fixture(scope="module")
def small_checkout(small_checkout, tmp_path_factory):
    folder = shutil.copytree(small_checkout, tmp_path_factory.mktemp("results") / "checkout")
    put(folder, FILES)
    assert ran(folder) == ALL
    return folder


def ran(checkout, **environment):
    """The modules that ran, each in a process of its own, where what it imports prints first."""
    process = weave(checkout, **environment)
    assert process.returncode == 0, process.stderr
    said = re.findall(r"ran ([a-z]+) (\d+)", process.stdout + process.stderr)
    return sorted({number: name for name, number in said}.values())


def contents(checkout):
    folder = checkout / "woven"
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


PRETEND = """from importlib import metadata
version = metadata.version
metadata.version = lambda name: "9.9" if name == "numpy" else version(name)
"""
CHANGES = {  # file, old, new, what runs
    "a sentence": ("docs/two.md", "# Two", "# The second", []),
    "a figure": ("snippets/figures/two.py", "It rises", "It climbs", ["figure"]),
    "a table": ("snippets/tables/two.py", '"a"', '"b"', ["figure", "table"]),
    "a file that a table reads": ("snippets/tables/data.json", "5", "6", ["figure", "table"]),
    "a snippet": ("snippets/two.py", "two = 2", "two = 4", ["figure", "table", "two"]),
    "a file at the top": ("mkdocs.yml", "site_name: Small", "site_name: Tiny", ["three"]),
    "a snippet alone": ("snippets/three.py", "three = 3", "three = 5", ["three"]),
    "the style of figures": (
        "snippets/figures/__init__.py",
        "SMALL = 12",
        "SMALL = 11",
        ["figure"],
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_change_runs_what_used_the_file_and_undoing_it_runs_nothing(checkout, change):
    path, old, new, expected = CHANGES[change]
    before = contents(checkout)
    assert ran(checkout) == []
    edit(checkout / path, old, new)
    assert ran(checkout) == expected
    edit(checkout / path, new, old)
    assert ran(checkout) == [] and contents(checkout) == before


def test_new_file_runs_what_listed_its_folder(checkout):
    put(checkout, {"docs/new.md": "# New\n"})
    assert ran(checkout) == ["three"]
    (checkout / "docs/new.md").unlink()
    put(checkout, {"docs/.#new.md": "", "docs/two.md~": ""})
    assert ran(checkout) == []


def test_last_few_results_of_a_module_are_there(checkout):
    for two in ("3", "4"):
        edit(checkout / "snippets/two.py", "two = 2", f"two = {two}")
        assert ran(checkout) == ["figure", "table", "two"]
        edit(checkout / "snippets/two.py", f"two = {two}", "two = 2")
    for two in ("4", "3", "2"):
        put(checkout, {"snippets/two.py": FILES["snippets/two.py"].replace("2", two)})
        assert ran(checkout) == []
        assert f"\n{two} 3\n" in contents(checkout)["two.md"].decode()


def test_false_claim_is_said_every_time(checkout):
    put(checkout, {"snippets/three.py": "three = 3\n\nassert three == 4\n"})
    for _ in range(2):
        assert weave(checkout).stderr.count("snippets/three.py:3: AssertionError") == 1


def test_module_is_run_again_by_another_machinery(checkout):
    text = (ROOT / "snippets/_weave/process.py").read_text("utf-8")
    put(checkout, {"snippets/_weave/process.py": text + "\n# changed\n"})
    assert ran(checkout) == ALL


def test_module_is_run_again_by_another_version_of_numpy(checkout, tmp_path):
    put(tmp_path, {"sitecustomize.py": PRETEND})
    assert ran(checkout, PYTHONPATH=str(tmp_path)) == ALL


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"[", b"{}", b"[1, 2]", b"null"])
def test_damaged_cache_is_ignored(checkout, damage):
    before = contents(checkout)
    for path in (checkout / ".cache").rglob("*.json"):
        path.write_bytes(damage)
    assert ran(checkout) == ALL and contents(checkout) == before


@pytest.mark.parametrize("whole", [True, False], ids=["file", "page"])
def test_lost_part_of_the_folder_is_written_again(checkout, whole):
    before = contents(checkout)
    (checkout / "woven/two.md").unlink() if whole else put(checkout, {"woven/two.md": "x"})
    assert ran(checkout) == [] and contents(checkout) == before


def test_same_sources_give_the_same_bytes_anywhere(checkout, tmp_path):
    other = shutil.copytree(checkout, tmp_path / "ein Ört chen [1] %20 #y")
    shutil.rmtree(other / ".cache")
    shutil.rmtree(other / "woven")
    elsewhere = {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "2", "MPLBACKEND": "agg"}
    assert ran(other, **elsewhere) == ALL
    assert contents(other) == contents(checkout)


def test_file_is_written_only_if_its_bytes_change(checkout):
    def times():
        woven = checkout / "woven"
        return {
            path.relative_to(woven).as_posix(): path.stat().st_mtime_ns
            for path in woven.rglob("[!.]*.*")
        }

    before = times()
    edit(checkout / "snippets/three.py", "three = 3", "three = 5")
    ran(checkout)
    now = times()
    changed = {name for name in before if now[name] != before[name]}
    page = {"snippets/three.md", "snippets/three.py"}
    assert changed - {"search/index.js"} == {"two.md", *page} and now.keys() == before.keys()


def test_nothing_is_left_of_what_is_deleted(checkout):
    put(checkout, {"docs/more.md": "# More\n", "docs/assets/a.css": "a", "snippets/more.py": ""})
    ran(checkout)
    left = [name for name in contents(checkout) if re.search("more|a.css", name)]
    assert sorted(left) == ["assets/a.css", "more.md", "snippets/more.md", "snippets/more.py"]
    for path in ("docs/more.md", "docs/assets/a.css", "snippets/more.py"):
        (checkout / path).unlink()
    ran(checkout)
    assert not [name for name in contents(checkout) if re.search("more|a.css", name)]
    assert b"more.html" not in contents(checkout)["search/index.js"]
