// The steppers in Firefox. Arguments: the program, the site's address, element ids by page as JSON. Prints what it saw as JSON.
import puppeteer from "puppeteer-core"

const [executablePath, address, places] = process.argv.slice(2)
const browser = await puppeteer.launch({ browser: "firefox", executablePath })
const page = await browser.newPage(), faults = [], said = {}
page.on("pageerror", error => faults.push(`${page.url()}: ${error}`))

for (const [name, ids] of Object.entries(JSON.parse(places))) {
  for (const width of [360, 1280]) {
    await page.setViewport({ width, height: 900 })
    await page.goto(address + name)
    for (const id of width === 360 ? ids : []) {
      await page.focus(`#${id} .next`)
      const heard = (said[`${name} ${id}`] = [])
      const last = () => page.$eval(`#${id} .next`, button => button.getAttribute("aria-disabled") === "true")
      while (!(await last())) {
        await page.keyboard.press("Enter")
        heard.push(await page.$eval(`#${id} [role=status]`, status => status.textContent))
      }
    }
    if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) faults.push(`${name}: scrolls sideways at ${width}`)
  }
}

await page.goto("about:blank")
await page.goto(`${address}worked-example.html#!stepper=1&of=one&x=-1&y=oops&at=dL_dW1`)
const message = await page.$eval("#one-y-wrong", place => place.textContent)
const panel = await page.$eval("#one .place", place => place.textContent)
console.log(JSON.stringify({ faults, said, message, panel }))
await browser.close()
