"""Weaves what the modules computed into the chapters: sources in, a folder of plain Markdown out.

`sources` tells which results are still good. `run` runs the other modules, each in a process of
its own; `process` is what happens there, for a lab also `lab` and `kernel`. `figure` makes an SVG
of a drawing, `formula` MathML of TeX, `excerpt` takes functions out of files. `chapter` puts all
of it into a `page`; `lab_page`, `download` and `snippet` do so for labs and snippets, `extras` for
what stands beside. `book` weaves what is out of date and writes the folder, `hooks` has MkDocs
render it, and `serve` weaves again after each save.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class WeaveError(Exception):
    """What went wrong, and where: `path` relative to the checkout, `line` from 1."""

    def __init__(self, message, path, line=1):
        super().__init__(f"{path}:{line}: {message}")
        self.located = [str(message), str(path), line]


def shown(path):
    """A path as messages have it."""
    return path.relative_to(ROOT).as_posix()


def read_text(path):
    """The text of a source file; raises `WeaveError` where it is not UTF-8."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise WeaveError("not UTF-8: save the file as UTF-8", shown(path), line) from None
