"""Each lab as a reader downloads it: it runs in an empty folder, and its tables print aligned."""

import io
import re
import zipfile
from itertools import groupby

import pytest
from conftest import ROOT, python

LABS = sorted(path.stem for path in (ROOT / "docs/labs").glob("[!_]*.py"))


def cells(line):
    """`(start, end)` of each cell: two spaces or more stand between them."""
    return [cell.span() for cell in re.finditer(r"\S+(?: \S+)*", line)]


def tables(text):
    """Lines that follow one another and have as many cells, two or more."""
    for count, lines in groupby(text.split("\n"), lambda line: len(cells(line))):
        if count > 1:
            yield list(lines)


def is_aligned(lines):
    """Whether in each column all cells start together, or all end together."""
    columns = zip(*map(cells, lines))
    return all(1 in [len(set(ends)) for ends in zip(*column)] for column in columns)


@pytest.mark.parametrize("lab", LABS)
def test_downloaded_lab_runs_in_an_empty_folder_and_prints_tables(lab, site, tmp_path):
    zipfile.ZipFile(io.BytesIO((site / f"labs/{lab}.zip").read_bytes())).extractall(tmp_path)
    folder = tmp_path / lab
    process = python(f"{lab}.py", checkout=folder, MPLBACKEND="agg", PYTHONPATH="")
    assert process.returncode == 0, process.stderr
    found = list(tables(process.stdout))
    assert found and all(map(is_aligned, found)), process.stdout
    assert not re.search("[{}\u202f]", process.stdout)
