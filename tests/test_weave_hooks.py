"""What the machinery does at each of MkDocs' events, without a build; `test_serve.py` and `test_faults.py` have whole ones."""

import atexit
import importlib.util
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import jinja2
import pytest
from conftest import ROOT
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, PluginCollection
from mkdocs.structure.files import File, Files
from snippets._weave.markdown import WeaveExtension

from snippets._weave import WeaveError, chapter, modules, notebook, site, source

HOOKS = ROOT / "snippets/_weave/hooks.py"


@pytest.fixture
def hooks(monkeypatch, tmp_path):
    """The hooks as MkDocs loads them: a module by its path, new for each configuration. Pytest registers its own end with `tmp_path`, before."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    spec = importlib.util.spec_from_file_location("hooks.py", HOOKS)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.handlers, module.at_exit = [], []
    monkeypatch.setattr(signal, "signal", lambda *call: module.handlers.append(call))
    monkeypatch.setattr(atexit, "register", lambda *call: module.at_exit.append(call))
    monkeypatch.setattr(module, "update", lambda: ({"snippets.one": {"values": {"loss": 0.5}}}, []))
    monkeypatch.setattr(module, "check", lambda results: {})
    module.offered = []
    for name in ("search", "feed", "archive"):
        monkeypatch.setattr(module.extras, name, lambda *given, name=name: module.offered.append((name, *given)))
    yield module
    os.environ.pop("SOURCE_DATE_EPOCH", None)


@pytest.fixture
def config(tmp_path):
    """The configuration of a site in `tmp_path`, in whose place there is an old one."""
    config = MkDocsConfig(str(tmp_path / "mkdocs.yml"))
    config.load_dict({"site_name": "Small", "site_dir": str(tmp_path / "site"), "docs_dir": str(tmp_path), "site_url": "https://x.org/base/"})
    config.plugins = PluginCollection()
    config.plugins._current_plugin = "hooks"  # MkDocs says so while it calls one
    (tmp_path / "site").mkdir()
    (tmp_path / "site/index.html").write_text("old")
    return config


def started(hooks, config, command="build"):
    hooks.on_startup(command, dirty=False)
    hooks.on_config(config)
    built = Path(config.site_dir)
    built.mkdir()
    return built


def sites(tmp_path):
    return sorted(path.name for path in tmp_path.glob("*site*"))


def test_dirty_build_is_refused(hooks):
    with pytest.raises(PluginError) as error:
        hooks.on_startup("build", dirty=True)
    assert str(error.value) == "a dirty build keeps pages whose numbers are out of date: build without --dirty"


def test_build_that_is_told_to_stop_tidies_up(hooks, config, tmp_path):
    """SIGTERM becomes SystemExit, with the status that shells give it; the folder goes when Python ends."""
    started(hooks, config)
    (number, handler), = hooks.handlers
    assert number == signal.SIGTERM
    with pytest.raises(SystemExit) as end:
        handler(number, None)
    assert end.value.code == 128 + 15
    (tidy, *arguments), = hooks.at_exit
    tidy(*arguments)
    assert sites(tmp_path) == ["site"]


def test_site_is_built_beside_its_place(hooks, config, tmp_path):
    left = tmp_path / f".site.{2**22 + 1}"
    left.mkdir()
    (tmp_path / f".other.{2**22 + 1}").mkdir()
    built = started(hooks, config)
    assert config.use_directory_urls is False
    assert built == tmp_path / f".site.{os.getpid()}" and not left.exists() and (tmp_path / f".other.{2**22 + 1}").exists()


@pytest.mark.parametrize("given, used", [(None, "0"), ("5", "5")])
def test_days_do_not_differ(hooks, config, monkeypatch, given, used):
    if given:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    hooks.on_config(config)
    assert os.environ["SOURCE_DATE_EPOCH"] == used


def test_results_reach_the_pages(hooks, config):
    started(hooks, config)
    extension, = (extension for extension in config.markdown_extensions if isinstance(extension, WeaveExtension))
    extension.results["snippets.gone"] = {}
    hooks.on_pre_build(config)
    assert extension.results == {"snippets.one": {"values": {"loss": 0.5}}}


@pytest.mark.parametrize("command, left", [("build", []), ("serve", ["site"]), ("gh-deploy", [])])
def test_old_site_is_gone_while_a_new_one_is_built_unless_it_is_served(hooks, config, tmp_path, command, left):
    started(hooks, config, command).rmdir()
    hooks.on_pre_build(config)
    assert sites(tmp_path) == left


@pytest.mark.parametrize("command", ["build", "serve"])
@pytest.mark.parametrize("fails", ["update", "check"])
def test_fault_of_a_module_or_a_chapter_ends_the_build(hooks, config, monkeypatch, command, fails):
    def fail(*_):
        raise WeaveError("it broke", "docs/index.md", 3)

    started(hooks, config, command)
    monkeypatch.setattr(hooks, fails, fail)
    with pytest.raises(PluginError) as error:
        hooks.on_pre_build(config)
    assert str(error.value) == "docs/index.md:3: it broke"


def test_false_claim_ends_a_build_and_is_told_to_an_author(hooks, config, monkeypatch, caplog):
    claims = [WeaveError("AssertionError", "snippets/one.py", 3), WeaveError("AssertionError", "snippets/two.py", 4)]
    started(hooks, config).rmdir()
    monkeypatch.setattr(hooks, "update", lambda: ({"snippets.one": {}}, claims))
    with pytest.raises(PluginError) as error:
        hooks.on_pre_build(config)
    assert str(error.value) == "snippets/one.py:3: AssertionError\nsnippets/two.py:4: AssertionError"
    started(hooks, config, "serve")
    with caplog.at_level(logging.ERROR, "mkdocs.plugins"):
        hooks.on_pre_build(config)
    assert [(record.levelname, record.name, record.getMessage()) for record in caplog.records] == [
        ("ERROR", "mkdocs.plugins.weave", f"weave: No longer true, and shown only to you: snippets/{name}.py:{line}: AssertionError")
        for name, line in (("one", 3), ("two", 4))
    ]
    assert hooks.state["results"] == {"snippets.one": {}}


def test_snippets_can_be_fetched_from_the_site(hooks, config, tmp_path, monkeypatch):
    (tmp_path / "snippets").mkdir()
    for name in ("one.py", "two.py", "_three.py", "four.txt"):
        (tmp_path / "snippets" / name).write_text(f'"""{name}."""\n')
    for module in (hooks, source, chapter):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(notebook, "LABS", tmp_path / "docs/labs")  # there is none: test_labs.py has one
    built = started(hooks, config)
    files = hooks.on_files(Files([]), config)
    assert [file.src_uri for file in files] == [
        "snippets/one.py", "snippets/two.py", "snippets/one.md", "snippets/two.md", "changes.xml", "small.zip"
    ]  # fmt: skip
    files.copy_static_files()
    assert (built / "changes.xml").read_bytes() == (built / "small.zip").read_bytes() == b""  # until the end
    assert (built / "snippets/one.py").read_text() == '"""one.py."""\n'
    assert "# one.py\n" in files.get_file_from_path("snippets/one.md").content_string


def test_code_on_a_page_is_linked_from_where_the_page_is(hooks):
    html = '<span class="filename">snippets/one.py</span>'
    for url, root in {"index.html": ".", "deep/next.html": ".."}.items():
        assert f'href="{root}/snippets/one.html"' in hooks.on_page_content(html, SimpleNamespace(url=url), None, None)


def test_file_with_the_whole_site_has_the_short_name_of_the_site(hooks, config):
    assert hooks._archive(config) == "small"
    config.extra = {"short_name": "Very Short"}
    assert hooks._archive(config) == "very short"


@pytest.mark.parametrize("changes, offered", [(False, ["search", "archive"]), (True, ["search", "feed", "archive"])])
@pytest.mark.parametrize("url", ["https://x.org/base/", None])
def test_site_offers_more_than_its_pages(hooks, config, changes, offered, url):
    built = started(hooks, config)
    config.site_url = url
    if changes:
        (built / "changes.html").write_text("")
    hooks.on_post_build(config)
    more = {"feed": (hooks.ROOT / "docs/changes.md", url or "", "Small: changes"), "archive": ("small",), "search": ()}
    assert hooks.offered == [(name, built, *more[name]) for name in offered]


def test_map_of_the_site_has_no_days(hooks):
    text = "<url>\n  <loc>x</loc>\n  <lastmod>2024-01-01</lastmod>\n</url><url><lastmod>2024</lastmod></url>"
    assert hooks.on_post_template(text, "sitemap.xml", None) == "<url>\n  <loc>x</loc>\n</url><url></url>"
    assert hooks.on_post_template(text, "404.html", None) == text


def test_compiled_templates_are_kept(hooks, tmp_path, monkeypatch):
    monkeypatch.setattr(modules, "TEMPLATES", tmp_path / "kept")

    def rendered():
        env = hooks.on_env(jinja2.Environment(loader=jinja2.DictLoader({"x": "Hello {{ name }}"})), None, None)
        return env.get_template("x").render(name="you"), list((tmp_path / "kept").iterdir())

    text, (path,) = rendered()
    assert text == "Hello you" and path.name[0] != "."
    number = path.stat().st_ino
    monkeypatch.setattr(jinja2.Environment, "compile", None)  # what is kept is not compiled again
    assert rendered() == ("Hello you", [path]) and path.stat().st_ino == number
    monkeypatch.undo()
    monkeypatch.setattr(modules, "TEMPLATES", tmp_path / "kept")
    path.write_text("damaged")
    assert rendered() == ("Hello you", [path]) and path.read_text() != "damaged"


def with_page(hooks, config, built, html, url="https://x.org/base/"):
    """One page, built of `docs/index.md`."""
    (built / "index.html").write_text(html)
    config.site_url = url
    file = File("index.md", config.docs_dir, str(built), use_directory_urls=True)
    hooks.on_nav(None, config, Files([file]))


@pytest.mark.parametrize("url, link", [("https://x.org/base/", "/base/"), ("https://x.org/", "/index.html"), ("", "/index.html"), (None, "/index.html")])
def test_good_site_takes_its_place(hooks, config, tmp_path, url, link):
    with_page(hooks, config, started(hooks, config), f'<a href="{link}">new</a>', url)
    hooks.on_post_build(config)
    assert sites(tmp_path) == ["site"] and "new" in (tmp_path / "site/index.html").read_text()
    assert config.site_dir == str(tmp_path / "site")


def test_broken_link_is_told_with_its_chapter_and_nothing_takes_the_sites_place(hooks, config, tmp_path, monkeypatch):
    (tmp_path / "index.md").write_text("# Title\n\n[a](no.html)\n")
    monkeypatch.setattr(site, "ROOT", tmp_path)
    with_page(hooks, config, started(hooks, config), '<a href="no.html"><a href="/other/">')
    with pytest.raises(PluginError) as error:
        hooks.on_post_build(config)
    assert str(error.value) == "index.md:3: the link `no.html` leads nowhere\nindex.md:1: the link `/other/` leads nowhere"
    assert (tmp_path / "site/index.html").read_text() == "old"


def test_links_are_looked_at_after_all_other_plugins(hooks):
    """Search writes its index at this event, too."""
    seen = []

    class Search(BasePlugin):
        def on_post_build(self, **_):
            seen.append("search")

    plugins = PluginCollection()
    mine = hooks.on_post_build
    plugins._register_event("post_build", mine)
    plugins["search"] = Search()
    assert plugins.events["post_build"][-1] is mine


@pytest.mark.parametrize("command, left", [("build", []), ("serve", ["site"])])
def test_error_leaves_no_half_of_a_site(hooks, config, tmp_path, command, left):
    (started(hooks, config, command) / "index.html").write_text("half")
    hooks.on_build_error(ValueError("x"))
    assert sites(tmp_path) == left


@pytest.mark.parametrize("error, told", [
    (OSError(28, "No space left on device", "site/x"), "site/x: No space left on device, and so there is no site"),
    (OSError(28, "No space left on device"), "the site: No space left on device, and so there is no site"),
])  # fmt: skip
def test_error_of_the_disk_is_told(hooks, config, tmp_path, error, told):
    started(hooks, config)
    with pytest.raises(PluginError) as shown:
        hooks.on_build_error(error)
    assert str(shown.value) == told and sites(tmp_path) == []


class Server:
    """What `mkdocs serve` has: folders that it watches, and an observer that looks at them."""

    def __init__(self):
        self.watched, self.observer = [], "slow"

    def unwatch(self, path):
        self.watched.remove(path)

    def watch(self, path):
        assert self.observer != "slow"
        self.watched.append(path)


@pytest.fixture
def served(hooks, config, monkeypatch):
    """`(server, a list of what its build does next)`."""
    monkeypatch.setattr(hooks, "warm_up", lambda: None)
    started(hooks, config, "serve")
    server, does = Server(), []
    server.watched = [config.docs_dir, config.config_file_path]
    assert hooks.on_serve(server, config, lambda: does.pop()()) is server
    return server, does


def test_server_looks_ten_times_a_second(served, config):
    server, _ = served
    assert server.watched == [config.docs_dir, config.config_file_path]
    assert server.observer.timeout <= 0.1 and server.build_delay <= 0.05


def test_clean_process_is_started_with_the_server(hooks, config, monkeypatch):
    warm = []
    monkeypatch.setattr(hooks, "warm_up", lambda: warm.append(1))
    server = Server()
    server.watched = [config.docs_dir, config.config_file_path]
    hooks.on_serve(server, config, None)
    assert warm == [1]


def test_error_of_a_served_build_is_told_each_time_and_stops_nothing(hooks, served, caplog):
    server, does = served

    def broken():
        """As MkDocs does: it hands the error to the plugins, and raises another that says less."""
        hooks.on_build_error(WeaveError("it broke", "docs/index.md", 3))
        raise PluginError("the build failed")

    def raising():
        raise ValueError("another")

    with caplog.at_level(logging.ERROR, "mkdocs.plugins"):
        for build in (broken, broken, raising, lambda: None):
            does.append(build)
            server.builder()
    assert [record.getMessage() for record in caplog.records] == [
        *["weave: Not rebuilt, the last good pages stay up. docs/index.md:3: it broke"] * 2,
        "weave: Not rebuilt, the last good pages stay up. another",
    ]


def test_hooks_take_the_machinery_from_their_own_checkout(tmp_path):
    (tmp_path / "snippets").mkdir()
    (tmp_path / "snippets/__init__.py").write_text("raise ImportError('a package of the same name')")
    program = f"import runpy; print(runpy.run_path({str(HOOKS)!r})['ROOT'])"
    process = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, text=True, capture_output=True)
    assert process.stdout.strip() == str(ROOT), process.stderr


def test_labs_become_pages_with_downloads(hooks, config, tmp_path, monkeypatch):
    lab = tmp_path / "docs/labs/one.py"
    lab.parent.mkdir(parents=True)
    lab.write_text("# %% [markdown]\n# # A lab\n\n# %%\n# pip install numpy\nx = 1\n")
    (lab.parent / "notes.txt").write_text("no lab")
    (tmp_path / "snippets").mkdir()
    for module in (hooks, source, chapter, notebook):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(notebook, "LABS", lab.parent)
    built = started(hooks, config)
    hooks.state["results"]["docs.labs.one"] = {"values": {}, "outputs": {"5": []}}
    found = [File(name, str(tmp_path / "docs"), str(built), use_directory_urls=False) for name in ("index.md", "labs/one.py")]
    files = hooks.on_files(Files(found), config)
    made = {file.src_uri: file for file in files}
    assert list(made) == ["index.md", "changes.xml", "small.zip", "labs/one.md", "labs/one.py", "labs/one.ipynb"]
    assert "# A lab\n" in made["labs/one.md"].content_string and made["labs/one.py"].content_string.endswith("x = 1\n")


def test_pages_come_from_the_file_that_an_author_edits(hooks, config, tmp_path):
    built = started(hooks, config)
    on_disk = File("deep/index.md", str(tmp_path), str(built), use_directory_urls=False)
    made = [File.generated(config, name, content="x") for name in ("labs/one.md", "snippets/one.md")]
    hooks.on_nav(None, config, Files([on_disk, *made, File.generated(config, "x.svg", content="")]))
    assert hooks.state["sources"] == {
        (built / file.dest_path).resolve(): path
        for file, path in zip([on_disk, *made], [tmp_path / "deep/index.md", ROOT / "docs/labs/one.py", ROOT / "snippets/one.py"])
    }  # fmt: skip


def test_link_to_the_glossary_shows_its_definition_where_there_is_one(hooks, tmp_path, monkeypatch):
    html = '<a href="glossary.html#loss">loss</a>'
    monkeypatch.setattr(hooks, "ROOT", tmp_path)
    assert hooks.on_page_content(html, SimpleNamespace(url="index.html"), None, None) == html
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/glossary.md").write_text("# Glossary\n\n## Loss\n\nÖne number.\n", encoding="utf-8")
    assert "Öne number." in hooks.on_page_content(html, SimpleNamespace(url="index.html"), None, None)
