"""The index of the search page, made of the woven pages."""

import json
import re
from html import unescape
from importlib.util import find_spec
from pathlib import Path

import yaml
from markdown.extensions.toc import slugify, unique

from .chapter import FRONT

LUNR = Path(find_spec("mkdocs").origin).parent / "contrib/search/templates/search/lunr.js"
NOT_SEARCHED = re.compile(
    r'(?s)<(figure|a|p|span) class="(?:figure|to-code|byline|definition)".*?</\1>'
)
MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|^\|[ :|-]+\|$|^[|>] ?|\*\*|`", re.MULTILINE)
LINK = re.compile(r"!?\[([^\]]+)\]\([^)]*\)")
ANCHOR = re.compile(r" *\{[^}]*?#(?P<id>[\w-]+)[^}]*\} *$")


def search_files(pages):
    """By target, the files that the search page loads: the sections of all pages, and lunr."""
    found = [section for page in pages.values() for section in page["sections"]]
    index = f"const index = {json.dumps(found, ensure_ascii=False)}\n"
    return {"search/index.js": index.encode(), "search/lunr.js": LUNR.read_bytes()}


def sections(target, text):
    """The sections of a woven page: title, text, address, and how much the page weighs."""
    front = FRONT.match(text)
    settings = yaml.safe_load(front[1]).get("search") or {} if front else {}
    if settings.get("exclude"):
        return []
    text = NOT_SEARCHED.sub(" ", text[front.end() :] if front else text)
    text = re.sub(r"(?s)<pre>.*?</pre>", lambda match: match[0].replace("\n", " "), text)
    found, ids = [], set()
    for part in re.split(r"(?m)^#{1,6} ", text)[1:]:
        heading, _, body = part.partition("\n")
        given, title = ANCHOR.search(heading), plain(ANCHOR.sub("", heading))
        anchor = unique(given["id"] if given else slugify(title, "-"), ids)
        location = target.removesuffix(".md") + ".html" + (f"#{anchor}" if found else "")
        page = found[0]["title"] if found else title
        section = {"location": location, "title": title, "text": plain(body), "page": page}
        found.append(section | settings)
    return found


def plain(text):
    """Markdown or HTML as the words that a reader sees."""
    text = unescape(MARKUP.sub(" ", LINK.sub(r"\1", text)))
    return " ".join(text.replace(" | ", " ").split())
