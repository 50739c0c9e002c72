"""The built site without a browser: complete, connected, and the same wherever it is built."""

import builtins
import dis
import gzip
import json
import re
import shutil
import subprocess
import zipfile
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest
from browser import NODE, from_npm, program
from built import Page
from conftest import ROOT, mkdocs

HTTP_ONLY = {"localhost", "neuralnetworksanddeeplearning.com"}
# Stands in no template of Material that can be overridden.
MATERIAL = r'id="__(drawer|search)" autocomplete="off"'


@pytest.fixture(scope="module")
def pages(site):
    return {path.relative_to(site).as_posix(): Page(path) for path in site.rglob("*.html")}


def test_no_link_leads_nowhere(site, pages):
    faults = [
        f"{name}: {fault}"
        for name, page in pages.items()
        for link in dict.fromkeys(page.links)
        for fault in nowhere(site, pages, name, link)
    ]
    for entry in json.loads((site / "search/index.js").read_text("utf-8").partition("=")[2]):
        faults += [f"search: {f}" for f in nowhere(site, pages, "search.html", entry["location"])]
    assert faults == [], "\n".join(faults)


def nowhere(site, pages, name, link):
    """What is wrong with a link on the page of this name."""
    parts = urlsplit(link)
    if parts.scheme == "http" and parts.hostname not in HTTP_ONLY:
        yield f"{link} is not https"
    if parts.scheme or parts.netloc:
        return
    path = unquote(parts.path)
    start = site if path.startswith("/") else (site / name).parent
    target = (start / path.lstrip("/")).resolve() if path else site / name
    target = target / "index.html" if target.is_dir() else target
    if not target.is_relative_to(site) or not target.is_file():
        yield f"{link} leads nowhere"
    elif target.suffix == ".html" and parts.fragment:
        if unquote(parts.fragment) not in pages[target.relative_to(site).as_posix()].ids:
            yield f"{link} leads to no place on that page"


def test_ids_are_unique_and_what_refers_to_one_finds_it(pages):
    for name, page in pages.items():
        assert sorted(page.ids) == sorted(set(page.ids)), name
        assert set(page.references) - set(page.ids) == set(), name


def test_html_is_valid(site, pages):
    jar = from_npm("vnu-jar/build/dist/vnu.jar")
    command = [program("java"), "-jar", jar, "--format", "json", "--exit-zero-always", *pages]
    process = subprocess.run(command, cwd=site, capture_output=True, text=True, timeout=300)
    faults = [
        "{url}:{lastLine}: {message}: {extract}".format_map({"extract": "", **message})
        for message in json.loads(process.stderr)["messages"]
        if message["type"] != "info" and not re.search(MATERIAL, message.get("extract", ""))
    ]
    assert faults == [], "\n".join(faults)


def test_every_formula_in_a_sentence_stays_in_it(pages):
    """Markdown takes `<math>` at the start of a line for a block, which would end the paragraph."""
    torn = re.compile(r"</p>\s*<math alttext=\"([^\"]*)\">")
    assert {
        name: torn.findall(page.html) for name, page in pages.items() if torn.search(page.html)
    } == {}


def test_every_figure_is_on_a_page(pages):
    html = "".join(page.html for page in pages.values())
    modules = (ROOT / "snippets/figures").glob("[!_]*.py")
    assert [path.stem for path in modules if f'id="figure-{path.stem}"' not in html] == []


def test_every_page_has_a_title_and_a_description_of_its_own(pages):
    heads = {}
    for name, page in pages.items():
        title = re.search("<title>(.*?)</title>", page.html)[1]
        description = re.search('<meta name="description" content="([^"]*)">', page.html)[1]
        twin = heads.setdefault((title, description), name)
        assert twin == name or name == "404.html", f"{name} has the head of {twin}"


def test_no_directive_is_left_on_a_page(pages):
    for name, page in pages.items():
        prose = re.sub(r"(?s)<(pre|code)\b.*?</\1>", "", page.html)
        assert not re.search(r"\{\{ |wzxhzdk", prose), name


@pytest.mark.parametrize(
    "scripts, limit, mark",
    [
        (["assets/exercises.js"], 5_000, '<form class="exercise'),
        (["assets/stepper-math.js", "assets/stepper.js"], 10_000, "<backprop-stepper"),
    ],
)
def test_a_script_is_small_and_only_where_it_is_needed(site, pages, scripts, limit, mark):
    assert sum(len(gzip.compress((site / name).read_bytes())) for name in scripts) <= limit
    marked = {name for name, page in pages.items() if mark in page.html}
    for script in scripts:
        loads = {
            n for n, page in pages.items() if any(link.endswith(script) for link in page.links)
        }
        assert loads == marked and marked < pages.keys()


def test_nothing_is_loaded_from_elsewhere(site, pages):
    for name, page in pages.items():
        assert [link for link in page.loaded if urlsplit(link).netloc] == [], name
    elsewhere = re.compile(r"(?:url\(|@import|importScripts\(|fetch\()[\"']?(?:https?:)?//")
    for path in [*site.rglob("*.css"), *site.rglob("*.js")]:
        assert not elsewhere.search(path.read_text(encoding="utf-8")), path


def test_feed_sitemap_archive_and_search_are_complete(site, pages):
    feed = ElementTree.parse(site / "changes.xml").getroot()
    places = [urlsplit(element.text) for element in feed.iterfind("{*}entry/{*}id")]
    assert places and [p for p in places if p.fragment not in pages["changes.html"].ids] == []
    sitemap = ElementTree.parse(site / "sitemap.xml").getroot()
    listed = {urlsplit(element.text).path.lstrip("/") for element in sitemap.iterfind(".//{*}loc")}
    assert listed == pages.keys() - {"404.html"}
    assert sitemap.find(".//{*}lastmod") is None, "a date makes each build another"
    assert (site / "search/lunr.js").is_file()
    with zipfile.ZipFile(site / "backpropagation.zip") as archive:
        packed = {name.partition("/")[2] for name in archive.namelist()}
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    left_out = {name for name in files - packed if not name.endswith((".gz", ".map"))}
    assert left_out == {"backpropagation.zip"}


SNIPPETS = sorted((ROOT / "snippets").glob("[!_]*.py"))


@pytest.mark.parametrize("path", SNIPPETS, ids=lambda path: path.stem)
def test_snippet_can_be_downloaded(site, path):
    origin, below = (site / "snippets" / path.name).read_bytes().split(b"\n", 1)
    assert below == path.read_bytes() and origin.startswith(f"# {path.name}, MIT-0, ".encode())


def test_code_on_a_page_runs_as_it_stands_there(pages):
    for name, page in pages.items():
        blocks = [
            b.code for b in page.blocks if re.match(r"snippets/(?!recorded/|programs/)", b.file)
        ]
        compiled, namespace = compile("\n".join(blocks), name, "exec"), {}
        exec(compiled, namespace)
        unknown = global_names(compiled) - namespace.keys() - {*dir(builtins), "__annotations__"}
        assert unknown == set(), name


def global_names(code):
    loads = ("LOAD_GLOBAL", "LOAD_NAME")
    names = {i.argval for i in dis.get_instructions(code) if i.opname in loads}
    names -= {i.argval for i in dis.get_instructions(code) if i.opname == "STORE_NAME"}  # a class's
    inner = [constant for constant in code.co_consts if hasattr(constant, "co_consts")]
    return names.union(*map(global_names, inner))


def test_site_is_the_same_byte_for_byte_wherever_it_is_built(site, tmp_path):
    other = tmp_path / "anderswo, überall"
    ignored = [".git", ".venv", ".cache", "site", "__pycache__", ".pytest_cache"]
    shutil.copytree(ROOT, other, ignore=shutil.ignore_patterns(*ignored))
    elsewhere = {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    elsewhere["PYODIDE"] = str(NODE / "node_modules/pyodide")
    process = mkdocs("build", "--strict", checkout=other, **elsewhere)
    assert process.returncode == 0, process.stderr
    ours, theirs = contents(site), contents(other / "site")
    assert ours.keys() == theirs.keys()
    assert [name for name in ours if ours[name] != theirs[name]] == []
    assert str(ROOT).encode() not in b"".join(ours.values())


def contents(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}
