// What plain HTML cannot do alone. Every page is complete without it.
{
  const drawer = document.querySelector("#__drawer"), button = document.querySelector(".md-header__button[for=__drawer]")
  button.role = "button"
  button.tabIndex = 0
  button.ariaLabel = "Contents"
  button.setAttribute("aria-controls", "contents")
  const told = () => (button.ariaExpanded = drawer.checked)
  const open = state => {
    drawer.checked = state
    drawer.dispatchEvent(new Event("change"))
    if (state) document.querySelector("#contents a[aria-current], #contents a").focus()
  }
  button.addEventListener("keydown", event => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault()
      open(!drawer.checked)
    }
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
      const search = document.querySelector("#query, .site-search input")
      search.checkVisibility() ? search.focus() : location.assign(search.form.action)
    }
  })

  // Whatever scrolls sideways can be scrolled from the keyboard.
  const names = [[".formula", "Formula"], [".md-typeset__scrollwrap", "Table"], [".figure", "Figure"]]
  const reachable = () => names.forEach(([selector, name]) => document.querySelectorAll(selector).forEach(box => {
    const wide = box.scrollWidth > box.clientWidth
    box.toggleAttribute("tabindex", wide)
    if (wide) Object.assign(box, { tabIndex: 0, role: "group", ariaLabel: name })
  }))
  addEventListener("load", reachable)
  addEventListener("resize", reachable)
}
