"""Weaves what was computed into a chapter: Markdown with directives in, plain Markdown out.

In a sentence:      {{ worked_example.loss:.4f }}   $\\partial L$     (\\{{ and \\$ as they are)
On its own line:    {{ code process.forward_pass }}       a function, or several, or `m.first..last`
                    {{ example process.forward_pass }}    its doctest
                    {{ table worked_example.VERIFIED }}   a list of rows in snippets/tables/
                    {{ output tables.frameworks.LOG }}    a text, line by line
                    {{ figure overview }}                 a drawing in snippets/figures/
                    {{ exercise losses.at_z }}            a question, from snippets/exercises/
                    {{ file process }}                    a whole snippet
                    {{ list snippets }}                   all of them, in a table
                    $$                                    display mathematics, up to the next $$
                    $$ mse_gradient                       the same, linked with this function

A mistake is an error with file and line. It is also shown at its place in the page, for authors.
"""

import difflib
import math
import re
from functools import partial
from html import escape

from . import WeaveError, exercise
from .excerpt import block, example
from .formula import inline, mathml

KINDS = ["code", "example", "table", "output", "figure", "file", "list", "exercise"]
DIRECTIVE = re.compile(r"\{\{ (?P<kind>\w+) (?P<what>[^{}]+?) \}\}\s*")
VALUE = re.compile(r"(?<![\\{])\{\{ (?P<value>.+?) \}\}(?!\})")
MODULE = r"(?P<module>(?:(?:tables|figures|exercises|labs)\.)?\w+)"
NAME = re.compile(MODULE + r"\.(?P<name>\w+)((?:\[[^]]+\])*)")
TERM = r"\[(?P<term>[^\]]+)\]\((?:\.\./)*glossary\.md#(?P<anchor>[\w-]+)\)"
TEX = r"(?<!\\)\$(?P<tex>(?=\S)[^$]+(?<=\S))\$(?!\d)"
INLINE = re.compile(rf"(?P<code>(?P<ticks>`+).+?(?P=ticks))|\\\$|{TEX}|{VALUE.pattern}|{TERM}")
FENCE = re.compile(r"(?P<indent>\s*)(?P<ticks>`{3,}|~{3,})\s*(?P<language>\w*).*")
FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
DISPLAY = re.compile(r"\$\$(?: (?P<name>\w+))?\s*")
NO_NUMBER = re.compile(r"(?<![\w\\])(?:nan|inf)(?!\w)")
NUMERIC = re.compile(r"(?:\**[-−+]?[\d.,\u202f]+[%×]?\**)?|–|(?:below )?10<sup>.*")
UNFORMATTED = re.compile(r"-?\d+\.\d{13,}|-?\d\.\d{5,}e-?\d+")
NO_PROSE = re.compile(
    r"\A---.*?^---$|^ *```.*?^ *```$|\{\{.*?\}\}|\$\$.*?\$\$|\$[^$]*\$", re.DOTALL | re.MULTILINE
)
WORDS_PER_MINUTE = 230  # Brysbaert 2019, "How many words do we read per minute?": 238


class Pending(Exception):
    """A value whose module has not run yet."""


def weave(text, page):
    """The Markdown of a chapter with all its directives carried out.

    `page` is a `book.Page`: it finds results and sources, and takes note of errors.
    """
    front = FRONT.match(text)[0] if FRONT.match(text) else ""
    woven, titled = [front.removesuffix("\n")] if front else [], False
    lines = iter(list(enumerate(text.split("\n"), 1))[front.count("\n") :])
    for number, line in lines:
        if fence := FENCE.fullmatch(line):
            content = until(fence["ticks"], lines, page, number)
            woven.append(block("\n".join(content) + "\n", fence["language"]))
            if fence["indent"]:
                woven.append(page.failed(f"{fence['ticks']} has to start its line", number))
        elif display := DISPLAY.fullmatch(line):
            tex = "\n".join(until("$$", lines, page, number))
            woven.append(attempt(partial(formula, tex, display["name"], page), page, number))
        elif directive := DIRECTIVE.fullmatch(line):
            woven.append(
                attempt(partial(carried_out, **directive.groupdict(), page=page), page, number)
            )
        else:
            woven.append(sentence(line, page, number))
        if line.startswith("# ") and not titled:
            titled = woven.append("\0") or True  # what stands below the title
    if not titled:
        woven = ["\0", page.failed("there is no title: a line that starts with `# `", 1), *woven]
    below = byline(text, page) if "!!! goal" in text else ""
    made = "\n".join(woven).replace("\0", f"\n{page.notice()}{below}\n{page.head}", 1)
    return linked(made, text, page)


def attempt(make, page, number, tag="p"):
    """What `make` makes; where it cannot, what stands there instead."""
    try:
        return make()
    except Pending:
        return "…"
    except (ValueError, WeaveError) as error:
        return page.failed(error, number, tag)


def until(end, lines, page, number):
    """The lines up to one that is `end`."""
    content = []
    for _, line in lines:
        if line.strip() == end:
            return content
        content.append(line)
    page.head += page.failed(f"this {end} is never closed", number)
    return content


def linked(text, source, page):
    """The code of a page linked with the formulas that name it."""
    for name in re.findall(r'id="formula-([\w.]+)"', text):
        code = rf'<span class="n[^"]*">{re.escape(name)}</span>'
        defined = rf'{code}(?=<span class="p">\(|(?:</a>)? *<span class="o">=<)'
        link = f'<a class="to-formula" id="code-{name}" href="#formula-{name}" title="its formula">'
        text, found = re.subn(defined, rf"{link}\g<0></a>", text, count=1)
        if not found:
            line = source[: source.find(f"$$ {name}")].count("\n") + 1
            text += page.failed(f"no code on this page defines `{name}`", line)
    return text


def byline(text, page):
    """Below the title of a page: how long it takes to read, and what it was computed with."""
    minutes = max(1, round(words(text) / WORDS_PER_MINUTE))
    versions = "Python {python}, NumPy {numpy}, Matplotlib {matplotlib}".format(**page.versions)
    return f'<p class="byline">{minutes} min read · computed with {versions}</p>\n'


def words(text):
    return len(re.findall(r"[^\W\d_]{2,}", NO_PROSE.sub(" ", text)))


def formula(tex, name, page):
    """A formula on lines of its own, with a link to the code of this name."""
    if not tex.strip():
        raise ValueError("a formula of nothing")
    markup = mathml(filled_in(tex, page), display=True)
    if not name:
        return f'<div class="formula">{markup}</div>'
    link = f'<a class="to-code" href="#code-{name}">code: {name}</a>'
    return f'<div class="formula" id="formula-{name}">{markup}{link}</div>'


def filled_in(text, page):
    """TeX or code with its values, as they are."""
    return VALUE.sub(lambda match: value(match["value"], page), text).replace("\\{{", "{{")


def carried_out(kind, what, page):
    """What a directive on a line of its own stands for."""
    if kind == "cell" and what in page.cells:
        return page.cells[what]
    if kind in BLOCKS:
        return BLOCKS[kind](what, page)
    near = difflib.get_close_matches(kind, KINDS, 1) or KINDS
    raise ValueError(f"there is no directive `{kind}`: expected {' or '.join(near)}")


def sentence(line, page, number=1):
    """A line with its numbers, formulas and glossary terms put in."""

    def replacement(match):
        if match["code"]:
            return filled_in(match["code"], page)
        if match["tex"]:
            return f'<span class="math">{inline(mathml(filled_in(match["tex"], page)))}</span>'
        if match["term"]:
            return page.term(match["term"], match["anchor"]) or match[0]
        return typeset(value(match["value"], page)) if match["value"] else "$"

    rest = INLINE.sub("", line).replace("\\{{", "").replace("\\$", "")
    for mark, advice in (("$", "; write \\$ for a dollar"), ("{{", ""), ("}}", "")):
        if mark in rest:
            return page.failed(f"a lone {mark}: both ends stand on one line{advice}", number)
    return INLINE.sub(
        lambda match: attempt(lambda: replacement(match), page, number, "mark"), line
    ).replace("\\{{", "{{")


def typeset(text):
    """A number as print has it: a real minus, thousands apart, and powers of ten."""
    if power := re.fullmatch(r"(-?[\d.]+)e([+-]\d+)", text):
        return f"{typeset(power[1])} × 10<sup>{typeset(str(int(power[2])))}</sup>"
    return re.sub(r"^-(?=\d)", "−", re.sub(r"(?<=\d),(?=\d{3})", "\u202f", text))


def value(expression, page):
    """`module.name[key]:format` as text; a float needs a format, and must be a number."""
    field, _, spec = expression.strip().partition(":")
    if field.split(" ")[0] in KINDS:
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


def code(what, page):
    """Functions with the imports that they use."""
    if page.is_module(what):
        source = page.source(what)
        docstring = source.tree.body[0].end_lineno if source.documented() else 0
        return titled(source, "\n".join(source.lines[docstring:]).strip(), page)
    modules = {part.partition("..")[0].rpartition(".")[0] for part in what.split()}
    if len(modules) > 1:
        raise ValueError(f"one block shows one module, not {', '.join(sorted(modules))}")
    source, parts = page.source(modules.pop()), []
    for part in what.split():
        first, last = (name.rpartition(".")[2] for name in part.partition("..")[::2])
        parts.append(source.excerpt(first, last or first))
    return titled(source, "\n\n\n".join([*source.imports(parts), *parts]), page)


def titled(source, text, page):
    link = f"{page.root}snippets/{source.path.stem}.html" if source.is_snippet else ""
    return block(text + "\n", title=source.place, link=link)


def examples(what, page):
    """The doctest of a function as code that can be pasted, its output in comments."""
    module, name = (what, None) if page.is_module(what) else what.rpartition(".")[::2]
    if text := example(page.source(module).documented(name)):
        return block(text + "\n", title=f"{what}: example")
    raise ValueError(f"`{what}` has no doctest to show")


def table(what, page):
    """A list of rows as a Markdown table; a column of numbers is flush right."""
    rows = page.value(f"tables.{what}")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise ValueError(f"`{what}` is not a table, a list of dicts, in snippets/tables/")
    return as_table(rows, what, lambda cell: sentence(cell, page))


def as_table(rows, what, shown=str):
    """Rows as a Markdown table, each cell passed through `shown`."""
    if any(row.keys() != rows[0].keys() for row in rows):
        raise ValueError(f"the rows of `{what}` have different keys")
    columns = [[finite(str(row[heading]), what) for row in rows] for heading in rows[0]]
    if long := [cell for column in columns for cell in column if UNFORMATTED.fullmatch(cell)]:
        raise ValueError(f"`{what}` has the cell {long[0]}: format the number, as text")
    numeric = [all(NUMERIC.fullmatch(cell) for cell in column) for column in columns]
    marks = ["---:" if right else "---" for right in numeric]
    lines = [list(rows[0]), marks, *zip(*columns, strict=True)]
    headings, *others = [[shown(cell) for cell in line] for line in lines]
    named = [re.sub(r'(<math )(alttext=)("[^"]*")', r"\1aria-label=\3 \2\3", h) for h in headings]
    return markdown_table([named, *others])


def markdown_table(lines):
    """Lines of cells as a table; a bar within a cell is no border, and stays in code as it is."""
    bars = re.compile(r"(?P<code>`+.+?`+)|\|")
    cells = [[bars.sub(lambda bar: bar["code"] or "\\|", cell) for cell in line] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def as_it_is(text):
    """Text from elsewhere, such as a docstring, in which nothing is to be put."""
    return text.replace("$", "\\$").replace("{{", "\\{{")


def output(what, page):
    """A text that a module computed, such as what a program printed, line by line."""
    return block(value(what, page).rstrip() + "\n", "text")


def figure(what, page):
    """The drawing, inline, with its title below."""
    result = page.result(f"figures.{what}")
    if "svg" not in result:
        raise WeaveError(*result["errors"][0])
    return drawing(what, result["svg"], result["values"]["TITLE"])


def drawing(name, svg, title):
    caption = f"<figcaption>{escape(title)}</figcaption>"
    return f'<figure class="figure" id="figure-{name}">{svg}{caption}</figure>'


def whole(what, page):
    """The file of a snippet, as it is."""
    from .snippet import to_take_along

    source = page.source(what)
    html = block(to_take_along(source.path).rstrip() + "\n", title=source.place)
    return html.replace('class="c1"', 'class="c1 origin"', 1)


def listing(what, page):
    """The table of all snippets, for a page at the top of `docs/`."""
    lines = [["File", "What is in it", "Needs"], ["---"] * 3]
    for stem in page.snippets():
        source, link = page.source(stem), f"[{stem}.py](snippets/{stem}.md)"
        lines.append([link, source.summary(), source.needs()])
    return markdown_table(lines)


def asked(what, page):
    """An exercise, or all of a module."""
    return exercise.woven(what, page, sentence)


MAKERS = [code, examples, table, output, figure, whole, listing, asked]
BLOCKS = dict(zip(KINDS, MAKERS, strict=True))
