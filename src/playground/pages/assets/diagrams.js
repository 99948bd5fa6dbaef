/** Draws Mermaid blocks with the package's own script, fetched when the first one is seen. */
const dark = matchMedia("(prefers-color-scheme: dark)");
const drawings = new Map();
let mermaidReady;
let number = 0;

function loadMermaid() {
  mermaidReady ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = "/_assets/mermaid.js";
    script.addEventListener("load", () => resolve(globalThis.mermaid));
    script.addEventListener("error", () => reject(new Error("Mermaid's script is missing.")));
    document.head.append(script);
  });
  return mermaidReady;
}

/** The drawing of a text in today's colours; drawn once, for Mermaid takes one at a time. */
async function drawingOf(source) {
  const theme = dark.matches ? "dark" : "default";
  const key = `${theme}\n${source}`;
  if (!drawings.has(key)) {
    const mermaid = await loadMermaid();
    mermaid.initialize({
      startOnLoad: false,
      securityLevel: "strict",
      theme,
      suppressErrorRendering: true,
    });
    number += 1;
    const { svg } = await mermaid.render(`drawing-${number}`, source);
    drawings.set(key, svg);
  }
  return drawings.get(key);
}

let queue = Promise.resolve();

/** Draws every block below an element; one that cannot be drawn keeps its source and says why. */
globalThis.drawDiagrams = function drawDiagrams(root) {
  for (const block of root.querySelectorAll("[data-diagram]")) {
    queue = queue.then(() => draw(block));
  }
  return queue;
};

async function draw(block) {
  const source = block.querySelector(".diagram-source").textContent;
  block.querySelector(".diagram-drawing, .diagram-problem")?.remove();
  const result = document.createElement("div");
  try {
    result.className = "diagram-drawing";
    result.innerHTML = await drawingOf(source);
    block.classList.add("drawn");
  } catch (error) {
    result.className = "diagram-problem";
    result.textContent = `This diagram cannot be drawn: ${error.message}`;
    block.classList.remove("drawn");
  }
  block.prepend(result);
}

dark.addEventListener("change", () => globalThis.drawDiagrams(document));
globalThis.drawDiagrams(document);
