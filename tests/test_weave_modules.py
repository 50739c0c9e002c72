"""Which modules there are, which of them are stale, and what is kept between two builds."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from snippets._weave import WeaveError, modules

FILES = {
    "snippets/__init__.py": "",
    "snippets/one.py": '"""One."""\n\nthree = 3\n',
    "snippets/two.py": "import os\nfrom snippets.one import three\n",
    "snippets/_hidden.py": "",
    "snippets/tables/__init__.py": "",
    "snippets/tables/one.py": "import snippets.two as two\n",
    "snippets/figures/__init__.py": "",
    "snippets/figures/line.py": "from ..one import three\nfrom . import style\nfrom .shapes import dot\n",
    "snippets/figures/_style.py": "",
    "snippets/figures/shapes/__init__.py": "from snippets import one\n",
    "snippets/_weave/modules.py": "",
}


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    """A checkout of a few modules, for which the machinery takes its own to be."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    for name, value in {"ROOT": tmp_path, "STORE": tmp_path / ".cache/weave", "__file__": str(tmp_path / "snippets/_weave/modules.py")}.items():
        monkeypatch.setattr(modules, name, value)
    return tmp_path


def names(root, paths):
    return {path.relative_to(root).as_posix() for path in paths}


def test_what_is_kept_lies_in_the_cache_of_the_checkout():
    program = "from snippets._weave.modules import ROOT, STORE, TEMPLATES; print(STORE.relative_to(ROOT), TEMPLATES.relative_to(ROOT))"
    checkout = Path(__file__).parents[1]
    assert subprocess.check_output([sys.executable, "-c", program], cwd=checkout, text=True).split() == [".cache/weave", ".cache/jinja"]


def test_modules_are_the_snippets_the_tables_and_the_figures(root):
    assert modules.discover() == {
        "snippets.one": root / "snippets/one.py",
        "snippets.two": root / "snippets/two.py",
        "snippets.tables.one": root / "snippets/tables/one.py",
        "snippets.figures.line": root / "snippets/figures/line.py",
    }


@pytest.mark.parametrize("name, files", {
    "snippets/one.py": {"snippets/one.py"},
    "snippets/two.py": {"snippets/two.py", "snippets/one.py", "snippets/__init__.py"},
    "snippets/tables/one.py": {"snippets/tables/one.py", "snippets/two.py", "snippets/one.py", "snippets/__init__.py"},
    "snippets/figures/line.py": {"snippets/figures/line.py", "snippets/one.py", "snippets/__init__.py", "snippets/figures/__init__.py",
                                 "snippets/figures/shapes/__init__.py"},
}.items())  # fmt: skip
def test_imports_are_followed(root, name, files):
    assert names(root, modules.imported(root / name)) - {"snippets/__init__.py"} == files - {"snippets/__init__.py"}


def test_modules_that_import_each_other_are_followed_once(root):
    (root / "snippets/one.py").write_text("import snippets.two\n")
    assert {"snippets/one.py", "snippets/two.py"} <= names(root, modules.imported(root / "snippets/one.py"))


def stale_after(root, name, text):
    """The modules that run again after a file was written."""
    paths = modules.discover()
    for module, key in modules.current(paths)[1].items():
        modules.store(module, key, {"values": {"of": module}})
    assert modules.current(paths) == ({module: {"values": {"of": module}} for module in paths}, {})
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).write_text(text)
    results, stale = modules.current(paths)
    assert results.keys() | stale.keys() == paths.keys() and not results.keys() & stale.keys()
    assert all(len(key) == 64 for key in stale.values())
    return sorted(stale)


EVERYTHING = ["snippets.figures.line", "snippets.one", "snippets.tables.one", "snippets.two"]


@pytest.mark.parametrize("name, stale", {
    "snippets/tables/one.py": ["snippets.tables.one"],
    "snippets/two.py": ["snippets.tables.one", "snippets.two"],
    "snippets/one.py": EVERYTHING,
    "snippets/figures/shapes/__init__.py": EVERYTHING,
    "snippets/tables/__init__.py": EVERYTHING,
    "snippets/_weave/modules.py": EVERYTHING,
    "snippets/_weave/new.py": EVERYTHING,
    "snippets/_hidden.py": [],
    "docs/index.md": [],
}.items())  # fmt: skip
def test_what_a_change_touches_is_stale(root, name, stale):
    assert stale_after(root, name, "new = 1\n") == stale


@pytest.mark.parametrize("name", ["numpy", "matplotlib"])
def test_everything_is_stale_with_another_version(root, name, monkeypatch):
    before = modules.fingerprints(modules.discover())
    monkeypatch.setattr(modules, "version", lambda package: "0.1" if package == name else "1")
    after = modules.fingerprints(modules.discover())
    monkeypatch.setattr(modules, "version", lambda package: "0.2" if package == name else "1")
    assert not set(before.values()) & set(after.values()) and not set(after.values()) & set(modules.fingerprints(modules.discover()).values())


def test_module_is_stale_when_a_file_changes_that_it_or_an_import_reads(root):
    (root / "snippets/one.py").write_text('"""One."""\nREAD = ["*.txt"]\nREADS = ["data/*.json"]\n')
    (root / "data").mkdir()
    (root / "data/a.json").write_text("1")
    (root / "x.txt").write_text("1")
    (root / "snippets/tables/one.py").write_text("")
    readers = ["snippets.figures.line", "snippets.one", "snippets.two"]
    assert stale_after(root, "data/a.json", "2") == readers
    assert stale_after(root, "data/b.json", "2") == readers
    assert stale_after(root, "data/b.text", "2") == stale_after(root, "x.txt", "2") == []


def test_folder_is_no_file_that_is_read(root):
    (root / "snippets/one.py").write_text('READS = ["docs*"]\n')
    (root / "docs.txt").write_text("1")
    assert modules.declared(root / "snippets/one.py") == {root / "snippets/one.py", root / "docs.txt"}


@pytest.mark.parametrize("reads", ['"docs/a.txt"', '["a" + "b"]', "[1]", '["a", None]', '[""]', '["/etc/hosts"]', "None", "x"])
def test_what_does_not_say_what_is_read_is_told_with_its_line(root, reads):
    (root / "snippets/one.py").write_text(f"x = 1\nREADS = {reads}\n")
    with pytest.raises(WeaveError, match="^snippets/one.py:2: READS is a list of texts, each the path of a file in this checkout, or a pattern$"):
        modules.declared(root / "snippets/one.py")


def test_files_that_decide_everything_are_the_machinery_the_packages_and_the_pins(root):
    (root / "requirements.txt").write_text("")
    (root / "snippets/tables/__init__.py").write_text("")
    (root / "snippets/_weave/new.py").write_text("")
    found = modules.common()
    assert {root / "requirements.txt", root / "snippets/tables/__init__.py", root / "snippets/_weave/new.py"} <= set(found) and found == sorted(found)
    assert root / "snippets/one.py" not in found


def test_files_do_not_run_into_one_another(root):
    """The same bytes, distributed otherwise over two files."""
    keys = []
    for a, b in [("12", "3"), ("1", "23")]:
        (root / "snippets/one.py").write_text('READS = ["?.json"]\n')
        (root / "a.json").write_text(a)
        (root / "b.json").write_text(b)
        keys.append(modules.fingerprints({"snippets.one": root / "snippets/one.py"}))
    assert keys[0] != keys[1]


def test_what_is_not_python_is_told_with_its_line(root):
    (root / "snippets/one.py").write_text("x = 1\ny = = 2\n")
    with pytest.raises(WeaveError, match="^snippets/one.py:2: SyntaxError: invalid syntax$"):
        modules.imported(root / "snippets/two.py")


# What is kept


@pytest.mark.parametrize("text", ["", "one", "one\ntwo\n\nthree\n", "ü\u2028 <svg>\n"])
def test_text_is_kept_under_its_key(root, text):
    path = root / "deep/er/x"
    assert modules.kept(path, "key") is None
    modules.keep(path, "key", text)
    assert modules.kept(path, "key") == text
    assert modules.kept(path, "another") is None


@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda b: b.replace(b"3.0", b"4.0"), lambda b: b"", lambda b: b"\xff\xfe\n", lambda b: b"x" + b])
def test_damage_is_noticed(root, damage):
    modules.keep(root / "x", "key", '{"a": 3.0,\n "b": 2}')
    (root / "x").write_bytes(damage((root / "x").read_bytes()))
    assert modules.kept(root / "x", "key") is None


def test_place_that_cannot_be_written_is_told(root, monkeypatch):
    told = []
    monkeypatch.setattr(modules, "_tell", told.append)
    (root / "file").write_text("")
    modules.keep(root / "file/x", "key", "text")
    assert modules.kept(root / "file/x", "key") is None
    assert told == ["Nothing is kept for the next build: File exists: file"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_what_is_written_can_be_read_by_others(root):
    modules.write(root / "x", "text")
    assert (root / "x").stat().st_mode & 0o777 == 0o644


def test_what_did_not_change_is_not_written_again(root):
    path = root / "x"
    modules.write(path, "é\n")
    assert path.read_bytes() == "é\n".encode() and os.listdir(root).count("x") == 1
    first = path.stat().st_ino
    keep_open = path.open()  # so that its number is not given away
    modules.write(path, "é\n")
    assert path.stat().st_ino == first
    modules.write(path, "e\n")
    assert path.stat().st_ino != first and path.read_text() == "e\n"
    keep_open.close()


def test_write_that_fails_leaves_the_old_and_nothing_else(root, monkeypatch):
    (root / "new").mkdir()
    modules.write(root / "new/x", "old")

    def fail(old, new):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError):
        modules.write(root / "new/x", "new")
    assert os.listdir(root / "new") == ["x"] and (root / "new/x").read_text() == "old"


def test_results_of_modules_that_are_gone_are_dropped(root):
    for name in ("snippets.one", "snippets.gone", "snippets.tables.gone"):
        modules.store(name, "key", {})
    (root / ".cache/weave/other").write_text("")
    modules.drop({"snippets.one": None})
    assert sorted(os.listdir(root / ".cache/weave")) == ["other", "snippets.one.json"]
    shutil.rmtree(root / ".cache")
    modules.drop({})


def test_result_is_stored_as_json_and_comes_back(root):
    modules.store("snippets.one", "key", {"values": {"a": [1, 2.5, "é"]}})
    assert json.loads((root / ".cache/weave/snippets.one.json").read_text().split("\n", 1)[1]) == {"values": {"a": [1, 2.5, "é"]}}
    assert modules._load("snippets.one", "key") == {"values": {"a": [1, 2.5, "é"]}}
    assert modules._load("snippets.one", "other") is None


# What a killed build left


GONE = 2**22 + 1  # more than a process number of Linux can be


def test_what_a_killed_build_left_is_swept(root):
    folder = root / "left"
    for name in (f".x.{GONE}", f".deep.{GONE}/x/y"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("half")
    kept = {f".mine.{os.getpid()}", f"shown.{GONE}", ".x.json", ".x.a1", ".hidden", f".x.{GONE}.json", "site"}
    for name in kept:
        (folder / name).write_text("whole")
    modules.sweep(folder)
    assert set(os.listdir(folder)) == kept
    modules.sweep(folder, "sho")
    assert set(os.listdir(folder)) == kept - {f"shown.{GONE}"}
    modules.sweep(root / "nowhere")


def test_half_of_a_file_is_left_under_a_name_that_is_swept(root, monkeypatch):
    (root / "new").mkdir()
    with monkeypatch.context() as killed:  # between the write and the rename
        killed.setattr(os, "replace", lambda old, new: None)
        modules.write(root / "new/x", "half")
    assert len(os.listdir(root / "new")) == 1
    modules.sweep(root / "new")
    assert len(os.listdir(root / "new")) == 1  # this process runs
    monkeypatch.setattr(modules, "_runs", lambda process: process != os.getpid())
    modules.sweep(root / "new")
    assert os.listdir(root / "new") == []


def test_another_users_process_runs(monkeypatch):
    def refuse(process, signal):
        raise PermissionError(1, "Operation not permitted")

    assert modules._runs(os.getpid()) and not modules._runs(GONE)
    monkeypatch.setattr(os, "kill", refuse)
    assert modules._runs(GONE)


def test_windows_is_not_asked(monkeypatch):
    """There the question would end the process."""
    monkeypatch.setattr(modules, "os", SimpleNamespace(name="nt"))
    assert modules._runs(GONE)


def test_labs_are_modules_and_all_depend_on_the_pinned_packages(root):
    (root / "docs/labs").mkdir(parents=True)
    (root / "docs/labs/long.py").write_text("from snippets.two import os\n")
    paths = {name: path for name, path in modules.discover().items() if name in ("docs.labs.long", "snippets.two")}
    assert paths["docs.labs.long"] == root / "docs/labs/long.py"
    before = modules.fingerprints(paths)
    (root / "requirements.txt").write_text("autograd==9.9\n")
    after = modules.fingerprints(paths)
    assert len(paths) == 2 and [name for name in paths if after[name] == before[name]] == []


def test_process_is_asked_whether_it_runs_and_not_disturbed(monkeypatch):
    asked = []
    monkeypatch.setattr(os, "kill", lambda *call: asked.append(call))
    assert modules._runs(12345) and asked == [(12345, 0)]
