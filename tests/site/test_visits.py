"""Every page as a visitor gets it without JavaScript, and from the disk."""

import re
import zipfile
from collections import Counter
from pathlib import Path
from urllib.parse import unquote, urlsplit

from browser import address, browser, names, opened, server  # noqa: F401

TEXT = """() => {
  const article = document.querySelector('main article')
  article.querySelectorAll('.copy, .unseen, noscript').forEach(element => element.remove())
  return article.innerText
}"""


def test_every_page_is_complete_without_javascript(browser, address, names):
    found = []
    for name in names:
        texts = []
        for scripts in (True, False):
            with opened(browser, 360, java_script_enabled=scripts) as page:
                page.goto(address + name)
                texts.append(Counter(filter(None, map(str.strip, page.evaluate(TEXT).splitlines()))))
                if not scripts:
                    page.locator("label.menu").click()
                    link = page.locator("#contents a").first
                    link.click()
                    assert page.url == address + "index.html", f"{name}: {page.url}"
        found += [f"{name}: only with JavaScript: {line}" for line in texts[0] - texts[1]]
        found += [f"{name}: only without JavaScript: {line}" for line in texts[1] - texts[0]]
    assert found == [], "\n".join(found)


def test_the_download_works_from_the_disk(browser, site, tmp_path):
    archives = list(site.glob("*.zip"))
    assert len(archives) == 1
    zipfile.ZipFile(archives[0]).extractall(tmp_path)
    pages, found = sorted(path for path in tmp_path.rglob("*.html") if path.name != "404.html"), []  # a server's page
    assert len(pages) == len([path for path in site.rglob("*.html") if path.name != "404.html"])
    for path in pages:
        name = path.relative_to(tmp_path).as_posix()
        with opened(browser) as page:
            page.on("requestfailed", lambda request: page.complaints.append(f"{request.url} is missing"))
            page.goto(path.as_uri())
            state = page.evaluate(ON_THE_DISK)
            found += [f"{name}: {complaint}" for complaint in page.complaints]
            found += [f"{name}: loads {url}" for url in page.asked if not re.match("file:|data:", url)]
            found += [f"{name}: {url} leads nowhere" for url in state.pop("links") if not is_there(url) and not url.endswith(archives[0].name)]
            found += [f"{name}: no {what}" for what, good in state.items() if not good]
    assert found == [], "\n".join(found)


def is_there(url):
    return Path(unquote(urlsplit(url).path)).is_file()


ON_THE_DISK = """async () => {
  await document.fonts.ready
  const links = [...document.querySelectorAll('a[href]')].map(a => a.href)
  return {
    links: [...new Set(links.filter(link => !/^(https?|mailto):/.test(link)))],
    styles: getComputedStyle(document.querySelector('.md-header')).position === 'sticky',
    'mathematical font': !document.querySelector('math') || [...document.fonts].some(font => font.status === 'loaded'),
    'visible figure': [...document.querySelectorAll('figure svg')].every(svg => svg.getBoundingClientRect().height > 40),
    'visible image': [...document.images].every(image => image.complete && image.naturalWidth),
  }
}"""
