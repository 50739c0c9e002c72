// Runs stepper-math.js on cases, both from stdin as JSON; prints what is wrong in the first ten that fail.
import { readFileSync } from "node:fs"
import vm from "node:vm"

const { source, programs, cases, tolerance } = JSON.parse(readFileSync(0, "utf8"))
const math = vm.runInNewContext(`${source}\nstepperMath`, {})
const agree = (a, b) => Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b))

const found = []
for (const { program, inputs, expected, promised } of cases) {
  const lines = programs[program].map(([name, formula]) => ({ name, formula })), say = []
  const values = math.run(lines, inputs)
  for (const [name, value] of Object.entries({ ...expected, promised })) {
    const given = name === "promised" ? math.promised(inputs, values) : values[name]
    if (!agree(given, value)) say.push(`${name}: ${given} is not ${value}`)
  }
  if (say.length) found.push(`${program} ${JSON.stringify(inputs)}: ${say.slice(0, 3).join("; ")}`)
}
process.stdout.write(found.slice(0, 10).join("\n"))
