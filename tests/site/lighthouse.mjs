// Lighthouse in one Chromium. Arguments: the program, the site's address, and `form:page` for each audit.
// Prints a JSON line for each.
// A page that has 100 everywhere at once is done; another is looked at twice more, and the medians count.
import lighthouse from "lighthouse"
import desktop from "lighthouse/core/config/desktop-config.js"
import puppeteer from "puppeteer-core"

const [executablePath, address, ...audits] = process.argv.slice(2)
const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
const browser = await puppeteer.launch({ executablePath, args })
const flags = { port: new URL(browser.wsEndpoint()).port, disableFullPageScreenshot: true, logLevel: "error" }
const median = values => values.sort((a, b) => a - b)[values.length >> 1]

for (const [form, name] of audits.map(audit => audit.split(":"))) {
  const runs = []
  do runs.push((await lighthouse(address + name, flags, form === "desktop" ? desktop : undefined)).lhr)
  while (runs.length < 3 && !(runs.length === 1 && Object.values(runs[0].categories).every(({ score }) => score === 1)))
  const scores = Object.fromEntries(Object.keys(runs[0].categories).map(id => [id, median(runs.map(run => 100 * run.categories[id].score))]))
  const counted = Object.values(runs[0].categories).flatMap(({ auditRefs }) => auditRefs.filter(({ weight }) => weight).map(({ id }) => id))
  const faults = counted.map(id => runs.at(-1).audits[id]).filter(({ score }) => score !== null && score < 1)
    .map(({ id, score, displayValue, details }) => ({ id, score, displayValue, where: details?.items?.slice(0, 5).map(item => item.node?.snippet ?? item.source?.url ?? item.url) }))
  console.log(JSON.stringify({ name, form, runs: runs.length, error: runs.at(-1).runtimeError?.message, scores, faults }))
}
await browser.close()
