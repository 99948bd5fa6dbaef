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

/** The page's own colours as Mermaid's, so that a diagram is readable wherever the page is. */
function colours() {
  const style = getComputedStyle(document.documentElement);
  function of(name) {
    return style.getPropertyValue(`--${name}`).trim();
  }
  return {
    darkMode: dark.matches,
    useGradient: false,
    dropShadow: "none",
    background: of("ground"),
    fontFamily: "system-ui, 'Noto Sans', 'Liberation Sans', sans-serif",
    fontSize: "14px",
    primaryColor: of("blue-soft"),
    primaryTextColor: of("text"),
    primaryBorderColor: of("accent"),
    secondaryColor: of("violet-soft"),
    tertiaryColor: of("sunk"),
    lineColor: of("text-soft"),
    textColor: of("text"),
    clusterBkg: of("sunk"),
    clusterBorder: of("line"),
    titleColor: of("text"),
    edgeLabelBackground: of("ground"),
    noteBkgColor: of("amber-soft"),
    noteTextColor: of("text"),
    noteBorderColor: of("amber"),
  };
}

/** The drawing of a text in today's colours; drawn once, for Mermaid takes one at a time. */
async function drawingOf(source) {
  const key = `${dark.matches}\n${source}`;
  if (!drawings.has(key)) {
    const mermaid = await loadMermaid();
    mermaid.initialize({
      startOnLoad: false,
      securityLevel: "strict",
      suppressErrorRendering: true,
      theme: "base",
      flowchart: { wrappingWidth: 320 },
      themeVariables: colours(),
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
    keepReadable(result.querySelector("svg"));
    block.classList.add("drawn");
  } catch (error) {
    result.className = "diagram-problem";
    result.textContent = `This diagram cannot be drawn: ${error.message}`;
    block.classList.remove("drawn");
  }
  block.prepend(result);
}

/** Wide drawings shrink to the page, but not below what can be read: then they scroll. */
function keepReadable(svg) {
  const width = svg?.viewBox.baseVal.width ?? 0;
  if (width > 0) svg.style.minWidth = `${Math.min(width, 640)}px`;
}

dark.addEventListener("change", () => globalThis.drawDiagrams(document));
globalThis.drawDiagrams(document);
