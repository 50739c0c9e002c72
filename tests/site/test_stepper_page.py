"""The stepper in Chromium and Firefox: what is there without a script, and what a reader does."""

import json
import math
import re
import subprocess

import numpy as np
import pytest
from browser import SCHEMES, from_npm, node, program
from conftest import ROOT

from snippets.tables import stepper, stepper_batch

pytest_plugins = ["browser_fixtures"]

PLACES = {
    "index.html": {"one": stepper.one_unit},
    "worked-example.html": {"one": stepper.one_unit, "two": stepper.two_units_},
    "matrix-form.html": {"batch": stepper_batch.batch_},
}
EXAMPLE = "worked-example.html"


@pytest.fixture
def example(opened, address):
    """The page of the worked example, and its first stepper."""
    with opened(360) as page:
        page.goto(address + EXAMPLE)
        yield page, page.locator("#one")
        assert page.complaints == []


def said(element):
    return element.locator("[role=status]").inner_text()


def press(element, name, times=1):
    for _ in range(times):
        element.get_by_role("button", name=name, exact=True).click()


def test_types_are_right():
    compiler = from_npm("typescript/bin/tsc")
    command = [program("node"), compiler, "--project", ROOT / "tests/tsconfig.json"]
    process = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert process.returncode == 0, process.stdout


READ = """id => {
  const element = document.getElementById(id), fold = text => text.replace(/\\s+/g, " ").trim()
  const texts = selector => [...element.querySelectorAll(selector)].map(e => fold(e.textContent))
  const numbers = [...element.querySelectorAll("svg [id] text, [data-entry]")]
    .filter(e => getComputedStyle(e).visibility === "visible" && e.textContent !== "·")
  return {
    panel: texts(".place, .sum, .says, .lines"),
    rows: [...element.querySelectorAll("tr[data-name]")]
      .map(row => [...row.cells].map(cell => fold(cell.textContent))),
    fields: [...element.querySelectorAll(".field input")].map(field => field.value),
    figure: Object.fromEntries(numbers
      .map(e => [e.dataset.entry ?? e.parentElement.id, fold(e.textContent)])),
  }
}"""


@pytest.mark.parametrize("name", PLACES)
def test_what_it_shows_at_first_is_on_the_page_without_a_script(opened, address, name):
    for id in PLACES[name]:
        seen = {}
        for scripts in (True, False):
            with opened(java_script_enabled=scripts) as page:
                page.goto(address + name)
                seen[scripts] = page.evaluate(READ, id)
                assert page.locator(f"#{id} form > .walk").is_visible() == scripts
                page.locator(f"#{id} summary").click()
                assert page.locator(f"#{id} tr[data-name]").last.is_visible()
        live, static = seen[True], seen[False]
        assert live["panel"] == static["panel"] and live["rows"] == static["rows"]
        assert live["fields"] == static["fields"]
        assert live["figure"].items() <= static["figure"].items()
        assert len(live["figure"]) < len(static["figure"]), "the rest comes step by step"


@pytest.mark.parametrize("name", PLACES)
def test_every_step_shows_the_row_of_the_table(opened, address, name):
    with opened() as page:
        page.goto(address + name)
        for id, steps in PLACES[name].items():
            element = page.locator(f"#{id}")
            rows = {row[0].split(" = ")[0]: row for row in page.evaluate(READ, id)["rows"]}
            for number in range(len(steps.stops)):
                shown = page.evaluate(READ, id)["panel"]
                assert shown[0].startswith(f"Step {number + 1} of {len(steps.stops)}")
                formula, numbers, result, says = rows[shown[1].split(" = ")[0]]
                wanted = f"{formula} = {numbers} = {result}"
                assert "".join(shown[1].split()) == "".join(wanted.split()) and shown[2] == says
                assert element.locator(".lines .lit").count() == (name != "index.html")
                if number:
                    value = f"{shown[1].split(' = ')[0]} is {result}."
                    assert said(element) == f"{value} {says}"
                press(element, "Next step", number < len(steps.stops) - 1)
        assert page.complaints == []


def test_steps_by_keyboard_alone(example):
    page, element = example
    element.get_by_role("button", name="Next step").focus()
    page.keyboard.press("Enter")
    assert said(element).startswith("a1 is 1.1.")
    keys = {"ArrowRight": "z2", "ArrowLeft": "a1", "End": "loss_new", "Home": "z1"}
    for key, name in keys.items():
        page.keyboard.press(key)
        assert said(element).startswith(f"{name} is "), key
    element.get_by_label("x", exact=True).focus()
    page.keyboard.press("ArrowRight")
    assert said(element).startswith("z1 is"), "an arrow in a field is no step"


def test_playing_is_silent(example):
    page, element = example
    press(element, "Play")
    page.wait_for_function("document.querySelector('#one .place b').textContent !== 'Step 1 of 21'")
    assert said(element) == ""
    press(element, "Pause")
    press(element, "Next step")
    assert said(element) != ""


def test_the_five_missions_can_be_done_by_keyboard_and_only_by_doing_them(example):
    page, element = example
    done = element.locator(".missions .done")
    missions = [
        ([("x", "-1")], "To the end", "−0.222847"),
        ([("y", "0"), ("Learning rate α", "1")], "Take a step", "z1 is −0.03"),
        ([("y", "0.746494")], "", "0.746"),
        ([("b2", "-20")], "", "flat"),
        ([("y", "0.7"), ("Learning rate α", "8")], "To the end", "too far"),
    ]
    press(element, "To the end")
    press(element, "Take a step", 3)
    for number, (fields, button, answer) in enumerate(missions):
        press(element, "Reset")
        assert done.count() == number
        for name, text in fields:
            element.get_by_label(name, exact=True).focus()
            page.keyboard.press("ControlOrMeta+a")
            page.keyboard.type(text)
        if button:
            element.get_by_role("button", name=button, exact=True).focus()
            page.keyboard.press("Enter")
        page.wait_for_function(
            "n => document.querySelectorAll('#one .done').length > n", arg=number
        )
        assert answer in done.nth(number).inner_text()
        element.locator("[role=status]", has_text=answer).wait_for(state="attached")


def test_where_a_minus_may_stand_the_keys_of_a_phone_have_one(example):
    page, element = example
    for field in element.locator(".field").all():
        low = float(field.locator("[type=range]").get_attribute("min"))
        mode = field.locator("[inputmode]").get_attribute("inputmode")
        assert mode == ("text" if low < 0 else "decimal")


def test_after_a_step_the_way_forward_begins_again(example):
    page, element = example
    press(element, "Next step", 2)
    press(element, "Take a step")
    assert element.locator(".place b").inner_text() == "Step 3 of 21", "stays"
    press(element, "To the end")
    press(element, "Take a step")
    assert element.locator(".place b").inner_text() == "Step 1 of 21"
    box = element.get_by_label("W2", exact=True).input_value()
    seen = page.evaluate(READ, "one")["figure"]["stepper-v-W2"]
    assert float(seen) == pytest.approx(float(box), rel=1e-3)


@pytest.mark.parametrize(
    "text, message",
    [("", "Type a number."), ("1,2,3", "no number"), ("NaN", "no number"), ("10001", "At most")],
)
def test_bad_input_is_answered_at_its_field_and_changes_nothing(example, text, message):
    page, element = example
    before = page.evaluate(READ, "one")
    field = element.get_by_label("W1", exact=True)
    field.fill(text)
    assert said(element) == "" and field.get_attribute("aria-invalid") is None, "not yet"
    field.press("Enter")
    place = page.locator(f"#{field.get_attribute('aria-describedby')}")
    assert message in place.inner_text() and message in said(element)
    assert field.get_attribute("aria-invalid") == "true"
    after = page.evaluate(READ, "one")
    assert after["rows"] == before["rows"] and after["figure"] == before["figure"]
    field.fill("−0.5")  # with the minus of print
    assert place.inner_text() == said(element) == ""
    assert field.get_attribute("aria-invalid") is None
    assert page.evaluate(READ, "one")["panel"][1].endswith("= −0.9")
    field.fill("0,25")  # with a decimal comma
    assert page.evaluate(READ, "one")["panel"][1].endswith("= 0.6")


def test_what_cannot_be_computed_is_refused(example):
    page, element = example
    element.locator("[name=cost]").select_option("cross-entropy")
    before = page.evaluate(READ, "one")
    element.get_by_label("b2", exact=True).fill("800")
    page.keyboard.press("Tab")
    assert "would have no value" in said(element)
    assert page.evaluate(READ, "one")["rows"] == before["rows"]


def test_the_address_holds_the_situation(opened, address):
    with opened() as page:
        page.goto(f"{address}{EXAMPLE}#setup")
        element = page.locator("#one")
        element.get_by_label("x", exact=True).fill("-1")
        element.get_by_label("Activation").select_option("tanh")
        press(element, "Next step", 8)
        page.wait_for_function("location.hash.includes('dL_dz2')")
        url, seen = page.url, page.evaluate(READ, "one")
        assert "#setup!stepper=1&of=one" in url
    with opened() as page:
        page.goto(url)
        assert page.evaluate(READ, "one") == seen
        assert page.evaluate(
            "Math.abs(document.querySelector('#setup').getBoundingClientRect().top) < 200"
        )
        page.goto(
            f"{address}{EXAMPLE}#!stepper=1&of=one&x=oops&y=0&W9=3&activation=none&at=nowhere"
        )
        page.reload()
        element = page.locator("#one")
        assert "no number" in page.locator("#one-x-wrong").inner_text()
        values = [element.get_by_label(name, exact=True).input_value() for name in "xy"]
        assert values == ["2", "0"]
        assert element.locator(".place b").inner_text() == "Step 1 of 21"
        page.goto(f"{address}{EXAMPLE}#!stepper=2&of=one&x=-1")
        page.reload()
        assert element.get_by_label("x", exact=True).input_value() == "2", "another version"


def test_a_nudge_gives_the_gradient_of_every_step(example):
    page, element = example
    button = element.get_by_role("button", name="Nudge it")
    slopes = {"z1": "dL_dz1", "a1": "dL_da1", "z2": "dL_dz2", "a2": "dL_da2"}
    checked, steps = 0, stepper.one_unit.steps
    for step in steps:
        if button.get_attribute("aria-disabled") == "false":
            button.click()
            found = float(re.search(r"is (\S+)\.$", said(element))[1].replace("−", "-"))
            value = stepper.one_unit.values[slopes.get(step.name, step.name)]
            assert found == pytest.approx(value, rel=1e-4), step.name
            checked += 1
        press(element, "Next step", step is not steps[-1])
    assert checked == 14
    press(element, "Nudge W1")
    assert "−0.153516" in page.locator("#one-W1-wrong").inner_text()


def test_predict_asks_first_and_says_what_led_to_a_wrong_guess(example):
    page, element = example
    element.get_by_label("Ask me first?").select_option("predict")
    press(element, "Show me")
    press(element, "Next step", 9)
    assert said(element) == "What is dL_dW2? Within one percent counts."
    assert "0.1055" not in element.inner_text()
    answer, led = element.get_by_label("dL_dW2", exact=True), []
    for guess in ("0.1055", "-0.0528", "-0.558", "-0.192", "1.004", "nonsense", "0"):
        answer.fill(guess)
        page.keyboard.press("Enter")
        led.append(said(element))
    for text, clue in zip(led, ["sign", "2 is missing", "slope", "a1", "multiplies", "no number"]):
        assert clue in text
    assert "−0.105542" not in " ".join(led)
    answer.fill("-0.1055")
    press(element, "Check")
    assert said(element) == "Right: dL_dW2 = −0.0959473 × 1.1 = −0.105542."
    assert element.locator(".score").inner_text() == "0 of 1 right at once."
    press(element, "Next step", 2)
    press(element, "negative")
    assert said(element).startswith("Right:")
    assert element.locator(".score").inner_text() == "1 of 2 right at once."


def test_fade_hides_gradients_and_asks_for_the_rule(example):
    page, element = example
    element.get_by_label("Ask me first?").select_option("third")
    press(element, "Next step", 11)
    assert element.locator(".question").is_hidden(), "only the last third is asked for"
    press(element, "Next step", 2)
    assert said(element) == "Which rule gives dL_dz1?"
    assert element.locator(".answers button").count() == 5
    press(element, "W2 × dL_dz2")
    assert "That rule gives dL_da1" in said(element)
    press(element, "dL_da1 × da1_dz1")
    assert said(element).startswith("Right: dL_dz1 =")


def test_steps_are_taken_scored_and_taken_back(example):
    page, element = example
    press(element, "Take a step", 3)
    rows = element.locator(".scores tbody tr")
    assert rows.first.inner_text().split() == ["1", "0.1", "−0.00498", "−0.00486"]
    assert rows.count() == 3 and element.locator(".curve").is_visible()
    points = element.locator("polyline").get_attribute("points").split()
    heights = [float(point.split(",")[1]) for point in points]
    assert len(points) == 4 and heights == sorted(heights), "down in the picture is less"
    press(element, "Take it back", 3)
    assert page.evaluate(READ, "one")["rows"][0][2] == "1.1" and rows.count() == 0


def test_entries_of_matrices_by_keyboard(opened, address):
    with opened() as page:
        page.goto(address + "matrix-form.html")
        element = page.locator("#batch")
        press(element, "To the end")
        element.locator("[data-entry='dL_dW1[0,0]']").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowRight")
        assert said(element).startswith("dL_dW1[1,1] = ")
        used = element.locator(".used").evaluate_all("all => all.map(e => e.dataset.entry)")
        assert used == [f"{name}[{n},1]" for name in ("X", "dL_dZ1") for n in range(4)]
        element.locator("[data-entry='X[2,0]']").focus()
        element.get_by_label("Entry X[2,0]").fill("0")
        assert element.locator("[data-entry='X[2,0]']").inner_text() == "0"
        assert page.complaints == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_on_a_phone_in_every_state(opened, address, scheme):
    faults = []
    for name, elements in PLACES.items():
        with opened(360, scheme) as page:
            page.goto(address + name)
            page.add_script_tag(path=from_npm("axe-core/axe.min.js"))
            for id in elements:
                element = page.locator(f"#{id}")
                press(element, "To the end")
                faults += look(page, id, "at the end")
                if name == "index.html":
                    continue
                element.get_by_label("Ask me first?").select_option("predict")
                element.locator(".field [inputmode]").first.fill("abc")
                press(element, "To the start")
                press(element, "Next step")
                faults += look(page, id, "asking")
                press(element, "Take a step", 2)
                faults += look(page, id, "taking steps")
    assert faults == [], "\n".join(faults)


SMALL = """id => [...document.querySelectorAll(`#${id} *`)]
  .filter(e => [...e.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
  .filter(e => e.checkVisibility() && !e.closest(".unseen, title, desc, script, figcaption"))
  .map(e => {
    const svg = e.closest("svg"), size = parseFloat(getComputedStyle(e).fontSize)
    return [e, svg ? size * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : size]
  })
  .filter(([, size]) => size < 11.99)
  .map(([e, size]) => `${e.textContent.slice(0, 30)} has ${size} px`)"""


def look(page, id, state):
    page.evaluate("scrollTo(0, 0)")  # what the header of the site covers could not be measured
    found = [*page.evaluate("wide()"), *page.evaluate("id => audit('#' + id)", id)]
    found += [*page.evaluate(SMALL, id), *page.evaluate("id => faint(`#${id} svg *`)", id)]
    return [f"{id} {state}: {fault}" for fault in found + page.complaints]


def test_print_shows_the_table(opened, address):
    with opened() as page:
        page.goto(address + EXAMPLE)
        page.emulate_media(media="print")
        assert page.locator("#one tr[data-name]").last.is_visible()
        assert not page.locator("#one .walk").is_visible()


def test_in_firefox(address):
    names = {name: list(elements) for name, elements in PLACES.items()}
    firefox = program("firefox-esr", "firefox")
    [seen] = node("stepper_firefox.mjs", firefox, address, json.dumps(names))
    assert seen["faults"] == []
    for name, elements in PLACES.items():
        for id, steps in elements.items():
            assert len(seen["said"][f"{name} {id}"]) == len(steps.stops) - 1
            last = seen["said"][f"{name} {id}"][-1]
            assert last.startswith("loss_new is ") and "fell" in last
    assert "no number" in seen["message"] and seen["panel"].startswith("Step 15 of 21")


def loss_at(parameters, x=2.0, y=0.7):
    W1, b1, W2, b2 = parameters
    return (1 / (1 + math.exp(-W2 * max(0.0, W1 * x + b1) - b2)) - y) ** 2


def test_a_mission_judges_the_step_just_taken(example):
    page, element = example
    element.get_by_label("y", exact=True).fill("0,7")
    element.get_by_label("Learning rate α", exact=True).fill("30")
    start = np.array([stepper.one_unit.inputs[name] for name in ("W1", "b1", "W2", "b2")])
    slopes = [loss_at(start + nudge) - loss_at(start - nudge) for nudge in 1e-5 * np.eye(4)]
    losses = [loss_at(start), loss_at(start - 30 * np.array(slopes) / 2e-5)]
    press(element, "Take a step")
    page.wait_for_function("document.querySelector('#one .done')")
    [done] = element.locator(".missions .done").all()
    assert done.get_attribute("data-mission") == "rises"
    told = re.search(r"goes from (\S+) to (\S+):", done.inner_text())
    assert list(map(float, told.groups())) == pytest.approx(losses, rel=1e-5)
