"""How the results of several runs are summed up, and shown in labs."""

import re

import numpy as np

# with its unit, the end of its range, its quartiles
NUMBER = re.compile(r"–|[\d.,%e\u202f-]+(\s[a-zA-Zµ]+)?( to [\d.,%]+)?( [(\[].*)?")


def spread(values):
    """Median, quartiles, and the ends of the middle 90%, along the first axis.

    >>> spread(range(101))["low"], spread(range(101))["top"]
    (25.0, 95.0)
    """
    names = ("bottom", "low", "median", "high", "top")
    return dict(zip(names, np.percentile(values, [5, 25, 50, 75, 95], axis=0).tolist()))


class Table:
    """Rows, each a dict from heading to text: a table in a notebook, aligned where printed.

    A blank line follows what is printed.

    >>> print(Table([{"Layer": "first", "Units": "30"}, {"Layer": "last", "Units": "2"}]))
    Layer  Units
    first     30
    last       2
    <BLANKLINE>
    """

    def __init__(self, rows):
        self.rows = list(rows)

    def columns(self):
        """`(cells with the heading, whether they are numbers)` of each column."""
        for heading in self.rows[0]:
            cells = [str(row[heading]) for row in self.rows]
            yield [heading, *cells], all(NUMBER.fullmatch(cell) for cell in cells)

    def __str__(self):
        columns = []
        for cells, are_numbers in self.columns():
            width = max(map(len, cells))
            columns.append([c.rjust(width) if are_numbers else c.ljust(width) for c in cells])
        lines = ["  ".join(line).rstrip() for line in zip(*columns)]
        return "\n".join([*lines, ""]).translate({0xA0: " ", 0x202F: " "})

    __repr__ = __str__

    def _repr_markdown_(self):
        columns = [
            [cells[0], "---:" if are_numbers else "---", *cells[1:]]
            for cells, are_numbers in self.columns()
        ]
        return "\n".join(f"| {' | '.join(line)} |" for line in zip(*columns))
