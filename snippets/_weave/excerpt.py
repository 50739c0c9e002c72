"""Takes functions out of the source of a module, and shows code as HTML with its marks."""

import ast
import doctest
import functools
import re
import textwrap
from html import escape

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from . import WeaveError, at, read_text, shown

DEFINITIONS = (ast.FunctionDef, ast.ClassDef)
VARIABLE = re.compile(
    r'<span class="n">(?:(?P<backward>d[A-Za-z]\w*_d[A-Za-z]\w*)|(?P<forward>[zaZA]\d))</span>'
)
SHAPE = re.compile(r'<span class="c1">(?=# +\()')


class Source:
    """The source of a Python file, to take parts of; raises `WeaveError` if it is not Python."""

    def __init__(self, path):
        self.path, self.place, self.text = path, shown(path), read_text(path)
        self.lines = self.text.split("\n")
        try:
            self.tree = ast.parse(self.text)
        except SyntaxError as error:
            message = f"{type(error).__name__}: {error.msg}"
            raise WeaveError(at(path, error.lineno, message)) from None
        functions = [node for node in self.tree.body if isinstance(node, DEFINITIONS)]
        self.public = [node.name for node in functions if node.name[0] != "_"]
        has_numpy = re.search(r"(?m)^ *(import|from) numpy\b", self.text)
        self.needs = "NumPy 1.26 or later" if has_numpy else "nothing but Python"

    def definition(self, name):
        """The statement that defines `name`."""
        for node in self.tree.body:
            if name in defined_by(node):
                return node
        raise ValueError(f"no function, class or assignment of {self.place} is `{name}`")

    def excerpt(self, first, last):
        """The source from the definition of `first` to that of `last`, as a chapter shows it.

        Docstrings have one line. Guards are left out, with the blank line below each.
        """
        start, end = (self.tree.body.index(self.definition(name)) for name in (first, last))
        if start > end:
            raise ValueError(f"`{first}` stands below `{last}` in {self.place}")
        nodes, lines, hidden = self.tree.body[start : end + 1], list(self.lines), set()
        for node in (inner for outer in nodes for inner in ast.walk(outer)):
            if isinstance(node, DEFINITIONS) and ast.get_docstring(node):
                quoted = node.body[0]
                lines[quoted.lineno - 1] = lines[quoted.lineno - 1].removesuffix('"""') + '"""'
                hidden.update(range(quoted.lineno, quoted.end_lineno))
            elif is_guard(node):
                below = lines[node.end_lineno : node.end_lineno + 1] == [""]
                hidden.update(range(node.lineno - 1, node.end_lineno + below))
        begin = min(node.lineno for node in [nodes[0], *getattr(nodes[0], "decorator_list", [])])
        taken = (number for number in range(begin - 1, nodes[-1].end_lineno))
        return "\n".join(lines[number] for number in taken if number not in hidden)

    def imports(self, parts):
        """The import statements that `parts` use, as one string in a list, or an empty list."""
        nodes = [inner for part in parts for inner in ast.walk(ast.parse(part))]
        used, lines = {node.id for node in nodes if isinstance(node, ast.Name)}, []
        for node in self.tree.body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                if used & {alias.asname or alias.name.split(".")[0] for alias in node.names}:
                    lines.append(ast.unparse(node))
        return ["\n".join(lines)] if lines else []

    def docstring(self, name=None):
        node = self.definition(name) if name else self.tree
        return isinstance(node, (ast.Module, *DEFINITIONS)) and ast.get_docstring(node) or ""

    def examples(self, name=None):
        return doctest.DocTestParser().get_examples(self.docstring(name))


@functools.cache
def source_at(path, digest):
    return Source(path)


def defined_by(node):
    """The names that a statement defines: a function, a class, or the targets of an assignment."""
    if isinstance(node, DEFINITIONS):
        return [node.name]
    targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
    return [n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]


def is_guard(node):
    """Whether a statement is one call of a function `_check_...`, which chapters do not show."""
    called = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and node.value.func
    return isinstance(called, ast.Name) and called.id.startswith("_check_")


def example(examples):
    """Doctests as code to paste, what they print in comments."""
    return "".join(e.source + textwrap.indent(e.want, "# ") for e in examples).rstrip()


@functools.cache
def block(text, language="python", title="", link=""):
    """Code as HTML: forward and backward variables and shapes marked, its file as the title."""
    lexer = get_lexer_by_name(language or "text", stripnl=False)
    html = highlight(text.rstrip() + "\n", lexer, HtmlFormatter(nowrap=True))
    html = VARIABLE.sub(lambda m: f'<span class="n {m.lastgroup}">{m[m.lastgroup]}</span>', html)
    html = SHAPE.sub('<span class="c1 shape">', html)
    name = f'<a href="{link}">{escape(title)}</a>' if link else escape(title)
    head = f'<span class="filename">{name}</span>' if title else ""
    return f'<div class="highlight">{head}<pre><span></span><code>{html}</code></pre></div>'
