"""A page and the next on a slow phone.

`.ci/run` runs this alone: beside other tests the phone is slower than any.
"""

from itertools import pairwise

pytest_plugins = ["browser_fixtures"]

SECOND_VISIT = 30_000  # bytes, without the font, which comes with the first formula
INDEX = 90_000  # what only the search page loads
STEPPER = 15_000  # what a page with a stepper loads and is larger by
SLOW = {
    "Network.enable": {},
    "Network.emulateNetworkConditions": {
        "offline": False,
        "latency": 100,
        "downloadThroughput": 400_000,
        "uploadThroughput": 100_000,
    },
    "Emulation.setCPUThrottlingRate": {"rate": 4},
}


def test_nothing_moves_and_the_second_page_is_light(opened, address, server, pages):
    """A fault counts when three visits of three have it.

    Once can be a picture that was painted while the computer did something else.
    """
    faults = []
    for names in pairwise([*pages, pages[0]]):
        found = visit(opened, address, server, names)
        for _ in range(2):
            found = found and found & visit(opened, address, server, names)
        faults += sorted(found)
    assert faults == [], "\n".join(faults)


def visit(opened, address, server, names):
    with opened(360) as page:
        session = page.context.new_cdp_session(page)
        for method, parameters in SLOW.items():
            session.send(method, parameters)
        found = set()
        for name in names:
            server.sent.clear()
            page.goto(address + name)
            moved = page.evaluate("shifts()")
            found |= {f"{name}: {shift}" for shift in moved}
        sent = {path: size for path, size in server.sent.items() if not path.endswith(".woff2")}
        more = INDEX if name == "search.html" else 0
        if page.locator("backprop-stepper").count():  # its script may have come with another page
            more = STEPPER
        if sum(sent.values()) > (limit := SECOND_VISIT + more):
            found.add(f"{name} after {names[0]}: transfers more than {limit} bytes: {sent}")
    return found
