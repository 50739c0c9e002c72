// Answers exercises by keyboard. Arguments: browser, its program, the site's address, n for every n-th exercise, the pages.
// Prints what was counted and every fault as JSON.
import puppeteer from "puppeteer-core"

const [kind, executablePath, address, every, ...names] = process.argv.slice(2)
const args = kind === "chrome" ? ["--no-sandbox", "--disable-gpu"] : []
const browser = await puppeteer.launch({ browser: kind, executablePath, args })
const page = await browser.newPage(), faults = [], seen = { forms: 0, wrong: 0, right: 0, announced: 0 }
page.on("pageerror", error => faults.push(`${page.url()}: ${error}`))
await page.setViewport({ width: 1280, height: 900 })

const NONE = "Not right, and none of the usual slips", ASKED = /^(Put in|Choose)/

// What the step says now; where `announced`, also what a screen reader is told, within a second.
const said = async (step, announced) => step.evaluate(async (step, announced) => {
  const text = step.querySelector(".feedback").textContent.trim(), mark = step.querySelector(".feedback").className
  const heard = () => [...document.querySelectorAll("article > [role=status]")].map(e => e.textContent.trim()).join("").replace("Not right: ", "")
  for (let i = 0; announced && heard() !== text && i < 50; i++) await new Promise(done => setTimeout(done, 20))
  return { text, mark, spoken: announced ? heard() : null }
}, announced)

const type = async (step, text) => {
  const input = await step.$("input")
  await input.evaluate(input => { input.value = ""; input.focus() })
  if (text) await page.keyboard.type(text)
  await page.keyboard.press("Enter")
}

const choose = async (step, key) => {
  const radios = await step.$$("input[type=radio]")
  await radios[0].focus()
  await page.keyboard.press(" ")
  for (let i = 0; i < radios.length && !await radios[i].evaluate((radio, key) => radio.value === key, key); i++) await page.keyboard.press("ArrowDown")
  await page.keyboard.press("Enter")
}

const arrange = async (step, wanted) => {
  for (const [place, key] of wanted.entries()) {
    await (await step.$(`[data-line="${key}"] .up`)).focus()
    while (await step.evaluate((step, key) => [...step.querySelectorAll("[data-line]")].findIndex(line => line.dataset.line === key), key) > place) await page.keyboard.press("ArrowUp")
  }
  await (await step.$(".answer > button")).focus()
  await page.keyboard.press("Enter")
}

for (const name of names) {
  await page.goto(address + name)
  await page.evaluate(() => localStorage.removeItem("backprop.solved"))
  for (const form of (await page.$$("form.exercise")).filter((_, i) => i % every === 0)) {
    const id = await form.evaluate(form => form.id)
    seen.forms++
    for (const [number, step] of (await form.$$(".step")).entries()) {
      const { kind, entries } = await form.evaluate((form, number) => ({
        kind: form.querySelectorAll(".step")[number].dataset.kind,
        entries: [...form.querySelectorAll(".variant .answers")[number]?.children ?? []].map(item => ({ values: item.dataset.values.split("|"), text: item.textContent.trim() })),
      }), number)
      const fault = (what, { text, spoken }) => faults.push(`${name}#${id} ${number}: ${what}: ${text} | ${spoken}`)
      const answer = { number: type, shape: type, line: type, choice: choose }[kind]
      if (kind === "program") {
        await (await step.$(".answer > button")).focus()
        await page.keyboard.press("Enter")
      } else if (kind === "order") {
        const pairs = entries.slice(1).map(({ values: [pair] }) => pair.split(" "))
        const keys = (await step.$$eval("[data-line]", lines => lines.map(line => line.dataset.line))).sort((a, b) => a - b)
        for (const [late, early] of pairs) {
          await arrange(step, keys.flatMap(key => key === late ? [] : key === early ? [late, early] : [key]))
          const now = await said(step, true)
          if (!now.mark.includes("wrong") || !now.text.includes("Read again") || now.spoken !== now.text) fault(`${late} before ${early}`, now)
          seen.wrong++
        }
        await arrange(step, keys)
      } else {
        if (kind !== "choice") {
          await type(step, "")
          let now = await said(step)
          if (!ASKED.test(now.text)) fault("empty", now)
          await type(step, "what?")
          now = await said(step)
          if (!(kind === "line" ? now.text.startsWith(NONE) : ASKED.test(now.text))) fault("nonsense", now)
          await type(step, { number: "123456.789", shape: "(98, 99)", line: "np.zeros(7)" }[kind])
          now = await said(step)
          if (!now.text.startsWith(NONE)) fault("unlisted", now)
        } else {
          await (await step.$(".answer > button")).focus()
          await page.keyboard.press("Enter")
          const now = await said(step)
          if (!ASKED.test(now.text)) fault("empty", now)
        }
        for (const { values: [value], text } of entries.slice(1)) {
          await answer(step, value)
          const now = await said(step, seen.wrong % 5 === 0)
          if (!now.mark.includes("wrong") || !now.text.startsWith(text)) fault(`${value} ${text}`, now)
          if (now.spoken !== null && now.spoken !== now.text) fault("not announced", now)
          seen.wrong++
        }
        for (const value of entries[0].values) await answer(step, value)
      }
      const now = await said(step, true)
      if (!now.text.startsWith("Right") || now.spoken !== now.text) fault("right", now)
      seen.right++
      seen.announced += now.spoken === now.text
    }
    const solved = await form.evaluate(form => ({
      mark: form.querySelector(".title").innerText, open: form.querySelector(".solution").open, bug: form.matches(".bug"),
      known: JSON.parse(localStorage.getItem("backprop.solved"))[form.dataset.chapter],
    }))
    if (!solved.mark.includes("✓") || !solved.known.includes(id) || solved.bug !== solved.open) faults.push(`${name}#${id}: ${JSON.stringify(solved)}`)
    if (!solved.bug) for (const again of await form.$$(".again")) {
      const before = await form.$eval(".variant", variant => variant.innerHTML)
      await again.focus()
      await page.keyboard.press("Enter")
      if (before === await form.$eval(".variant", variant => variant.innerHTML)) faults.push(`${name}#${id}: another one is the same`)
      if (!await form.evaluate(form => form.querySelector(".variant").contains(document.activeElement))) faults.push(`${name}#${id}: the focus is lost`)
    }
  }
  const marked = await page.$$eval("#contents .solved", marks => marks.length)
  if (!marked) faults.push(`${name}: nothing is marked in the contents`)
}

console.log(JSON.stringify({ ...seen, faults, version: await browser.version() }))
await browser.close()
