"""The figures as a reader meets them: legible, inside their frame, in the palette, with the right numbers."""

import importlib
import io
import math
import pkgutil
import re
from html import unescape
from itertools import combinations

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.text import Text

from snippets import figures
from snippets._weave import figure as weave
from snippets.figures import PALETTE, WIDTH

NAMES = sorted(module.name for module in pkgutil.iter_modules(figures.__path__))
CLEAR = 6  # pixels, at 4 a point


@pytest.fixture(autouse=True)
def style():
    with matplotlib.rc_context(weave.STYLE):
        yield


def module(name):
    return importlib.import_module(f"snippets.figures.{name}")


def rendered(name):
    """The figure, laid out, and its renderer at 4 pixels a point."""
    figure = module(name).draw()
    figure.set_dpi(4 * 72)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return figure, canvas


def svg(name):
    file = io.StringIO()
    module(name).draw().savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return file.getvalue()


def visible_texts(figure):
    """The text objects that leave ink: not those of axes that are off, nor of ticks outside the limits."""
    found = []
    for axes in figure.axes:
        drawn = [
            text for text in axes.findobj(Text) if text.get_visible() and text.get_text().strip()
        ]
        ticks = []
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
                inside = axes.axison and low - 1e-9 <= tick.get_loc() <= high + 1e-9
                ticks += [] if inside else [tick.label1, tick.label2]
            ticks += [] if axes.axison else [axis.label, axis.offsetText]
        found += [text for text in drawn if text not in ticks]
    return found + list(figure.texts)


def strings(name):
    return [text.get_text() for text in visible_texts(module(name).draw())]


def curve(figure, label):
    """x and y of the lines with this label, joined."""
    lines = [line for axes in figure.axes for line in axes.lines if line.get_label() == label]
    assert lines, f"no line is labelled {label!r}"
    return np.concatenate([line.get_xdata() for line in lines]), np.concatenate(
        [line.get_ydata() for line in lines]
    )


def minus(value, digits, sign=""):
    return f"{value:{sign}.{digits}f}".replace("-", "−")


# Every figure


@pytest.mark.parametrize("name", NAMES)
def test_title_and_description(name):
    assert 10 <= len(module(name).TITLE) <= 80
    assert len(module(name).DESCRIPTION) >= 120
    assert module(name).DESCRIPTION.endswith(".")
    assert not re.search(r"nan|inf\b|np\.|array\(|-\d", module(name).DESCRIPTION)


@pytest.mark.parametrize("name", NAMES)
def test_width_and_same_drawing_twice(name):
    figure = module(name).draw()
    assert figure.get_figwidth() == pytest.approx(WIDTH)
    assert figure.get_figheight() <= 8.5
    assert svg(name) == svg(name)


@pytest.mark.parametrize("name", NAMES)
def test_only_colours_of_the_palette(name):
    used = set(re.findall(r"#[0-9a-fA-F]{6}\b", svg(name)))
    assert used <= set(PALETTE.values())
    for text in visible_texts(module(name).draw()):
        assert to_hex(text.get_color()) in PALETTE.values(), text.get_text()


@pytest.mark.parametrize("name", NAMES)
def test_text_is_large_enough_plain_and_inside(name):
    figure, canvas = rendered(name)
    width, height = canvas.get_width_height()
    for text in visible_texts(figure):
        box = text.get_window_extent(canvas.get_renderer())
        assert text.get_fontsize() >= 9, text.get_text()
        assert "$" not in text.get_text()
        assert box.x0 >= 4 and box.y0 >= 0 and box.x1 <= width - 4 and box.y1 <= height, (
            text.get_text()
        )


@pytest.mark.parametrize("name", NAMES)
def test_no_text_touches_another(name):
    figure, canvas = rendered(name)
    boxes = [
        (text.get_text(), text.get_window_extent(canvas.get_renderer()))
        for text in visible_texts(figure)
    ]
    for (one, a), (other, b) in combinations(boxes, 2):
        assert not a.overlaps(b), f"{one!r} and {other!r}"


@pytest.mark.parametrize("name", NAMES)
def test_no_line_runs_through_a_text(name):
    """Without its texts, the drawing is of one colour wherever a text stood, and a little to its left and right."""
    figure, canvas = rendered(name)
    texts = visible_texts(figure)
    boxes = [(text.get_text(), text.get_window_extent(canvas.get_renderer())) for text in texts]
    figure.set_layout_engine("none")
    for text in texts:
        text.set_alpha(0)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())
    for text, box in boxes:
        rows = slice(round(len(pixels) - box.y1) + 2, round(len(pixels) - box.y0) - 2)
        columns = slice(max(round(box.x0) - CLEAR, 0), round(box.x1) + CLEAR)
        under = pixels[rows, columns].reshape(-1, 4)
        assert (under == under[0]).all(), f"something runs through {text!r}"


# The numbers of each figure, computed again without the snippets


def test_overview_numbers():
    overview = module("overview")
    x, y = [2.0, 3.0], 1.0
    W1, b1 = overview.W1.tolist(), overview.b1.ravel().tolist()
    W2, b2 = overview.W2.ravel().tolist(), overview.b2.item()

    def forward(W1, W2):
        a1 = [max(0.0, sum(w * v for w, v in zip(row, x)) + b) for row, b in zip(W1, b1)]
        return a1, 1 / (1 + math.exp(-sum(w * a for w, a in zip(W2, a1)) - b2))

    a1, a2 = forward(W1, W2)
    dL_da2 = 2 * (a2 - y)
    dL_da1 = [dL_da2 * a2 * (1 - a2) * w for w in W2]
    shown = strings("overview")
    for text in [minus(a, 2) for a in (*a1, a2)] + [minus(d, 2, "+") for d in (*dL_da1, dL_da2)]:
        assert text in shown
    assert f"= {(a2 - y) ** 2:.2f}" in shown and f"({a2:.2f} − 1)²" in shown

    def dL_dw(layer, i, j, h=1e-6):  # central differences
        losses = []
        for step in (h, -h):
            V1, V2 = [row[:] for row in W1], W2[:]
            if layer == 1:
                V1[i][j] += step
            else:
                V2[j] += step
            losses.append((forward(V1, V2)[1] - y) ** 2)
        return (losses[0] - losses[1]) / (2 * h)

    gradients = [dL_dw(1, i, j) for i in range(3) for j in range(2)] + [
        dL_dw(2, 0, j) for j in range(3)
    ]
    dashed = [line for line in overview.draw().axes[0].lines if line.get_linestyle() != "-"]
    widths = [line.get_linewidth() for line in dashed[: len(gradients)]]
    slopes = [(width - 0.5) / abs(gradient) for width, gradient in zip(widths, gradients)]
    assert slopes == pytest.approx([slopes[0]] * len(slopes), rel=1e-4)
    largest = max(gradients[:6], key=abs)
    assert abs(largest) == max(map(abs, gradients))
    assert f"widest arrow:\n∂L/∂W1 = {minus(largest, 2, '+')}" in shown


def test_steps_numbers():
    shown = "\n".join(strings("steps"))
    a2 = 1 / (1 + math.exp(-1.08))
    dL_dz2 = 2 * (a2 - 1) * a2 * (1 - a2)
    gradients = {
        "∂L/∂W1": dL_dz2 * 0.8 * 2,
        "∂L/∂b1": dL_dz2 * 0.8,
        "∂L/∂W2": dL_dz2 * 1.1,
        "∂L/∂b2": dL_dz2,
        "∂L/∂a2\n": 2 * (a2 - 1),
        "∂L/∂z2\n": dL_dz2,
        "∂L/∂a1\n": dL_dz2 * 0.8,
        "∂L/∂z1\n": dL_dz2 * 0.8,
    }
    for name, value in gradients.items():
        assert f"{name}{'' if name.endswith(chr(10)) else ' '}{minus(value, 4)}" in shown
    new = {
        name: old - 0.1 * gradients[f"∂L/∂{name}"]
        for name, old in {"W1": 0.5, "b1": 0.1, "W2": 0.8, "b2": 0.2}.items()
    }
    for name, value in new.items():
        assert re.search(rf"{name}:\s+0\.\d → {value:.4f}", shown)
    a2_new = 1 / (1 + math.exp(-(new["W2"] * (new["W1"] * 2 + new["b1"]) + new["b2"])))
    assert f"= {(a2 - 1) ** 2:.4f}" in shown and f": {(a2_new - 1) ** 2:.4f}" in shown
    for text in (
        "x\n2",
        "z1\n1.10",
        "a1\n1.10",
        "z2\n1.08",
        f"a2\n{a2:.4f}",
        f"slope {a2 * (1 - a2):.4f}",
        "· 0.8",
    ):
        assert text in shown
    for step, heading in enumerate(
        ("Forward pass", "Output\ngradient", "Propagate\nbackward", "Update weights"), 1
    ):
        assert f"{step}\n{heading}" in shown


def test_activations_curves_and_peaks():
    figure = module("activations").draw()
    for name, function, slope in (
        ("ReLU", lambda z: (z + abs(z)) / 2, lambda z: np.heaviside(z, 0.0)),
        ("sigmoid", lambda z: (1 + np.tanh(z / 2)) / 2, lambda z: 1 / (2 + 2 * np.cosh(z))),
        (
            "tanh",
            lambda z: (np.exp(2 * z) - 1) / (np.exp(2 * z) + 1),
            lambda z: 1 / np.cosh(z) ** 2,
        ),
    ):
        for axes, expected in ((0, function), (1, slope)):
            panel = figure.axes[2 * ["ReLU", "sigmoid", "tanh"].index(name) + axes]
            lines = [line for line in panel.lines if line.get_label() == f"{name} a"]
            z = np.concatenate([line.get_xdata() for line in lines])
            assert z.min() <= -5 and z.max() >= 5
            np.testing.assert_allclose(
                np.concatenate([line.get_ydata() for line in lines]), expected(z), atol=1e-12
            )
            assert (lines[0].get_linestyle() == "-") == (axes == 0)
    left, right = figure.axes[6:8]
    for i in range(3):
        z, a = left.lines[i + 1].get_data()
        exp_z = [np.exp(z), np.full_like(z, math.e), np.ones_like(z)]
        expected = exp_z[i] / sum(exp_z)
        np.testing.assert_allclose(a, expected, atol=1e-12)
        np.testing.assert_allclose(
            right.lines[i + 1].get_ydata()[1:-1], np.gradient(expected, z)[1:-1], atol=1e-4
        )


def test_losses_curves():
    figure = module("losses").draw()
    y_hat = curve(figure, "MSE 1")[0][:197]
    expected = {
        "MSE 1": (1 - y_hat) ** 2,
        "MSE 0": y_hat**2,
        "binary cross-entropy 1": -np.log(y_hat),
        "binary cross-entropy 0": -np.log(1 - y_hat),
        "categorical cross-entropy 1": -np.log(y_hat),
    }
    gradients = {
        "MSE 1": 2 * (y_hat - 1),
        "MSE 0": 2 * y_hat,
        "binary cross-entropy 1": -1 / y_hat,
        "binary cross-entropy 0": 1 / (1 - y_hat),
        "categorical cross-entropy 1": -1 / y_hat,
        "categorical cross-entropy 0": 0 * y_hat,
    }
    for panels, curves in ((figure.axes[0:6:2], expected), (figure.axes[1:6:2], gradients)):
        lines = {line.get_label(): line for axes in panels for line in axes.lines}
        for label, values in curves.items():
            np.testing.assert_allclose(lines[label].get_xdata(), y_hat)
            np.testing.assert_allclose(lines[label].get_ydata(), values, atol=1e-12)


def test_losses_by_score():
    figure = module("losses").draw()

    def a(z):
        return 1 / (1 + np.exp(-z))

    for name, loss in (
        ("MSE", lambda z: (a(z) - 1) ** 2),
        ("binary cross-entropy", lambda z: np.log1p(np.exp(-z))),
    ):
        z, gradient = curve(figure, f"{name} by z")
        numeric = (loss(z + 1e-6) - loss(z - 1e-6)) / 2e-6
        np.testing.assert_allclose(gradient, numeric, atol=1e-8)
    wrong = a(-6.0)
    shown = strings("losses")
    assert f"MSE: {minus(2 * (wrong - 1) * wrong * (1 - wrong), 3)}, almost none" in shown
    assert f"binary cross-entropy: ŷ − y = {minus(wrong - 1, 3)}" in shown
