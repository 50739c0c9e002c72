"""Exercises in the page: answered by keyboard, in two browsers; and without a script.

Chromium answers all of them, Firefox every fourth, and all with ALL_PAGES=1.
"""

import json
import re

import pytest
from browser import ALL_PAGES, node, program
from built import Page

pytest_plugins = ["browser_fixtures"]

PAGES = ["practice.html", "bug-hunt.html"]  # all exercises, and all bugs
FORM = re.compile(r'(?s)<form class="exercise[^"]*" id="([^"]+)".*?</form>')


@pytest.mark.parametrize(
    "kind, names",
    [("chrome", ["chromium", "google-chrome"]), ("firefox", ["firefox-esr", "firefox"])],
)
def test_every_answer_gets_what_it_should_by_keyboard(address, kind, names):
    every = 1 if kind == "chrome" or ALL_PAGES else 4
    [seen] = node("answers.mjs", kind, program(*names), address, str(every), *PAGES)
    assert seen["faults"] == [], "\n".join([seen["version"], *seen["faults"]])
    assert seen["forms"] >= 76 // every and seen["wrong"] > 2 * seen["forms"]
    assert seen["announced"] == seen["right"] > seen["forms"]


def test_every_exercise_is_on_its_chapter_and_on_the_practice_page(site):
    found = {path: FORM.findall(path.read_text("utf-8")) for path in site.rglob("*.html")}
    bugs, exercises = set(found.pop(site / "bug-hunt.html")), found.pop(site / "practice.html")
    chapters = [name for names in found.values() for name in names]
    assert sorted(chapters) == sorted(exercises)
    assert len(exercises) >= 60 and len(bugs) >= 16
    links = Page(site / "teaching.html").links
    assert {link.partition("#")[2] for link in links} >= bugs | set(exercises)


def test_all_solutions_can_be_reached_without_a_script(opened, address):
    with opened(java_script_enabled=False) as page:
        page.goto(address + "matrix-form.html")
        for form in page.locator("form.exercise").all():
            assert form.locator(".answer:visible").count() == 0
            form.locator(".solution > summary").click()
            assert form.locator(".solution .section").is_visible()
            assert form.locator(".answers li").count() != 1
        page.goto(address + "bug-hunt.html")
        bug = page.locator("form.exercise").first
        assert bug.locator(".step:visible").count() == 3
        assert bug.locator(".nudged:visible").count() == 4


def test_three_nudges_and_no_more(opened, address):
    with opened() as page:
        page.goto(address + "bug-hunt.html")
        bug = page.locator("#bug-hunt-no-mask")
        for _ in range(3):
            bug.locator(".nudge:visible").first.press("Enter")
        assert bug.locator(".nudged:visible").count() == 3
        left = bug.locator(".nudge:visible").all()
        assert len(left) == 5 and all(button.is_disabled() for button in left)


def test_a_round_of_ten_and_forgetting(opened, site):
    with opened() as page:
        page.goto((site / "practice.html").as_uri())
        page.get_by_role("button", name="Ten mixed exercises").press("Enter")
        forms = page.locator("form.exercise:visible")
        assert forms.count() == 10
        assert "0 of 10 solved" in page.locator(".score").inner_text()
        first = page.locator("form.exercise:visible:not(:has(.lines))").first
        for place in (1, 0):
            give(first, value_of(first, place))
        score = page.locator(".score")
        assert "1 of 10 solved, 0 at the first try" in score.inner_text()
        with page.expect_navigation():
            first.locator(".section a").first.evaluate("link => link.click()")
        page.go_back()
        assert forms.count() == 10 and "1 of 10 solved, 0 at" in score.inner_text()
        with page.expect_navigation():
            page.get_by_role("button", name="Back to all of them").press("Enter")
        assert page.locator("#round form").count() == 0
        forget = page.get_by_role("button", name="Forget what I solved")
        assert page.locator("#contents .solved").count() == 1
        forget.press("Enter")
        assert page.locator(".solved").count() == 0 and not forget.count()
        assert page.evaluate("document.activeElement.textContent") == "Ten mixed exercises"


ROUND = ["losses-one-entry-of-a-mean", "core-idea-two-paths"]


def test_a_round_ends_with_what_was_missed_and_another_one(opened, address):
    with opened() as page:
        page.goto(address + "practice.html")
        page.evaluate(
            "text => sessionStorage.setItem('backprop.round', text)",
            json.dumps({"ids": ROUND, "right": [], "missed": []}),
        )
        page.reload()
        missed, other = (page.locator(f"#{id}") for id in ROUND)
        for form, places in ((missed, (1, 0, 1)), (other, (0,))):
            for place in places:  # what is tried after the right answer does not count
                give(form, value_of(form, place))
        said = page.locator("article > p[role=status]")
        page.wait_for_function(
            "document.querySelector('article > p[role=status]').textContent.includes('round')"
        )
        score = page.locator(".score")
        assert "2 of 2 solved, 1 at the first try" in said.inner_text()
        assert "2 of 2 solved, 1 at the first try. Missed at first: " in score.inner_text()
        assert score.locator("a").get_attribute("href") == f"#{ROUND[0]}"
        page.get_by_role("button", name="Another ten").press("Enter")
        assert page.locator("form.exercise:visible").count() == 10
        assert "0 of 10 solved, 0 at the first try" == score.inner_text()


def test_a_formula_is_asked_to_stay_away_and_a_slip_by_about_its_number_is_near(opened, address):
    with opened() as page:
        page.goto(address + "practice.html")
        form = page.locator(f"#{ROUND[0]}")
        for text in ("0.8 s", "1.1^5", "10*2", "sqrt(2/18)", "¼"):
            give(form, text)
            assert "without a unit or a formula" in form.locator(".feedback").inner_text(), text
        form = page.locator("#worked-example-first-gradient")
        slip = form.locator(".answers li").last
        value = float(slip.get_attribute("data-values"))
        give(form, f"{value + 0.0008:.4f}")
        text = form.locator(".feedback").inner_text()
        assert text.startswith("You are near this:") and slip.text_content().strip() in text


def value_of(form, place):
    """An answer from the list below the solution; the right one is the first."""
    item = form.locator(".answers").first.locator("li").nth(place)
    return item.get_attribute("data-values").split("|")[0]


def give(form, value):
    if form.locator("[type=radio]").count():
        form.locator(f"[value='{value}']").check()
    else:
        form.locator(".step input").fill(value)
    form.locator(".answer > button").first.press("Enter")


def test_lines_have_buttons_large_enough_and_can_be_dragged(opened, address):
    with opened(360) as page:
        page.goto(address + "takeaways.html")
        lines = page.locator("#takeaways-five-cards .lines li")
        button = lines.first.locator("button").first
        box = button.bounding_box()
        assert box["width"] >= 44 and box["height"] >= 24
        button.press("Enter")
        assert page.locator("article > p[role=status]").inner_text() == "Already first"
        last = lines.last.get_attribute("data-line")
        lines.last.drag_to(lines.first)
        assert lines.first.get_attribute("data-line") == last


@pytest.mark.parametrize(
    "left",
    [
        ("localStorage", "backprop.solved", '{"losses": 5}'),
        ("sessionStorage", "backprop.round", '{"ids": ["round"], "right": [], "missed": []}'),
        ("sessionStorage", "backprop.round", '{"ids": "x", "right": 1}'),
    ],
)
def test_what_somebody_else_left_in_the_browser_stops_nothing(opened, address, left):
    with opened() as page:
        page.goto(address + "practice.html")
        page.evaluate("([store, key, text]) => window[store].setItem(key, text)", left)
        page.reload()
        form = page.locator(f"#{ROUND[0]}")
        give(form, value_of(form, 0))
        assert form.locator(".feedback").first.inner_text().startswith("Right")
        assert "✓ solved" in form.locator(".title").inner_text()
        # a reload may cut off the icon of the page before
        assert [fault for fault in page.complaints if "favicon" not in fault] == []
