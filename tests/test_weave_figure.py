"""A drawing on its way into a page: named, in the palette, with ids of its own, and nothing that leaks out of it."""

import re
from types import SimpleNamespace

import matplotlib
import pytest

from snippets import figures
from snippets._weave import figure
from snippets.figures import BACKWARD, FORWARD, FORWARD_SOFT, INK


def drawing(**changes):
    """A figure module with one line, two texts and a clip path."""

    def draw():
        picture, axes = figures.canvas(2)
        axes.plot([0, 1, 2], [0.0, 1 / 3, 1.0], color=FORWARD)
        axes.fill_between([0, 1], [0, 0.2], color=FORWARD_SOFT)
        axes.text(0.5, 0.5, "v1.23456 & <x>", color=BACKWARD)
        axes.set_ylabel("slope")
        return picture

    return SimpleNamespace(**{"__name__": "snippets.figures.line", "TITLE": "A < B", "DESCRIPTION": 'It "rises" & falls.', "draw": draw} | changes)


@pytest.fixture(scope="module")
def svg():
    return figure.svg(drawing())


def test_opening_tag_names_the_drawing_and_keeps_it_out_of_search(svg):
    tag, *rest = svg.split("\n")
    width, height = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups()
    assert tag == (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        'aria-labelledby="line-title line-desc" stroke-linejoin="round" data-search-exclude>'
    )
    assert rest[0] == '<title id="line-title">A &lt; B</title>'
    assert rest[1] == '<desc id="line-desc">It &quot;rises&quot; &amp; falls.</desc>'
    assert abs(float(width) - 72 * figures.WIDTH) < 0.01 and float(height) == pytest.approx(144)
    assert svg.count("<svg") == 1 and svg.endswith("</svg>")


def test_colours_are_those_of_the_page(svg):
    assert "var(--figure-forward)" in svg and "var(--figure-forward-soft)" in svg and "var(--figure-backward)" in svg and "var(--figure-ink)" in svg
    assert not re.search("#[0-9a-f]{6}", svg) and "background" not in svg


def test_ids_are_of_this_figure_and_references_follow(svg):
    ids = re.findall(r'\bid="([^"]+)"', svg)
    assert len(ids) > 5 and len(set(ids)) == len(ids) and all(name.startswith("line-") for name in ids)
    references = re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', svg)
    assert references and {a or b for a, b in references} <= set(ids)


def test_nothing_of_it_reaches_the_rest_of_the_page(svg):
    for leak in ("<metadata", "<style", "<!--", "font-family", "<?xml", "<!DOCTYPE", "Matplotlib v"):
        assert leak not in svg
    ticks = ["0.00", "0.25", "0.50", "0.75", "1.00", "1.25", "1.50", "1.75", "2.00", "0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]
    words = re.findall(r">\s*([^<>\s][^<>]*?)\s*<", svg)
    assert words == ["A &lt; B", "It &quot;rises&quot; &amp; falls.", *ticks, "slope", "v1.23456 &amp; &lt;x&gt;"]
    assert "X" not in svg


def test_text_stays_text_and_coordinates_are_short(svg):
    assert ">v1.23456 &amp; &lt;x&gt;</text>" in svg and ">slope</text>" in svg
    inside_tags = "".join(re.findall("<[^>]*>", svg))
    assert not re.search(r"\d\.\d{3,}", inside_tags)
    assert not re.search(r"\.\d0\b|\.0\b", "".join(re.findall(r' d="[^"]*"', svg)))
    assert "rotate(-0 " not in svg and "rotate(0 " not in svg and "rotate(-90 " in svg
    assert "\n " not in svg


@pytest.mark.parametrize("number, short", [("1.2345", "1.23"), ("-0.5000", "-0.5"), ("10.0000", "10"), ("0.996", "1"), ("100.001", "100")])
def test_coordinate_is_rounded_to_a_hundredth_of_a_point(number, short):
    assert figure._rounded([number]) == short


def test_style_of_the_machine_does_not_matter(svg):
    with matplotlib.rc_context({"lines.linewidth": 9, "font.size": 3, "svg.hashsalt": "other", "axes.spines.top": True}):
        assert figure.svg(drawing()) == svg


def test_style_is_quiet_and_measured(svg):
    sizes = {float(size) for size in re.findall(r"font-size: ([\d.]+)px", svg)}
    assert sizes == {9.0, 10.0} and len(re.findall(r"font-size: 10px", svg)) == 2  # the axis label and the words
    assert svg.count('<g id="line-patch_') == 4  # canvas, axes, and two spines of four


def test_no_background_hides_the_page(svg):
    background = re.search(r'<g id="line-patch_1">\s*<path [^>]*>', svg)[0]
    assert "fill: none" in background


@pytest.mark.parametrize("attribute", ["TITLE", "DESCRIPTION"])
@pytest.mark.parametrize("empty", ["", None])
def test_drawing_without_words_is_refused(attribute, empty):
    with pytest.raises(ValueError) as error:
        figure.svg(drawing(**{attribute: empty}))
    assert str(error.value) == f"the figure has no {attribute}: readers who do not see it need one"


def test_module_without_drawing_is_refused():
    with pytest.raises(ValueError) as error:
        figure.svg(drawing(draw=None))
    assert str(error.value) == "the figure module has no draw()"


def test_colour_outside_the_palette_is_refused():
    def draw():
        picture, axes = figures.canvas(2)
        axes.plot([0, 1], color="#123456")
        return picture

    with pytest.raises(ValueError, match="the figure uses the colour #123456: expected one of snippets.figures.PALETTE"):
        figure.svg(drawing(draw=draw))


def test_legend_and_titles_have_the_sizes_of_the_style():
    def draw():
        picture, axes = figures.canvas(2)
        axes.plot([-1, 1], label="one", color=INK)
        axes.set_title("title")
        axes.set_xlabel("x")
        axes.legend()
        return picture

    text = figure.svg(drawing(draw=draw))
    found = dict((word, size) for size, word in re.findall(r'font-size: ([\d.]+)px[^>]*>([^<]+)</text>', text))
    assert (found["title"], found["x"], found["one"]) == ("10", "10", "9")
    assert "−1.0" in text  # a real minus
    assert "line-legend_1" in text and not re.search(r'id="line-legend_1">\s*<g id="line-patch', text)  # no frame


def test_more_names_for_the_colours_of_the_palette():
    svg = figure.svg(drawing(draw=lambda: coloured("#123456", "#abcdef")), figure.STYLE, {"#123456": FORWARD, "#abcdef": BACKWARD})
    assert "var(--figure-forward)" in svg and "var(--figure-backward)" in svg


def coloured(*colours):
    picture, axes = figures.canvas(2)
    for height, colour in enumerate(colours):
        axes.axhline(height, color=colour)
    return picture


@pytest.mark.parametrize("words", [{"TITLE": "{x}"}, {"DESCRIPTION": "It is {n(x)} high."}, {"DESCRIPTION": "a } b"}])
def test_words_with_a_brace_are_refused(words):
    with pytest.raises(ValueError) as error:
        figure.svg(drawing(**words))
    assert str(error.value) == "a brace in the figure's TITLE or DESCRIPTION: is this an f-string without its f?"


def test_image_with_a_gap_is_refused():
    def draw(gap):
        picture, axes = figures.canvas(2)
        axes.imshow([[1, gap], [0.2, 0.3]], cmap="gray_r")
        return picture

    assert "<image" in figure.svg(drawing(draw=lambda: draw(1)))
    with pytest.raises(ValueError, match="NaN, infinite or masked"):
        figure.svg(drawing(draw=lambda: draw(float("nan"))))


@pytest.mark.parametrize("gap", [float("nan"), float("inf")])
def test_point_that_cannot_be_drawn_is_refused(gap):
    def draw():
        picture, axes = figures.canvas(2)
        axes.plot([0, gap], color=INK)
        return picture

    with pytest.raises(ValueError) as error:
        figure.svg(drawing(draw=draw))
    assert str(error.value) == "the figure is to draw a point that is NaN, infinite or masked: leave it out before"
