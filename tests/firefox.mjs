// A smoke test in Firefox. Arguments: the program and the site's address; prints what it saw as JSON.
import puppeteer from "puppeteer-core"

const [executablePath, address] = process.argv.slice(2)
const browser = await puppeteer.launch({ browser: "firefox", executablePath })
const page = await browser.newPage(), complaints = []
page.on("console", message => ["error", "warn"].includes(message.type()) && complaints.push(`${page.url()}: ${message.text()}`))
page.on("pageerror", error => complaints.push(`${page.url()}: ${error}`))
page.on("requestfailed", request => complaints.push(`${request.url()} failed`))
const heights = async (name, selector) => {
  await page.goto(address + name)
  return page.$$eval(selector, found => found.map(element => element.getBoundingClientRect().height))
}
const formulas = await heights("core-idea.html", "math mfrac"), figures = await heights("challenges.html", "figure svg")
await page.goto(`${address}index.html`)
await page.keyboard.press("/")
await page.keyboard.type("chain rule")
await page.keyboard.press("Enter")
await page.waitForSelector("#results a", { timeout: 60_000 })
const first = await page.$eval("#results a", link => link.getAttribute("href"))
console.log(JSON.stringify({ formulas, figures, first, complaints, version: await browser.version() }))
await browser.close()
