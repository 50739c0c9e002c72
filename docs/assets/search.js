// The search page: lunr over the sections of the site, in the page itself, so that it also works from file://.
{
  const words = text => text.toLowerCase().split(/[^\p{L}\p{N}_.+-]+/u).map(word => word.replace(/^[.+-]+|[.+-]+$/g, "")).filter(Boolean)
  let sections, engine, ready
  const load = src => new Promise((onload, onerror) => document.head.append(Object.assign(document.createElement("script"), { src, onload, onerror })))
  const prepared = () => ready ??= load("search/lunr.js").then(() => load("search/index.js")).then(() => { // when somebody searches, not before
    lunr.tokenizer.separator = /[^\p{L}\p{N}_.]+/u
    sections = index
    engine = lunr(function () {
      this.ref("id")
      this.field("title", { boost: 8 })
      this.field("page", { boost: 3 })
      this.field("text")
      sections.forEach((section, id) => this.add({ id, ...section }))
    })
  })

  function search(text) {
    const tokens = lunr.tokenizer(text.toLowerCase()).map(token => token.toString().replace(/^\.+|\.+$/g, "")).filter(Boolean)
    const found = variants => engine.query(query => tokens.forEach(token => variants(query, token)))
    const required = { presence: lunr.Query.presence.REQUIRED }
    const exact = found((query, token) => query.term(token, required))
    const begun = exact.length ? exact : found((query, token) => query.term(token, { ...required, wildcard: lunr.Query.wildcard.TRAILING }))
    return begun.length ? begun : found((query, token) => query.term(token, { editDistance: token.length > 3 ? 1 : 0 }))
  }

  // What was typed, word by word in this order, counts more than the same words apart; a page may weigh less (`search: boost`).
  function ranked(found, phrase) {
    const score = ({ ref, score }) => {
      const { title, text, boost = 1 } = sections[ref]
      const heading = title.toLowerCase().replace(/^\d+\. /, "")
      const whole = [[heading === phrase, 9], [heading.includes(phrase), 2], [text.toLowerCase().includes(phrase), 2]]
      return whole.reduce((product, [holds, factor]) => (holds ? product * factor : product), score * boost)
    }
    return found.map(result => [score(result), sections[result.ref]]).sort(([a], [b]) => b - a).map(([, section]) => section)
  }

  async function show() {
    const text = input.value.trim()
    try {
      if (text) await prepared()
    } catch {
      ready = undefined // so that the next letter tries again
      status_.textContent = "The index of the site could not be loaded."
      return
    }
    if (text !== input.value.trim()) return // more was typed meanwhile
    const results = text ? ranked(search(text), text.toLowerCase()).slice(0, 30) : []
    status_.textContent = text && (results.length ? `${results.length === 30 ? "The first 30" : results.length} sections` : "Nothing found. Try fewer or other words.")
    list.replaceChildren(...results.map(section => {
      const item = document.createElement("li"), link = document.createElement("a"), place = document.createElement("span"), extract = document.createElement("p")
      link.href = section.location
      link.textContent = section.title
      place.textContent = section.page === section.title ? "" : ` ${section.page}`
      const at = words(text).map(word => section.text.toLowerCase().indexOf(word)).find(at => at >= 0) ?? 0
      const start = section.text.lastIndexOf(" ", Math.max(0, at - 60)) + 1
      const rest = section.text.slice(start), end = rest.length > 180 ? Math.max(rest.lastIndexOf(" ", 180), 60) : rest.length
      extract.textContent = (start ? "… " : "") + rest.slice(0, end) + (end < rest.length ? " …" : "")
      item.append(link, place, extract)
      return item
    }))
  }

  const input = document.querySelector("#query"), status_ = document.querySelector("#found"), list = document.querySelector("#results")
  input.value = new URLSearchParams(location.search).get("q") ?? ""
  input.addEventListener("input", () => {
    history.replaceState(null, "", `?q=${encodeURIComponent(input.value)}`)
    show()
  })
  input.form.addEventListener("submit", event => event.preventDefault())
  show()
  if (!input.value) input.focus()
}
