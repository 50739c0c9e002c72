"""Softmax turns scores into probabilities; if one score rises, all probabilities move."""

import numpy as np

from snippets.activations import softmax, softmax_jacobian
from snippets.figures import FORWARD, FORWARD_SOFT, GRID, INK, MUTED, canvas, number

BEFORE = np.array([0.5, 2.0, 1.0])
AFTER = BEFORE + [2.0, 0, 0]
SCORES, SHARES = (BEFORE, AFTER), (softmax(BEFORE), softmax(AFTER))

TITLE = "One score rises, and all probabilities move"
DESCRIPTION = (
    "Three classes in two panels of bars. On the left their scores: "
    f"{', '.join(number(z, 1) for z in BEFORE)}; the first rises by 2 to {number(AFTER[0], 1)}, "
    "and the others stay. On the right their probabilities, before and after: "
    + ", ".join(f"{number(a)} becomes {number(b)}" for a, b in zip(*SHARES))
    + ". The first grows, the other two shrink, and the sum is 1 each time."
)
_slopes = softmax_jacobian(SHARES[0])[:, 0]
assert _slopes[0] > 0 and (_slopes[1:] < 0).all()


def draw():
    figure, (left, right) = canvas(3.5, 1, 2)
    _bars(left, SCORES, 1, "score z")
    _bars(right, SHARES, 2, "probability")
    left.set(xlim=(0, 4.2))
    right.set(xlim=(0, 0.95))
    figure.legend(
        *left.get_legend_handles_labels(), loc="outside upper center", ncols=2, handlelength=1.2
    )
    return figure


def _bars(axes, values, digits, title):
    rows = np.arange(3)
    before, after = values
    axes.barh(rows - 0.19, before, 0.34, fc=FORWARD_SOFT, ec=FORWARD, label="before")
    axes.barh(rows + 0.19, after, 0.34, fc=FORWARD, ec=FORWARD, label="after z1 rises by 2")
    gap = 0.05 * after.max()
    for row, a, b in zip(rows, before, after):
        axes.text(a + gap, row - 0.19, number(a, digits), va="center", color=MUTED)
        change = "" if a == b else "  ↑" if b > a else "  ↓"
        axes.text(b + gap, row + 0.19, f"{number(b, digits)}{change}", va="center", weight="bold")
    axes.set_title(title, loc="left", color=INK, weight="bold")
    axes.set(yticks=rows, yticklabels=[f"class {row + 1}" for row in rows], xticks=())
    axes.invert_yaxis()
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.axvline(0, color=GRID, lw=1)
    axes.tick_params(length=0)
    if title == "probability":
        axes.set_yticklabels([])
