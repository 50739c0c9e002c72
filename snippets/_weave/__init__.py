"""Weaves what the modules computed into the chapters: sources in, a folder of plain Markdown out.

`book` decides what is out of date and writes the folder; `hooks` has MkDocs render it, and `serve`
weaves again after each save. `cache` holds what was made. `run` runs modules, each in a process of
its own; `process` is what happens there, for a lab also `lab` and `kernel`, and `figure` makes an
SVG. A `page` is woven by `chapter`, `snippet` or `lab_page`, line by line: directives on lines of
their own, and `sentence` for all others, with `formula` and `excerpt` for mathematics and code.
`exercise` makes a form, `in_page` has code run in the page, and `search` makes the index.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class WeaveError(Exception):
    """A mistake of an author: its message begins with its place, as `at` has it."""


def at(path, line, message):
    """A message with its place: `path`, relative to the checkout, and `line`, from 1."""
    return f"{shown(path)}:{line}: {message!s:.1000}"


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
        raise WeaveError(at(path, line, "not UTF-8: save the file as UTF-8")) from None
