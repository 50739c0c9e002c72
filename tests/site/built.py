"""A page of the built site, read without a browser."""

import re
from functools import cached_property
from html import unescape
from html.parser import HTMLParser
from typing import NamedTuple

VOID = set("area base br col embed hr img input link meta source track wbr".split())
LINKS = ["href", "src", "action", "xlink:href"]
LOADED = ["stylesheet", "icon", "preload", "prefetch"]
REFERENCES = {"for", "popovertarget", "aria-labelledby", "aria-describedby", "aria-controls"}
BLOCK = re.compile(
    r'<span class="filename">(?P<file>.*?)</span><pre>.*?<code>(?P<code>.*?)</code></pre></div>',
    re.DOTALL,
)


class Block(NamedTuple):
    """A block of code with the file it is from."""

    file: str
    code: str


class Page(HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.html = path.read_text(encoding="utf-8")
        self.ids, self.references, self.links, self.loaded = [], [], [], []
        self._open, self._article, self._headings = [], [], []
        self.feed(self.html)

    def handle_starttag(self, tag, attributes):
        attributes = {name: value or "" for name, value in attributes}
        if "id" in attributes:
            self.ids.append(attributes["id"])
        for name in REFERENCES & attributes.keys():
            self.references += attributes[name].split()
        links = [attributes[name] for name in LINKS if name in attributes]
        self.links += links
        if "src" in attributes or attributes.get("rel") in LOADED:
            self.loaded += links
        if tag not in VOID:
            hidden = tag in ("script", "style") or attributes.get("class") == "headerlink"
            self._open.append((tag, hidden))
        if re.fullmatch("h[1-6]", tag):
            self._headings.append("")

    def handle_endtag(self, tag):
        if tag in (name for name, _ in self._open):
            while self._open.pop()[0] != tag:
                pass  # an element that needs no end tag

    def handle_data(self, data):
        tags = [tag for tag, _ in self._open]
        if not any(hidden for _, hidden in self._open):
            if "article" in tags:
                self._article.append(data)
            if any(re.fullmatch("h[1-6]", tag) for tag in tags):
                self._headings[-1] += data

    @cached_property
    def text(self):
        """What a reader sees in the article, white space folded."""
        return " ".join("".join(self._article).split())

    @cached_property
    def headings(self):
        return [" ".join(heading.split()) for heading in self._headings]

    @cached_property
    def blocks(self):
        return [Block(*map(plain, match.groups(""))) for match in BLOCK.finditer(self.html)]


def plain(html):
    return unescape(re.sub(r"<[^>]*>", "", html))
