"""Pages without a mouse."""

import pytest

pytest_plugins = ["browser_fixtures"]


@pytest.mark.parametrize("width, key", [(1280, "Tab"), (360, "Shift+Tab")])
def test_tab_reaches_everything_in_order_and_shows_where_it_is(opened, address, pages, width, key):
    faults = []
    with opened(width, reduced_motion="reduce") as page:
        for name in pages:
            page.goto(f"{address}{name}?q=sum")  # the search page with results
            page.evaluate("prepare()")
            faults += [f"{name}: {fault}" for fault in pressed_through(page, key)]
    assert faults == [], "\n".join(faults)


def pressed_through(page, key):
    places = []
    while True:
        page.keyboard.press(key)
        seen = page.evaluate("focused()")
        if seen is None or seen["place"] in places[:1]:
            break
        if seen["place"] in places:
            yield f"{seen['name']} is a trap"
            break
        places.append(seen["place"])
        yield from (f"{seen['name']} {fault}" for fault in seen["faults"])
    if places != sorted(places, reverse=key != "Tab"):
        yield f"the order is not that of the page: {places}"
    yield from page.evaluate("unreached()")


def focus_is(page, selector):
    return page.evaluate("selector => document.activeElement.matches(selector)", selector)


def test_contents_open_and_close(opened, address, pages):
    with opened(360, reduced_motion="reduce") as page:
        for name in pages:
            page.goto(address + name)
            button, contents = page.locator("button.menu"), page.locator("#contents")
            for key in ("Enter", "Space"):
                button.focus()
                page.keyboard.press(key)
                assert button.get_attribute("aria-expanded") == "true" and contents.is_visible()
                assert focus_is(page, "#contents *"), name
                page.keyboard.press("Escape")
                assert button.get_attribute("aria-expanded") == "false", name
                assert focus_is(page, "button.menu") and not contents.is_visible(), name
            page.keyboard.press("Enter")
            contents.locator("a").last.focus()
            page.keyboard.press("Tab")  # what comes next is under the contents
            assert focus_is(page, "main article *") and not contents.is_visible(), name


def test_skip_link_leads_to_the_text_and_a_new_page_starts_at_its_top(opened, address, pages):
    with opened(reduced_motion="reduce") as page:
        for name in pages:
            page.goto(f"{address}{name}?q=sum")
            if name == "404.html":
                continue  # it has nothing to skip to
            page.keyboard.press("Tab")
            assert focus_is(page, ".md-skip"), name
            assert page.locator(".md-skip").bounding_box()["y"] >= 0, name
            page.keyboard.press("Enter")
            page.keyboard.press("Tab")
            assert focus_is(page, "main article *, .md-footer *, body"), name
        page.locator("#contents a").nth(2).focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert focus_is(page, "body") and page.evaluate("scrollY") == 0


@pytest.mark.parametrize("width", [1280, 360])
def test_slash_leads_to_the_search(opened, address, pages, width):
    with opened(width) as page:
        for name in pages:
            page.goto(address + name)
            page.keyboard.press("/")
            field = page.locator("input[type=search]:focus")
            field.wait_for(timeout=10_000)
            page.keyboard.type("/a")
            assert field.input_value().endswith("/a"), name


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_scheme_switches_and_back(opened, address, key):
    with opened() as page:
        page.goto(address + "index.html")
        page.locator(".site-name").focus()
        page.keyboard.press("Tab")
        for scheme in ("slate", "default"):
            page.keyboard.press(key)
            page.locator(f"body[data-md-color-scheme={scheme}]").wait_for(timeout=10_000)
            assert focus_is(page, ".scheme")
