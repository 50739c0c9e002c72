"""What the site offers beside its pages: its search index, its feed, and itself in one file."""

import json
import zipfile
from xml.etree import ElementTree

import pytest

from snippets._weave import extras

INDEX = {
    "config": {}, "docs": [
        {"location": "index.html", "title": "Stärt", "text": ""},
        {"location": "index.html#a", "title": "A <em>b</em>", "text": "<p>One &lt; two</p>\n<p>dräi</p>"},
        {"location": "deep/next.html", "title": "Next", "text": "x"},
        {"location": "deep/next.html#b", "title": "B", "text": "y", "boost": 2},
    ],
}  # fmt: skip


@pytest.fixture
def site(tmp_path):
    for name in ("search/search_index.json", "assets/javascripts/workers/x.js", "assets/javascripts/lunr/x.js", "assets/javascripts/bundle.js"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "search/search_index.json").write_text(json.dumps(INDEX, ensure_ascii=False), encoding="utf-8")
    (tmp_path / "index.html").write_text("<p>Stärt</p>", encoding="utf-8")
    return tmp_path


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_search_index_is_a_script_with_plain_text_and_the_title_of_the_page(site):
    extras.search(site)
    start, text = (site / "search/index.js").read_text(encoding="utf-8").split("const index = ")
    assert start == "" and text.endswith("]\n") and "dräi" in text
    assert json.loads(text) == [
        {"location": "index.html", "title": "Stärt", "text": "", "page": "Stärt"},
        {"location": "index.html#a", "title": "A b", "text": "One < two dräi", "page": "Stärt"},
        {"location": "deep/next.html", "title": "Next", "text": "x", "page": "Next"},
        {"location": "deep/next.html#b", "title": "B", "text": "y", "boost": 2, "page": "Next"},
    ]


def test_search_comes_with_what_it_needs_and_nothing_else(site):
    extras.search(site)
    assert files(site) == ["index.html", "search/index.js", "search/lunr.js"]
    assert "lunr" in (site / "search/lunr.js").read_text(encoding="utf-8")[:300]


CHANGES = """# Changes

Words.

## 2025-02-03: Second, ünd

It is [better](index.md) now,
in *all* ways.

## 2024-12-31: First

All.
"""


def test_feed_has_an_entry_for_each_change(tmp_path):
    (tmp_path / "changes.md").write_text(CHANGES, encoding="utf-8")
    (tmp_path / "changes.html").write_text('<h1 id="c">Changes</h1><h2 id="second">Sécond</h2><h2 id="first">First</h2>', encoding="utf-8")
    extras.feed(tmp_path, tmp_path / "changes.md", "https://x.org/b/", "What changed")
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ElementTree.fromstring((tmp_path / "changes.xml").read_bytes())

    def texts(element):
        return {child.tag.removeprefix(atom): child.text for child in element if child.text and child.text.strip()}

    def links(element):
        return [link.attrib for link in element.findall(f"{atom}link")]

    assert (tmp_path / "changes.xml").read_bytes().startswith(b"<?xml version='1.0' encoding='utf-8'?>\n<feed xmlns")
    assert feed.tag == f"{atom}feed" and [child.tag.removeprefix(atom) for child in feed][-3:] == ["author", "entry", "entry"]
    assert texts(feed) == {"id": "https://x.org/b/changes.xml", "title": "What changed", "updated": "2025-02-03T00:00:00Z"}
    assert texts(feed.find(f"{atom}author")) == {"name": "The authors of the site"}
    assert links(feed) == [{"href": "https://x.org/b/changes.html"}, {"rel": "self", "href": "https://x.org/b/changes.xml"}]
    second, first = feed.findall(f"{atom}entry")
    assert texts(second) == {
        "id": "https://x.org/b/changes.html#second", "title": "Second, ünd", "updated": "2025-02-03T00:00:00Z",
        "summary": "It is better now, in *all* ways.",
    }  # fmt: skip
    assert links(second) == [{"href": "https://x.org/b/changes.html#second"}]
    assert texts(first) | {"summary": "All."} == texts(first) and texts(first)["updated"] == "2024-12-31T00:00:00Z"


def test_change_without_a_heading_on_the_page_is_an_error(tmp_path):
    (tmp_path / "changes.md").write_text(CHANGES, encoding="utf-8")
    (tmp_path / "changes.html").write_text('<h2 id="second">')
    with pytest.raises(ValueError, match="shorter"):
        extras.feed(tmp_path, tmp_path / "changes.md", "", "")


def test_archive_holds_the_site_and_is_the_same_from_the_same_files(site):
    kept = {"index.html": "é" * 2000, "deep/next.html": "x", ".hidden": "x"}
    for name, text in (kept | {"a.map": "x", "a.gz": "x", "old.zip": "x"}).items():
        (site / name).parent.mkdir(exist_ok=True)
        (site / name).write_text(text, encoding="utf-8")
    archives = []
    for _ in range(2):
        extras.archive(site, "whole")
        archives.append((site / "whole.zip").read_bytes())
        (site / "index.html").touch()
    assert archives[0] == archives[1] and len(archives[0]) < 2000
    with zipfile.ZipFile(site / "whole.zip") as archive:
        expected = [name for name in files(site) if not name.endswith((".map", ".gz", ".zip"))]
        assert archive.namelist() == [f"whole/{name}" for name in expected] and "whole/deep/next.html" in archive.namelist()
        assert archive.read("whole/index.html").decode() == "é" * 2000
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o644}
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_DEFLATED}


def test_script_of_a_theme_that_loads_it_stays(site):
    (site / "index.html").write_text('<script src="assets/javascripts/bundle.js"></script>', encoding="utf-8")
    extras.search(site)
    assert "assets/javascripts/bundle.js" in files(site)
