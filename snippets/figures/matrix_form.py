"""The batch form as rectangles drawn to shape, with the size that cancels in each product."""

from itertools import pairwise

import numpy as np
from matplotlib.patches import Rectangle

from snippets import matrix_form
from snippets.figures import BACKWARD, FORWARD, GRID, INK, MUTED, SMALL, THIRD, arrow, bare, write

SIZES = {"N": 5, "D": 3, "H": 4, "K": 2}  # all different, so that a size has one letter
LETTERS = {size: letter for letter, size in SIZES.items()}
assert len(LETTERS) == len(SIZES)

_rng = np.random.default_rng(51)
N, D, H, K = SIZES.values()
X, Y = _rng.normal(size=(N, D)), _rng.uniform(size=(N, K))
W1, b1, W2, b2 = (
    _rng.normal(size=(H, D)),
    _rng.normal(size=H),
    _rng.normal(size=(K, H)),
    _rng.normal(size=K),
)

Z1, A1, Z2, A2 = matrix_form.forward_batch(X, W1, b1, W2, b2)
dL_dW1, dL_db1, dL_dW2, dL_db2 = matrix_form.backward_batch(X, Y, Z1, A1, A2, W2)

# `backward` does not return what it passes from layer to layer; so the same lines again, which must
# give the same.
dL_dZ2 = 2 * (A2 - Y) / A2.size * A2 * (1 - A2)
dL_dA1 = dL_dZ2 @ W2
dL_dZ1 = dL_dA1 * (Z1 > 0)
assert np.allclose(dL_dZ2.T @ A1, dL_dW2) and np.allclose(dL_dZ1.T @ X, dL_dW1)
assert np.allclose(dL_dZ2.sum(axis=0), dL_db2) and np.allclose(dL_dZ1.sum(axis=0), dL_db1)


def shape(array):
    """The shape in letters, from the sizes of the array that was computed.

    >>> shape(dL_dW2), shape(b1)
    ('(K, H)', '(H,)')
    """
    letters = [LETTERS[size] for size in array.shape]
    return f"({', '.join(letters)}{',' * (array.ndim == 1)})"


TITLE = "The batch form, each matrix drawn to shape"
DESCRIPTION = (
    f"Five rows of matrices, drawn to shape for N = {N} examples, D = {D} inputs, H = {H} hidden "
    f"units and K = {K} outputs; in each product the two inner sizes are the same and cancel. "
    f"Forward: X {shape(X)} times W1.T {shape(W1.T)} plus b1 {shape(b1)} is Z1 {shape(Z1)}, and "
    f"ReLU makes A1 {shape(A1)}; A1 times W2.T {shape(W2.T)} plus b2 {shape(b2)} is Z2 "
    f"{shape(Z2)}, and sigmoid makes A2 {shape(A2)}. Backward: dL_dZ2.T {shape(dL_dZ2.T)} times A1 "
    f"is dL_dW2 {shape(dL_dW2)}; dL_dZ2 times W2 {shape(W2)} is dL_dA1 {shape(dL_dA1)}, which the "
    f"mask Z1 > 0 turns into dL_dZ1 {shape(dL_dZ1)}; dL_dZ1.T {shape(dL_dZ1.T)} times X is dL_dW1 "
    f"{shape(dL_dW1)}. Column sums give dL_db2 {shape(dL_db2)} and dL_db1 {shape(dL_db1)}. Every "
    "gradient has the shape of what it belongs to."
)

CELL = 9  # points
HEIGHT = CELL * N  # of the tallest matrix, and so of a row
ROW = HEIGHT + 54  # from one row to the next, with the lines of text
TOPS = 24, 24 + ROW, 42 + 2 * ROW, 42 + 3 * ROW, 42 + 4 * ROW
FORWARD_X = 28, 98, 162, 228, 303  # centres of the matrices
BACKWARD_X = 36, 114, 188, 294


def draw():
    figure, axes = bare((TOPS[-1] + ROW + 32) / 72)
    write(axes, 8, 12, "Forward", ha="left", color=FORWARD, weight="bold", size=11)
    write(axes, 8, TOPS[2] - 12, "Backward", ha="left", color=BACKWARD, weight="bold", size=11)
    for top, factors, results in (
        (TOPS[0], {"X": X, "W1.T": W1.T}, {"b1": b1, "Z1": Z1, "A1": A1}),
        (TOPS[1], {"A1": A1, "W2.T": W2.T}, {"b2": b2, "Z2": Z2, "A2": A2}),
    ):
        _row(axes, top, FORWARD_X, factors | results)
        _signs(axes, top, FORWARD_X, "@", "+", "=")
        _step(axes, top, FORWARD_X[3:], "ReLU" if "Z1" in results else "σ", FORWARD)
    for top, factors, results in (
        (TOPS[2], {"dL_dZ2.T": dL_dZ2.T, "A1": A1}, {"dL_dW2": dL_dW2, "dL_db2": dL_db2}),
        (TOPS[3], {"dL_dZ2": dL_dZ2, "W2": W2}, {"dL_dA1": dL_dA1, "dL_dZ1": dL_dZ1}),
        (TOPS[4], {"dL_dZ1.T": dL_dZ1.T, "X": X}, {"dL_dW1": dL_dW1, "dL_db1": dL_db1}),
    ):
        _row(axes, top, BACKWARD_X, factors | results)
        _signs(axes, top, BACKWARD_X, "@", "=")
        if "dL_dZ1" in results:
            _step(axes, top, BACKWARD_X[2:], "Z1 > 0", BACKWARD)
        else:
            write(axes, BACKWARD_X[-1], top + HEIGHT + 42, "sum over N", color=THIRD, size=SMALL)
    write(
        axes,
        8,
        TOPS[-1] + ROW + 14,
        "Stronger colour: larger entry; empty: 0. Where ReLU\n"
        "leaves a 0 in A1, the gradient dL_dZ1 is 0 as well.",
        ha="left",
        color=MUTED,
        size=SMALL,
        linespacing=1.4,
    )
    return figure


def _row(axes, top, centres, matrices):
    """Matrices with a name above and a shape below; the first two are the factors of a product."""
    for i, (x, (name, array)) in enumerate(zip(centres, matrices.items())):
        colour = BACKWARD if name.startswith("dL_") else FORWARD
        _matrix(
            axes, x, top + 16 + HEIGHT / 2, array, colour, inner={0: "columns", 1: "rows"}.get(i)
        )
        write(axes, x, top + 6, name)
        if i > 1:
            write(axes, x, top + HEIGHT + 25, shape(array), size=SMALL, color=MUTED)
    _cancels(axes, centres, top + HEIGHT + 25, *list(matrices.values())[:2])


def _matrix(axes, x, y, array, colour, inner=None):
    """A grid of cells around the point, tinted by the size of the entry; the side of the inner size
    is thick.
    """
    cells = np.atleast_2d(array)
    rows, columns = cells.shape
    width, height = columns * CELL, rows * CELL
    left, top = x - width / 2, y - height / 2
    # only a 0 stays empty
    strengths = (cells != 0) * (0.1 + 0.7 * np.abs(cells) / np.abs(cells).max())
    for i, j in np.ndindex(rows, columns):
        corner = left + j * CELL, top + i * CELL
        axes.add_patch(
            Rectangle(corner, CELL, CELL, fc=colour, ec="none", alpha=round(strengths[i, j], 3))
        )
        axes.add_patch(Rectangle(corner, CELL, CELL, fc="none", ec=GRID, lw=0.6))
    axes.add_patch(Rectangle((left, top), width, height, fc="none", ec=INK, lw=1))
    if inner == "columns":
        axes.plot(
            (left, left + width),
            (top + height + 1, top + height + 1),
            color=THIRD,
            lw=3,
            solid_capstyle="butt",
        )
    if inner == "rows":
        axes.plot(
            (left - 1, left - 1), (top, top + height), color=THIRD, lw=3, solid_capstyle="butt"
        )


def _cancels(axes, centres, y, first, second):
    """The shapes of two factors, their inner letters joined by a bracket."""
    outer, inner = shape(first)[1:-1].split(", ")
    same, last = shape(second)[1:-1].split(", ")
    assert inner == same
    left, right = centres[:2]
    plain, bold = {"color": MUTED, "size": SMALL}, {"color": THIRD, "size": SMALL, "weight": "bold"}
    write(axes, left - 1, y, f"({outer},", ha="right", **plain)
    write(axes, left + 2, y, f"{inner})", ha="left", **bold)
    write(axes, right - 1, y, f"({same},", ha="right", **bold)
    write(axes, right + 2, y, f"{last})", ha="left", **plain)
    x0, x1 = left + 6, right - 8
    axes.plot((x0, x0, x1, x1), (y + 7, y + 10, y + 10, y + 7), color=THIRD, lw=1)
    write(axes, (x0 + x1) / 2, y + 17, f"{inner} cancels", color=THIRD, size=SMALL)


def _signs(axes, top, centres, *signs):
    for sign, (left, right) in zip(signs, pairwise(centres)):
        write(axes, (left + right) / 2, top + 16 + HEIGHT / 2, sign, size=11)


def _step(axes, top, centres, text, colour):
    """An arrow between two matrices of H columns, for what is done entry by entry."""
    (left, right), y = centres, top + 16 + HEIGHT / 2
    arrow(
        axes,
        (left + 2 * CELL + 5, y),
        (right - 2 * CELL - 5, y),
        colour=colour,
        dashed=colour == BACKWARD,
    )
    write(axes, (left + right) / 2, y - 9, text, size=SMALL)
