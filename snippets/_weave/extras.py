"""What the site offers beside its pages: a search index, a feed of changes, and itself in one file."""

import json
import re
import shutil
import zipfile
from html import unescape
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

LUNR = Path(find_spec("mkdocs").origin).parent / "contrib/search/templates/search/lunr.js"


def search(site):
    """The search index as a script with plain text, for the search page to load, and lunr, which MkDocs brings, to search it."""
    folder = site / "search"
    index = json.loads(folder.joinpath("search_index.json").read_text(encoding="utf-8"))
    pages = {entry["location"]: entry["title"] for entry in index["docs"]}
    sections = [
        {**entry, "page": pages[entry["location"].split("#")[0]], "text": _plain(entry["text"]), "title": _plain(entry["title"])}
        for entry in index["docs"]
    ]
    folder.joinpath("index.js").write_text(f"const index = {json.dumps(sections, ensure_ascii=False)}\n", encoding="utf-8")
    shutil.copyfile(LUNR, folder / "lunr.js")
    folder.joinpath("search_index.json").unlink()
    if "assets/javascripts" not in (site / "index.html").read_text(encoding="utf-8"):  # Material's, which our theme does without
        shutil.rmtree(site / "assets/javascripts")


def feed(site, source, address, title):
    """The page of changes as an Atom feed: an entry for each heading `## date: title`."""
    changes = re.findall(r"(?ms)^## (\d{4}-\d\d-\d\d): (.+?)$\n+(.+?)(?=^## |\Z)", source.read_text(encoding="utf-8"))
    anchors = re.findall(r'<h2 id="([^"]+)">', (site / "changes.html").read_text(encoding="utf-8"))
    atom = element("feed", element("id", f"{address}changes.xml"), element("title", title), element("updated", midnight(changes[0][0])),
                   element("link", href=f"{address}changes.html"), element("link", rel="self", href=f"{address}changes.xml"),
                   element("author", element("name", "The authors of the site")), xmlns="http://www.w3.org/2005/Atom")  # fmt: skip
    for (day, title, text), anchor in zip(changes, anchors, strict=True):
        place = f"{address}changes.html#{anchor}"
        plain = " ".join(re.sub(r"\[([^]]+)\]\([^)]*\)", r"\1", text).split())
        atom.append(element("entry", element("id", place), element("title", title), element("updated", midnight(day)),
                            element("link", href=place), element("summary", plain)))  # fmt: skip
    ElementTree.indent(atom)
    ElementTree.ElementTree(atom).write(site / "changes.xml", encoding="utf-8", xml_declaration=True)


def element(tag, *content, **attributes):
    made = ElementTree.Element(tag, attributes)
    for part in content:
        if isinstance(part, str):
            made.text = part
        else:
            made.append(part)
    return made


def midnight(day):
    return f"{day}T00:00:00Z"


def archive(site, name):
    """The whole site in one file, to unpack and read without a network; the same bytes from the same files."""
    with zipfile.ZipFile(site / f"{name}.zip", "w") as file:
        for path in sorted(path for path in site.rglob("*") if path.is_file() and path.suffix not in (".map", ".gz", ".zip")):
            entry = zipfile.ZipInfo(f"{name}/{path.relative_to(site).as_posix()}")
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            file.writestr(entry, path.read_bytes())


def _plain(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
