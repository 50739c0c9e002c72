// Runs code in the page. Arguments: browser, its program, the site's address, what to do, and with which pages.
// Prints what was seen as JSON. No other host can be reached.
import puppeteer from "puppeteer-core"

const [kind, executablePath, address, what, ...names] = process.argv.slice(2)
const args = kind === "chrome" ? ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"] : []
const extraPrefsFirefox = { "network.proxy.type": 1, "network.proxy.http": "127.0.0.1", "network.proxy.http_port": 9, "network.proxy.ssl": "127.0.0.1", "network.proxy.ssl_port": 9 }
const browser = await puppeteer.launch({ browser: kind, executablePath, args, extraPrefsFirefox })
const page = await browser.newPage(), faults = []
let asked = []
page.on("pageerror", error => faults.push(`${page.url()}: ${error}`))
page.on("request", request => asked.push(request.url()))
await page.setViewport({ width: 1280, height: 900 })

const DONE = /as printed|It ran|It ended|Stopped|did not|ended/
const go = async name => {
  asked = []
  await page.goto(address + name)
  const early = asked.filter(url => /run\/(?!run\.js)/.test(url))
  if (early.length) faults.push(`${name} asks before the click for ${early}`)
}
const press = name => page.$$eval("article button", (buttons, name) => buttons.findLast(b => b.textContent === name).click(), name)
// The panel, once its status says what is waited for.
const said = async (pattern = DONE) => {
  await page.waitForFunction(source => new RegExp(source).test(document.querySelector(".run-panel .said")?.textContent), { timeout: 60_000 }, pattern.source)
  return page.$eval(".run-panel", panel => ({
    status: panel.querySelector(".said").textContent, mark: panel.querySelector(".said").dataset.mark, output: panel.querySelector(".output").textContent,
    faults: [...panel.querySelectorAll("li")].map(e => e.innerText), about: panel.querySelector(".about").textContent,
  }))
}
const write = text => page.$eval(".run-panel textarea", (area, text) => {
  area.value = text
  area.dispatchEvent(new Event("input", { bubbles: true }))
}, text)
const code = () => page.$eval(".run-panel textarea", area => area.value)
// Write this text and run it.
const run = async text => {
  await write(text)
  const start = Date.now()
  await press("Run")
  return { ...await said(), milliseconds: Date.now() - start }
}
// From now on long times pass ten times as fast.
const hurry = () => page.evaluate(() => {
  const { setTimeout } = window
  window.setTimeout = (action, time, ...rest) => setTimeout(action, time >= 10_000 ? time / 10 : time, ...rest)
})

const actions = {
  // The doctests of files, each named after a page that shows it.
  async files() {
    const seen = {}
    for (const [name, file] of names.map(name => name.split("#"))) {
      if (page.url() !== address + name) await go(name)
      await page.$eval(`button[aria-label="Run ${file}"]`, button => button.click())
      seen[file] = await said()
      await press("Close")
    }
    return seen
  },
  // What goes wrong in a file, on the page of core_idea.py; then loops that are ended, and a worker that never starts.
  async slips() {
    await go(names[0])
    await press("Run")
    await said()
    const original = await code()
    const broken = await run(original.replace("return 3 * x + 1", "return 3 * x + 2"))
    await go(names[0])
    await press("Run")
    const kept = { ...await said(), text: await code() !== original }
    await press("Reset")
    const reset = await code() === original
    const raises = await run("def f(x):\n    return 1 / x\n\n\nprint('before')\nf(0)\n")
    const syntax = await run("x = 1\nif x\n")
    const many = await run("for i in range(20_000):\n    print(i, 'a line of some length')\n")
    const most = await run("while len('x') and not print('x' * 1000):\n    if (n := globals().get('n', 0) + 1) > 2000: break\n")
    await write("print('on', flush=True)\nwhile True:\n    pass\n")
    await press("Run")
    await said(/Running/)
    await page.waitForFunction(() => document.querySelector(".run-panel .output").textContent.includes("on"))
    await press("Stop")
    const stopped = await said(/Stopped/)
    const again = await run("print('again')\n")
    await hurry()
    const endless = await run("while True:\n    pass\n")
    await page.evaluate(() => (window.Worker = class { postMessage() {} terminate() {} }))
    await press("Run")
    const dead = await said()
    return { broken, kept, reset, raises, syntax, many, most, stopped, again, endless, dead }
  },
  // Exercises to program, each with its stub as it is and then with its solution.
  async programs() {
    const seen = {}
    await go(names[0])
    for (const form of await page.$$("form.exercise:has([data-kind=program] .run)")) {
      const id = await form.evaluate(form => form.id)
      await form.$eval(".run", button => button.click())
      await said(/ready/)
      await press("Run")
      const stub = await said(), title = () => form.$eval(".title", title => title.innerText), stub_title = await title()
      await form.$eval(".run-panel textarea", area => area.focus())
      const solution = await form.$eval(".solution pre code", code => code.textContent)
      seen[id] = { stub, stub_title, solved: await run(solution), title: await title() }
      await press("Close")
    }
    return seen
  },
}

const seen = await actions[what]()
const elsewhere = asked.filter(url => !url.startsWith(address) && !/^(data|blob|about):/.test(url))
console.log(JSON.stringify({ ...seen, faults: [...faults, ...elsewhere], version: await browser.version() }))
await browser.close()
