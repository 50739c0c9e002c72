"""The figures as a reader meets them: legible, in frame and palette, with the right numbers."""

import io
import math
import pkgutil
import re
from itertools import combinations

import numpy as np
import pytest
from drawing import drawn, module, strings
from matplotlib.colors import to_hex

from snippets import figures
from snippets.figures import PALETTE, WIDTH

NAMES = sorted(module.name for module in pkgutil.iter_modules(figures.__path__))
NAMES = [name for name in NAMES if not name.startswith("_")]
CLEAR = 6  # pixels, at 4 a point

every_figure = pytest.mark.parametrize("name", NAMES)


@every_figure
def test_title_and_description(name):
    assert 10 <= len(module(name).TITLE) <= 80
    assert len(module(name).DESCRIPTION) >= 120
    assert module(name).DESCRIPTION.endswith(".")
    assert not re.search(r"nan|inf\b|np\.|array\(|-\d", module(name).DESCRIPTION)


@every_figure
def test_text_is_large_enough_plain_and_inside(name):
    figure = drawn(name).figure
    assert figure.get_figwidth() == pytest.approx(WIDTH) and figure.get_figheight() <= 8.5
    height, width, _ = drawn(name).pixels.shape
    for text, box in zip(drawn(name).texts, drawn(name).boxes, strict=True):
        assert text.get_fontsize() >= 9 and "$" not in text.get_text(), text
        assert box.x0 >= 4 and box.y0 >= 0 and box.x1 <= width - 4 and box.y1 <= height, text


@every_figure
def test_only_colours_of_the_palette(name):
    """Others would not follow the dark theme."""
    file = io.StringIO()
    drawn(name).figure.savefig(file, format="svg")
    used = set(re.findall(r"#[0-9a-fA-F]{6}\b", file.getvalue()))
    used |= {to_hex(text.get_color()) for text in drawn(name).texts}
    assert used <= set(PALETTE.values())


@every_figure
def test_no_text_touches_another(name):
    pairs = zip(drawn(name).texts, drawn(name).boxes, strict=True)
    for (one, a), (other, b) in combinations(pairs, 2):
        assert not a.overlaps(b), (one, other)


@every_figure
def test_no_line_runs_through_a_text(name):
    """Without its texts, the drawing has one colour where a text was, and a little beside it."""
    pixels = drawn(name).pixels
    for text, box in zip(drawn(name).texts, drawn(name).boxes, strict=True):
        rows = slice(round(len(pixels) - box.y1) + 2, round(len(pixels) - box.y0) - 2)
        columns = slice(max(round(box.x0) - CLEAR, 0), round(box.x1) + CLEAR)
        under = pixels[rows, columns].reshape(-1, 4)
        assert (under == under[0]).all(), f"something runs through {text}"


# The numbers that stand in figures, computed again without the snippets


def minus(value, digits, sign=""):
    return f"{value:{sign}.{digits}f}".replace("-", "−")


def test_overview_numbers():
    overview = module("overview")
    x, y, W1, W2 = np.array([2.0, 3.0]), 1.0, overview.W1, overview.W2.ravel()
    a1 = np.maximum(W1 @ x + overview.b1.ravel(), 0)
    a2 = 1 / (1 + math.exp(-W2 @ a1 - overview.b2.item()))
    dL_da2 = 2 * (a2 - y)
    dL_dz2 = dL_da2 * a2 * (1 - a2)
    dL_da1 = dL_dz2 * W2
    dL_dW = np.append(np.outer(dL_da1 * (a1 > 0), x), dL_dz2 * a1)
    shown = strings("overview")
    for a in (*a1, a2):
        assert minus(a, 2) in shown
    for gradient in (*dL_da1, dL_da2):
        assert minus(gradient, 2, "+") in shown
    assert f"= {(a2 - y) ** 2:.2f}" in shown and f"({a2:.2f} − 1)²" in shown
    largest = dL_dW[abs(dL_dW).argmax()]
    assert f"widest arrow:\n∂L/∂W1 = {minus(largest, 2, '+')}" in shown
    dashed = [line for line in overview.draw().axes[0].lines if line.get_linestyle() != "-"]
    widths = [line.get_linewidth() - 0.5 for line in dashed[: len(dL_dW)]]
    assert widths == pytest.approx(abs(dL_dW) * widths[0] / abs(dL_dW[0]), rel=1e-9)


def test_steps_numbers():
    shown = "\n".join(strings("steps"))
    a2 = 1 / (1 + math.exp(-1.08))
    dL_dz2 = 2 * (a2 - 1) * a2 * (1 - a2)
    gradients = {"W1": 1.6 * dL_dz2, "b1": 0.8 * dL_dz2, "W2": 1.1 * dL_dz2, "b2": dL_dz2}
    new = {}
    for name, old in {"W1": 0.5, "b1": 0.1, "W2": 0.8, "b2": 0.2}.items():
        new[name] = old - 0.1 * gradients[name]
        assert f"∂L/∂{name} {minus(gradients[name], 4)}" in shown
        assert re.search(rf"{name}:\s+{old} → {new[name]:.4f}", shown)
    a2_new = 1 / (1 + math.exp(-(new["W2"] * (new["W1"] * 2 + new["b1"]) + new["b2"])))
    assert f"= {(a2 - 1) ** 2:.4f}" in shown and f": {(a2_new - 1) ** 2:.4f}" in shown
    assert f"∂L/∂a2\n{minus(2 * (a2 - 1), 4)}" in shown and f"a2\n{a2:.4f}" in shown


def test_losses_by_score():
    wrong = 1 / (1 + math.exp(6.0))
    shown = strings("losses")
    assert f"MSE: {minus(2 * (wrong - 1) * wrong * (1 - wrong), 3)}, almost none" in shown
    assert f"binary cross-entropy: ŷ − y = {minus(wrong - 1, 3)}" in shown
