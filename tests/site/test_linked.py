"""A name lights up in formula, code and figure together, by pointer and by keyboard."""

import pytest

pytest_plugins = ["browser_fixtures"]

LIT = """() => [...document.querySelectorAll(".linked")].map(
    e => [e.closest("svg") ? "figure" : e.closest("math") ? "formula" : "code", e.textContent])"""


@pytest.fixture
def page(opened, address):
    with opened(1280) as page:
        page.goto(f"{address}process.html")
        yield page


def lit(page):
    """The names that are lit in code."""
    return {text for kind, text in page.evaluate(LIT) if kind == "code"}


def test_pointing_at_code_lights_formula_and_figure(page):
    page.locator(".highlight code .n", has_text="dL_dz2").first.hover()
    kinds = {kind for kind, _ in page.evaluate(LIT)}
    assert kinds == {"code", "formula", "figure"}
    assert lit(page) == {"dL_dz2"}
    page.locator("h1").hover()
    assert page.evaluate(LIT) == []


def test_pointing_at_a_figure_lights_the_code(page):
    page.locator("#figure-steps text", has_text="∂L/∂a1").first.hover()
    assert ["code", "dL_da1"] in page.evaluate(LIT)


def test_arrow_keys_go_from_name_to_name_in_what_has_the_focus(page):
    block = page.locator(".highlight pre", has_text="dL_dW2 = dL_dz2 @ a1.T").first
    block.focus()
    assert lit(page) == {"dL_dW2"}
    page.keyboard.press("ArrowRight")
    assert lit(page) == {"dL_dz2"}
    page.keyboard.press("ArrowLeft")
    assert lit(page) == {"dL_dW2"}
    page.locator("a.md-skip").focus()
    assert page.evaluate(LIT) == []
