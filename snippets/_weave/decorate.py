"""Finishes the code on a rendered page: what flows forward and backward, shapes, the file a block comes from, formulas."""

import re

NAME = re.compile(r'<span class="n">(?:(?P<backward>d[A-Za-z]\w*_d[A-Za-z]\w*)|(?P<forward>[zaZA]\d))</span>')
SHAPE = re.compile(r'<span class="c1">(?=# +\()')
FILE = re.compile(r'<span class="filename">snippets/(\w+)\.py</span>')
FORMULA = re.compile(r'<a class="to-code" href="#code-([\w.]+)"')


def decorate(html, root):
    """`html` with its code marked; `root` leads from the page to the first page's folder. Only attributes and links are added."""
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
