"""Every page for those who read it otherwise: by keyboard, four times as large, without motion, in forced colours, on paper."""

import pytest
from browser import SCHEMES, WIDTHS, address, browser, names, opened, server  # noqa: F401

# Looks at the element that has the focus; `looks` holds how each one looked before.
PREPARE = """() => {
  const all = [...document.querySelectorAll('*')], tabbable = all.filter(e => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({visibilityProperty: true})
    && (e.matches('a[href], button, input, select, textarea, summary, [tabindex]')) && e.type !== 'radio')
  const look = e => { const s = getComputedStyle(e); return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.backgroundColor].join() }
  const before = new Map(tabbable.map(e => [e, look(e)]))
  const told = e => `${e.tagName.toLowerCase()}${e.id && '#' + e.id}.${e.className} ${e.textContent.trim().slice(0, 40) || e.ariaLabel || ''}`
  window.focused = () => {
    const e = document.activeElement
    if (e === document.body || e === document.documentElement) return null
    const seen = e.matches('.md-option') ? e.parentElement.querySelector('label:not([hidden])') : e.type === 'radio' ? e.labels[0] : e
    const faults = [], style = getComputedStyle(seen)
    const boxes = [...seen.getClientRects()].filter(({left, right, top, bottom}) => right > 0 && left < innerWidth && bottom > 0 && top < innerHeight)
    const points = boxes.flatMap(({left, right, top, bottom}) => [.1, .5, .9].flatMap(x => [.1, .5, .9].map(y =>
      [left + x * (right - left), top + y * (bottom - top)]))).filter(([x, y]) => x >= 0 && x < innerWidth && y >= 0 && y < innerHeight)
    const hits = points.filter(([x, y]) => { const hit = document.elementFromPoint(x, y); return hit && (seen.contains(hit) || hit.contains(seen) && seen.tagName === 'math') })
    if (!boxes.length) faults.push('is outside of the window')
    else if (!hits.length) faults.push(`is covered by ${points[4] && document.elementFromPoint(...points[4])?.className}`)
    if (style.opacity === '0' || style.visibility === 'hidden') faults.push('is invisible')
    if (style.outlineStyle === 'none' && style.boxShadow === 'none' || before.get(e) === look(seen)) faults.push('does not show that it has the focus')
    before.delete(e)
    return {place: all.indexOf(e), told: told(e), faults}
  }
  window.unreached = () => [...before.keys()].filter(e => e.checkVisibility({visibilityProperty: true})).map(told)
}"""


@pytest.mark.parametrize("width, key", [(1280, "Tab"), (360, "Tab"), (360, "Shift+Tab")])
def test_tab_reaches_everything_in_order_and_shows_where_it_is(browser, address, names, width, key):
    found = []
    with opened(browser, width, reduced_motion="reduce") as page:
        for name in names:
            page.goto(f"{address}{name}?q=sum")  # with results on the search page, which else puts the focus into its field
            page.evaluate(PREPARE)
            places = []
            while len(places) < 2000:
                page.keyboard.press(key)
                seen = page.evaluate("focused()")
                if seen is None or seen["place"] in places[:1]:
                    break
                if seen["place"] in places:
                    found.append(f"{name}: {seen['told']} is a trap")
                    break
                places.append(seen["place"])
                found += [f"{name}: {seen['told']} {fault}" for fault in seen["faults"]]
            if places != sorted(places, reverse=key != "Tab"):
                found.append(f"{name}: the order is not that of the page: {places}")
            found += [f"{name}: {element} is never reached" for element in page.evaluate("unreached()")]
    assert found == [], "\n".join(found)


def test_contents_open_and_close_from_the_keyboard(browser, address, names):
    with opened(browser, 360, reduced_motion="reduce") as page:
        for name in names:
            page.goto(address + name)
            button, contents = page.locator("button.menu"), page.locator("#contents")
            for key in ("Enter", "Space"):
                button.focus()
                page.keyboard.press(key)
                assert button.get_attribute("aria-expanded") == "true" and contents.is_visible(), name
                assert page.evaluate("document.activeElement.closest('#contents') !== null"), name
                page.keyboard.press("Escape")
                assert button.get_attribute("aria-expanded") == "false" and not contents.is_visible(), name
                assert page.evaluate("document.activeElement.matches('button.menu')"), name
            page.keyboard.press("Enter")
            contents.locator("a").last.focus()
            page.keyboard.press("Tab")  # what comes next is under the contents
            assert not contents.is_visible() and page.evaluate("document.activeElement.matches('main article *')"), name


def test_skip_link_leads_to_the_text_and_a_new_page_starts_at_its_top(browser, address, names):
    with opened(browser, 1280, reduced_motion="reduce") as page:
        for name in names:
            page.goto(f"{address}{name}?q=sum")
            if name == "404.html":
                continue  # it has nothing to skip to
            page.keyboard.press("Tab")
            skip = page.locator(".md-skip")
            assert page.evaluate("document.activeElement.matches('.md-skip')") and skip.bounding_box()["y"] >= 0, name
            page.keyboard.press("Enter")
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.matches('main article *, .md-footer *, body')"), f"{name}: {page.evaluate('document.activeElement.outerHTML')}"
        page.locator("#contents a").nth(2).focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement === document.body && scrollY === 0")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.matches('.md-skip')")


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_scheme_switches_from_the_keyboard_and_back(browser, address, key):
    with opened(browser) as page:
        page.goto(address + "index.html")
        page.locator(".site-name").focus()
        page.keyboard.press("Tab")
        for scheme in ("slate", "default"):
            page.keyboard.press(key)
            page.wait_for_function("scheme => document.body.dataset.mdColorScheme === scheme", arg=scheme, timeout=10_000)
            assert page.evaluate("document.activeElement.matches('.scheme')")


@pytest.mark.parametrize("width", WIDTHS)
def test_slash_leads_to_the_search(browser, address, names, width):
    with opened(browser, width) as page:
        for name in names:
            page.goto(address + name)
            page.keyboard.press("/")
            page.locator("input[type=search]:focus").wait_for(timeout=10_000)
            page.keyboard.type("/a")
            assert page.locator("input[type=search]:focus").input_value() in ("/a", "//a"), name  # the search page had the focus there already


def test_nothing_scrolls_sideways_at_400_percent(browser, address, names):
    found = []
    with opened(browser, 320) as page:
        for name in names:
            page.goto(address + name)
            page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
            found += [f"{name}: {wide}" for wide in page.evaluate(WIDE)]
    assert found == [], "\n".join(found)


WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 5)
    .map(e => `${e.tagName} ${e.className} ${Math.round(e.getBoundingClientRect().right)}`)"""


def test_nothing_moves_for_who_wants_it_so(browser, address, names):
    found = []
    with opened(browser, reduced_motion="reduce") as page:
        for name in names:
            page.goto(address + name)
            found += [f"{name}: {moving}" for moving in page.evaluate("""() => [...document.querySelectorAll('*')].filter(element => {
              const style = getComputedStyle(element)
              return style.scrollBehavior !== 'auto' || style.animationName !== 'none' || !/^0s(, 0s)*$/.test(style.transitionDuration)
            }).map(element => `${element.tagName} ${element.className}`)""")]
    assert found == [], "\n".join(found)


# Text that is hard to read on its paper: in `root`, with a contrast under 4.5 to 1.
FAINT = """([root, paper, grey]) => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true})
  const rgb = colour => { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3) }
  const light = colour => rgb(colour).map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0)
  const contrast = (a, b) => (Math.max(a, b) + .05) / (Math.min(a, b) + .05)
  const own = element => [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())
  return [...document.querySelectorAll(root)].filter(e => own(e) && e.checkVisibility({visibilityProperty: true}) && !e.closest('title, desc, .unseen, .copy'))
    .map(e => [e, e.closest('svg') ? getComputedStyle(e).fill : getComputedStyle(e).color])
    .filter(([e]) => !(e.closest('svg') && e.style.fill.includes('paper')))
    .filter(([e, ink]) => contrast(light(ink), light(paper)) < 4.5 || (grey && Math.max(...rgb(ink)) - Math.min(...rgb(ink)) > 8))
    .map(([e, ink]) => `${e.tagName} ${e.className.baseVal ?? e.className} ${e.textContent.trim().slice(0, 40)}: ${ink}`)
}"""


@pytest.mark.parametrize("scheme", SCHEMES)
def test_figures_can_be_read_in_forced_colours(browser, address, names, scheme):
    found = []
    with opened(browser, scheme=scheme, forced_colors="active") as page:
        for name in names:
            page.goto(address + name)
            assert page.evaluate("[...document.querySelectorAll('figure svg')].every(svg => getComputedStyle(svg).backgroundColor === 'rgb(255, 255, 255)')"), name
            found += [f"{name}: {faint}" for faint in page.evaluate(FAINT, ["figure svg *", "#fff", False])]
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_page_prints_black_on_white_and_without_what_paper_cannot_do(browser, address, names, scheme):
    found = []
    with opened(browser, scheme=scheme) as page:
        page.emulate_media(media="print", color_scheme=scheme)
        for name in names:
            page.goto(address + name)
            found += [f"{name}: {faint}" for faint in page.evaluate(FAINT, ["figure svg *", "#fff", True])]
            found += [f"{name}: {faint}" for faint in page.evaluate(FAINT, ["main article *", "#fff", False])]
            found += [f"{name}: {shown} is printed" for shown in page.evaluate("""() =>
              [...document.querySelectorAll('.md-header, .md-footer, .md-sidebar, .copy, .headerlink')].filter(e => e.checkVisibility()).map(e => e.className)""")]
            colours = page.evaluate("[...document.querySelectorAll('body, article *')].filter(e => e.checkVisibility() && !e.closest('svg')).map(e => getComputedStyle(e).backgroundColor)")
            found += [f"{name}: something is printed on {colour}" for colour in set(colours) - {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}]
    assert found == [], "\n".join(found)
