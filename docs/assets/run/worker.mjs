// Python, in a thread of its own: ending the worker ends whatever runs.
import { loadPyodide } from "./pyodide/pyodide.mjs"

const folder = new URL("pyodide/", import.meta.url).href

// Count what arrives, for who waits.
const { fetch } = self
self.fetch = async (...request) => {
  const response = await fetch(...request)
  const count = new TransformStream({
    transform(chunk, controller) {
      postMessage({ arrived: chunk.length })
      controller.enqueue(chunk)
    },
  })
  return response.body ? new Response(response.body.pipeThrough(count), response) : response
}

const start = async () => {
  const runner = fetch(new URL("runner.py", import.meta.url)).then(response => response.text())
  const python = await loadPyodide({ indexURL: folder, packageBaseUrl: folder })
  python.setStdin({ error: true })  // nobody is asked
  python.FS.writeFile("runner.py", await runner)
  return { python, runner: python.pyimport("runner") }
}

const failed = error => postMessage({ failed: String(error) })
const started = start()
started.then(({ runner }) => postMessage({ ready: runner.VERSION }), failed)

addEventListener("message", async ({ data: { file, text, given } }) => {
  try {
    const { python, runner } = await started
    await python.loadPackagesFromImports(text, { messageCallback() {} })
    postMessage({ runs: true })
    const result = runner.run(file, text, given, output => postMessage({ output }))
    postMessage({ result: JSON.parse(result) })
  } catch (error) {
    failed(error)
  }
})
