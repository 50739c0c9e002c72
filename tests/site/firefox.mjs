// Pages in Firefox. Arguments: the program, the site's address, the pages. Prints what it saw as JSON.
import puppeteer from "puppeteer-core"

const [executablePath, address, ...names] = process.argv.slice(2)
const browser = await puppeteer.launch({ browser: "firefox", executablePath })
const page = await browser.newPage(), faults = []
const early = /Incorrect number of children/ // of a formula that Firefox shows before all of it has arrived; counted below
page.on("console", message => ["error", "warn"].includes(message.type()) && !early.test(message.text()) && faults.push(`${page.url()}: ${message.text()}`))
page.on("pageerror", error => faults.push(`${page.url()}: ${error}`))
page.on("requestfailed", request => faults.push(`${request.url()} failed`))

const seen = { formulas: 0, figures: 0 }
const sizes = { formulas: ["math mfrac", 15], figures: ["figure svg", 40] }
for (const name of names) {
  await page.goto(address + name)
  for (const width of [1280, 360]) {
    await page.setViewport({ width, height: 900 })
    const broken = await page.$$eval("msub, msup, mfrac", found => found.filter(e => e.children.length !== 2).map(e => e.outerHTML))
    faults.push(...broken.map(markup => `${name}: not two parts in ${markup}`))
    if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) faults.push(`${name}: scrolls sideways at ${width}`)
    for (const [what, [selector, least]] of Object.entries(sizes)) {
      const heights = await page.$$eval(selector, found => found.map(e => e.getBoundingClientRect().height))
      seen[what] += heights.length
      faults.push(...heights.filter(height => height < least).map(height => `${name}: one of the ${what} is ${height} px high`))
    }
  }
}

await page.setViewport({ width: 1280, height: 900 })
await page.goto(`${address}index.html`)
await page.keyboard.press("/")
await page.keyboard.type("chain rule")
await page.keyboard.press("Enter")
await page.waitForSelector("#results a", { timeout: 60_000 })
const first = await page.$eval("#results a", link => link.getAttribute("href"))
console.log(JSON.stringify({ ...seen, first, faults, version: await browser.version() }))
await browser.close()
