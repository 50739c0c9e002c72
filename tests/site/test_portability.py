"""The woven folder needs nothing but a Markdown renderer: three engines give the same text."""

import difflib
import os
import subprocess
import sys

import pytest
import yaml
from built import Page
from conftest import ROOT, WITHOUT_NOISE, needs


class Loader(yaml.SafeLoader):
    """Reads mkdocs.yml, in which `!ENV [NAME, value]` is the value."""


Loader.add_constructor("!ENV", lambda loader, node: loader.construct_sequence(node)[-1])


@pytest.fixture(scope="module")
def woven(tmp_path_factory):
    """The woven chapters, and a configuration without hooks, plugins and templates of our own."""
    folder = tmp_path_factory.mktemp("woven")
    run("snippets._weave", folder / "docs", folder=ROOT)
    config = yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), Loader)
    for ours in ("hooks", "extra_templates", "exclude_docs", "validation"):
        config.pop(ours, None)
    config["theme"].pop("custom_dir", None)
    config |= {"docs_dir": "docs", "use_directory_urls": False, "plugins": []}
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    return folder


def run(module, *arguments, folder):
    command = [sys.executable, "-m", module, *map(str, arguments)]
    environment = os.environ | WITHOUT_NOISE
    process = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert process.returncode == 0, process.stdout + process.stderr


@pytest.fixture(scope="module")
def by_mkdocs(woven):
    return rendered("mkdocs", woven)


def rendered(engine, woven):
    """The text of each page; an engine may remove what it finds in its output folder."""
    run(engine, "build", "--config-file", "mkdocs.yml", folder=woven)
    return texts((woven / "site").rename(woven / engine))


def texts(site):
    """What stands in the article of each page, except of the one for a wrong address."""
    files = {path.relative_to(site).as_posix(): path for path in site.rglob("*.html")}
    return {name: Page(path).text for name, path in files.items() if name != "404.html"}


@pytest.mark.parametrize("engine", ["properdocs", "zensical"])
def test_other_engine_gives_the_same_text(woven, by_mkdocs, engine):
    needs(engine)
    assert_same(by_mkdocs, rendered(engine, woven))


def test_woven_folder_has_the_text_of_the_site(site, by_mkdocs):
    assert_same(texts(site), by_mkdocs)


def assert_same(wanted, given):
    assert given.keys() == wanted.keys()
    for name in wanted:
        words = wanted[name].split(), given[name].split()
        difference = list(difflib.unified_diff(*words, "wanted", name, lineterm="", n=5))
        assert difference == [], "\n".join(difference[:100])
