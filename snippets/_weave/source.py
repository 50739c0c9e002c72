"""A page for each snippet, to see it whole and to take it along, and the list of all."""

import ast
import doctest
import json
import re
import sys

from . import ROOT, WeaveError
from .chapter import BLOCKS, parsed, read

LICENCE = "MIT-0: paste it without attribution"


def pages():
    """By path below `docs/`, the Markdown of a page for each snippet."""
    chapters = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").rglob("*.md"))}
    return {f"snippets/{path.stem}.md": page(path.stem, chapters) for path in sorted((ROOT / "snippets").glob("[!_]*.py"))}


def page(stem, chapters):
    path, source = read(stem)
    tree = parsed(source)
    check_imports(tree, path)
    summary, _, details = documented(tree).partition("\n")
    details = re.split(r"(?m)^>>> ", details)[0].strip()
    shown_in = [
        f"[{re.search(r'(?m)^# (.+)', text)[1]}](../{file.relative_to(ROOT / 'docs').as_posix()})"
        for file, text in chapters.items() if re.search(rf"\{{\{{ code (?:[\w.]+ )*{stem}\.", text)
    ]  # fmt: skip
    facts = {
        "Needs": needs(tree),
        "Examples": f"{examples(tree)}, which ran when this page was built; `python -m doctest {stem}.py` runs them where you pasted it",
        "Licence": LICENCE,
        "Explained in": ", ".join(shown_in),
    }
    functions = [node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name[0] != "_"]
    return "\n\n".join([
        f"---\ntitle: {stem}.py\ndescription: {json.dumps(summary, ensure_ascii=False)}\nsearch: {{boost: 0.2}}\n---",
        f"# {stem}.py",
        summary, details,
        f"[Download {stem}.py]({stem}.py){{ .md-button download=\"{stem}.py\" }}",
        "\n".join(f"- **{name}:** {text}" for name, text in facts.items() if text),
        *(["| Function | What it does |\n| --- | --- |\n" + "\n".join(map(row, functions))] * bool(functions)),
        "## The whole file", f"{{{{ file {stem} }}}}\n",
    ])  # fmt: skip


def documented(node):
    return ast.get_docstring(node) or ""


def first_line(node):
    """Of the docstring, for the cell of a table."""
    return documented(node).split("\n")[0].replace("|", "\\|")


def row(node):
    return f"| `{node.name}` | {first_line(node)} |"


def needs(tree):
    imported = {name.split(".")[0] for node in ast.walk(tree) for name in names(node)}
    return "NumPy 1.26 or later" if "numpy" in imported else "nothing but Python"


def check_imports(tree, path):
    """Raise where the file would not run alone in somebody's project."""
    for node in ast.walk(tree):
        for name in names(node):
            if name.split(".")[0] not in {"numpy", *sys.stdlib_module_names}:
                raise WeaveError(f"imports `{name}`: a snippet has to run where it is pasted, with NumPy and the standard library alone", path, node.lineno)


def names(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return ["." * node.level + (node.module or "")] if isinstance(node, ast.ImportFrom) else []


def examples(tree):
    nodes = [node for node in ast.walk(tree) if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef))]
    return sum(len(doctest.DocTestParser().get_examples(documented(node))) for node in nodes)


def whole(what, results, values, keep):
    """The file of a snippet, as it is."""
    path, source = read(what)
    return f'```python title="{path}"\n{source.rstrip()}\n```'


def listing(what, results, values, keep):
    """The table of all snippets, for a page at the top of `docs/`."""
    rows = []
    for path in sorted((ROOT / "snippets").glob("[!_]*.py")):
        tree = parsed(read(path.stem)[1])
        rows.append(f"| [{path.stem}.py](snippets/{path.stem}.md) | {first_line(tree)} | {needs(tree)} |")
    return "\n".join(["| File | What is in it | Needs |", "| --- | --- | --- |", *rows])


BLOCKS |= {"file": whole, "list": listing}
