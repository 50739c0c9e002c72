// The panel below code that runs: the whole file to change, the buttons, and what came of a run.
{
  const STARTS_WITHIN = 30_000, RUNS_FOR = 20_000  // milliseconds: without a sign of life, and in all
  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties)
    element.append(...children)
    return element
  }

  // One Python for all panels of the page, in a worker, which is ended to stop what runs.
  let worker, version, arrived, job, timer
  const end = text => {
    const ended = job
    clearTimeout(timer)
    worker?.terminate()
    worker = version = job = null
    ended?.panel.ended(text)
  }
  const within = (time, text) => {
    clearTimeout(timer)
    timer = setTimeout(end, time, text)
  }
  const wait = () => within(STARTS_WITHIN, `Python did not start: nothing arrived for ${STARTS_WITHIN / 1000} seconds. Run tries again.`)
  const send = () => {
    clearTimeout(timer)
    job.panel.started(version)
    if (!job.request) return (job = null)  // only to be ready
    worker.postMessage(job.request)
    wait()
  }
  const begin = (panel, request, folder) => {
    const OTHER = "Stopped, for another run."
    if (version && job) end(OTHER)
    if (job && job.panel !== panel) job.panel.ended(OTHER)
    job = { panel, request }
    if (version) return send()
    panel.waits()
    wait()
    if (worker) return
    worker = new Worker(`${folder}worker.mjs`, { type: "module" })
    arrived = 0
    worker.onerror = ({ message }) => end(`Python did not start: ${message || "its files did not arrive"}`)
    worker.onmessage = ({ target, data }) => {
      if (target !== worker) return
      if (data.arrived) job.panel.arrived(arrived += data.arrived, wait())
      if (data.ready) send(version = data.ready)
      if (data.failed) end(`Python ended: ${data.failed}`)
      if (data.runs) within(RUNS_FOR, `Stopped: it ran for ${RUNS_FOR / 1000} seconds, the time limit.`)
      if (data.output) job.panel.print(data.output)
      if (data.result) {
        clearTimeout(timer)
        const { panel } = job
        job = null
        panel.shows(data.result)
      }
    }
  }

  const stored = (action, ...values) => { try { return sessionStorage[action](...values) } catch {} }
  const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`

  const below = button => button.closest(".highlight") ?? button.parentElement

  const panels = new Map()
  const made = async ({ button, file, source, folder, bytes }) => {
    const address = new URL(`../../snippets/${file}`, folder), key = `run ${file}`
    const original = source ?? await fetch(address).then(response => response.ok ? response.text() : Promise.reject(response.status))
    const form = source && button.closest("form"), step = button.closest(".step")

    const numbers = make("pre", { ariaHidden: "true" }), code = make("textarea", { ariaLabel: `Code of ${file}`, spellcheck: false, wrap: "off", autocapitalize: "off" })
    const run = make("button", { type: "button", textContent: "Run", title: "Ctrl + Enter" }), stop = make("button", { type: "button", textContent: "Stop", disabled: true })
    const reset = make("button", { type: "button", textContent: "Reset" }), close = make("button", { type: "button", textContent: "Close" })
    const status = make("p", { role: "status", className: "said" }), bar = make("progress", { max: bytes, value: 0, hidden: true, ariaLabel: "Loading Python" })
    const faults = make("ul"), output = make("pre", { className: "output", tabIndex: 0, role: "group", ariaLabel: "Output", hidden: true })
    const about = make("p", { className: "about" })
    const element = make("section", { className: "run-panel", ariaLabel: `${file}, to change and run` },
      make("div", { className: "text" }, numbers, code), make("p", {}, run, " ", stop, " ", reset, " ", close), status, bar, faults, output, about)

    const number = () => {
      numbers.textContent = code.value.split("\n").map((_, i) => i + 1).join("\n")
      reset.disabled = code.value === original
    }
    const put = text => {
      code.value = text
      code.rows = Math.min(24, text.split("\n").length)
      number()
    }
    const to = line => {
      const before = code.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1), length = code.value.split("\n")[line - 1]?.length
      code.focus()
      code.setSelectionRange(before, before + length)
      code.scrollTop = (line - 4) * parseFloat(getComputedStyle(code).lineHeight)
    }
    const place = line => line ? make("button", { type: "button", className: "line", textContent: `line ${line}`, onclick: () => to(line) }) : ""
    const busy = is => {
      stop.disabled = !is
      bar.hidden = true
    }
    const fault = ({ line, raised, source, want, got }) => make("li", {},
      ...form ? [] : [place(line), " "], make("code", { textContent: source.trim() }),
      make("dl", {}, make("dt", { textContent: "expected" }), make("dd", {}, make("pre", { textContent: want.trimEnd() || "nothing" })),
        make("dt", { textContent: "got" }), make("dd", {}, make("pre", { textContent: got.trimEnd() || "nothing" }), raised ? " in " : "", place(raised))))

    const panel = {
      element,
      waits() {
        busy(true)
        bar.hidden = false
        status.textContent = `Loading Python, at most ${Math.ceil(bytes / 1e6)} MB, which the browser keeps …`
      },
      arrived: sum => (bar.value = sum),
      started(version) {
        busy(true)
        status.textContent = `Running in Python ${version} …`
        about.textContent = `Python ${version}, compiled to WebAssembly, runs in your browser; nothing is sent anywhere. It is not the Python that built this site: the last digits of exp and tanh can differ.`
        if (!job.request) panel.ended(`Python ${version} is ready.`)
      },
      print(text) {
        output.hidden = false
        output.append(text)
      },
      ended(text) {
        busy(false)
        status.textContent = text
      },
      shows({ count: all, failed, error }) {
        const passed = `${all - failed.length} of ${count(all, "example")} as printed${form || code.value === original ? "" : ", with your changes"}`
        panel.ended(error ? `It ended with ${error.text}` : all ? `${passed}${failed.length ? ":" : "."}` : "It ran. There is no example in it.")
        if (all || error) status.dataset.mark = error || failed.length ? "wrong" : "right"
        if (error?.line) status.append(" in ", place(error.line))
        faults.replaceChildren(...failed.map(fault))
        if (form && all && !failed.length && !error) form.requestSubmit(step.querySelector(".answer > button"))
      },
      start() {
        faults.replaceChildren()
        output.replaceChildren()
        output.hidden = true
        delete status.dataset.mark
        begin(panel, { file, text: code.value, given: source ?? "" }, folder)
      },
      opens(button) {
        panel.button = button
        below(button).after(element)
        ;(form ? code : run).focus({ preventScroll: !form })
        form ? begin(panel, null, folder) : panel.start()
      },
    }
    run.onclick = panel.start
    stop.onclick = () => job?.panel === panel && end("Stopped.")
    reset.onclick = () => {
      put(original)
      stored("removeItem", key)
      status.textContent = "As it was."
    }
    close.onclick = () => {
      if (job?.panel === panel) end("Stopped.")
      element.remove()
      panel.button.focus()
    }
    code.oninput = () => {
      number()
      stored("setItem", key, code.value)
    }
    code.onscroll = () => (numbers.scrollTop = code.scrollTop)
    code.onkeydown = event => {
      if (event.key !== "Enter") return
      event.preventDefault()
      if (event.ctrlKey || event.metaKey) return panel.start()
      const [line] = code.value.slice(0, code.selectionStart).split("\n").slice(-1), [indent] = /^ */.exec(line)
      document.execCommand("insertText", false, `\n${indent}${/:\s*$/.test(line) ? "    " : ""}`)  // which can be undone
    }
    put(stored("getItem", key) ?? original)
    return panel
  }

  const DISK = "A browser starts no Python for a page from the disk. In the folder of the site, start a web server: python3 -m http.server. Then open http://localhost:8000/ and run it there."
  const note = (button, textContent) => {
    const place = make("p", { className: "run-panel", role: "status" })
    if (!below(button).nextElementSibling?.matches("p.run-panel")) below(button).after(place)
    setTimeout(() => (place.textContent = textContent), 50)  // so that it is announced
  }
  window.openPanel = async request => {
    const { button, file } = request
    if (location.protocol === "file:") return note(button, DISK)
    try {
      if (!panels.has(file)) panels.set(file, await made(request))
      panels.get(file).opens(button)
    } catch {
      note(button, `${file} did not arrive. Is there a network?`)
    }
  }
}
