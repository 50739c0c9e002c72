"""Weaves what was computed into a chapter: Markdown with directives in, plain Markdown out.

`docs/contributing.md` lists the directives. A mistake is an error with file and line; it is also
shown at its place in the page, for authors.
"""

import re
from functools import partial

from . import read_text
from .blocks import carried_out
from .cache import VERSIONS
from .excerpt import block
from .formula import mathml
from .sentence import filled_in, sentence

FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
FENCE = re.compile(r"(?P<indent>\s*)(?P<ticks>`{3,}|~{3,})\s*(?P<language>\w*).*")
DISPLAY = re.compile(r"\$\$(?: (?P<name>\w+))?\s*")
DIRECTIVE = re.compile(r"\{\{ (?P<kind>\w+) (?P<what>[^{}]+?) \}\}\s*")
NO_PROSE = re.compile(
    r"\A---.*?^---$|^ *```.*?^ *```$|\{\{.*?\}\}|\$\$.*?\$\$|\$[^$]*\$", re.DOTALL | re.MULTILINE
)
WORDS_PER_MINUTE = 230  # Brysbaert 2019, "How many words do we read per minute?": 238


def woven_chapter(page):
    """The texts of a chapter by suffix: one."""
    text = read_text(page.path)
    return {"": weave(text, page)}


def weave(text, page):
    """A whole page: front matter, title, what stands below the title, and all the rest."""
    front = FRONT.match(text)[0] if FRONT.match(text) else ""
    body = markdown(text[len(front) :], page, 1 + front.count("\n"))
    return linked(front + titled(body, text, page), text, page)


def titled(body, text, page, head=""):
    """A page with `head` below its title, with a notice of what is wrong, and a byline."""
    title, _, rest = body.lstrip("\n").partition("\n")
    if not title.startswith("# "):
        title, rest = page.failed("there is no title: a page begins with `# `", 1), body
    below = byline(text) if "!!! goal" in text else ""
    return f"{title}\n\n{page.notice()}{below}\n{head}{rest}"


def markdown(text, page, first=1):
    """Lines of Markdown with all their directives carried out; the `first` has this number."""
    lines, woven = iter(enumerate(text.split("\n"), first)), []
    for number, line in lines:
        woven.append(page.attempt(partial(woven_line, line, lines, page, number), number))
    return "\n".join(woven)


def woven_line(line, lines, page, number):
    """A line, or what begins with it: then the `lines` up to its end are taken, too."""
    if fence := FENCE.fullmatch(line):
        content = until(fence["ticks"], lines)
        if fence["indent"]:
            raise ValueError(f"{fence['ticks']} has to start its line")
        return block(content, fence["language"])
    if display := DISPLAY.fullmatch(line):
        return formula(until("$$", lines), display["name"], page)
    if directive := DIRECTIVE.fullmatch(line):
        return carried_out(directive["kind"], directive["what"], page)
    return sentence(line, page, number)


def until(end, lines):
    """The lines up to one that is `end`."""
    content = []
    for _, line in lines:
        if line.strip() == end:
            return "\n".join(content)
        content.append(line)
    raise ValueError(f"this {end} is never closed")


def formula(tex, name, page):
    """A formula on lines of its own, with a link to the code of this name."""
    if not tex.strip():
        raise ValueError("a formula of nothing")
    markup = mathml(filled_in(tex, page), display=True)
    if not name:
        return f'<div class="formula">{markup}</div>'
    link = f'<a class="to-code" href="#code-{name}">code: {name}</a>'
    return f'<div class="formula" id="formula-{name}">{markup}{link}</div>'


def linked(text, source, page):
    """The code of a page linked with the formulas that name it."""
    for name in re.findall(r'id="formula-([\w.]+)"', text):
        code = rf'<span class="n[^"]*">{re.escape(name)}</span>'
        defined = rf'{code}(?=<span class="p">\(|(?:</a>)? *<span class="o">=<)'
        link = f'<a class="to-formula" id="code-{name}" href="#formula-{name}" title="its formula">'
        text, found = re.subn(defined, rf"{link}\g<0></a>", text, count=1)
        if not found:
            line = source[: source.find(f"$$ {name}")].count("\n") + 1
            text += "\n" + page.failed(f"no code on this page defines `{name}`", line)
    return text


def byline(text):
    """Below the title of a page: how long it takes to read, and what it was computed with."""
    minutes = max(1, round(words(text) / WORDS_PER_MINUTE))
    versions = "Python {python}, NumPy {numpy}, Matplotlib {matplotlib}".format(**VERSIONS)
    return f'<p class="byline">{minutes} min read · computed with {versions}</p>\n'


def words(text):
    return len(re.findall(r"[^\W\d_]{2,}", NO_PROSE.sub(" ", text)))
