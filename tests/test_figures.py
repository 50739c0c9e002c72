"""The figures as a reader meets them: legible on a phone, in frame and palette, always the same."""

import io
import pkgutil
import re
from itertools import combinations

import matplotlib
import pytest
from drawing import drawn, module
from matplotlib.colors import to_hex

from snippets import figures
from snippets._weave.figure import svg_of
from snippets.figures import PALETTE, WIDE, WIDTH

NAMES = sorted(module.name for module in pkgutil.iter_modules(figures.__path__))
NAMES = [name for name in NAMES if not name.startswith("_")]
DRAWINGS = [
    (name, draw)
    for name in NAMES
    for draw in ("draw", "draw_narrow")
    if draw == "draw" or hasattr(module(name), draw)
]
CLEAR = 6  # pixels, at 4 a point

every_figure = pytest.mark.parametrize("name", NAMES)
every_drawing = pytest.mark.parametrize(("name", "draw"), DRAWINGS)


@every_figure
def test_title_and_description(name):
    assert 10 <= len(module(name).TITLE) <= 80
    assert len(module(name).DESCRIPTION) >= 120
    assert module(name).DESCRIPTION.endswith(".")
    assert not re.search(r"nan|inf\b|np\.|array\(|-\d", module(name).DESCRIPTION)


@every_figure
def test_text_has_at_least_12_pixels_where_it_is_shown(name):
    """Measured in the SVG: 356 pixels are what a phone of 360 leaves, 688 a larger screen."""
    with matplotlib.rc_context():
        drawings = re.findall(r"(?s)<svg.*?</svg>", svg_of(module(name)))
    assert len(drawings) == sum(name == other for other, _ in DRAWINGS)
    for drawing in drawings:
        room = 688 if 'class="wide"' in drawing else 356
        width = float(re.search(r'viewBox="0 0 ([\d.]+)', drawing)[1])
        sizes = re.findall(r"<text[^>]*?font(?:-size)?: (?:\w+ )*?([\d.]+)px", drawing)
        assert len(sizes) == drawing.count("<text")
        assert min(map(float, sizes)) * room / width >= 11.9


@every_figure
def test_two_drawings_share_no_id(name):
    with matplotlib.rc_context():
        ids = re.findall(r' id="([^"]+)"', svg_of(module(name)))
    assert len(ids) == len(set(ids))


@every_drawing
def test_text_is_plain_and_inside(name, draw):
    figure = drawn(name, draw).figure
    wide = draw == "draw" and (name, "draw_narrow") in DRAWINGS
    assert figure.get_figwidth() == pytest.approx(WIDE if wide else WIDTH)
    assert figure.get_figheight() <= (8.5 if wide else 11)
    height, width, _ = drawn(name, draw).pixels.shape
    for text, box in zip(drawn(name, draw).texts, drawn(name, draw).boxes, strict=True):
        assert "$" not in text.get_text(), text
        assert box.x0 >= 4 and box.y0 >= 0 and box.x1 <= width - 4 and box.y1 <= height, text


@every_drawing
def test_only_colours_of_the_palette(name, draw):
    """Others would not follow the dark theme."""
    file = io.StringIO()
    drawn(name, draw).figure.savefig(file, format="svg")
    used = set(re.findall(r"#[0-9a-fA-F]{6}\b", file.getvalue()))
    used |= {to_hex(text.get_color()) for text in drawn(name, draw).texts}
    assert used <= set(PALETTE.values())


@every_figure
def test_the_same_each_time(name):
    with matplotlib.rc_context():
        assert svg_of(module(name)) == svg_of(module(name))


@every_drawing
def test_no_text_touches_another(name, draw):
    pairs = zip(drawn(name, draw).texts, drawn(name, draw).boxes, strict=True)
    for (one, a), (other, b) in combinations(pairs, 2):
        assert not a.overlaps(b), (one, other)


@every_drawing
def test_no_line_runs_through_a_text(name, draw):
    """Without its texts, the drawing has one colour where a text was, and a little beside it."""
    pixels = drawn(name, draw).pixels
    for text, box in zip(drawn(name, draw).texts, drawn(name, draw).boxes, strict=True):
        rows = slice(round(len(pixels) - box.y1) + 2, round(len(pixels) - box.y0) - 2)
        columns = slice(max(round(box.x0) - CLEAR, 0), round(box.x1) + CLEAR)
        under = pixels[rows, columns].reshape(-1, 4)
        assert (under == under[0]).all(), f"something runs through {text}"
