// Runs versions of stepper-math.js on cases, both from stdin as JSON; prints for each how many cases fail, and the first that does.
import { readFileSync } from "node:fs"
import vm from "node:vm"

const { sources, programs, cases, tolerance } = JSON.parse(readFileSync(0, "utf8"), (_, value) => special(value))

function special(value) {
  return { NaN: NaN, Infinity: Infinity, "-Infinity": -Infinity }[value] ?? value
}

const agree = (a, b, scale) => Object.is(a, b) || a === b || Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b), scale)

/** What is wrong in a case; `limit` stops at the first wrong case. */
function faults(math, limit) {
  const found = []
  for (const { program, inputs, expected, scale, nudged, promised } of cases) {
    const lines = programs[program].map(([name, formula]) => ({ name, formula })), say = []
    try {
      const values = math.run(lines, inputs)
      for (const [name, value] of Object.entries(expected)) if (!agree(values[name], value, scale)) say.push(`${name}: ${values[name]} is not ${value}`)
      for (const [name, value] of Object.entries(nudged ?? {})) {
        const { slope } = math.nudge(lines, inputs, name)
        if (!(Math.abs(slope - value) <= 1e-6 * Math.max(1, Math.abs(value)))) say.push(`${name} nudged: ${slope} is not ${value}`)
      }
      if (!agree(math.promised(inputs, values), promised, scale)) say.push(`promised: ${math.promised(inputs, values)} is not ${promised}`)
    } catch (error) {
      say.push(String(error))
    }
    if (say.length) found.push(`${program} ${JSON.stringify(inputs)}: ${say.slice(0, 3).join("; ")}`)
    if (found.length >= limit) break
  }
  return found
}

for (const source of sources) {
  let found
  try {
    found = faults(vm.runInNewContext(`${source}\nstepperMath`, {}), sources.length > 1 ? 1 : Infinity)
  } catch (error) {
    found = [String(error)]
  }
  console.log(JSON.stringify({ failing: found.length, first: found[0] ?? "" }))
}
