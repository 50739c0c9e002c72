// Checks answers. What each is worth stands in the page: in the list below the solution, the right one first.
{
  const all = (selector, root = document) => [...root.querySelectorAll(selector)]
  const said = document.createElement("p")  // what screen readers announce
  said.className = "unseen"
  said.role = "status"
  document.querySelector("article").append(said)

  // What the reader put in, in the form of the list; empty where it is nothing that could be checked.
  const given = {
    number: input => {
      const text = input.value.trim().replaceAll("−", "-").replace(/^(-?[\d ]*),(\d+)$/, "$1.$2").replaceAll(" ", "")
      const [, above, below = 1, percent] = /^([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)(?:\/(\d+\.?\d*))?(%?)$/i.exec(text) ?? []
      return above && String(above / below / (percent ? 100 : 1))
    },
    shape: input => (input.value.match(/\d+/g) ?? []).join(","),
    line: input => input.value.replace(/\s/g, ""),
  }
  const wanted = {
    number: "Put in a number or a fraction, such as -0.25 or 1/16, without a unit or a formula.", shape: "Put in a shape, such as (3, 4).",
    line: "Put in an expression.", choice: "Choose one of them first.",
  }
  const answer = step => {
    if (step.dataset.kind === "choice") return step.querySelector(":checked")?.value
    if (step.dataset.kind === "order") return all("[data-line]", step).map(line => line.dataset.line)
    return step.dataset.kind === "program" ? "passes" : given[step.dataset.kind](step.querySelector("input"))
  }
  const alike = ({ kind, within }, answered, value) => {
    if (kind === "number") return Math.abs(answered - value) <= within
    if (kind !== "order") return answered === value
    const [late, early] = value.split(" ")
    return answered.indexOf(late) < answered.indexOf(early)
  }
  // The entry of the list that this answer is; null where it is none of them.
  const found = (step, list, answered) => {
    const listed = list.find(entry => entry.dataset.values.split("|").some(value => value && alike(step.dataset, answered, value)))
    return listed ?? (/order|program/.test(step.dataset.kind) ? list[0] ?? step : null)
  }

  const tell = (step, mark, ...parts) => {
    const place = step.querySelector(".feedback")
    place.className = `feedback ${mark}`
    place.replaceChildren(...parts.flatMap(part => part.nodeType ? [...part.cloneNode(true).childNodes] : part))
    said.textContent = ""
    const text = place.textContent, wrong = mark === "wrong" && !text.startsWith("Not right")
    setTimeout(() => (said.textContent = (wrong ? "Not right: " : "") + text), 50)
  }

  const check = (form, step) => {
    const answered = answer(step), steps = all(".step", form), index = steps.indexOf(step)
    if (!answered) return tell(step, "", wanted[step.dataset.kind])
    const list = step.dataset.kind === "program" ? [] : all("li", all(".answers", form)[index]), entry = found(step, list, answered)
    if (entry && entry === (list[0] ?? step)) {
      const next = steps[index + 1]
      if (!next) {
        solved(form)
        return tell(step, "right", "Right.", count(form, "right"))
      }
      next.classList.add("reached")
      return tell(step, "right", "Right. Now the next question.")
    }
    count(form, "missed")
    const hint = "Not right, and none of the usual slips. The hint may help."
    const { kind, within } = step.dataset, value = entry?.dataset.values?.split("|")[0]
    const near = kind === "number" && Math.abs(answered - value) > within / 10 ? "You are near this: " : ""
    tell(step, "wrong", ...entry ? [near, entry, " "] : [hint, " "], form.querySelector(".section"))
  }

  addEventListener("submit", event => {
    if (!event.target.matches(".exercise")) return
    event.preventDefault()
    const { activeElement } = document
    check(event.target, (event.target.contains(activeElement) ? activeElement : event.submitter).closest(".step"))
  })

  // What was solved is known in this browser only.
  const load = (store, key) => { try { return JSON.parse(window[store].getItem(key)) } catch { return null } }
  const save = (store, key, value) => { try { window[store].setItem(key, JSON.stringify(value)) } catch {} }
  // By chapter; what another site at the same address has left is not taken.
  const known = () => Object.fromEntries(Object.entries(load("localStorage", "backprop.solved") ?? {}).filter(([, ids]) => Array.isArray(ids)))
  const show = () => {
    const done = known(), mark = (link, text, title) => {
      link.querySelector(".solved")?.remove()
      if (text) link.append(Object.assign(document.createElement("span"), { className: "solved", textContent: text, title }))
    }
    all("form.exercise").forEach(form => mark(form.querySelector(".title"), done[form.dataset.chapter]?.includes(form.id) && " ✓ solved", ""))
    all("#contents a").forEach(link => {
      const count = done[link.pathname.split("/").pop().replace(".html", "")]?.length
      mark(link, count && ` ✓ ${count}`, count && `${count} solved here`)
    })
    all(".forget").forEach(button => (button.hidden = !Object.keys(done).length))
  }
  const solved = form => {
    const done = known(), { chapter } = form.dataset
    done[chapter] = [...new Set([...done[chapter] ?? [], form.id])]
    save("localStorage", "backprop.solved", done)
    if (form.matches(".bug")) form.querySelector(".solution").open = true
    show()
  }
  show()

  const clear = place => {
    all("details", place).forEach(details => (details.open = false))
    all(".feedback", place).forEach(feedback => feedback.replaceChildren())
  }

  // A round: some exercises in another order, in one place, remembered while the tab is open.
  const place = document.querySelector("#round"), forms = all("form.exercise").filter(form => !form.querySelector("[data-kind=program]"))
  let round = place && load("sessionStorage", "backprop.round")
  const score = Object.assign(document.createElement("p"), { className: "score" })
  const another = Object.assign(document.createElement("button"), { className: "answer round", textContent: "Another ten" })
  const named = id => {
    const [label, title] = document.getElementById(id).querySelector(".title").childNodes
    return Object.assign(document.createElement("a"), { href: label.hash, textContent: title.textContent.trim() })
  }
  // Shows how the round goes; gives what is said at its end.
  const showRound = () => {
    const { ids, right, missed } = round, first = right.filter(id => !missed.includes(id)).length
    const text = `${right.length} of ${ids.length} solved, ${first} at the first try`
    score.replaceChildren(text, ...missed.flatMap((id, i) => [i ? ", " : ". Missed at first: ", named(id)]))
    return right.length < ids.length ? "" : ` That was the round: ${text}.`
  }
  // Counts what was missed or right; once it is right, nothing more.
  const count = (form, kind) => {
    if (!round?.ids.includes(form.id) || round.right.includes(form.id)) return ""
    round[kind] = [...new Set([...round[kind], form.id])]
    save("sessionStorage", "backprop.round", round)
    return showRound()
  }
  const begin = ids => {
    place.replaceChildren(...ids.map(id => forms.find(form => form.id === id)), score, another)
    document.body.classList.add("in-round")
    const button = document.querySelector(".practise button")
    button.textContent = "Back to all of them"
    button.className = "answer all"
    showRound()
  }
  const areForms = ids => Array.isArray(ids) && ids.every(id => forms.some(form => form.id === id))
  if (round && round.ids?.length && [round.ids, round.right, round.missed].every(areForms)) begin(round.ids)
  else round = null

  const actions = {
    // The next variant of the same question; the one that was there goes to the end.
    again(button, form) {
      const place = form.querySelector(".variant"), [next] = all("template", form), last = document.createElement("template")
      clear(place)
      last.content.append(...place.childNodes)
      place.append(next.content)
      next.remove()
      form.append(last)
      dispatchEvent(new Event("resize"))  // a new formula may have to scroll
      place.querySelector("input, .answer button, button.answer").focus()
      said.textContent = place.querySelector(".step").firstElementChild.textContent
    },
    up: button => move(button, -1),
    down: button => move(button, 1),
    // Only so many nudges; then the others are closed.
    nudge(button, form) {
      const table = button.closest("table"), left = all(".nudge[hidden]", table).length + 1
      button.hidden = true
      button.nextElementSibling.classList.add("seen")
      said.textContent = button.closest("tr").innerText
      if (left >= table.dataset.nudges) all(".nudge", table).forEach(other => (other.disabled = true))
    },
    forget() {
      save("localStorage", "backprop.solved", {})
      show()
      document.querySelector(".practise button").focus()
      said.textContent = "Forgotten"
    },
    round() {
      const drawn = forms.map(form => [Math.random(), form]).sort(([a], [b]) => a - b).slice(0, place.dataset.size).map(([, form]) => form)
      for (const form of drawn) clear(form, form.reset())
      round = { ids: drawn.map(form => form.id), right: [], missed: [] }
      save("sessionStorage", "backprop.round", round)
      begin(round.ids)
      drawn[0].querySelector("input, button").focus()
    },
    all() {
      save("sessionStorage", "backprop.round", null)
      location.reload()
    },
  }
  addEventListener("click", ({ target }) => {
    const button = target.closest("button"), action = button && Object.keys(actions).find(name => button.classList.contains(name))
    if (action) actions[action](button, button.closest("form"))
  })

  // Lines move by their buttons, by the arrow keys on these, and with the mouse.
  const move = (button, by) => {
    const line = button.closest("li"), other = by < 0 ? line.previousElementSibling : line.nextElementSibling
    if (!other) return (said.textContent = by < 0 ? "Already first" : "Already last")
    by < 0 ? other.before(line) : other.after(line)
    button.focus()
    said.textContent = `Line ${all("li", line.parentElement).indexOf(line) + 1} of ${line.parentElement.children.length}`
  }
  addEventListener("keydown", event => {
    const button = event.target.closest(".lines button"), by = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (!button || !by) return
    event.preventDefault()
    move(button, by)
  })
  let dragged
  addEventListener("dragstart", ({ target }) => (dragged = target.closest?.(".lines li")))
  addEventListener("dragover", event => {
    const over = event.target.closest?.(".lines li")
    if (!dragged || over?.parentElement !== dragged.parentElement) return
    event.preventDefault()
    const lines = all("li", over.parentElement)
    lines.indexOf(over) < lines.indexOf(dragged) ? over.before(dragged) : over.after(dragged)
  })
  addEventListener("drop", event => dragged && event.preventDefault())
}
