"""Finishes the code on a rendered page: what flows forward and backward, shapes, the file a block comes from, formulas."""

import re
from html import escape

SCROLLS = '<div class="md-typeset__scrollwrap"><div class="md-typeset__table">'  # as Material's script has it
NAME = re.compile(r'<span class="n">(?:(?P<backward>d[A-Za-z]\w*_d[A-Za-z]\w*)|(?P<forward>[zaZA]\d))</span>')
SHAPE = re.compile(r'<span class="c1">(?=# +\()')
FILE = re.compile(r'<span class="filename">snippets/(\w+)\.py</span>')
TERM = re.compile(r'<a href="(?:\.\./)*glossary\.html#([\w-]+)">(.*?)</a>')
ENTRY = re.compile(r"(?ms)^## (.+?)$\n+(.+?)(?:\s+See \[.*?\]\(.*?\)\.)?\s*(?=^## |\Z)")
TABLE = re.compile(r"(?s)<table>.*?</table>")
CORNER = re.compile(r"<th([^>]*)></th>")
SYMBOL = re.compile(r'(<th[^>]*><math )(?=alttext="([^"]*)">(?:(?!</math>).)*</math></th>)')
FORMULA = re.compile(r'<a class="to-code" href="#code-([\w.]+)"')


def definitions(glossary):
    """By anchor, the definition of each term in the text of the glossary."""
    return {re.sub(r"\W+", "-", term.lower()): f"<strong>{term}.</strong> {escape(text)}" for term, text in ENTRY.findall(glossary)}


def decorate(html, root, terms):
    """`html` with its code marked, and its links to the glossary as buttons that show the definition in place.

    `root` leads from the page to the folder of the first page; `terms` is what `definitions` found.
    """
    for number, link in enumerate(TERM.finditer(html)):
        if link[1] not in terms:
            continue  # a broken link, which is told with its place
        html = html.replace(link[0], (
            f'<button class="term" type="button" popovertarget="term-{number}">{link[2]}</button>'
            f'<span class="definition" id="term-{number}" popover data-search-exclude>{terms[link[1]]} '
            f'<a href="{root}/glossary.html#{link[1]}">In the glossary</a></span>'
        ), 1)  # fmt: skip
    html = CORNER.sub(r"<td\1></td>", html)  # what is empty heads nothing
    html = SYMBOL.sub(r'\1aria-label="\2" ', html)  # a heading that is all formula has a name in text
    html = TABLE.sub(rf"{SCROLLS}\g<0></div></div>", html)
    html = NAME.sub(lambda match: f'<span class="n {match.lastgroup}">{match[match.lastgroup]}</span>', html)
    html = SHAPE.sub('<span class="c1 shape">', html)
    html = FILE.sub(rf'<span class="filename"><a href="{root}/snippets/\1.html">snippets/\1.py</a></span>', html)
    for name in FORMULA.findall(html):
        html = re.sub(
            rf'<span class="(n[^"]*)">{re.escape(name)}</span>(?=<span class="p">\(|(?:</a>)? *<span class="o">=<)',
            lambda match: f'<a class="to-formula" id="code-{name}" href="#formula-{name}" title="its formula">{match[0]}</a>',
            html, count=1,
        )  # fmt: skip
    return html
