// What the tests ask of a page in a browser. Every function returns a list of faults, in words.
{
  const all = (selector, root = document) => [...root.querySelectorAll(selector)]
  const named = e => {
    const label = e.textContent.trim().slice(0, 40) || e.ariaLabel || ""
    return `${e.tagName.toLowerCase()}${e.id && "#" + e.id}.${e.className.baseVal ?? e.className} ${label}`
  }

  // Layout.

  window.wide = () => document.documentElement.scrollWidth <= innerWidth ? [] :
    all("body *").filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 5)
      .map(e => `${named(e)} makes the page scroll sideways`)

  window.tables = () => {
    const scrolls = e => e && (/auto|scroll/.test(getComputedStyle(e).overflowX) || scrolls(e.parentElement.closest("article *")))
    return all("article table").filter(table => !scrolls(table.parentElement.closest("article *"))).map(table => `${named(table)} stands in nothing that scrolls`)
  }

  window.figures = () => all("figure.figure").flatMap(figure => {
    const drawings = [...figure.querySelectorAll("svg")] // of two, one is shown
    const svg = drawings.find(svg => svg.getBoundingClientRect().width) ?? drawings[0], box = svg.getBoundingClientRect()
    const least = 11.9 * Math.min(1, innerWidth / 360)
    const size = text => parseFloat(getComputedStyle(text).fontSize) * box.width / svg.viewBox.baseVal.width
    const outside = text => {
      const { left, right, top, bottom } = text.getBoundingClientRect()
      return left < box.left - 1 || right > box.right + 1 || top < box.top - 1 || bottom > box.bottom + 1
    }
    return [
      ...(box.width > 0 && box.width <= innerWidth && box.height > 40 ? [] : [`${figure.id} is ${box.width} px wide`]),
      ...all("text", svg).filter(text => size(text) < least).map(text => `${figure.id}: text of ${size(text)} px: ${named(text)}`),
      ...all("text", svg).filter(outside).map(text => `${figure.id}: text leaves the figure: ${named(text)}`),
    ]
  })

  // How high a chapter is without its exercises and steppers.
  window.long = () => {
    const apart = all("form.exercise, .stepper"), article = document.querySelector("article")
    if (!article.querySelector(".goal") || location.pathname.includes("/labs/")) return []  // no chapter
    apart.forEach(e => e.style.display = "none")
    const height = article.offsetHeight
    apart.forEach(e => e.style.display = "")
    return height <= 6000 ? [] : [`the chapter is ${height} px high without its exercises`]
  }

  window.images = () => all("img").filter(image => !image.complete || !image.naturalWidth).map(image => `${image.src} is not shown`)

  // Colours.

  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true })
  const rgb = colour => {
    canvas.fillStyle = colour
    canvas.fillRect(0, 0, 1, 1)
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3)
  }
  const luminance = colour => {
    const [r, g, b] = rgb(colour).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const contrast = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
  const inked = root => all(root)
    .filter(e => [...e.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim()))
    .filter(e => e.checkVisibility({ visibilityProperty: true }) && !e.closest("title, desc, .unseen, .copy"))
    .filter(e => !e.style.fill.includes("paper"))  // stands on a dark disc
    .map(e => [e, e.closest("svg") ? getComputedStyle(e).fill : getComputedStyle(e).color])

  // Text in `root` with a contrast under 4.5 to 1 on its paper.
  window.faint = (root, paper = getComputedStyle(document.body).backgroundColor) => inked(root)
    .filter(([, ink]) => contrast(luminance(ink), luminance(paper)) < 4.5)
    .map(([e, ink]) => `${named(e)} is hard to read, ${ink} on ${paper}`)

  window.coloured = root => inked(root)
    .filter(([, ink]) => Math.max(...rgb(ink)) - Math.min(...rgb(ink)) > 8)
    .map(([e, ink]) => `${named(e)} is printed in ${ink}`)

  window.printed = () => [
    ...all(".md-header, .md-footer, .md-sidebar, .copy, .headerlink").filter(e => e.checkVisibility()).map(e => `${named(e)} is printed`),
    ...all("body, article *").filter(e => e.checkVisibility() && !e.closest("svg"))
      .map(e => [e, getComputedStyle(e).backgroundColor])
      .filter(([, colour]) => !["rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"].includes(colour))
      .map(([e, colour]) => `${named(e)} is printed on ${colour}`),
  ]

  window.moving = () => all("*").filter(e => {
    const style = getComputedStyle(e)
    return style.scrollBehavior !== "auto" || style.animationName !== "none" || !/^0s(, 0s)*$/.test(style.transitionDuration)
  }).map(e => `${named(e)} moves`)

  // The keyboard. `prepare` notes what can be reached and how it looks; `focused` looks at what has the focus.

  let everything, before
  const look = e => {
    const style = getComputedStyle(e)
    return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.backgroundColor].join()
  }
  const seen = e => e.type === "radio" ? e.labels[0] : e  // of a tab the label is seen
  const inWindow = ({ left, right, top, bottom }) => right > 0 && left < innerWidth && bottom > 0 && top < innerHeight
  const points = ({ left, right, top, bottom }) => [0.1, 0.5, 0.9].flatMap(x => [0.1, 0.5, 0.9].map(y =>
    [left + x * (right - left), top + y * (bottom - top)]))

  window.prepare = () => {
    const reachable = "a[href], button, input, select, textarea, summary, [tabindex]"
    everything = all("*")
    before = new Map(all(reachable)
      .filter(e => e.tabIndex >= 0 && !e.disabled && e.type !== "radio" && e.checkVisibility({ visibilityProperty: true }))
      .map(e => [e, look(e)]))
  }

  window.focused = () => {
    const e = document.activeElement, faults = []
    if (e === document.body || e === document.documentElement) return null
    const shown = seen(e), style = getComputedStyle(shown), boxes = [...shown.getClientRects()].filter(inWindow)
    const hit = ([x, y]) => {
      const top = document.elementFromPoint(x, y)
      return top && (shown.contains(top) || top.contains(shown) && shown.tagName === "math")
    }
    if (!boxes.length) faults.push("is outside of the window")
    else if (!boxes.flatMap(points).some(hit)) faults.push("is covered")
    if (style.opacity === "0" || style.visibility === "hidden") faults.push("is invisible")
    if (style.outlineStyle === "none" && style.boxShadow === "none" || before.get(e) === look(shown)) {
      faults.push("does not show that it has the focus")
    }
    before.delete(e)
    return { place: everything.indexOf(e), name: named(e), faults }
  }

  window.unreached = () => [...before.keys()].filter(e => e.checkVisibility({ visibilityProperty: true }))
    .map(e => `${named(e)} is never reached`)

  // What moved while the page was loading.
  window.shifts = () => new Promise(done => {
    const found = []
    const moved = ({ value, sources }) => found.push(`${sources.map(({ node }) => node && named(node.nodeType === 1 ? node : node.parentElement))} moved by ${value.toFixed(4)}`)
    new PerformanceObserver(list => list.getEntries().forEach(moved)).observe({ type: "layout-shift", buffered: true })
    document.fonts.ready.then(() => setTimeout(() => done(found), 300))
  })

  // What somebody can read, line by line.
  window.text = () => {
    const article = document.querySelector("main article")
    all(".copy, .unseen, noscript, .answer, .nudged, .step ~ .step, .stepper", article).forEach(e => e.remove())  // a stepper has tests of its own
    return article.innerText.split("\n").map(line => line.trim()).filter(Boolean)
  }

  const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
  window.audit = async (root = document) => {
    const { violations } = await axe.run(root, { runOnly: RULES, resultTypes: ["violations"] })
    return violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.target.join(" ")}: ${node.failureSummary}`))
  }
}
