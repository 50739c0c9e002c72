"""All pages in Chromium, in one setting. This takes longest, so CI starts with this file."""

from audit import faults_of

pytest_plugins = ["browser_fixtures"]


def test_every_page_on_a_phone(opened, address, server, all_pages):
    faults = []
    for name in all_pages:
        with opened(360) as page:
            found = faults_of(page, address, server, name, 360, "light")
        faults += [f"{name}: {fault}" for fault in found]
    assert faults == [], "\n".join(faults)
