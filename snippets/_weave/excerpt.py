"""Takes functions out of the source of a module, and shows code as HTML with its marks."""

import ast
import doctest
import re
import textwrap
from html import escape

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from . import WeaveError, read_text, shown

DEFINITIONS = (ast.FunctionDef, ast.ClassDef)
IMPORTS = (ast.Import, ast.ImportFrom)
VARIABLE = re.compile(
    r'<span class="n">(?:(?P<backward>d[A-Za-z]\w*_d[A-Za-z]\w*)|(?P<forward>[zaZA]\d))</span>'
)
SHAPE = re.compile(r'<span class="c1">(?=# +\()')


class Source:
    """The source of a Python file, to take parts of; raises `WeaveError` if it is not Python."""

    def __init__(self, path):
        self.path, self.place, self.text = path, shown(path), read_text(path)
        self.is_snippet = path.parent.name == "snippets"
        self.lines = self.text.split("\n")
        try:
            self.tree = ast.parse(self.text)
        except SyntaxError as error:
            message = f"{type(error).__name__}: {error.msg}"
            raise WeaveError(message, self.place, error.lineno) from None

    def definition(self, name):
        """The statement that defines `name`."""
        for node in self.tree.body:
            if name in defined_by(node):
                return node
        raise ValueError(f"no function, class or assignment of {self.place} is `{name}`")

    def span(self, first, last):
        """The statements from the definition of `first` to that of `last`."""
        start, end = (self.tree.body.index(self.definition(name)) for name in (first, last))
        if start > end:
            raise ValueError(f"`{first}` stands below `{last}` in {self.place}")
        return self.tree.body[start : end + 1]

    def excerpt(self, first, last):
        """The source of a span as a chapter shows it: docstrings in one line, no guards."""
        nodes = self.span(first, last)
        begin = min(node.lineno for node in [nodes[0], *getattr(nodes[0], "decorator_list", [])])
        lines = dict(enumerate(self.lines[begin - 1 : nodes[-1].end_lineno], begin))
        for node in (inner for outer in nodes for inner in ast.walk(outer)):
            if isinstance(node, DEFINITIONS) and ast.get_docstring(node):
                fold_docstring(lines, node.body[0])
            elif is_guard(node):
                leave_out(lines, node)
        return "\n".join(lines.values())

    def imports(self, parts):
        """The import statements that `parts` use, as one string in a list, or an empty list."""
        used = set().union(*(names_in(ast.parse(part)) for part in parts))
        nodes = [node for node in self.tree.body if isinstance(node, IMPORTS)]
        bound = [({a.asname or a.name.split(".")[0] for a in node.names}, node) for node in nodes]
        lines = [ast.unparse(node) for names, node in bound if names & used]
        return ["\n".join(lines)] if lines else []

    def imported(self):
        """The names of the modules that this one imports, with a line of each."""
        found = {}
        for node in ast.walk(self.tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or "."] if isinstance(node, ast.ImportFrom) else []
            found |= dict.fromkeys(names, getattr(node, "lineno", 1))
        return found

    def needs(self):
        numpy = any(name.split(".")[0] == "numpy" for name in self.imported())
        return "NumPy 1.26 or later" if numpy else "nothing but Python"

    def documented(self, name=None):
        node = self.definition(name) if name else self.tree
        return isinstance(node, (ast.Module, *DEFINITIONS)) and ast.get_docstring(node) or ""

    def summary(self, name=None):
        """The first line of a docstring."""
        return self.documented(name).split("\n")[0]

    def public(self):
        """The names of the functions and classes that others may use."""
        named = [node.name for node in self.tree.body if isinstance(node, DEFINITIONS)]
        return [name for name in named if name[0] != "_"]


def fold_docstring(lines, node):
    """Leave the first of its lines."""
    if node.end_lineno > node.lineno and node.lineno in lines:
        lines[node.lineno] = lines[node.lineno].removesuffix('"""') + '"""'
        for number in range(node.lineno + 1, node.end_lineno + 1):
            del lines[number]


def is_guard(node):
    """Whether a statement is one call of a function `_check_...`, which chapters do not show."""
    called = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and node.value.func
    return isinstance(called, ast.Name) and called.id.startswith("_check_")


def leave_out(lines, node):
    """Remove the lines of a statement, and a blank line that it would leave over."""
    for number in range(node.lineno, node.end_lineno + 1):
        del lines[number]
    above = lines[max(number for number in lines if number < node.lineno)]
    if not above or above.endswith((":", '"""')):
        if lines.get(node.end_lineno + 1) == "":
            del lines[node.end_lineno + 1]


def defined_by(node):
    """The names that a statement defines: a function, a class, or the targets of an assignment."""
    if isinstance(node, DEFINITIONS):
        return [node.name]
    targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
    return [n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]


def names_in(node):
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def examples(text):
    return doctest.DocTestParser().get_examples(text)


def example(text):
    """The examples of a docstring as code to paste, what they print in comments."""
    return "".join(e.source + textwrap.indent(e.want, "# ") for e in examples(text)).rstrip()


def block(text, language="python", title="", link=""):
    """Code as HTML: forward and backward variables and shapes marked, its file as the title."""
    try:
        lexer = get_lexer_by_name(language or "text", stripnl=False)
    except ClassNotFound:
        lexer = get_lexer_by_name("text", stripnl=False)
    html = highlight(text, lexer, HtmlFormatter(nowrap=True))
    html = VARIABLE.sub(lambda m: f'<span class="n {m.lastgroup}">{m[m.lastgroup]}</span>', html)
    html = SHAPE.sub('<span class="c1 shape">', html)
    name = f'<a href="{link}">{escape(title)}</a>' if link else escape(title)
    head = f'<span class="filename">{name}</span>' if title else ""
    return f'<div class="highlight">{head}<pre><span></span><code>{html}</code></pre></div>'
