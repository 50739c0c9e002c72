"""Weaves what was computed into a chapter: Markdown with directives in, Markdown out.

In a sentence:      {{ worked_example.loss:.4f }}   $\\partial L$
On its own line:    {{ code process.forward_pass }}       a function, or several, or `m.first..last`, or a module
                    {{ example process.forward_pass }}    its doctest
                    {{ table worked_example.VERIFIED }}   a list of rows in snippets/tables/
                    {{ output tables.frameworks.LOG }}    a text, line by line
                    {{ figure overview }}                 a drawing in snippets/figures/
                    {{ file process }}                    a whole snippet
                    {{ list snippets }}                   all of them, in a table
                    $$                                    display mathematics, up to the next $$
                    $$ mse_gradient                       the same, linked with the code on the page that defines the name
"""

import ast
import difflib
import doctest
import functools
import math
import re
import string
import textwrap
from html import escape
from types import SimpleNamespace

from . import ROOT, WeaveError, WeaveErrors
from .formula import mathml

DIRECTIVE = re.compile(r"(?P<indent>\s*)\{\{ (?P<kind>code|example|table|output|figure|file|list) (?P<what>.+?) \}\}\s*$")
VALUE = re.compile(r"(?<!\{)\{\{ (?P<value>.+?) \}\}(?!\})")
INLINE = re.compile(rf"(?P<code>(`+).+?\2|\\\$)|\$(?P<tex>(?=\S)[^$]+(?<=\S))\$(?!\d)|{VALUE.pattern}")
WORDS_PER_MINUTE = 230  # Brysbaert, How many words do we read per minute?, 2019: 238 for non-fiction
NO_PROSE = re.compile(r"\A---.*?^---$|^ *```.*?^ *```$|^\{\{.*?\}\}$|\{\{.*?\}\}|\$\$.*?\$\$|\$[^$]*\$", re.DOTALL | re.MULTILINE)
NO_NUMBER = re.compile(r"(?<![\w\\])(?:nan|inf)(?!\w)")
NUMERIC = re.compile(r"(?:\**[-−+]?[\d.,\u202f]+[%×]?\**)?|–|(?:below )?10<sup>.*")
DISPLAY = re.compile(r"(?P<indent>\s*)\$\$(?: (?P<name>\w+))?\s*$")
FENCE = re.compile(r"\s*(`{3,}|~{3,})")


def weave(text, page, results, keep=str):
    """The Markdown of a chapter with all its directives carried out.

    `page` is its path, for error messages; `results` is what `modules` and `run` brought; `keep` takes finished HTML
    and returns what stands for it in the Markdown. Whatever does not work raises `WeaveError` with the line.
    """
    values, lines, faults, fence, formula, display, opened = namespace(results), [], [], None, None, None, None
    for number, line in enumerate(text.split("\n"), 1):
        try:
            if formula is not None:
                if line.strip() == "$$":
                    tex, formula = formula, None
                    lines.append(display["indent"] + keep(displayed(tex, display["name"])))
                else:
                    formula += plugged_in(line, values) + "\n"
            elif mark := FENCE.match(line):
                opened = opened if fence else number
                fence = None if fence and line.strip() == fence else fence or mark[1]
                lines.append(line)
            elif fence:
                lines.append(line)
            elif display := DISPLAY.match(line):
                formula, opened = "", number
            elif directive := DIRECTIVE.match(line):
                block = BLOCKS[directive["kind"]](directive["what"], results, values, keep)
                lines.append(textwrap.indent(block, directive["indent"]))
            else:
                lines.append(sentence(line, values, keep))
            if line.startswith("# ") and not fence and "!!! goal" in text:
                lines += ["", keep(byline(text, values.build))]
        except Exception as error:
            faults.append(WeaveError(error, page, number))
    if formula is not None or fence:
        faults.append(WeaveError(f"this {fence or '$$'} is never closed", page, opened))
    if faults:
        raise WeaveErrors(faults)
    return "\n".join(lines)


def displayed(tex, name):
    """A formula on a line of its own, with a link to the code of this name."""
    if not name:
        return f'<div class="formula">{mathml(tex, display=True)}</div>'
    link = f'<a class="to-code" href="#code-{name}">code: {name}</a>'
    return f'<div class="formula" id="formula-{name}">{mathml(tex, display=True)}{link}</div>'


def byline(text, build):
    """Below the title of a page: how long it takes to read, and what it was computed with."""
    minutes = max(1, round(words(text) / WORDS_PER_MINUTE))
    return (
        f'<p class="byline" data-search-exclude>{minutes} min read · computed with Python {build.python}, '
        f"NumPy {build.numpy}, Matplotlib {build.matplotlib}</p>"
    )


def words(text):
    return len(re.findall(r"[^\W\d_]{2,}", NO_PROSE.sub(" ", text)))


def sentence(line, values, keep):
    """A line with its numbers and formulas put in."""

    def replacement(match):
        if match["tex"]:
            return keep(mathml(plugged_in(match["tex"], values)))
        return plugged_in(match["code"], values) if match["code"] else typeset(shown(match["value"], values))

    plain = INLINE.sub("", line)
    coded = VALUE.sub("", "".join(match["code"] or "" for match in INLINE.finditer(line)))  # braces in TeX are TeX's
    for mark, text in (("$", plain), ("{{", plain + coded), ("}}", plain + coded)):
        if mark in text:
            raise ValueError(f"a lone {mark}: both ends have to stand on one line")
    return INLINE.sub(replacement, line)


def plugged_in(text, values):
    """TeX or code with its values put in, as they are."""
    return VALUE.sub(lambda match: shown(match["value"], values), text)


def namespace(results):
    """The values of all modules as `snippet.value`, `tables.stem.value`, `figures.name.value` and `labs.stem.value`."""
    root = SimpleNamespace(tables=SimpleNamespace(), figures=SimpleNamespace(), labs=SimpleNamespace())
    for name, result in results.items():
        *group, stem = name.split(".")[1:]
        setattr(getattr(root, group[0]) if group else root, stem, SimpleNamespace(**result["values"]))
    return root


class _Formatter(string.Formatter):
    def get_value(self, key, args, kwargs):
        return getattr(kwargs["root"], key)


def shown(expression, values):
    """`module.name:format` as text; a float needs a format, and must be a number."""
    field, _, spec = expression.strip().partition(":")
    try:
        value, _ = _Formatter().get_field(field, (), {"root": values})
    except (AttributeError, KeyError, IndexError, ValueError, TypeError) as error:
        raise ValueError(f"unknown name `{field}`{suggestion(field, values)}") from error
    if not isinstance(value, (str, int, float)):
        raise ValueError(f"`{field}` is not one value: {value!r:.60}")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"`{field}` is {value}")
    if isinstance(value, float) and not spec:
        raise ValueError(f"`{field}` is a float and needs a format, such as `{field}:.3f`")
    return finite(format(value, spec), field)


def finite(text, what):
    """`text`, which must not say `nan` or `inf`: a number was formatted before anybody looked at it."""
    if found := NO_NUMBER.search(text):
        raise ValueError(f"`{what}` holds {found[0]}, which is no number: {text:.60}")
    return text


def suggestion(field, values):
    module, _, name = field.rpartition(".")
    if (ROOT / "snippets" / f"{module.replace('.', '/')}.py").is_file():
        for node in parsed(read(module)[1]).body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == name:
                return f": it is a function; `{{{{ code {field} }}}}` on a line of its own shows it"
    spaces = {"": values} | {f"{group}.": getattr(values, group) for group in ("tables", "figures", "labs")}
    known = {prefix + stem: list(vars(found)) for prefix, space in spaces.items() for stem, found in vars(space).items()}
    if module in known:
        close = [f"{module}.{found}" for found in difflib.get_close_matches(name, known[module], n=1)]
    else:
        close = difflib.get_close_matches(field, [f"{module}.{name}" for module, names in known.items() for name in names], n=1)
    return f"; did you mean `{close[0]}`?" if close else ""


def typeset(text):
    """A number as print has it: a real minus, thousands apart, and powers of ten."""
    if power := re.fullmatch(r"(-?[\d.]+)e([+-]\d+)", text):
        return f"{typeset(power[1])} × 10<sup>{typeset(str(int(power[2])))}</sup>"
    return re.sub(r"^-(?=\d)", "−", re.sub(r"(?<=\d),(?=\d{3})", "\u202f", text))


def code(what, results, values, keep):
    """A fenced block with the named code of one module and the imports that it uses, or with a whole module."""
    whole = ROOT / "snippets" / f"{what.replace('.', '/')}.py"
    modules = {what} if whole.is_file() else {names.split("..")[0].rpartition(".")[0] for names in what.split()}
    if len(modules) > 1:
        raise ValueError(f"one block shows one module, not {', '.join(sorted(modules))}")
    path, source = read(modules.pop())
    tree, lines = parsed(source), source.split("\n")
    if whole.is_file():
        start = tree.body[0].end_lineno if ast.get_docstring(tree) else 0
        body = "\n".join(lines[start:]).strip()
    else:
        parts = [excerpt(tree, lines, *names.split("..")) for names in what.split()]
        body = "\n\n\n".join([*imports(tree, parts), *parts])
    return f'```python title="{path}"\n{body}\n```'


def copied(what, results, values, keep):
    """`code`, and out of sight the same with all that it needs besides, for the button that copies it."""
    block, text = code(what, results, values, keep), complete(what)
    return block + "\n\n" + keep(f'<div class="complete" hidden data-search-exclude>{escape(text)}</div>') if text else block


def complete(what):
    """The source of these functions of a snippet with all that they use in their module, in its order; nothing if that is no more."""
    module = what.split("..")[0].split(" ")[0].rpartition(".")[0]
    if module in ("", "recorded") or module.startswith("tables."):  # whole files, and what imports snippets anyway
        return ""
    source = read(module)[1]
    tree, lines = parsed(source), source.split("\n")
    shown = names_of(ast.parse("\n".join(excerpt(tree, lines, *names.split("..")) for names in what.split())).body)
    wanted = needed(tree, shown)
    if wanted.keys() <= shown:
        return ""
    starts = {node.lineno: name for name, node in wanted.items()}
    parts = [excerpt(tree, lines, starts[line]) for line in sorted(starts)]
    return "\n\n\n".join([*imports(tree, parts), *parts])


def needed(tree, names):
    """By name, the statements that define `names` and all that these use in their module."""
    found, todo, defined = {}, list(names), names_of(tree.body)
    while todo:
        if (name := todo.pop()) not in found:
            found[name] = definition(tree, name)
            todo += [inner.id for inner in ast.walk(found[name]) if isinstance(inner, ast.Name) and inner.id in defined]
    return found


def names_of(statements):
    """The names of functions, classes and variables that these statements define."""
    named = {node.name for node in statements if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    return named.union(*map(assigned, statements))


def assigned(node):
    """The names that an assignment gives a value."""
    targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
    return {inner.id for target in targets for inner in ast.walk(target) if isinstance(inner, ast.Name)}


def read(module):
    path = ROOT / "snippets" / f"{module.replace('.', '/')}.py"
    if not path.is_file():
        raise ValueError(f"there is no {path.relative_to(ROOT).as_posix()}")
    return path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


parsed = functools.lru_cache(maxsize=64)(ast.parse)


def imports(tree, parts):
    """The import statements that `parts` use, as one string in a list, or an empty list."""
    used = {node.id for part in parts for node in ast.walk(ast.parse(part)) if isinstance(node, ast.Name)}
    lines = [ast.unparse(node) for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))
             and used & {(alias.asname or alias.name).split(".")[0] for alias in node.names}]  # fmt: skip
    return ["\n".join(lines)] if lines else []


def excerpt(tree, lines, first, last=None):
    """The source of a definition, its docstring cut to one line; or of all statements from `first` to `last`."""
    start, end = definition(tree, first), definition(tree, last or first)
    taken = lines[min([start.lineno, *(d.lineno for d in getattr(start, "decorator_list", []))]) - 1 : end.end_lineno]
    offset = end.end_lineno - len(taken) + 1
    for node in ast.walk(start):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and (full := ast.get_docstring(node)):
            quoted = node.body[0]
            margin = " " * quoted.col_offset
            summary = textwrap.fill(f'"""{full.splitlines()[0]}"""', 79, initial_indent=margin, subsequent_indent=margin)
            between = [None] * (quoted.end_lineno - quoted.lineno)
            taken[quoted.lineno - offset : quoted.end_lineno - offset + 1] = [summary, *between]
    return "\n".join(line for line in taken if line is not None)


def definition(tree, name):
    """The top-level statement that defines `module.name` (or `name`)."""
    name = name.rpartition(".")[2]
    for node in tree.body:
        if name in [getattr(node, "name", None), *assigned(node)]:
            return node
    raise ValueError(f"no function, class or assignment defines `{name}`")


def example(what, results, values, keep):
    """The doctest of a function as code that can be pasted, its output in comments; the build has run it."""
    stem, _, name = what.partition(".")
    documented = tree = parsed(read(stem)[1])
    if name:
        documented = definition(tree, name)
    examples = doctest.DocTestParser().get_examples(ast.get_docstring(documented) or "")
    if not examples:
        raise ValueError(f"`{what}` has no doctest to show")
    lines = [e.source + textwrap.indent(e.want, "# ") for e in examples]
    return f'```python title="{what}: example"\n{"".join(lines).rstrip()}\n```'


def table(what, results, values, keep):
    """A list of rows as a Markdown table; a column of numbers is flush right."""
    stem, _, name = what.partition(".")
    rows = getattr(getattr(values.tables, stem, None), name, None)
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) and row.keys() == rows[0].keys() for row in rows):
        raise ValueError(f"`{what}` is not a table in snippets/tables/: expected a list of dicts with the same keys")
    return as_table(rows, what, lambda cell: sentence(cell, values, keep))


def as_table(rows, what, shown=str):
    columns = [[str(row[heading]) for row in rows] for heading in rows[0]]
    numeric = [all(NUMERIC.fullmatch(cell) for cell in column) for column in columns]
    cells = [list(rows[0]), ["---:" if right else "---" for right in numeric], *zip(*columns)]
    finite(" ".join(cell for column in columns for cell in column), what)
    return "\n".join("| " + " | ".join(shown(cell).replace("|", "\\|") for cell in row) + " |" for row in cells)


def output(what, results, values, keep):
    """A text that a module computed, such as what a program printed, line by line."""
    return f"```text\n{shown(what, values).rstrip()}\n```"


def figure(what, results, values, keep):
    """The drawing, inline, with its title below; its text stays out of the search index."""
    result = results.get(f"snippets.figures.{what}")
    if result is None:
        raise ValueError(f"there is no snippets/figures/{what}.py")
    caption = escape(result["values"]["TITLE"])
    finite(re.sub(r"<(?!desc)[^>]*>", " ", result["svg"]), what)
    return keep(f'<figure class="figure" id="figure-{what}" data-search-exclude>{result["svg"]}<figcaption>{caption}</figcaption></figure>')


BLOCKS = {"code": copied, "example": example, "table": table, "output": output, "figure": figure}
