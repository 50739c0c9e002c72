"""`python3 -m snippets new my-topic`: start a chapter and its modules.

Each file shows, in the fewest lines, how it is done.
"""

import keyword
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DEEPER = re.compile("^  - Deeper:\n(?:      - .*\n)+", re.MULTILINE)
FILES = {}  # by path; each my-topic in them becomes the given name
FILES["docs/my-topic.md"] = r"""---
title: My topic
description: What this page shows, in a sentence.
---

# My topic

The square of $x$ is the number times itself:

$$ square
y = x \cdot x
$$

{{ code my_topic.square }}

{{ example my_topic.square }}

The first {{ tables.my_topic.largest }} odd numbers add up to the same:

{{ table my_topic.CHECK }}

{{ figure my_topic }}
"""
FILES["snippets/my_topic.py"] = '''"""The square of a number."""


def square(x):
    """`x` times itself.

    >>> square(3)
    9
    """
    return x * x
'''
FILES["snippets/tables/my_topic.py"] = '''"""Squares, by adding."""

from snippets.my_topic import square

largest = 4
CHECK = []

for x in range(1, largest + 1):
    added = sum(range(1, 2 * x, 2))
    assert square(x) == added
    CHECK.append({"x": f"{x}", "By adding odd numbers": f"{added}"})
'''
FILES["snippets/figures/my_topic.py"] = '''"""The curve of the square."""

from snippets import my_topic
from snippets.figures import FORWARD, canvas

TITLE = "The square of x"
DESCRIPTION = "A parabola: it falls until x is 0, and rises after it."


def draw():
    figure, axes = canvas(2.4)
    xs = [i / 10 for i in range(-20, 21)]
    axes.plot(xs, [my_topic.square(x) for x in xs], color=FORWARD)
    axes.set(xlabel="x", ylabel="y")
    return figure
'''
FILES["tests/test_my_topic.py"] = '''"""The square, against NumPy's."""

import numpy as np
import pytest

from snippets.my_topic import square


@pytest.mark.parametrize("x", [-2.0, 0.0, 0.5])
def test_square(x):
    assert square(x) == np.square(x)
'''


def main(name=""):
    """Write the files and the line in `nav`, or return why not."""
    stem, title = name.replace("-", "_"), name.replace("-", " ")
    fits = re.fullmatch("[a-z][a-z0-9]*(-[a-z0-9]+)*", name)
    if not fits or keyword.iskeyword(stem):
        return f"expected a name like my-topic, not {name!r}"

    def named(text):
        text = text.replace("my-topic", name).replace("my_topic", stem)
        return text.replace("My topic", title.capitalize())

    files = {named(path): named(text) for path, text in FILES.items()}
    for path in [f"docs/{name}", f"snippets/{stem}", *files]:
        if (ROOT / path).exists():
            return f"{path} exists: take another name"
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    line = named("      - My topic: my-topic.md\n")
    files["mkdocs.yml"] = DEEPER.sub(rf"\g<0>{line}", settings, count=1)
    for path, text in files.items():
        (ROOT / path).write_text(text, encoding="utf-8", newline="\n")
        print(f"wrote {path}")
    print("Next: python3 -m snippets serve, and change these files.")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
