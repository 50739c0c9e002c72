"""Packs a lab for readers to run: as a notebook and a script, with the files that it imports."""

import ast
import io
import re
import zipfile

from . import ROOT
from .chapter import INLINE, filled_in, typeset, value
from .snippet import signed

LINK = re.compile(
    r"(?P<kept>\$\$[^$]*\$\$|(?P<mark>`+).+?(?P=mark)|\\\$|\$[^$]+\$)"
    r"|\[(?P<text>[^\]]+)\]\((?!https?:)[^)]*\)"
)


def zipped(files, folder):
    """The bytes of a zip file with these `files`, bytes by path; the same from the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, data in sorted(files.items()):
            info = zipfile.ZipInfo(f"{folder}/{path}")
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, data)
    return buffer.getvalue()


def archive(site, name):
    """Put the built site into one file beside its pages, to read without a network."""
    paths = [path for path in site.rglob("*") if path.is_file()]
    kept = [path for path in paths if path.suffix not in (".map", ".gz")]
    files = {path.relative_to(site).as_posix(): path.read_bytes() for path in kept}
    files.pop(f"{name}.zip", None)
    (site / f"{name}.zip").write_bytes(zipped(files, name))


def download(cells, page, sources):
    """The bytes of a zip file with the lab and the `sources` that it used."""
    import jupytext
    import nbformat

    v4, stem = nbformat.v4, page.path.stem
    notebook, script = v4.new_notebook(), v4.new_notebook()
    for number, cell in enumerate(cell for cell in cells if cell.cell_type != "raw"):
        is_code, name = cell.cell_type == "code", f"cell-{number}"
        new = v4.new_code_cell if is_code else v4.new_markdown_cell
        text = cell.source if is_code else prose(cell.source, page)
        notebook.cells.append(new(text, id=name))
        script.cells.append(new(printing(text) if is_code else text))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata |= {"kernelspec": kernel, "language_info": {"name": "python"}}
    filters = ("notebook_metadata_filter", "cell_metadata_filter")
    script.metadata["jupytext"] = dict.fromkeys(filters, "-all")
    files = {path: (ROOT / path).read_bytes() for path in sources if not path.startswith("docs/")}
    files[f"{stem}.py"] = jupytext.writes(script, "py:percent").encode()
    for path in (path for path in files if path.endswith(".py")):
        home = (
            path.removesuffix(".py") if re.fullmatch(r"snippets/\w+\.py", path) else f"labs/{stem}"
        )
        text = files[path].decode("utf-8-sig").replace("\r\n", "\n")
        files[path] = signed(text, path.rpartition("/")[2], f"{home}.html")
    files[f"{stem}.ipynb"] = nbformat.writes(notebook, indent=1, ensure_ascii=False)
    return zipped(files, stem)


def prose(text, page):
    """Prose with its numbers, its formulas as TeX, and no link to a page."""

    def replacement(match):
        found = match["value"]
        return typeset(value(found, page)) if found else filled_in(match[0], page)

    return LINK.sub(lambda match: match["kept"] or match["text"], INLINE.sub(replacement, text))


def printing(text):
    """A cell that prints what it ends with: Jupyter shows it, a script does not."""
    last = ast.parse(text).body[-1:]
    if not last or not isinstance(last[0], ast.Expr) or isinstance(last[0].value, ast.Call):
        return text
    lines, node = text.split("\n"), last[0]
    line = f"print({ast.get_source_segment(text, node)})"
    return "\n".join([*lines[: node.lineno - 1], line, *lines[node.end_lineno :]])
