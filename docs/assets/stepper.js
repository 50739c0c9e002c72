// @ts-check
// <backprop-stepper>: brings the figure, the form and the table that the build wrote to life.
// It computes the lines of the table, whatever they are.
{
  const { run, after, renewed, asked, nudge, promised, typeset, shown, pieces, filled, told, close, led, compute } = stepperMath
  const LARGEST = 1e4, PACE = 1600, H = 1e-5

  /** A line, its stop, and what the table says of it. @typedef {{name: string, formula: string, stop: number, row: any, data: any}} Step */

  /** @type {(tag: string, text?: string, name?: string) => any} */
  const make = (tag, text = "", name = "") => Object.assign(document.createElement(tag), { textContent: text, className: name })
  // A button that calls a method, with a value.
  const button = (text, method, value = "") => {
    const made = Object.assign(make("button", text), { type: "button", value })
    made.dataset.do = method
    return made
  }

  // A number as it was typed, or what is wrong with it.
  const read = (text, name = "") => {
    const plain = text.trim().replaceAll("−", "-").replace(",", "."), value = Number(plain)
    if (!plain) return "empty"
    if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain)) return "text"
    if (Math.abs(value) > LARGEST) return "large"
    return name === "learning_rate" && value < 0 ? "low" : value
  }

  // A sum breaks after a plus.
  const glued = text => text.replace(/(?<!\+) /g, "\u00a0")
  const colour = name => (/^d[A-Za-z]\w*_d|^path_/.test(name) ? "backward" : "forward")

  class BackpropStepper extends HTMLElement {
    /** @type {Step[]} */
    steps = []
    /** @type {any} */
    values
    /** @type {any} What the reader may change: as it was at the start, and now. */
    start; state; choices; words; others; kept
    form = this.one("form")
    at = 0; row = 0; last = 0; right = 0; tries = 0
    veiled = false; tried = false; selected = ""
    /** @type {any[]} */
    taken = []; playing

    connectedCallback() {
      const rows = this.all("tr[data-name]"), stops = [...new Set(rows.map(({ dataset }) => dataset.stop))]
      this.steps = rows.map(row => ({ ...row.dataset, stop: stops.indexOf(row.dataset.stop), row, data: row.dataset }))
      this.last = stops.length - 1
      Object.assign(this, JSON.parse(this.one("[type='application/json']").textContent))
      this.form.addEventListener("submit", event => event.preventDefault())
      this.form.addEventListener("click", ({ target }) => this.pressed(target.closest("button")))
      for (const kind of ["input", "change"]) this.form.addEventListener(kind, event => this.typed(event))
      for (const kind of ["focusin", "mouseover"]) this.addEventListener(kind, (/** @type {any} */ { target }) => this.point(target.dataset.entry))
      this.addEventListener("keydown", event => this.key(event))
      addEventListener("hashchange", () => this.recall())
      addEventListener("beforeprint", () => (this.one("details").open = true))
      this.begin()
      this.show()
      this.recall()
    }

    begin() {
      this.at = this.row = 0
      this.veiled = this.tried = false
      this.taken = []
      this.change(this.start)
    }

    /** @type {(selector: string) => any} */
    one(selector) { return this.querySelector(selector) ?? make("i") }

    /** @type {(selector: string) => any[]} */
    all(selector) { return [...this.querySelectorAll(selector)] }

    get step() { return this.steps[this.row] }
    get mode() { return this.form.mode?.value ?? "show" }

    says(key, values = {}) { return told(this.words[key], { ...this.values, ...this.step, value: this.values[this.step.name], ...values }) }

    // For who listens.
    tell(text) { this.one("[role=status]").textContent = this.playing ? "" : text }

    settle(text) {
      this.show()
      this.keep()
      this.tell(text)
    }

    // What the reader does.

    pressed(button) {
      if (!button || button.ariaDisabled === "true") return
      if (button.dataset.do !== "play") this.pause()
      this[button.dataset.do](button.value)
    }

    reset() {
      for (const { name } of this.all(".field input")) this.wrong(name, "")
      this.begin()
      this.settle(this.says("reset"))
    }

    key(event) {
      const { target, key } = event
      if (event.ctrlKey || event.altKey || event.metaKey || target.closest("select, [type=range]")) return
      if (key === "Enter" && target.closest(".question input")) return this.check()
      const cells = target.dataset.entry ? [...target.parentElement.children] : [], wide = Number(target.parentElement.dataset.columns)
      const way = (cells.length ? { ArrowRight: 1, ArrowLeft: -1, ArrowDown: wide, ArrowUp: -wide } : { ArrowRight: 1, ArrowLeft: -1, Home: -99, End: 99 })[key]
      if (!way || target.closest("input, [role=group][tabindex]")) return
      event.preventDefault()
      this.pause()
      cells.length ? cells[cells.indexOf(target) + way]?.focus() : this.move(way)
    }

    // By so many stops.
    move(way) {
      const before = this.at
      this.at = Math.max(0, Math.min(before + Number(way), this.last))
      this.row = this.steps.findIndex(step => step.stop === this.at)
      this.veiled = this.at > before && this.questioned()
      this.tried = false
      this.settle(this.veiled ? this.ask() : `${this.says("value")} ${this.sentence(this.step)}`)
    }

    // Shows how an entry of a matrix came about.
    point(name) {
      const row = this.steps.findIndex(step => step.name === name)
      if (Object.hasOwn(this.start, name)) this.selected = name
      else if (row < 0 || this.steps[row].stop > this.at || this.veiled) return
      else this.row = row
      this.show()
      this.tell(row < 0 ? name : this.numbers)
    }

    play() {
      if (this.playing) return this.pause()
      if (this.at === this.last) this.move(-this.last)
      this.playing = setInterval(() => (this.at < this.last ? this.move(1) : this.pause()), PACE)
      this.tell("")
      this.one("[data-do=play]").textContent = "Pause"
    }

    pause() {
      clearInterval(this.playing)
      this.playing = 0
      this.one("[data-do=play]").textContent = "Play"
    }

    typed({ target: field, type }) {
      if (field.closest(".question")) return
      this.pause()
      if (field.name !== "mode") return this.enter(field.name === "entry" ? this.selected : field.name, field.value, field, type) && this.keep()
      if (type === "input") return
      this.veiled = this.questioned()
      this.show()
      if (this.veiled) this.tell(this.ask())
    }

    // Takes a number or a choice; when all is typed, says at its field why not.
    enter(name, text, field, type) {
      const options = this.choices[name], value = options ? text : read(text, name)
      if (options && !options[text]) return false
      const wrong = !options && typeof value === "string" ? this.says(value, { text }) : this.change({ ...this.state, [name]: value })
      if (wrong && type === "input") return false
      if (type !== "input" || field.ariaInvalid) this.tell(wrong)
      this.wrong(field?.name ?? name, wrong)
      if (!wrong) this.show(field)
      return !wrong
    }

    wrong(name, text) {
      for (const field of this.all(`.field [name="${name}"]:not([type=range])`)) {
        field.ariaInvalid = text ? "true" : null
        field.parentElement.querySelector(".wrong").textContent = text
      }
    }

    // New numbers or choices, if all can be computed from them; else why not.
    change(state) {
      // What the choices change, by name: formula and sentence.
      const others = Object.assign({}, ...Object.entries(this.choices).map(([kind, options]) => options[state[kind]]))
      const steps = this.steps.map(step => ({ ...step, formula: others[step.name]?.[0] ?? step.data.formula }))
      const values = run(steps, state), lost = steps.find(({ name }) => !Number.isFinite(values[name]))
      if (lost) return this.says("lost", { name: lost.name, numbers: filled(lost.formula, values) })
      Object.assign(this, { state, others, steps, values })
      return ""
    }

    // The same number by central differences.
    nudge(name = "") {
      const place = name ? `#${this.id}-${name}-wrong` : ".nudged"
      name = name === "entry" ? this.selected : name || this.step.name
      const { up, down, slope } = nudge(this.steps, this.state, name, H)
      const text = this.says("nudged", { ...asked(name), up: shown(up, 9), down: shown(down, 9), slope, h: H.toFixed(5), h2: (2 * H).toFixed(5) })
      this.one(place).textContent = text
      this.tell(text)
    }

    // What a step promises, and what it does to the loss.
    get effect() {
      const { state, values } = this
      return { promise: promised(state, values), real: values.loss_new - values.loss }
    }

    take() {
      const { state, values, effect } = this, wrong = this.change(after(state, values))
      if (!wrong) {
        this.taken.push({ state, values, effect, now: this.values })
        if (/_new/.test(this.step.name)) this.at = this.row = 0  // the way forward begins again
      }
      this.veiled = false
      this.settle(wrong || this.says("taken", effect))
    }

    takeBack() {
      this.change(this.taken.pop().state)
      this.settle(this.says("again"))
    }

    // Predict and Fade: whether a step is asked for before it is shown.
    questioned({ data } = this.step) { return this.mode === "predict" || data.fade.includes(this.mode) }

    get faded() { return this.mode === "all" || this.mode === "third" }

    /** What can be answered: text, whether it is right, what to say if not. @returns {[string, boolean, string][]} */
    answers() {
      const { values, step: { name, data } } = this, [what, beside] = data.asks.split(" "), size = what === "size" ? Math.abs : Number
      if (this.faded) {
        return this.steps.filter(step => data.rules.split(" ").includes(step.name))
          .map(step => [typeset(step.formula), step.name === name, this.says("rule", { name: step.name, value: values[step.name], by: asked(name).by })])
      }
      const sign = Math.sign(size(values[name]) - size(compute(beside, values)))
      return data.answers ? data.answers.split(", ").map((word, i, { length }) => [word, i === (length > 2 ? sign + 1 : Math.abs(sign)), this.numbers]) : []
    }

    // Asks, and gives the question back.
    ask() {
      const { name, data } = this.step, answers = this.answers(), text = this.faded ? this.says("which") : data.question
      const choices = make("div", "", "answers"), head = make("p", text, "head")
      if (!answers.length) choices.append(Object.assign(make("input"), { ariaLabel: name }), button("Check", "check"))
      choices.append(...answers.map(([answer]) => button(answer, "answer", answer)), button("Show me", "reveal"))
      this.one(".question").replaceChildren(head, choices, make("p", "", "why"))
      return text
    }

    check() { this.answer(this.one(".question input").value) }

    answer(text) {
      const { values, step } = this, value = values[step.name], chosen = this.answers().find(([answer]) => answer === text)
      const guess = chosen ? NaN : read(text)
      if (typeof guess === "string") return this.why(this.says(guess, { text }))
      const right = chosen ? chosen[1] : close(guess, value)
      if (!this.tried) this.tries++
      if (right && !this.tried) this.right++
      this.tried = true
      this.one(".score").textContent = this.says("score", this)
      if (right) return this.reveal(`${this.words.right} ${this.numbers}`)
      const known = Object.fromEntries(Object.entries(values).filter(([name]) => !this.steps.some(other => other.name === name && other.stop >= step.stop)))
      this.why(`${this.words.wrong} ${chosen ? chosen[2] : this.says(...led(guess, step, known))}`)
    }

    why(text) {
      this.one(".why").textContent = text
      this.tell(text)
    }

    reveal(text = "") {
      text ||= this.says("value")
      this.veiled = false
      this.show()
      this.one(".question").replaceChildren(make("p", text, "why"))
      this.one(".question").hidden = false
      this.one(".next").focus()
      this.tell(text)
    }

    // What is shown.

    get numbers() { return this.says("sum", { numbers: filled(this.step.formula, this.values) }) }

    // The sentence of a step; some depend on the sign of a number.
    sentence({ name, data }) {
      const says = this.others[name]?.[1] ?? JSON.parse(data.says)
      return typeof says === "string" ? says : says["-0+"[1 + Math.sign(compute(data.of, this.values))]]
    }

    show(typing) {
      this.showTable()
      this.showFigure()
      this.showPanel()
      this.showFields(typing)
      this.showTraining()
      this.showMissions()
    }

    showTable() {
      this.steps.forEach((step, i) => {
        const { name, formula, stop, row: { cells }, row } = step, open = this.mode === "show" || stop < this.at || stop === this.at && !this.veiled
        cells[0].firstChild.textContent = `${name} = ${open || !this.faded || !this.questioned(step) ? typeset(formula) : "?"}`
        cells[1].textContent = open ? filled(formula, this.values) : "?"
        cells[2].textContent = open ? shown(this.values[name]) : "?"
        cells[3].textContent = this.sentence(step)
        row.ariaCurrent = i === this.row ? "step" : null
      })
    }

    showFigure() {
      const { step, steps, state, veiled, at, last } = this, used = step.formula.split(/[^\w[\],]+/)
      const values = { ...this.values, ...at === last && !veiled && run(steps, after(state, this.values), {}, "loss") }
      const stops = Object.fromEntries(steps.map(({ name, stop }) => [name, veiled && stop === at ? Infinity : stop]))
      for (const part of this.all("svg [id], [data-entry]")) {
        const { entry } = part.dataset, [, kind = "v", of = entry] = part.id.match(/-(v|g|d|back|into|box|name)-(\w+)/) ?? []
        const gradient = `dL_d${of === "loss" ? "L" : of}`, text = part.querySelector("text") ?? part
        const name = kind === "g" || kind === "back" && gradient in stops ? gradient : kind === "v" && stops[renewed(of ?? "")] <= at ? renewed(of) : of
        const hidden = stops[name] > at, number = hidden && entry ? "·" : shown(values[name] ?? 0, 3)
        if (of && /^[vgd]$/.test(kind)) text.textContent = number
        if (entry) Object.assign(part, { role: "button", ariaLabel: `${name} ${number}`, tabIndex: part.previousElementSibling ? -1 : 0 })
        if (kind === "name" && of !== "a2") text.textContent = state.activation ?? text.textContent
        part.classList.toggle("off", hidden && !entry && /^([vgd]|back)$/.test(kind))
        part.classList.toggle("lit", kind === "box" ? of === step.data.box : name === step.name)
        part.classList.toggle("used", entry && used.includes(name))
      }
    }

    showPanel() {
      const { values, veiled, at, faded, steps, step: { name, formula, stop, data } } = this, secret = veiled && faded
      this.one(".place b").textContent = `Step ${at + 1} of ${this.last + 1}`
      this.one(".phase").textContent = data.phase
      const under = " ".repeat(name.length), pad = formula.length < 45, lines = [make("span"), make("span", `${under} = `), make("span", `${under} = ${shown(values[name])}`)]
      lines[0].append(make("b", name, colour(name)), secret ? " = ?" : " = ")
      for (const { text, number, name } of secret ? [] : pieces(formula, values)) {
        lines[0].append(name ? make("b", text, colour(text)) : glued(text), glued(" ".repeat(pad ? Math.max(0, number.length - text.length) : 0)))
        lines[1].append(glued(number.padEnd(pad ? text.length : 0)))
      }
      this.one(".sum").replaceChildren(...veiled ? [lines[0]] : lines)
      this.one(".says").textContent = veiled ? "" : this.sentence(this.step)
      const code = new Map(steps.filter(other => other.data.phase === data.phase)
        .map(other => [other.stop, other.formula === other.data.formula ? other.data.code : `${other.name} = ${other.formula}`]))
      this.one(".lines code").replaceChildren(...[...code].map(([each, line]) => make("span", secret && each >= stop ? line.replace(/=.*/, "= …") : line, each === stop ? "lit" : "")))
      this.one(".question").hidden = !veiled
      this.one(".nudged").textContent = ""
      this.one(".nudge button").ariaDisabled = String(!data.nudge)
      this.one("[data-do=takeBack]").ariaDisabled = String(!this.taken.length)
      for (const each of this.all("[data-do=move]")) each.ariaDisabled = String(at === (each.value > 0 ? this.last : 0))
    }

    showFields(typing) {
      for (const field of this.all(".field input, .choices select")) {
        const name = field.name === "entry" ? this.selected ||= Object.keys(this.start)[0] : field.name, value = this.state[name]
        if (field !== typing && !field.ariaInvalid) field.value = field.type === "text" ? +value.toPrecision(6) : value
      }
      this.one(".selected").textContent = this.selected
    }

    showTraining() {
      const { values, taken } = this, losses = [...taken.map(one => one.values.loss), values.loss], high = Math.max(...losses) || 1, wide = 292 / Math.max(taken.length, 8)
      this.one(".promise").textContent = this.says("promise", this.effect)
      this.one(".record").hidden = !taken.length
      this.one("polyline").setAttribute("points", losses.map((loss, i) => `${4 + i * wide},${(74 - 68 * loss / high).toFixed(1)}`).join(" "))
      this.one(".scores tbody").replaceChildren(...taken.map(({ values, effect }, i) => {
        const row = make("tr")
        row.append(...[i + 1, values.learning_rate, effect.promise, effect.real].map(cell => make("td", shown(cell, 3))))
        return row
      }).slice(-6))
    }

    showMissions() {
      const { values, step, taken } = this, gradients = Object.keys(this.state).map(name => `dL_d${name}`).filter(name => name in values)
      const vanished = gradients.every(name => Math.abs(values[name]) < 5e-5), wrong = Math.abs(values.a2 - values.y)
      const { values: before = {}, now = {} } = taken.at(-1) ?? {}
      // The values of which each is told, once it is done.
      const done = {
        survivor: values.x === -1 && /_new|dL_db1/.test(step.name) && gradients.filter(name => values[name]).join() === "dL_db2" && values,
        died: before.y === 0 && before.learning_rate === 1 && before.z1 > 0 && now.z1 <= 0 && now,
        right: vanished && wrong < 1e-3 && values,
        flat: vanished && wrong > 0.5 && values,
        rises: [before, this.at === this.last ? values : before].find(({ y, loss, loss_new }) => y === 0.7 && loss_new > loss),
      }
      for (const item of this.all("[data-mission]:not(.done)")) {
        const of = done[item.dataset.mission]
        if (!of) continue
        const text = told(item.dataset.done, of)
        item.className = "done"
        item.lastElementChild.textContent = text
        setTimeout(() => this.tell(text))
      }
    }

    // The address: the anchor of a section, `!`, a version, and what differs from the start.

    keep() {
      const then = { ...this.start, at: this.steps[0].name }, now = Object.entries({ ...this.state, at: this.step.name })
      const [anchor] = location.hash.slice(1).split("!"), changed = now.filter(([name, value]) => value !== then[name])
      const state = changed.length ? `!${new URLSearchParams([["stepper", "1"], ["of", this.id], ...changed])}` : ""
      clearTimeout(this.kept)  // a browser allows only so many changes a minute
      this.kept = setTimeout(() => history.replaceState(history.state, "", anchor || state ? `#${anchor}${state}` : location.pathname + location.search), 200)
    }

    recall() {
      const [anchor, text] = location.hash.slice(1).split("!"), state = new URLSearchParams(text)
      if (state.get("stepper") !== "1" || state.get("of") !== this.id) return
      this.begin()
      for (const [name, value] of state) if (Object.hasOwn(this.start, name)) this.enter(name, value)
      this.row = Math.max(0, this.steps.findIndex(step => step.name === state.get("at")))
      this.at = this.step.stop
      this.show();
      (document.getElementById(anchor) ?? this).scrollIntoView()
    }
  }

  customElements.define("backprop-stepper", BackpropStepper)
}
