// @ts-check
// The arithmetic of <backprop-stepper>, without a page: lines such as `z1 = W1 * x + b1`.
const stepperMath = (() => {
  /** @typedef {Record<string, number>} Values */
  /** @typedef {{name: string, formula: string}} Line */

  const NAME = /[A-Za-z_]\w*(?:\[[\d,]+\])?/g
  const TOKEN = /\d+(?:\.\d+)?|[A-Za-z_]\w*(?:\[[\d,]+\])?|\*\*|\S/g

  const OPERATORS = {
    "+": (a, b) => a + b,
    "-": (a, b) => a - b,
    "*": (a, b) => a * b,
    "/": (a, b) => a / b,
    "**": (a, b) => a ** b,
  }

  // A formula in Python as a function of named values, by recursive descent.

  const parsed = text => {
    const tokens = plain(text).match(TOKEN) ?? []
    const take = (...wanted) => (wanted.includes(tokens[0]) ? tokens.shift() : undefined)
    const expect = wanted => {
      if (!take(wanted)) throw new SyntaxError(text)
    }
    const leftToRight = (operand, ...signs) => {
      let result = operand()
      for (let sign = take(...signs); sign; sign = take(...signs)) {
        const operator = OPERATORS[sign], left = result, right = operand()
        result = values => operator(left(values), right(values))
      }
      return result
    }
    const choice = () => {
      const then = sum()
      if (!take("if")) return then
      const left = sum()
      expect(">")
      const right = sum()
      expect("else")
      const otherwise = choice()
      return values => (left(values) > right(values) ? then(values) : otherwise(values))
    }
    const sum = () => leftToRight(product, "+", "-")
    const product = () => leftToRight(signed, "*", "/")
    const signed = () => {
      if (!take("-")) return power()
      const operand = signed()
      return values => -operand(values)
    }
    const power = () => leftToRight(atom, "**")
    const atom = () => {
      if (take("(")) {
        const inner = choice()
        expect(")")
        return inner
      }
      const token = tokens.shift() ?? ""
      if (!take("(")) return /^\d/.test(token) ? () => Number(token) : values => values[token]
      const operands = [choice()]
      while (take(",")) operands.push(choice())
      expect(")")
      return values => Math[token](...operands.map(operand => operand(values)))
    }
    const whole = choice()
    if (tokens.length) throw new SyntaxError(text)
    return whole
  }

  const known = new Map()

  /** The value of a formula. @type {(text: string, values: Values) => number} */
  const compute = (text, values) => {
    const formula = known.get(text) ?? parsed(text)
    known.set(text, formula)
    return formula(values)
  }

  /**
   * All values, line by line; what is `given` keeps its value. A line that calls the forward pass
   * computes the loss again, with `W_new` for each `W`.
   * @type {(lines: Line[], inputs: Values, given?: Values, last?: string) => Values}
   */
  const run = (lines, inputs, given = {}, last = "") => {
    const values = { ...inputs, ...given }
    for (const { name, formula } of lines) {
      if (!(name in given)) values[name] = /^forward/.test(formula) ? lossAfter(lines, inputs, values) : compute(formula, values)
      if (name === last) break
    }
    return values
  }

  const lossAfter = (lines, inputs, values) => run(lines, after(inputs, values), {}, "loss").loss

  const after = (inputs, values) => Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [name, values[renewed(name)] ?? value]))

  // `W1_new[0,1]` of `W1[0,1]`.
  const renewed = name => name.replace(/(?=\[|$)/, "_new")

  /** What is nudged, and what moves, for `dL_dW1` or `z1`. @type {(name: string) => {by: string, of: string}} */
  const asked = name => {
    const [, of, by] = name.match(/^d([A-Za-z]\w*?)_d(.+)$/) ?? ["", "L", name]
    return { of: of === "L" ? "loss" : of + (by.match(/\[.*/) ?? [""])[0], by }
  }

  // Central differences.
  const nudge = (lines, inputs, name, h = 1e-5) => {
    const { of, by } = asked(name), at = run(lines, inputs)[by]
    const moved = value => run(lines, inputs, { [by]: value }, of)[of]
    const up = moved(at + h), down = moved(at - h)
    return { up, down, slope: (up - down) / (2 * h) }
  }

  // The change of the loss that the slope promises: minus α times the squared gradient.
  const promised = (inputs, values) => -values.learning_rate * Object.keys(inputs)
    .filter(name => renewed(name) in values)
    .reduce((sum, name) => sum + values[`dL_d${name}`] ** 2, 0)

  // How formulas and numbers are written.

  const plain = formula => formula.replace(/math\./g, "").replace(/\b(\d+)\.0\b/g, "$1")

  const typeset = formula => plain(formula).replace(/ \*\* 2/g, "²").replace(/\*/g, "×").replace(/-/g, "−")

  /** A number to so many significant digits. @type {(value: number, digits?: number) => string} */
  const shown = (value, digits = 6) => {
    const rounded = Number(value.toPrecision(digits)), size = Math.abs(rounded)
    const far = size !== 0 && (size < 1e-4 || size >= 1e6)
    return (far ? rounded.toExponential() : String(rounded)).replace(/-/g, "−").replace("e+", "e")
  }

  // A formula in pieces, each as written and with its number.
  const pieces = (formula, values) => {
    const text = typeset(formula), found = []
    let end = 0
    for (const { 0: name, index } of text.matchAll(NAME)) {
      if (!(name in values)) continue
      const before = text.slice(end, index), next = text[index + name.length]
      end = index + name.length
      if (before) found.push({ text: before, number: before, name: false })
      const number = shown(values[name]), alone = !/[×−+/>] ?$/.test(text.slice(0, index)) && next !== "²"
      found.push({ text: name, number: number.startsWith("−") && !alone ? `(${number})` : number, name: true })
    }
    if (end < text.length) found.push({ text: text.slice(end), number: text.slice(end), name: false })
    return found
  }

  const filled = (formula, values) => pieces(formula, values).map(piece => piece.number).join("")

  // A text with values in the place of their names in braces; with a plus where the text has it.
  const told = (text, values) => text.replace(/\{(\+?)(\w+)\}/g, (_, plus, name) => (typeof values[name] === "number" ? (values[name] > 0 ? plus : "") + shown(values[name]) : values[name]))

  // Guesses.

  // Right within one percent, and zero only as zero.
  const close = (guess, value) => Math.abs(guess - value) <= 0.01 * Math.abs(value)

  /** What led to a wrong guess: a usual slip, and what is told of it. @type {(guess: number, line: Line, values: Values) => [string, any]} */
  const led = (guess, { name, formula }, values) => {
    const value = compute(formula, values), slips = []
    const names = [...new Set(plain(formula).match(NAME))].filter(each => each in values)
    const slip = (changed, why, about = {}, at = values) => { slips.push([compute(changed, at), [why, about]]) }
    slip(`-(${formula})`, "sign")
    slip(`(${formula}) / 2`, "half")
    for (const left of names) {  // out: 1 as a factor, 0 in a sum
      const why = /^d(?!L_)/.test(left) ? "slope" : "left", about = { wrong: "it", slope: left, left, value: values[left] }
      for (const as of [1, 0]) slip(formula, why, about, { ...values, [left]: as })
    }
    slip(formula.replace("*", "+"), "added")
    slip(formula.replace(" - ", " + "), "minus")
    slip(formula.replace(" + ", " - "), "plus")
    for (const right of names) {
      for (const wrong of Object.keys(values).filter(each => each !== right && each !== name)) {
        const changed = plain(formula).replace(NAME, each => (each === right ? wrong : each))
        const slope = `d${wrong.slice(4)}_d${right.slice(4)}`
        slip(changed, slope in values ? "slope" : "input", { right, wrong, slope, value: values[slope] ?? values[wrong] })
      }
    }
    for (const some of [names, ...names.map(each => [each])]) {
      for (const digits of [1, 2, 3]) {
        slip(formula, "rounded", {}, { ...values, ...Object.fromEntries(some.map(each => [each, +values[each].toPrecision(digits)])) })
      }
    }
    const found = slips.find(([wrong]) => wrong && Math.abs(guess - wrong) <= 0.002 * Math.abs(wrong) && !close(wrong, value))
    return found ? found[1] : ["numbers", { numbers: filled(formula, values) }]
  }

  return { compute, run, after, renewed, asked, nudge, promised, typeset, shown, pieces, filled, told, close, led }
})()
