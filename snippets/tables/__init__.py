"""The verified tables: each module compares what a snippet computes with an independent source, and
asserts it.

A table is a list of rows, a row a dict from column heading to cell, a cell a string of Markdown.
The functions here are how the cells write numbers.
"""

import math

import numpy as np


class Table:
    """Rows, each a dict from heading to text: a table in a notebook, and aligned where printed.

    >>> print(Table([{"Layer": "first", "Units": "30"}, {"Layer": "last", "Units": "2"}]))
    Layer  Units
    first     30
    last       2
    """

    def __init__(self, rows):
        self.rows = list(rows)

    def columns(self):
        """`(cells with the heading, whether they are numbers)` of each column."""
        for heading in self.rows[0]:
            cells = [str(row[heading]) for row in self.rows]
            yield [heading, *cells], all(cell[:1].isdigit() for cell in cells)

    def __str__(self):
        columns = []
        for cells, are_numbers in self.columns():
            width = max(map(len, cells))
            columns.append([c.rjust(width) if are_numbers else c.ljust(width) for c in cells])
        lines = ["  ".join(line).rstrip() for line in zip(*columns)]
        return "\n".join(lines).replace("\u202f", " ")

    __repr__ = __str__

    def _repr_markdown_(self):
        columns = [
            [cells[0], "---:" if are_numbers else "---", *cells[1:]]
            for cells, are_numbers in self.columns()
        ]
        return "\n".join(f"| {' | '.join(line)} |" for line in zip(*columns))


def n(value, digits=6):
    """A number to so many significant digits, with a real minus."""
    return f"{value:.{digits}g}".replace("-", "−")


def spaced(count):
    """A whole number with its thousands apart."""
    return f"{count:,}".replace(",", "\u202f")


def power_of_ten(value):
    """A power of ten, such as a tolerance."""
    return f"10<sup>{n(round(math.log10(value)))}</sup>"


# few levels: the last bits differ between processors, and the page should not
NOISE = (1e-14, 1e-8, 1e-7, 1e-4)


def magnitude(error):
    """An error as a reader needs it: its value if it is one, only a power of ten above it if it is
    rounding noise.
    """
    if not error <= NOISE[-1]:  # NaN is not noise either
        return n(error, 2)
    return "below " + power_of_ten(next(level for level in NOISE if error <= level))


def spread(values):
    """Median, quartiles, and the ends of the middle 90%, along the first axis.

    >>> spread(range(101))["low"], spread(range(101))["top"]
    (25.0, 95.0)
    """
    names = ("bottom", "low", "median", "high", "top")
    return dict(zip(names, np.percentile(values, [5, 25, 50, 75, 95], axis=0).tolist()))
