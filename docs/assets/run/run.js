// A button at all code that runs in the page. What it needs is loaded when one is pressed for the first time.
{
  const { src, dataset } = document.currentScript, folder = src.replace("run.js", ""), files = dataset.files.split(" ")
  let panel
  const loaded = () => panel ??= new Promise((done, failed) => {
    const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: `${folder}panel.css` })
    const script = Object.assign(document.createElement("script"), { src: `${folder}panel.js`, onload: done, onerror: failed })
    document.head.append(style, script)
  })
  const add = (place, file, text, source) => {
    const button = Object.assign(document.createElement("button"), { className: text ? "run answer" : "run copy", type: "button" })
    button.textContent = text || "Run"
    button.ariaLabel = `${button.textContent} ${file}`
    button.addEventListener("click", async () => {
      try {
        await loaded()
      } catch {
        panel = null
        return (button.textContent = "Not loaded: try again")
      }
      openPanel({ ...dataset, button, file, source, folder })
    })
    place.append(" ", button)
  }
  document.querySelectorAll(".highlight:has(> .filename)").forEach(block => {
    const [folders, file] = block.querySelector(".filename").textContent.split("/")
    if (folders === "snippets" && files.includes(file)) add(block, file)
  })
  document.querySelectorAll("[data-kind=program] a[download]").forEach(link => {
    if (files.includes(link.download)) add(link.parentElement, link.download, "Write here", decodeURIComponent(link.href.replace(/^[^,]*,/, "")))
  })
}
