"""Every page on a slow phone, for the first time and the next. `.ci/run` runs this alone: the phone is as slow as it should be only on an idle machine."""

from collections import Counter
from urllib.parse import urlsplit

from browser import address, browser, names, opened, server  # noqa: F401

INDEX = 90_000  # what only the search page loads: lunr and the text of all sections
SHIFTS = """() => new Promise(done => {
  const shifts = []
  const name = node => node?.id || node?.className?.baseVal || node?.className || node?.nodeName
  new PerformanceObserver(list => list.getEntries().forEach(({value, sources}) =>
    shifts.push(`${value.toFixed(4)} by ${sources.map(({node}) => name(node)).join(', ')}`))).observe({type: 'layout-shift', buffered: true})
  document.fonts.ready.then(() => setTimeout(() => done(shifts), 300))
})"""


def test_on_a_slow_phone_nothing_moves_nothing_is_heavy_and_nothing_comes_from_elsewhere(browser, address, server, names):
    """Something moves where it does so in two visits of three: once is a picture that was painted while the computer did something else."""
    found = []
    for pages in zip(names, names[1:] + names[:1]):
        visits = [visit(browser, address, server, *pages)]
        if visits[0][1]:
            visits += [visit(browser, address, server, *pages) for _ in range(2)]
        moved = Counter(name for _, shifts in visits for name in {shift.split(": ")[0] for shift in shifts})
        found += sorted({shift for _, shifts in visits for shift in shifts if moved[shift.split(": ")[0]] > 1})
        found += visits[0][0]
    assert found == [], "\n".join(found)


def visit(browser, address, server, name, following):
    """What is wrong on a page and on the next, and what moved there."""
    faults, shifts = [], []
    with opened(browser, 360) as page:
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", {"offline": False, "latency": 100, "downloadThroughput": 400_000, "uploadThroughput": 100_000})
        session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        for visited, limit in [(name, 120_000), (following, 30_000)]:
            server.sent.clear()
            page.goto(address + visited)
            shifts += [f"{visited}: {shift}" for shift in page.evaluate(SHIFTS)]
            if visited == following:  # the formulas' font comes with the first page that has one
                server.sent = Counter({path: size for path, size in server.sent.items() if not path.endswith(".woff2")})
            if sum(server.sent.values()) > limit + (visited == "search.html") * INDEX:
                faults.append(f"{visited}: transfers more than {limit}: {dict(server.sent.most_common())}")
        faults += [f"{name}: asks for {url}" for url in page.asked if urlsplit(url).netloc not in ("", urlsplit(address).netloc)]
        faults += [f"{name}: {complaint}" for complaint in page.complaints]
    return faults, shifts
