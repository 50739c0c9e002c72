"""What the site offers beside its pages: the search index, the feed of changes, the whole in one file."""

import json
import zipfile
from xml.etree import ElementTree

import pytest

from snippets._weave import extras

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def site(tmp_path):
    entries = [
        {"location": "losses.html", "title": "Losses", "text": "<p>A <code>loss</code>\n is &lt; 1.</p>", "boost": 0.5},
        {"location": "losses.html#mse", "title": "MSE &amp; more", "text": ""},
    ]
    for folder in ("search", "assets/javascripts/workers", "assets/javascripts/lunr", "snippets"):
        (tmp_path / "site" / folder).mkdir(parents=True)
    site = tmp_path / "site"
    (site / "search/search_index.json").write_text(json.dumps({"config": {}, "docs": entries}))
    (site / "changes.html").write_text('<h1 id="changes">Changes</h1><h2 id="b">…</h2><p><h2 id="a">…</h2>')
    (site / "snippets/losses.py").write_text("x = 1\n")
    (site / "assets/javascripts/bundle.js.map").write_text("{}")
    return site


def test_search_index_is_a_script_of_plain_text_with_the_page_of_each_section(site):
    extras.search(site)
    name, _, value = (site / "search/index.js").read_text(encoding="utf-8").partition(" = ")
    assert name == "const index" and json.loads(value) == [
        {"location": "losses.html", "title": "Losses", "text": "A loss is < 1.", "boost": 0.5, "page": "Losses"},
        {"location": "losses.html#mse", "title": "MSE & more", "text": "", "page": "Losses"},
    ]
    assert "lunr" in (site / "search/lunr.js").read_text(encoding="utf-8")


def test_what_only_the_dialog_of_the_theme_needs_is_left_out(site):
    extras.search(site)
    assert {path.name for path in site.rglob("*")} == {
        "search", "index.js", "lunr.js", "assets", "javascripts", "bundle.js.map", "snippets", "losses.py", "changes.html"
    }  # fmt: skip


CHANGES = """# Changes

Newest first.

## 2026-11-24: More & better

Now with [a link](index.md),
on two lines.

## 2026-11-23: The start

A site.
"""


def test_feed_has_an_entry_for_each_change(site, tmp_path):
    (tmp_path / "changes.md").write_text(CHANGES, encoding="utf-8")
    extras.feed(site, tmp_path / "changes.md", "https://example.org/sub/")
    feed = ElementTree.parse(site / "changes.xml").getroot()
    entries = [{part.tag.removeprefix(ATOM): part.text or part.get("href") for part in entry} for entry in feed.iter(f"{ATOM}entry")]
    assert entries == [
        {"id": "https://example.org/sub/changes.html#b", "title": "More & better", "updated": "2026-11-24T00:00:00Z",
         "link": "https://example.org/sub/changes.html#b", "summary": "Now with a link, on two lines."},
        {"id": "https://example.org/sub/changes.html#a", "title": "The start", "updated": "2026-11-23T00:00:00Z",
         "link": "https://example.org/sub/changes.html#a", "summary": "A site."},
    ]  # fmt: skip
    assert feed.findtext(f"{ATOM}updated") == "2026-11-24T00:00:00Z" and feed.findtext(f"{ATOM}id") == "https://example.org/sub/changes.xml"
    assert [(link.get("rel"), link.get("href")) for link in feed.findall(f"{ATOM}link")] == [
        (None, "https://example.org/sub/changes.html"), ("self", "https://example.org/sub/changes.xml")
    ]  # fmt: skip
    assert feed.findtext(f"{ATOM}title") == "Backpropagation: changes" and feed.find(f"{ATOM}author").findtext(f"{ATOM}name")


def test_change_that_the_page_does_not_show_is_an_error(site, tmp_path):
    (tmp_path / "changes.md").write_text(CHANGES + "\n## 2026-11-22: Before\n\nNothing.\n", encoding="utf-8")
    with pytest.raises(ValueError, match="shorter"):
        extras.feed(site, tmp_path / "changes.md", "")


def test_archive_holds_the_site_in_one_folder_and_has_the_same_bytes_each_time(site):
    extras.archive(site)
    first = (site / extras.ARCHIVE).read_bytes()
    extras.archive(site)
    assert (site / extras.ARCHIVE).read_bytes() == first
    with zipfile.ZipFile(site / extras.ARCHIVE) as file:
        assert file.testzip() is None
        assert file.namelist() == ["backpropagation/changes.html", "backpropagation/search/search_index.json", "backpropagation/snippets/losses.py"]
        assert file.read("backpropagation/snippets/losses.py") == b"x = 1\n"
        assert all(entry.external_attr >> 16 == 0o644 and entry.compress_type == zipfile.ZIP_DEFLATED for entry in file.infolist())
