// @ts-check
/// <reference path="stepper-math.js" />
// <backprop-stepper>: brings a figure, a form and a table that the build wrote to life. The lines to compute are those of the table.
{
  const { run, after, asked, nudge, promised, typeset, shown, pieces, filled, close, led, compute } = stepperMath
  const LARGEST = 1e4, PACE = 1600

  /** @typedef {{name: string, formula: string, phase: string, asks: string, code: string, row: HTMLElement, own: string, says: HTMLElement}} Step */

  /** @type {(tag: string, text?: string, name?: string) => HTMLElement} */
  const make = (tag, text = "", name = "") => Object.assign(document.createElement(tag), { textContent: text, className: name })

  /** A number as it was typed, or why it is none. @type {(text: string, name: string) => number | string} */
  const read = (text, name) => {
    const plain = text.trim().replace("−", "-")
    if (!plain) return "Type a number."
    if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain)) return `“${text}” is no number: write one like 0.5.`
    if (Math.abs(Number(plain)) > LARGEST) return "At most 10 000, up or down."
    return name === "learning_rate" && Number(plain) < 0 ? "At least 0." : Number(plain)
  }

  /** @type {(name: string) => string} */
  const colour = name => (/^d[A-Za-z]\w*_d|^share/.test(name) ? "backward" : "forward")

  class BackpropStepper extends HTMLElement {
    connectedCallback() {
      this.form = /** @type {HTMLFormElement} */ (this.querySelector("form"))
      /** @type {Step[]} */
      this.steps = [...this.querySelectorAll("tr[data-name]")].map(row => {
        const { name, formula, phase, asks, code } = /** @type {any} */ (row).dataset
        return { name, formula, phase, asks, code, own: formula, row, says: row.lastElementChild }
      })
      this.choices = JSON.parse(this.querySelector("[type='application/json']")?.textContent ?? "{}")
      this.inputs = JSON.parse(this.dataset.inputs ?? "{}")
      this.start = { ...this.inputs }
      this.chosen = Object.fromEntries(Object.keys(this.choices).map(kind => [kind, Object.keys(this.choices[kind])[0]]))
      this.at = 0
      this.veiled = false
      this.tried = false
      this.right = this.asked = 0
      /** @type {{inputs: Record<string, number>, loss: number, promised: number, real: number}[]} */
      this.taken = []
      this.values = run(this.steps, this.inputs)
      this.form.inert = false
      this.form.addEventListener("submit", event => event.preventDefault())
      this.form.addEventListener("click", event => this.pressed(/** @type {HTMLElement} */ (event.target).closest("button")))
      this.form.addEventListener("input", event => this.typed(/** @type {any} */ (event.target)))
      this.addEventListener("keydown", event => this.key(event))
      addEventListener("hashchange", () => this.recall())
      addEventListener("beforeprint", () => this.querySelector("details")?.setAttribute("open", ""))
      this.show()
      this.recall()
    }

    /** @type {(selector: string) => HTMLElement} */
    part(selector) { return /** @type {HTMLElement} */ (this.querySelector(selector) ?? make("i")) }

    get step() { return this.steps[this.at] }
    get mode() { return this.form.mode?.value ?? "show" }

    /** The one sentence for who listens. @param {string} text */
    tell(text) { this.part("[role=status]").textContent = this.playing ? "" : text }

    // What the reader does.

    /** @param {HTMLButtonElement | null} button */
    pressed(button) {
      const { go, do: what, nudge: name, answer } = button?.dataset ?? {}
      if (!button || button.ariaDisabled === "true") return
      if (what !== "play") this.pause()
      if (go) this.go(this.at + Number(go))
      if (what === "play") this.playing ? this.pause() : this.play()
      if (what === "nudge") this.nudge(this.step.name)
      if (name) this.nudge(name)
      if (what === "step") this.take()
      if (what === "back") this.takeBack()
      if (what === "reset") this.reset()
      if (what === "check") this.answer(/** @type {HTMLInputElement} */ (this.part(".question input")).value)
      if (what === "reveal") this.reveal(`${this.step.name} is ${shown(this.values[this.step.name])}.`)
      if (answer) this.answer(answer)
    }

    /** @param {KeyboardEvent} event */
    key(event) {
      const target = /** @type {HTMLElement} */ (event.target)
      if (event.ctrlKey || event.altKey || event.metaKey || target.closest("select, [type=range]")) return
      if (event.key === "Enter" && target.closest(".question input")) this.part("[data-do=check]").click()
      const way = { ArrowRight: 1, ArrowLeft: -1, Home: -99, End: 99 }[event.key]
      if (!way || target.closest("input, [tabindex]")) return
      event.preventDefault()
      this.pause()
      this.go(this.at + way)
    }

    /** @param {number} at */
    go(at) {
      const before = this.at
      this.at = Math.max(0, Math.min(at, this.steps.length - 1))
      this.veiled = this.at > before && this.questioned(this.at)
      this.tried = false
      this.part(".nudged").textContent = ""
      this.show()
      if (this.veiled) this.ask()
      this.keep()
      this.tell(this.veiled ? this.part(".question .head").textContent ?? "" : `Step ${this.at + 1}: ${this.step.name} is ${shown(this.values[this.step.name])}. ${this.sentence(this.step)}`)
    }

    play() {
      this.tell("Playing.")
      this.playing = setInterval(() => this.at < this.steps.length - 1 ? this.go(this.at + 1) : this.pause(), PACE)
      this.showPlaying()
      if (this.at === this.steps.length - 1) this.go(0)
    }

    pause() {
      clearInterval(this.playing)
      this.playing = undefined
      this.showPlaying()
    }

    showPlaying() {
      Object.assign(this.part("[data-do=play]"), { textContent: this.playing ? "Pause" : "Play", ariaPressed: String(!!this.playing) })
    }

    /** @param {HTMLInputElement} field */
    typed(field) {
      this.pause()
      if (field.closest(".question")) return
      if (field.name === "mode") {
        this.veiled = this.questioned(this.at)
        this.show()
        if (this.veiled) this.ask()
      } else if (this.enter(field.name, field.value, field)) this.keep()
    }

    /** Takes a number or a choice, or says at its field why not. @type {(name: string, text: string, field?: HTMLInputElement) => boolean} */
    enter(name, text, field) {
      const inputs = { ...this.inputs }, chosen = { ...this.chosen }
      let wrong = ""
      if (name in chosen) {
        if (!(text in this.choices[name])) return false
        chosen[name] = text
      } else {
        const value = read(text, name)
        if (typeof value === "number") inputs[name] = value
        else wrong = value
      }
      wrong ||= this.change(inputs, chosen)
      const box = /** @type {HTMLInputElement | null} */ (this.querySelector(`.field [name=${name}]:not([type=range])`)), place = this.querySelector(`#${this.id}-${name}-wrong`)
      if (box && place) {
        place.textContent = wrong
        box.ariaInvalid = String(!!wrong)
        if (wrong && field !== box) box.value = text
      }
      if (wrong) this.tell(wrong)
      else this.show(field)
      return !wrong
    }

    /** New numbers or choices, if everything can be computed from them; else why not. @type {(inputs: Record<string, number>, chosen: Record<string, string>) => string} */
    change(inputs, chosen) {
      const others = Object.assign({}, ...Object.entries(chosen).map(([kind, option]) => this.choices[kind][option]))
      const steps = this.steps.map(step => ({ ...step, formula: others[step.name]?.[0] ?? step.own }))
      const values = run(steps, inputs), lost = steps.find(({ name }) => !Number.isFinite(values[name]))
      if (lost) return `No: ${lost.name} = ${filled(lost.formula, values)} has no value then. The last numbers stay.`
      Object.assign(this, { inputs, chosen, values })
      steps.forEach((step, i) => {
        this.steps[i].formula = step.formula
        this.steps[i].code = step.formula === step.own ? step.row.dataset.code ?? "" : `${step.name} = ${step.formula}`
      })
      this.others = others
      return ""
    }

    reset() {
      this.taken = []
      this.chosen = Object.fromEntries(Object.keys(this.choices).map(kind => [kind, Object.keys(this.choices[kind])[0]]))
      this.change({ ...this.start }, this.chosen)
      this.querySelectorAll(".wrong").forEach(place => (place.textContent = ""))
      this.querySelectorAll("[aria-invalid]").forEach(field => (field.ariaInvalid = null))
      this.go(0)
    }

    /** The same number by central differences. @param {string} name */
    nudge(name) {
      const { of, by } = asked(name), h = 1e-5
      const { up, down, slope } = nudge(this.steps, this.inputs, name, h)
      const text = `With ${by} nudged up by ${h.toFixed(5)}, ${of} is ${shown(up, 9)}, and down ${shown(down, 9)}. The difference, over ${(2 * h).toFixed(5)}: ${shown(slope)}.`
      this.part(".nudged").textContent = text
      this.tell(text)
    }

    take() {
      const { inputs, values } = this, step = { inputs, loss: values.loss, promised: promised(inputs, values), real: values.loss_new - values.loss }
      const wrong = this.change(after(inputs, values), this.chosen)
      if (!wrong) this.taken.push(step)
      this.at = this.steps.length - 1
      this.veiled = false
      this.show()
      this.keep()
      this.tell(wrong || `Step ${this.taken.length}: the loss changed by ${shown(step.real, 3)}; the gradient promised ${shown(step.promised, 3)}.`)
    }

    takeBack() {
      const last = this.taken.pop()
      if (last) this.change(last.inputs, this.chosen)
      this.show()
      this.keep()
      this.tell(`The loss is ${shown(this.values.loss)} again.`)
    }

    // Predict and Fade.

    /** Whether the number of a step is asked for before it is shown. @param {number} at */
    questioned(at) {
      if (this.mode === "predict") return true
      const gradients = this.steps.filter(({ name }) => /^d(?!L_dL)/.test(name))
      return this.mode === "all" ? gradients.includes(this.steps[at]) : this.mode === "third" && gradients.slice(-Math.ceil(gradients.length / 3)).includes(this.steps[at])
    }

    /** What can be answered: by text whether it is right, and if not, what led to it. @returns {[string, boolean, string][]} */
    answers() {
      const { values, step: { name, formula, asks, phase } } = this, value = values[name]
      const numbers = `${name} = ${filled(formula, values)} = ${shown(value)}`
      if (this.mode !== "predict") {
        const rules = this.steps.filter(step => colour(step.name) === "backward" && (step.name === name || step.formula !== formula && step.formula !== "1"))
        const at = rules.findIndex(step => step.name === name), from = Math.max(0, Math.min(at - 2, rules.length - 4))
        return rules.slice(from, from + 4).map(step => [typeset(step.formula), step.name === name,
          `That is the rule for ${step.name}: it gives ${shown(values[step.name])}. In the ${phase.toLowerCase()}, look at the arrow that leads to ${asked(name).by}.`])
      }
      const [what, beside = "0"] = asks.split(" "), size = what === "size" ? Math.abs : Number
      const difference = size(value) - size(compute(beside, values))
      if (what === "number") return []
      if (what === "zero") return [["zero", value === 0, `It is not: ${numbers}.`], ["not zero", value !== 0, `It is zero: ${numbers}.`]]
      const words = what === "sign" ? ["negative", "zero", "positive"] : ["smaller", "the same", "larger"]
      return words.map((word, i) => [word, Math.sign(difference) === i - 1, what === "size" ? `The slope decides: ${numbers}.` : `Look at the signs: ${numbers}.`])
    }

    ask() {
      const { name, asks } = this.step, answers = this.answers(), question = this.part(".question"), [what, beside = ""] = asks.split(" ")
      const text = this.mode !== "predict" ? `Which rule gives ${name}?` : {
        number: `What is ${name}? Within one percent counts.`,
        sign: `Is ${name} negative or positive?`,
        zero: `Is ${name} zero?`,
        size: `Beside ${beside}, is ${name} smaller or larger in size?`,
        order: `Is ${name} smaller or larger than ${beside}?`,
      }[what] ?? ""
      const head = make("p", text, "head"), choices = make("div", "", "answers")
      head.id = `${this.id}-question`
      if (!answers.length) {
        const field = Object.assign(document.createElement("input"), { inputMode: "decimal", ariaLabel: name })
        field.setAttribute("aria-describedby", head.id)
        choices.append(field, this.button("Check", "do", "check"))
      }
      choices.append(...answers.map(([answer]) => this.button(answer, "answer", answer)), this.button("Show me", "do", "reveal"))
      question.replaceChildren(head, choices, make("p", "", "why"))
      question.hidden = false
    }

    /** @type {(text: string, key: string, value: string) => HTMLElement} */
    button(text, key, value) {
      const button = Object.assign(make("button", text), { type: "button" })
      button.dataset[key] = value
      return button
    }

    /** @param {string} text */
    answer(text) {
      const { values, step } = this, value = values[step.name], chosen = this.answers().find(([answer]) => answer === text)
      const guess = chosen ? NaN : read(text, "")
      if (typeof guess === "string") return this.why(guess)
      const right = chosen ? chosen[1] : close(guess, value)
      if (!this.tried) this.asked++
      if (right && !this.tried) this.right++
      this.tried = true
      if (right) this.reveal(`Right: ${step.name} = ${filled(step.formula, values)} = ${shown(value)}.`)
      else this.why(`Not yet. ${chosen ? chosen[2] : led(guess, step, this.known())}`)
      this.part(".score").textContent = `${this.right} of ${this.asked} right at once.`
    }

    /** What has been shown so far. */
    known() {
      const later = new Set(this.steps.slice(this.at).map(({ name }) => name))
      return Object.fromEntries(Object.entries(this.values).filter(([name]) => !later.has(name)))
    }

    /** @param {string} text */
    why(text) {
      this.part(".why").textContent = text
      this.tell(text)
    }

    /** @param {string} text */
    reveal(text) {
      const next = this.part(".next")
      this.veiled = false
      this.tried = true
      this.show()
      this.part(".question").replaceChildren(make("p", text, "why"))
      this.part(".question").hidden = false
      next.focus()
      this.tell(text)
    }

    // What is shown.

    /** @param {Step} step */
    sentence({ name, says }) {
      const { of = "", minus = "", zero = "", plus = "" } = { ...says.dataset }, other = this.others?.[name]?.[1]
      const sides = typeof other === "object" ? [other["-"], other["0"], other["+"]] : [minus, zero, plus]
      if (typeof other === "string") return other
      return of ? sides[Math.sign(compute(of, this.values)) + 1] : says.dataset.own ??= says.textContent ?? ""
    }

    /** @param {HTMLInputElement} [typing] the field that stays as it is */
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
        const hidden = this.mode !== "show" && (i > this.at || i === this.at && this.veiled)
        const texts = [`${step.name} = ${typeset(step.formula)}`, filled(step.formula, this.values), shown(this.values[step.name])]
        const cells = step.row.children
        const code = cells[0].firstElementChild ?? cells[0]
        code.textContent = hidden && this.mode !== "predict" && this.questioned(i) ? `${step.name} = ?` : texts[0]
        cells[1].textContent = hidden ? "?" : texts[1]
        cells[2].textContent = hidden ? "?" : texts[2]
        step.says.textContent = this.sentence(step)
        i === this.at ? step.row.setAttribute("aria-current", "step") : step.row.removeAttribute("aria-current")
      })
    }

    showFigure() {
      const prefix = `${this.dataset.figure}-`, now = this.step.name
      const index = Object.fromEntries(this.steps.map(({ name }, i) => [name, this.veiled && i === this.at ? Infinity : i]))
      const by = now === "loss_new" ? "loss" : asked(now.replace(/_new$/, "")).by.replace(/^L$/, "loss")
      for (const part of this.querySelectorAll(`svg [id^=${prefix}]`)) {
        const [kind, ...rest] = part.id.slice(prefix.length).split("-"), name = rest[0] ?? ""
        const row = { v: name, d: name, g: `dL_d${name === "loss" ? "L" : name}`, back: `dL_d${name}`, into: name }[kind] ?? ""
        const text = part.querySelector("text"), renewed = index[`${name}_new`] <= this.at && kind === "v"
        if (kind === "name" && name !== "a2" && text) text.textContent = this.chosen[name === "loss" ? "loss" : "activation"] ?? text.textContent
        if (/^[vgd]$/.test(kind) && text) text.textContent = shown(this.values[renewed ? `${name}_new` : row], 3)
        part.classList.toggle("off", /^([vgd]|back)$/.test(kind) && index[row] > this.at)
        part.classList.toggle("lit", kind === "box" ? name === by : row === now)
      }
    }

    showPanel() {
      const { name, formula, phase } = this.step, { values, veiled } = this, secret = veiled && this.mode !== "predict"
      this.part(".place b").textContent = `Step ${this.at + 1} of ${this.steps.length}`
      this.part(".phase").textContent = phase
      const first = make("span"), second = make("span", `${" ".repeat(name.length)} = `), third = make("span", `${" ".repeat(name.length)} = ${veiled ? "?" : shown(values[name])}`)
      first.append(make("b", name, colour(name)), secret ? " = ?" : " = ")
      for (const piece of secret ? [] : pieces(formula, values)) {
        const width = Math.max(piece.text.length, piece.number.length)
        first.append(piece.name ? make("b", piece.text, colour(piece.text)) : piece.text, " ".repeat(width - piece.text.length))
        second.append(piece.number.padEnd(width))
      }
      this.part(".sum").replaceChildren(first, ...(secret ? [] : [second, third]))
      this.part(".says").textContent = veiled ? "" : this.sentence(this.step)
      const lines = this.steps.filter(step => step.phase === phase)
      this.part(".lines code").replaceChildren(...lines.map(step => make("span", secret && this.questioned(this.steps.indexOf(step)) ? `${step.name} = …` : step.code, step.name === name ? "lit" : "")))
      if (!veiled) this.part(".question").hidden = true
      const { by, of } = asked(name)
      this.part("[data-do=nudge]").ariaDisabled = String(!(by in this.inputs || index(this.steps, by) < index(this.steps, "loss")) || of === by)
      this.part("[data-go='-1']").ariaDisabled = this.part("[data-go='-99']").ariaDisabled = String(this.at === 0)
      this.part("[data-go='1']").ariaDisabled = this.part("[data-go='99']").ariaDisabled = String(this.at === this.steps.length - 1)
    }

    /** @param {HTMLInputElement} [typing] */
    showFields(typing) {
      for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (this.querySelectorAll(".field input, .fields select"))) {
        const value = this.inputs[field.name] ?? this.chosen[field.name]
        if (field !== typing && field.ariaInvalid !== "true") field.value = field.type === "range" || typeof value === "string" ? String(value) : String(Number(value.toPrecision(6)))
      }
    }

    showTraining() {
      const { values, taken } = this, losses = [...taken.map(({ loss }) => loss), values.loss], top = Math.max(...losses)
      const change = values.loss_new - values.loss
      this.part(".promise").textContent = `A step with α = ${shown(values.learning_rate)} promises ${shown(promised(this.inputs, values), 3)} and changes the loss by ${shown(change, 3)}.`
      this.part("[data-do=back]").ariaDisabled = String(!taken.length)
      this.part(".record").hidden = !taken.length
      const wide = 292 / Math.max(losses.length - 1, 8)
      this.part(".curve polyline").setAttribute("points", losses.map((loss, i) => `${4 + i * wide},${(74 - 68 * loss / (top || 1)).toFixed(1)}`).join(" "))
      this.part(".curve").ariaLabel = `The loss, step by step: ${losses.slice(-6).map(loss => shown(loss, 3)).join(", ")}`
      this.part(".scores tbody").replaceChildren(...taken.slice(-6).map((step, i, last) => {
        const row = make("tr"), cells = [taken.length - last.length + i + 1, shown(step.inputs.learning_rate, 3), shown(step.promised, 3), shown(step.real, 3)]
        row.append(...cells.map(cell => make("td", String(cell))))
        return row
      }))
    }

    showMissions() {
      const { values, steps, taken } = this, gradients = Object.keys(this.inputs).map(name => `dL_d${name}`).filter(name => name in values)
      const vanished = gradients.every(name => Math.abs(values[name]) < 5e-5), wrong = Math.abs(values.a2 - values.y), last = taken.at(-1)
      const left = gradients.filter(name => values[name] !== 0)
      /** @type {Record<string, boolean>} */
      const done = {
        survivor: this.at >= index(steps, "dL_db1") && left.join() === "dL_db2",
        died: !!last && run(steps, last.inputs).z1 > 0 && values.z1 <= 0,
        right: vanished && wrong < 1e-3,
        flat: vanished && wrong > 0.5,
        rises: values.loss_new > values.loss && this.at === steps.length - 1,
      }
      for (const item of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-mission]"))) {
        if (!done[item.dataset.mission ?? ""] || item.className) continue
        const text = (item.dataset.done ?? "").replace(/\{(\w+)\}/g, (_, name) => shown(values[name], 3))
        item.className = "done"
        this.part(`[data-mission=${item.dataset.mission}] span`).textContent = `Done. ${text}`
        setTimeout(() => this.tell(`Mission done. ${text}`))
      }
    }

    // The address: behind the anchor of a section and a `!`, the version and what differs from the start.

    keep() {
      const [anchor] = location.hash.slice(1).split("!"), state = new URLSearchParams({ stepper: "1", of: this.id })
      for (const [name, value] of Object.entries(this.inputs)) if (value !== this.start[name]) state.set(name, String(value))
      for (const [kind, option] of Object.entries(this.chosen)) if (option !== Object.keys(this.choices[kind])[0]) state.set(kind, option)
      if (this.at) state.set("at", this.step.name)
      history.replaceState(history.state, "", [...state].length > 2 ? `#${anchor}!${state}` : anchor ? `#${anchor}` : location.pathname + location.search)
    }

    recall() {
      const [anchor, text = ""] = location.hash.slice(1).split("!"), state = new URLSearchParams(text)
      if (state.get("stepper") !== "1" || state.get("of") !== this.id) return
      for (const [name, value] of state) if (name in this.inputs || name in this.chosen) this.enter(name, value)
      this.at = Math.max(0, index(this.steps, state.get("at") ?? ""))
      this.show()
      const place = document.getElementById(decodeURIComponent(anchor)) ?? this
      place.scrollIntoView()
    }
  }

  /** @type {(steps: {name: string}[], name: string) => number} */
  const index = (steps, name) => steps.findIndex(step => step.name === name)

  customElements.define("backprop-stepper", BackpropStepper)
}
