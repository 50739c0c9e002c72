// What plain HTML cannot do alone. Every page is complete without it.
{
  const drawer = document.querySelector("#__drawer"), label = document.querySelector(".menu"), button = document.createElement("button")
  button.className = label.className
  button.ariaLabel = "Contents"
  button.setAttribute("aria-controls", "contents")
  button.append(...label.childNodes)
  label.replaceWith(button)
  const told = () => (button.ariaExpanded = drawer.checked)
  const open = state => {
    drawer.checked = state
    drawer.dispatchEvent(new Event("change"))
    if (state) (document.querySelector("#contents a[aria-current]") ?? document.querySelector("#contents a")).focus()
  }
  button.addEventListener("click", () => open(!drawer.checked))
  document.querySelector("#contents").addEventListener("focusout", ({ relatedTarget }) => {
    if (drawer.checked && relatedTarget && !relatedTarget.closest("#contents")) open(false)  // it would be under the contents
  })
  drawer.addEventListener("change", told)
  told()

  document.addEventListener("keydown", event => {
    const typing = event.target.closest("input, textarea, [contenteditable]")
    if (event.key === "Escape" && drawer.checked) {
      open(false)
      button.focus()
    } else if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault()
      const search = document.querySelector("#query") ?? document.querySelector(".site-search input")
      search.checkVisibility() ? search.focus() : location.assign(search.form.action)
    }
  })

  const scheme = document.querySelector(".scheme"), dark = matchMedia("(prefers-color-scheme: dark)")
  const show = name => {
    document.body.dataset.mdColorScheme = name
    scheme.ariaPressed = name === "slate"
  }
  show(document.body.dataset.mdColorScheme)
  scheme.hidden = false
  scheme.addEventListener("click", () => {
    show(scheme.ariaPressed === "true" ? "default" : "slate")
    try { localStorage.setItem("backprop.scheme", document.body.dataset.mdColorScheme) } catch {}
  })
  dark.addEventListener("change", () => {
    let chosen
    try { chosen = localStorage.getItem("backprop.scheme") } catch {}
    show(chosen ?? (dark.matches ? "slate" : "default"))
  })

  // Where on the page the reader is, in the list of its sections.
  const sections = [...document.querySelectorAll("[data-md-component=toc] a")].map(link => [link, document.getElementById(decodeURIComponent(link.hash.slice(1)))])
  const place = () => {
    const read = sections.findLast(([, heading]) => heading.getBoundingClientRect().top < 120)
    sections.forEach(([link, heading]) => link.classList.toggle("md-nav__link--active", heading === read?.[1]))
  }
  addEventListener("scroll", place, { passive: true })
  place()

  // Every block of code can be copied.
  const status_ = document.createElement("span")
  status_.role = "status"
  status_.className = "unseen"
  const file = document.querySelector("a[download]:not(form a)")?.download // on the page of a snippet
  if (navigator.clipboard) document.querySelectorAll(".highlight:has(> pre)").forEach(block => {
    const copy = document.createElement("button")
    copy.className = "copy"
    copy.type = "button"
    copy.textContent = "Copy"
    const defined = [...block.querySelector("code").textContent.matchAll(/^(?:def|class) (\w+)/gm)].map(([, name]) => name).join(", ")
    copy.ariaLabel = `Copy ${file ?? (defined || block.querySelector(".filename")?.textContent || "this code")}`
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.querySelector("code").textContent)
      copy.textContent = status_.textContent = "Copied"
      setTimeout(() => (copy.textContent = "Copy", status_.textContent = ""), 2000)
    })
    block.append(copy)
  })
  document.querySelector("article").append(status_)

  // Whatever scrolls sideways can be scrolled from the keyboard; a table scrolls in boxes that Material has a style for.
  document.querySelectorAll("article table").forEach(table => {
    const [outer, inner] = ["scrollwrap", "table"].map(name => Object.assign(document.createElement("div"), { className: `md-typeset__${name}` }))
    table.replaceWith(outer)
    outer.append(inner)
    inner.append(table)
  })
  const names = [[".formula", "Formula"], [".md-typeset__scrollwrap", "Table"], [".figure", "Figure"], ["pre code", "Code"]]
  const reachable = () => names.forEach(([selector, name]) => document.querySelectorAll(selector).forEach(box => {
    const wide = box.scrollWidth > box.clientWidth
    box.toggleAttribute("tabindex", wide)
    if (wide) Object.assign(box, { tabIndex: 0, role: "group", ariaLabel: name })
  }))
  addEventListener("load", reachable)
  addEventListener("resize", reachable)
  }
