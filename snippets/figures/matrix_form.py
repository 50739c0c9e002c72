"""The batch form as rectangles drawn to shape, with the size that cancels in each product."""

from itertools import pairwise

import numpy as np
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from snippets import matrix_form
from snippets.figures import (
    BACKWARD,
    BACKWARD_SOFT,
    FORWARD,
    FORWARD_SOFT,
    INK,
    MUTED,
    SMALL,
    THIRD,
    WIDE,
    arrow,
    bare,
    write,
)

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

# `backward_batch` does not return what it passes from layer to layer; so the same lines again,
# which must give the same.
dL_dA2 = 2 / A2.size * (A2 - Y)
dL_dZ2 = dL_dA2 * A2 * (1 - A2)
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


TITLE = "Every array as a grid of its shape: in a product the inner sizes cancel"
sizes = "N = {N}, D = {D}, H = {H} and K = {K}".format(**SIZES).replace(" = ", "\u00a0=\u00a0")
DESCRIPTION = (
    f"Six rows of matrices, drawn to shape for N = {N} examples, D = {D} inputs, H = {H} hidden "
    f"units and K = {K} outputs; in each product the two inner sizes are the same and cancel. "
    f"Forward: X {shape(X)} times W1.T {shape(W1.T)} plus b1 {shape(b1)} is Z1 {shape(Z1)}, and "
    f"ReLU makes A1 {shape(A1)}; A1 times W2.T {shape(W2.T)} plus b2 {shape(b2)} is Z2 "
    f"{shape(Z2)}, and sigmoid makes A2 {shape(A2)}. Backward: A2 minus Y {shape(Y)}, times "
    f"2 / (NK), is dL_dA2 {shape(dL_dA2)}; times the slope of the sigmoid it is dL_dZ2 "
    f"{shape(dL_dZ2)}. dL_dZ2.T {shape(dL_dZ2.T)} times A1 "
    f"is dL_dW2 {shape(dL_dW2)}; dL_dZ2 times W2 {shape(W2)} is dL_dA1 {shape(dL_dA1)}, which the "
    f"mask Z1 > 0 turns into dL_dZ1 {shape(dL_dZ1)}; dL_dZ1.T {shape(dL_dZ1.T)} times X is dL_dW1 "
    f"{shape(dL_dW1)}. Column sums give dL_db2 {shape(dL_db2)} and dL_db1 {shape(dL_db1)}. Every "
    "gradient has the shape of what it belongs to."
)

CELL = 10  # points
HEIGHT = CELL * N  # of the tallest matrix, and so of a row
ROW = HEIGHT + 64  # from one row to the next, with the lines of text
FORWARD_X = 24, 94, 160, 230, 314  # centres of the matrices
BACKWARD_X = 34, 124, 206, 302


def draw():
    figure, axes = bare((4 * ROW + 40) / 72, WIDE)
    _forward(axes, 28, 0)
    _backward(axes, 28, 344)
    return figure


def draw_narrow():
    figure, axes = bare((6 * ROW + 56) / 72)
    _forward(axes, 28, 0)
    _backward(axes, 2 * ROW + 56, 0)
    return figure


def _forward(axes, top, left):
    centres = [left + x for x in FORWARD_X]
    write(axes, left + 6, top - 14, "Forward", ha="left", color=FORWARD, weight="bold", size=14)
    for factors, results, step in (
        ({"X": X, "W1.T": W1.T}, {"b1": b1, "Z1": Z1, "A1": A1}, "ReLU"),
        ({"A1": A1, "W2.T": W2.T}, {"b2": b2, "Z2": Z2, "A2": A2}, "σ"),
    ):
        _row(axes, top, centres, factors | results)
        _cancels(axes, centres, top + HEIGHT + 28, *factors.values())
        _signs(axes, top, centres, "@", "+", "=")
        _step(axes, top, centres[3:], step, FORWARD)
        top += ROW


def _backward(axes, top, left):
    centres = [left + x for x in BACKWARD_X]
    write(axes, left + 6, top - 14, "Backward", ha="left", color=BACKWARD, weight="bold", size=14)
    _row(axes, top, centres, {"A2": A2, "Y": Y, "dL_dA2": dL_dA2, "dL_dZ2": dL_dZ2}, product=False)
    _signs(axes, top, centres, "−", "→")
    _step(axes, top, centres[2:], "σ′", BACKWARD)
    between = sum(centres[1:3]) / 2
    write(axes, between, top + 2 + HEIGHT / 2, "× 2/(NK)", color=MUTED, size=SMALL)
    for factors, results in (
        ({"dL_dZ2.T": dL_dZ2.T, "A1": A1}, {"dL_dW2": dL_dW2, "dL_db2": dL_db2}),
        ({"dL_dZ2": dL_dZ2, "W2": W2}, {"dL_dA1": dL_dA1, "dL_dZ1": dL_dZ1}),
        ({"dL_dZ1.T": dL_dZ1.T, "X": X}, {"dL_dW1": dL_dW1, "dL_db1": dL_db1}),
    ):
        top += ROW
        _row(axes, top, centres, factors | results)
        _cancels(axes, centres, top + HEIGHT + 28, *factors.values())
        _signs(axes, top, centres, "@", "=")
        if "dL_dZ1" in results:
            _step(axes, top, centres[2:], "ReLU′", BACKWARD)
        else:
            write(axes, centres[-1], top + HEIGHT + 46, "sum over N", color=THIRD, size=SMALL)


def _row(axes, top, centres, matrices, product=True):
    """Matrices with a name above and a shape below; in a `product` the first two are its factors,
    whose shapes `_cancels` writes.
    """
    for i, (x, (name, array)) in enumerate(zip(centres, matrices.items())):
        colour = BACKWARD_SOFT if name.startswith("dL_") else FORWARD_SOFT
        inner = {0: "columns", 1: "rows"}.get(i) if product else None
        _matrix(axes, x, top + 17 + HEIGHT / 2, array, colour, inner)
        write(axes, x, top + 6, name)
        if i > 1 or not product:
            write(axes, x, top + HEIGHT + 28, shape(array), size=SMALL, color=MUTED)


def _matrix(axes, x, y, array, colour, inner=None):
    """A grid of cells around the point; the side of the inner size is thick."""
    rows, columns = np.atleast_2d(array).shape
    width, height = columns * CELL, rows * CELL
    left, top = x - width / 2, y - height / 2
    axes.add_patch(Rectangle((left, top), width, height, fc=colour, ec=INK, lw=1))
    across = [[(left, top + i * CELL), (left + width, top + i * CELL)] for i in range(1, rows)]
    down = [[(left + j * CELL, top), (left + j * CELL, top + height)] for j in range(1, columns)]
    if across + down:  # many lines as one path: a lighter page
        path = Path.make_compound_path(*map(Path, across + down))
        axes.add_patch(PathPatch(path, fc="none", ec=MUTED, lw=0.6))
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
    x0, x1 = left + 7, right - 10
    axes.plot((x0, x0, x1, x1), (y + 8, y + 11, y + 11, y + 8), color=THIRD, lw=1)
    write(axes, (x0 + x1) / 2, y + 19, f"{inner} cancels", color=THIRD, size=SMALL)


def _signs(axes, top, centres, *signs):
    for sign, (left, right) in zip(signs, pairwise(centres)):
        write(axes, (left + right) / 2, top + 17 + HEIGHT / 2, sign)


def _step(axes, top, centres, text, colour):
    """An arrow between two matrices of H columns, for what is done entry by entry."""
    (left, right), y = centres, top + 17 + HEIGHT / 2
    arrow(
        axes,
        (left + 2 * CELL + 5, y),
        (right - 2 * CELL - 5, y),
        colour=colour,
        dashed=colour == BACKWARD,
    )
    write(axes, (left + right) / 2, y - 11, text, size=SMALL)
