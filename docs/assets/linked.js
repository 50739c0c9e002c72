// One quantity, three places: point at it in a formula, in code or in a figure, and it lights up in the others.
{
  const GREEK = { "α": "learning_rate", "σ": "sigmoid" }
  const named = name => ({ "L": "loss" })[name] ?? name

  // The name that the code uses for a part of a formula: W₂ is W2, a⁽³⁾ is a3, ∂L/∂z₂ is dL_dz2.
  const symbol = part => {
    const [base, index] = part.children
    if (part.matches("mi")) return GREEK[part.textContent] ?? part.textContent
    if (part.matches("msub, msup")) return symbol(base) + index.textContent.replace(/[()\s]/g, "")
    if (part.matches("mover")) return `${symbol(base)}_hat`
    if (part.matches("mfrac")) return slope(base.textContent, index)
    return ""
  }
  const slope = (above, below) => {
    const [d, ...of] = below.matches("mrow") ? below.children : [below]
    const what = above.match(/^[∂d](\w)/)?.[1]
    return what && /^[∂d]$/.test(d.textContent) && of.length ? `d${what}_d${of.map(symbol).join("")}` : ""
  }
  const label = text => text.trim().replace(/^∂(\w+)\/∂(\w+)/, "d$1_d$2").match(/^\w+/)?.[0] ?? ""

  const kinds = {
    code: [...document.querySelectorAll(".highlight code .n, .highlight code .nf")].map(token => [token.textContent, token]),
    formula: [...document.querySelectorAll("math :is(mi, msub, msup, mover, mfrac)")].map(part => [named(symbol(part)), part]),
    figure: [...document.querySelectorAll(".figure text")].map(text => [named(label(text.textContent)), text]),
  }
  const places = new Map()
  for (const [kind, members] of Object.entries(kinds))
    for (const [name, element] of members)
      if (name) (places.get(name) ?? places.set(name, []).get(name)).push({ kind, element })
  const names = new Map() // by element, only of what is in more than one kind of place
  for (const [name, members] of places)
    if (new Set(members.map(({ kind }) => kind)).size > 1) members.forEach(({ element }) => names.set(element, name))

  const light = name => {
    document.querySelectorAll(".linked").forEach(element => element.classList.remove("linked"))
    places.get(name)?.forEach(({ element }) => element.classList.add("linked"))
  }
  const under = target => {
    while (target && !names.has(target)) target = target.parentElement
    return names.get(target)
  }
  document.addEventListener("pointerover", ({ target }) => light(under(target)))

  // By keyboard: each formula, block of code and figure is one stop, and the arrow keys go from name to name.
  for (const place of document.querySelectorAll(".formula, .highlight pre, .figure svg")) {
    const own = [...new Set([...place.querySelectorAll("*")].map(element => names.get(element)).filter(Boolean))] // as one reads
    if (!own.length) continue
    let at = 0
    place.tabIndex = 0
    place.addEventListener("focus", () => light(own[at]))
    place.addEventListener("blur", () => light())
    place.addEventListener("keydown", event => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
      if (!step || place.scrollWidth > place.clientWidth) return // there the arrows scroll
      at = (at + step + own.length) % own.length
      light(own[at])
      event.preventDefault()
    })
  }
}
