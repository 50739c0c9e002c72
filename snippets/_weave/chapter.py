"""Weaves what was computed into a chapter: Markdown with directives in, plain Markdown out.

`docs/contributing.md` lists the directives. A mistake is an error with file and line; it is also
shown at its place in the page, for authors.
"""

import math
import re
from functools import partial
from html import escape

from . import WeaveError, exercise, read_text
from .excerpt import block, example
from .formula import inline, mathml

FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
FENCE = re.compile(r"(?P<indent>\s*)(?P<ticks>`{3,}|~{3,})\s*(?P<language>\w*).*")
DISPLAY = re.compile(r"\$\$(?: (?P<name>\w+))?\s*")
DIRECTIVE = re.compile(r"\{\{ (?P<kind>\w+) (?P<what>[^{}]+?) \}\}\s*")
VALUE = re.compile(r"(?<![\\{])\{\{ (?P<value>.+?) \}\}(?!\})")
TERM = r"\[(?P<term>[^\]]+)\]\((?:\.\./)*glossary\.md#(?P<anchor>[\w-]+)\)"
CHECKED = r"✓\[(?P<check>(?:[^][]|\[[^]]*\])+)\]"
TEX = r"(?<!\\)\$(?P<tex>(?=\S)[^$]+(?<=\S))\$(?!\d)(?P<end>[.,;:?!)]*)"
CODE = r"(?P<code>(?P<ticks>`+).+?(?P=ticks))"
INLINE = re.compile(rf"{CODE}|{CHECKED}|\\\$|{TEX}|{VALUE.pattern}|{TERM}")
NO_NUMBER = re.compile(r"(?<![\w\\.])(?:nan|inf)(?!\w)")
NUMERIC = re.compile(r"(?:\**[-−+]?[\d.,\u202f]+[%×]?\**)?|–|(?:below )?10<sup>.*")
UNFORMATTED = re.compile(r"-?\d+\.\d{13,}|-?\d\.\d{5,}e-?\d+")
NO_PROSE = re.compile(
    r"\A---.*?^---$|^ *```.*?^ *```$|\{\{.*?\}\}|\$\$.*?\$\$|\$[^$]*\$", re.DOTALL | re.MULTILINE
)
WORDS_PER_MINUTE = 230  # Brysbaert 2019, "How many words do we read per minute?": 238
SECONDS_PER_LINE = 5  # of code
NO_READING = re.compile(r"<form.*?</form>|<details.*?</details>", re.DOTALL)  # folded
SHOWN_CODE = re.compile(r"<pre><span></span><code>(.*?)</code>", re.DOTALL)


def woven_chapter(page):
    return weave(read_text(page.path), page)


def weave(text, page):
    """A whole page: front matter, title, what stands below the title, and all the rest."""
    front = FRONT.match(text)[0] if FRONT.match(text) else ""
    body = markdown(text[len(front) :], page, 1 + front.count("\n"))
    return linked(front + titled(body, text, page), text, page)


def titled(body, text, page, head=""):
    """A page with `head` below its title, with a notice of what is wrong, and a byline."""
    title, _, rest = body.lstrip("\n").partition("\n")
    if not title.startswith("# "):
        wrong = (
            "the front matter has no end, a line `---`" if title == "---" else "there is no title"
        )
        title, rest = page.failed(f"{wrong}: a page begins with `# `", 1), body
    below = byline(text, body) if "!!! goal" in text else ""
    head = exercise.script(rest, page) + head
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
        if directive["kind"] not in BLOCKS:
            known = " or ".join(BLOCKS)
            raise ValueError(f"there is no directive `{directive['kind']}`: expected {known}")
        return BLOCKS[directive["kind"]](directive["what"], page)
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


def byline(text, body):
    """Below the title of a page: how long it takes to read, with the code that is not folded."""
    words = re.findall(r"[^\W\d_]{2,}", NO_PROSE.sub(" ", text))
    lines = "".join(SHOWN_CODE.findall(NO_READING.sub("", body))).count("\n")
    minutes = max(1, round(len(words) / WORDS_PER_MINUTE + lines * SECONDS_PER_LINE / 60))
    return f'<p class="byline">{minutes} min to read</p>\n'


def sentence(line, page, number):
    """A line with its numbers, formulas, marks of checks and glossary terms put in."""

    def replacement(match):
        if match["code"]:
            return filled_in(match["code"], page)
        if match["tex"]:
            made = inline(mathml(filled_in(match["tex"], page)))
            return f'<span class="math">{made}{match["end"]}</span>'
        if match["check"]:
            return page.opens("check", "✓", sentence(match["check"], page, number))
        if match["term"]:
            return page.term(match["term"], match["anchor"]) or match[0]
        return typeset(value(match["value"], page)) if match["value"] else "$"

    rest = INLINE.sub("", line).replace("\\{{", "").replace("\\$", "")
    for mark, advice in (("$", "; write \\$ for a dollar"), ("{{", ""), ("}}", "")):
        if mark in rest:
            raise ValueError(f"a lone {mark}: both ends stand on one line{advice}")
    woven = INLINE.sub(lambda match: page.attempt(lambda: replacement(match), number), line)
    return woven.replace("\\{{", "{{")


def filled_in(text, page):
    """TeX or code with its values, as they are."""
    return VALUE.sub(lambda match: value(match["value"], page), text).replace("\\{{", "{{")


def value(expression, page):
    """`module.name[key]:format` as text; a float needs a format, and must be a number."""
    field, _, spec = expression.strip().partition(":")
    if field.split(" ")[0] in BLOCKS:
        raise ValueError(f"`{{{{ {field} }}}}` has to stand on a line of its own, at its start")
    found = page.value(field)
    if not isinstance(found, (str, int, float)):
        raise ValueError(f"`{field}` is not one value: {found!r:.60}")
    if isinstance(found, float) and not math.isfinite(found):
        raise ValueError(f"`{field}` is {found}")
    if isinstance(found, float) and not spec:
        raise ValueError(f"`{field}` is a float and needs a format, such as `{field}:.3f`")
    return finite(format(found, spec), field)


def finite(text, what):
    """`text`, which must not say `nan` or `inf`."""
    if found := NO_NUMBER.search(text):
        raise ValueError(f"`{what}` holds {found[0]}, which is no number: {text:.60}")
    return text


def typeset(text):
    """A number as print has it: a real minus, thousands apart, and powers of ten."""
    if power := re.fullmatch(r"(-?[\d.]+)e([+-]\d+)", text):
        return f"{typeset(power[1])} × 10<sup>{typeset(str(int(power[2])))}</sup>"
    return re.sub(r"^-(?=\d)", "−", re.sub(r"(?<=\d),(?=\d{3})", "\u202f", text))


def code(what, page):
    """Functions with the imports that they use, or a whole module without its docstring."""
    if page.file(what).is_file():
        source = page.source(what)
        docstring = source.tree.body[0].end_lineno if source.docstring() else 0
        parts = ["\n".join(source.lines[docstring:]).strip()]
    else:
        ends = [part.partition("..")[::2] for part in what.split()]
        if not all("." in first for first, _ in ends):
            raise ValueError(f"`{what}` has to be named with its module: module.{what}")
        modules = sorted({first.rpartition(".")[0] for first, _ in ends})
        if len(modules) > 1:
            raise ValueError(f"one block shows one module, not {', '.join(modules)}")
        source = page.source(modules[0])
        ends = [(first.rpartition(".")[2], last.rpartition(".")[2]) for first, last in ends]
        parts = [source.excerpt(first, last or first) for first, last in ends]
        parts = [*source.imports(parts), *parts]
    is_snippet = source.place.count("/") == 1
    link = f"{page.root}snippets/{source.path.stem}.html" if is_snippet else ""
    return block("\n\n\n".join(parts), title=source.place, link=link)


def examples(what, page):
    """The doctest of a function as code that can be pasted, its output in comments."""
    is_module = page.file(what).is_file()
    module, name = (what, None) if is_module else what.rpartition(".")[::2]
    if text := example(page.source(module).examples(name)):
        return block(text, title=f"{what}: example")
    raise ValueError(f"`{what}` has no doctest to show")


def table(what, page):
    """A list of rows, dicts, as a table; a column of numbers is flush right."""
    rows = page.value(f"tables.{what}")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise ValueError(f"`{what}` is not a table, a list of dicts, in snippets/tables/")
    if any(row.keys() != rows[0].keys() for row in rows):
        raise ValueError(f"the rows of `{what}` have different keys")
    columns = [[finite(str(row[heading]), what) for row in rows] for heading in rows[0]]
    if long := [cell for column in columns for cell in column if UNFORMATTED.fullmatch(cell)]:
        raise ValueError(f"`{what}` has the cell {long[0]}: format the number, as text")
    numeric = [all(NUMERIC.fullmatch(cell) for cell in column) for column in columns]
    lines = [[sentence(cell, page, 1) for cell in line] for line in [rows[0], *zip(*columns)]]
    named = r'(<math )(alttext=)("[^"]*")'  # for who hears the name of a column
    lines[0] = [re.sub(named, r"\1aria-label=\3 \2\3", cell) for cell in lines[0]]
    return markdown_table(*lines, marks=["---:" if right else "---" for right in numeric])


def markdown_table(headings, *rows, marks=None):
    """A table in Markdown; a bar within a cell is no border, and stays in code as it is."""
    bars = re.compile(r"(?P<code>`+.+?`+)|\|")
    lines = [headings, marks or ["---"] * len(headings), *rows]
    cells = [[bars.sub(lambda bar: bar["code"] or "\\|", cell) for cell in line] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def output(what, page):
    """A text that a module computed, such as what a program printed, line by line."""
    return block(value(what, page), "text")


def figure(what, page):
    """The drawing, inline, with its title below."""
    result = page.result(f"figures.{what}")
    if result["failed"]:
        raise WeaveError(result["errors"][-1])
    return drawing(what, result["svg"], escape(result["values"]["TITLE"]))


def drawing(name, svg, caption):
    caption = f"<figcaption>{caption}</figcaption>"
    return f'<figure class="figure" id="figure-{name}">{svg}{caption}</figure>'


def whole(what, page):
    """The file of a snippet, as it is downloaded."""
    source = page.source(what)
    html = block(page.signed(source.path, source.text), title=source.place)
    return html.replace('class="c1"', 'class="c1 origin"', 1)


def listing(what, page):
    """The table of all snippets, for a page at the top of `docs/`."""
    rows = []
    for stem in page.result("build")["values"]["snippets"]:
        source = page.source(stem)
        summary = source.docstring().partition("\n")[0]
        rows.append([f"[{stem}.py](snippets/{stem}.md)", summary, source.needs])
    return markdown_table(["File", "What is in it", "Needs"], *rows)


BLOCKS = {"code": code, "example": examples, "table": table, "output": output, "figure": figure}
BLOCKS |= {"file": whole, "list": listing, "exercise": partial(exercise.woven, markdown)}
