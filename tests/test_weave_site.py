"""The built site: broken links and anchors are found, and it goes into its place whole."""

import os

import pytest

from snippets._weave import site


def write(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()}


# Links


OTHER_FILES = {
    "deep/index.html": '<h2 id="here">x</h2><a class=x\n name=old></a><meta name=viewport><h2 id="ü&amp;b"></h2><p data-id="data"><i id="" name="no">',
    "a b.html": '<a href="#b"></a><p id="b">', "file.pdf": "", "deep/x.svg": "", "404.html": '<a href="/not/for/us"></a>',
    "outside.html": "",
}  # fmt: skip


def broken(folder, link, tag="a", attribute="href", base="/"):
    """What is said of one link on one page of a site."""
    write(folder, OTHER_FILES | {"index.html": f'<p>é<{tag} class="c" {attribute}="{link}" id="me">x</{tag}>'})
    return [str(error) for error in site.broken_links(folder, {}, base)]


@pytest.mark.parametrize("link", [
    "deep/", "deep", "deep/index.html", "./deep/../deep/", "", "#", "#me", "index.html#me", "deep/#here", "deep/#old", "deep/#%C3%BC&amp;b",
    "a%20b.html#b", "file.pdf#page=2", "deep/x.svg", "/deep/#here", "/", "404.html",
    "https://elsewhere.org/nothing#there", "//elsewhere.org/nothing", "mailto:a@b.org", "data:image/png;base64,xx",
])  # fmt: skip
def test_link_that_leads_somewhere_is_fine(tmp_path, link):
    assert broken(tmp_path, link) == []


@pytest.mark.parametrize("link", [
    "nowhere.html", "nowhere/", "deep/nowhere.html", "#nowhere", "deep/#nowhere", "deep/#me", "deep/#viewport", "deep/#data", "deep/#no",
    "a%20b.html#me", "/nowhere", "/deep/#me", "file.pd", "empty/", "outside.html/",
])  # fmt: skip
def test_link_that_leads_nowhere_is_told(tmp_path, link):
    (tmp_path / "empty").mkdir(exist_ok=True)
    assert broken(tmp_path, link) == [f"mkdocs.yml:1: a page links to `{link}`, which leads nowhere"]


@pytest.mark.parametrize("link, base, there", [
    ("/deep/", "/", True), ("/fork/deep/#here", "/fork/", True), ("/fork/", "/fork/", True), ("/deep/", "/fork/", False), ("/fork/nowhere", "/fork/", False),
    ("/fork/deep/", "/", False), ("../beside/", "/", False), ("/../beside/", "/fork/", False),
])  # fmt: skip
def test_link_leads_to_a_page_below_the_sites_own_address(tmp_path, link, base, there):
    write(tmp_path, {"beside/index.html": ""})
    (tmp_path / "site").mkdir()
    assert broken(tmp_path / "site", link, base=base) == [] if there else broken(tmp_path / "site", link, base=base) != []


def test_every_kind_of_source_is_followed(tmp_path):
    assert broken(tmp_path, "no.png", "img", "src") and broken(tmp_path, "no.js", "script", "src") and broken(tmp_path, "no.css", "link")
    assert broken(tmp_path, "no.html", "form", "action") and broken(tmp_path, "no.html", 'a title="x > y"')


@pytest.mark.parametrize("tag, attribute", [("base", "href"), ("use", "href"), ("a", "data-href"), ("a", "title"), ("use", "xlink:href")])
def test_what_is_no_link_is_left_alone(tmp_path, tag, attribute):
    assert broken(tmp_path, "nowhere", tag, attribute) == []


def test_attributes_need_no_quotes(tmp_path):
    write(tmp_path, {"index.html": "<a href=no.html title=x>"})
    assert len(list(site.broken_links(tmp_path, {}, "/"))) == 1


def test_absolute_link_starts_at_the_base_of_the_site(tmp_path):
    assert broken(tmp_path, "/base/deep/#here", base="/base/") == [] and broken(tmp_path, "/base/", base="/base/") == []
    assert broken(tmp_path, "/other/deep/", base="/base/") and broken(tmp_path, "/base/no", base="/base/")


def test_link_is_told_once_a_page_with_the_line_of_its_chapter(tmp_path, monkeypatch):
    monkeypatch.setattr(site, "ROOT", tmp_path)
    links = "no.html", "no.html", "gone/#a", "deep/#lost", "made"
    folder = write(tmp_path / "site", OTHER_FILES | {"index.html": "".join(f'<a href="{link}">' for link in links)})
    chapter = write(tmp_path, {"docs/index.md": "# Tïtle\n\n[a](no.html)\n[b](gone.md#a)\n\n[c](deep.md#lost)\n"}) / "docs/index.md"
    assert [str(error) for error in site.broken_links(folder, {folder / "index.html": chapter}, "/")] == [
        "docs/index.md:3: the link `no.html` leads nowhere",
        "docs/index.md:4: the link `gone/#a` leads nowhere",
        "docs/index.md:6: the link `deep/#lost` leads nowhere",
        "docs/index.md:1: the link `made` leads nowhere",
    ]


# Publishing


@pytest.fixture
def built(tmp_path):
    return write(site.scaffold(tmp_path / "site"), {"index.html": "new", "deep/index.html": "new"})


NEW = {"index.html": "new", "deep/index.html": "new"}


def test_site_is_built_beside_its_place_under_a_name_that_a_later_build_can_tell(tmp_path):
    assert site.scaffold(tmp_path / "site") == tmp_path / f".site.{os.getpid()}"


@pytest.mark.parametrize("old", [{}, {"index.html": "old", "old.html": "old", "older/index.html": "old"}])
def test_site_takes_the_place_of_the_old_one(tmp_path, built, old):
    write(tmp_path / "site", old)
    site.publish(built, tmp_path / "site")
    assert contents(tmp_path / "site") == NEW and os.listdir(tmp_path) == ["site"]


def test_hidden_files_stay_and_nothing_else(tmp_path, built):
    write(tmp_path / "site", {".git/config": "mine", "old.html": "old", "index.html": "old", "deep/old.html": "old", "a.b": "old"})
    site.publish(built, tmp_path / "site")
    assert contents(tmp_path / "site") == NEW | {".git/config": "mine"} and os.listdir(tmp_path) == ["site"]


def test_hidden_files_make_way_for_those_of_the_new_site(tmp_path, built):
    write(tmp_path / "site", {".git": "mine", ".nojekyll/x": "old"})
    write(built, {".nojekyll": "new"})
    site.publish(built, tmp_path / "site")
    assert contents(tmp_path / "site") == NEW | {".git": "mine", ".nojekyll": "new"} and os.listdir(tmp_path) == ["site"]


def test_site_that_another_build_put_there_first_is_taken_away(tmp_path, built, monkeypatch):
    others = [{"index.html": "theirs"}] * 3
    rename = os.rename

    def late(old, new):
        if old == built and others:
            write(new, others.pop())
        rename(old, new)

    monkeypatch.setattr(os, "rename", late)
    site.publish(built, tmp_path / "site")
    assert contents(tmp_path / "site") == NEW and others == []


def test_site_that_cannot_be_put_there_is_an_error(tmp_path, built, monkeypatch):
    def refuse(old, new):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "rename", refuse)
    with pytest.raises(PermissionError):
        site.publish(built, tmp_path / "site")


@pytest.mark.parametrize("files, left", [
    ({}, []), ({"index.html": "x", "deep/x.html": "x"}, []), ({".git": "x", "index.html": "x", "deep/x.html": "x"}, [".git"]),
])  # fmt: skip
def test_site_is_discarded_but_for_hidden_files(tmp_path, files, left):
    write(tmp_path / "site", files)
    site.discard(tmp_path / "site")
    assert list(contents(tmp_path)) == [f"site/{name}" for name in left]
    assert os.listdir(tmp_path) == ["site"] * bool(left)


def test_file_in_the_place_of_the_site_is_discarded(tmp_path):
    write(tmp_path, {"site": "x"})
    site.discard(tmp_path / "site")
    assert os.listdir(tmp_path) == []
