"""Guards the built site: no broken link or anchor, and nothing half-built where a publisher would pick it up."""

import contextlib
import os
import posixpath
import re
import shutil
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from . import ROOT, WeaveError


TAG = re.compile(r"<([a-z]\w*)\s((?:[^<>\"]|\"[^\"]*\")*)>")
ATTRIBUTE = re.compile(r"(?<![\w:-])(id|name|href|src|action)=\"?([^\s\">]*)")


class _Page:
    """The places in a page that a link can lead to, and the links that it has."""

    def __init__(self, path):
        self.ids, self.links = {""}, []
        for tag, attributes in TAG.findall(path.read_text(encoding="utf-8")):
            for name, value in ATTRIBUTE.findall(attributes):
                if name == "id" or (name == "name" and tag == "a"):
                    self.ids.add(unescape(value))
                elif name in ("href", "src", "action") and tag not in ("base", "use"):
                    self.links.append(unescape(value))


def broken_links(site, sources, base):
    """`WeaveError`s, one for each link in `site` that leads nowhere within it.

    `sources` maps the site's pages to the files they come from; `base` is the site's own path, for absolute links.
    """
    root = site.resolve()
    pages = {path: _Page(path) for path in sorted(root.rglob("*.html"))}
    for path, page in pages.items():
        if path.name == "404.html":  # its links are absolute, for it is shown at any address
            continue
        for link in dict.fromkeys(page.links):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            place = unquote(parts.path)
            target = root / posixpath.relpath(place, base) if place.startswith("/") else path.parent / place
            target = (target if place else path).resolve()
            target = target / "index.html" if target.is_dir() else target
            if not target.is_relative_to(root) or not target.is_file() or place[-6:] == ".html/" or (target in pages and unquote(parts.fragment) not in pages[target].ids):
                yield _located(link, sources.get(path))


def _located(link, source):
    parts = urlsplit(link)
    wanted = f"#{parts.fragment}" if parts.fragment else Path(parts.path).name
    if source is None:
        return WeaveError(f"a page links to `{link}`, which leads nowhere", "mkdocs.yml")
    for number, line in enumerate(source.read_text(encoding="utf-8").split("\n"), 1):
        if wanted in line:
            return WeaveError(f"the link `{link}` leads nowhere", source.relative_to(ROOT), number)
    return WeaveError(f"the link `{link}` leads nowhere", source.relative_to(ROOT))


def scaffold(site):
    """Where the site is built until it is known to be good: beside `site`, so that it can be moved into place."""
    return site.with_name(f".{site.name}.{os.getpid()}")  # `modules.sweep` knows it by its end


def publish(built, site):
    """Put the built site into its place, in one step; another build may be doing the same."""
    for attempt in reversed(range(100)):
        try:
            discard(site)
            if _hidden(_names(site)):  # it holds something of another's, such as the `.git` of a checkout to publish from
                break
            return os.rename(built, site)
        except OSError:  # another build was there first
            if not attempt:
                raise
    for entry in built.iterdir():
        _remove([site / entry.name], site)
        os.replace(entry, site / entry.name)
    built.rmdir()


def discard(site):
    """Remove a built site, if there is one; hidden files stay, as MkDocs leaves them."""
    names = _names(site)
    _remove([site / name for name in names if not _hidden([name])] if _hidden(names) else [site], site)


def _names(folder):
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):  # another build may be moving it
        return os.listdir(folder)
    return []


def _hidden(names):
    return [name for name in names if name.startswith(".")]


def _remove(paths, site):
    """Move the paths aside first, so that no half of one is ever seen and no two builds remove the same file."""
    aside = site.with_name(f".{site.name}.old.{os.getpid()}")
    for path in paths:
        with contextlib.suppress(FileNotFoundError):
            os.rename(path, aside)
        shutil.rmtree(aside, ignore_errors=True)
        aside.unlink(missing_ok=True)
