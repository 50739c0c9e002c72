"""`python3 -m snippets new my-topic`: start a chapter.

Its files, under one stem, each with the least that shows how it is
done, its line in the navigation, and that of its function in the test
of conventions. Nothing is overwritten.
"""

import keyword
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILES = {  # by path; my-topic becomes the name of the chapter
    "docs/my-topic.md": r"""---
title: My topic
description: What a reader finds on this page, in one sentence.
---

# My topic

!!! goal "After this chapter"

    You can say what a reader can do after it.

A weight $w$ pays for its size with half of its square:

$$ penalty
P = \frac{w^2}{2}
$$

{{ code my_topic.penalty }}

{{ example my_topic.penalty }}

Half the weight has {{ tables.my_topic.share:.0% }} of its penalty. The table
compares the function with a sum that shares no code with it:

{{ table my_topic.CHECKED }}

{{ figure my_topic }}

## Remember

- One sentence to remember.
""",
    "snippets/my_topic.py": '''"""What the functions of this file are for."""


def penalty(w):
    """Half the square of `w`, a number or an array.

    >>> penalty(3.0)
    4.5
    """
    return w * w / 2
''',
    "snippets/tables/my_topic.py": '''"""The penalty, and an independent sum."""

from snippets.my_topic import penalty

CHECKED = []

for w in (1, 2, 3):
    summed = sum(range(w)) + w / 2  # the area below a straight line
    assert penalty(w) == summed
    CHECKED.append({"w": f"{w}", "penalty": f"{penalty(w)}"})

share = penalty(0.5) / penalty(1.0)
''',
    "snippets/figures/my_topic.py": '''"""The penalty by the weight."""

import numpy as np

from snippets.figures import FORWARD, canvas
from snippets.my_topic import penalty

w = np.linspace(-2, 2, 81)

TITLE = "The penalty by the weight"
DESCRIPTION = (
    "A curve of the penalty against the weight, from high on the left down to a penalty of "
    f"{penalty(w).min():.0f} at a weight of 0, and up again on the right in the same form."
)


def draw():
    figure, axes = canvas(2.4)
    axes.plot(w, penalty(w), color=FORWARD)
    axes.set(xlabel="weight w", ylabel="penalty P", xticks=(0, 1, 2), yticks=(0, 1, 2))
    return figure
''',
    "tests/test_my_topic.py": '''"""The penalty, against values worked out by hand."""

import pytest

from snippets.my_topic import penalty


@pytest.mark.parametrize("w, by_hand", [(0.0, 0.0), (-3.0, 4.5), (0.5, 0.125)])
def test_penalty(w, by_hand):
    assert penalty(w) == by_hand
''',
}
RESERVED = {*sys.stdlib_module_names, "build", "numpy"}
CALLED = (
    "    # The other files go here, a line for each function and class\n"
)
LAST = re.compile(r"(?m)^  - Deeper:\n(?: {6}- .*\n)+")


def main(name=""):
    """Write the files; returns what is wrong with the name, if it is."""
    stem, title = name.replace("-", "_"), name.replace("-", " ")
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        return f"expected a name such as my-topic, not {name!r}"
    if keyword.iskeyword(stem) or stem in RESERVED:
        return f"{stem} means something else: take another name"

    def named(text):
        text = text.replace("my-topic", name).replace("my_topic", stem)
        return text.replace("My topic", title.capitalize())

    files = {named(path): named(text) for path, text in FILES.items()}
    for path in [*files, f"snippets/{stem}"]:
        if (ROOT / path).exists():
            return f"{path} exists: take another name"
    line = named("      - My topic: my-topic.md\n")
    nav = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    files["mkdocs.yml"] = LAST.sub(rf"\g<0>{line}", nav, count=1)
    if files["mkdocs.yml"] == nav:
        return "mkdocs.yml has no `Deeper:` in `nav` to put the page into"
    called = named('    "my_topic.penalty": lambda f, a: f(a(3)),\n')
    calls = (ROOT / "tests/test_conventions.py").read_text(encoding="utf-8")
    files["tests/test_conventions.py"] = calls.replace(
        CALLED, called + CALLED, 1
    )
    for path, text in files.items():
        (ROOT / path).write_text(text, encoding="utf-8", newline="\n")
        print(f"wrote {path}")
    print("look at it: python3 -m snippets serve")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
