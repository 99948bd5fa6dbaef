import { eachElement, element, type HtmlElement, type HtmlRoot, hasClass, textOf } from "./tree.ts";

const ALERTS: Readonly<Record<string, string>> = {
  NOTE: "Note",
  TIP: "Tip",
  IMPORTANT: "Important",
  WARNING: "Warning",
  CAUTION: "Caution",
};

/** Diagrams, coloured diffs, alert boxes and scrolling tables: blocks that are more than their tags. */
export function dressBlocks(root: HtmlRoot): void {
  eachElement(root, (node, parent, index) => {
    if (node.tagName === "pre") parent.children[index] = dressedCode(node);
    else if (node.tagName === "blockquote") dressAlert(node);
    else if (node.tagName === "table" && !isScroller(parent)) {
      parent.children[index] = element("div", { className: ["table-scroller"] }, [node]);
    }
  });
}

function isScroller(parent: { type: string }): boolean {
  return parent.type === "element" && hasClass(parent as HtmlElement, "table-scroller");
}

function dressedCode(pre: HtmlElement): HtmlElement {
  const code = pre.children.find((c) => c.type === "element" && c.tagName === "code");
  if (code?.type !== "element") return pre;
  if (hasClass(code, "language-mermaid")) {
    const source = element("pre", { className: ["diagram-source"] }, [textOf(code)]);
    return element("div", { className: ["diagram"], dataDiagram: "" }, [source]);
  }
  if (hasClass(code, "language-diff"))
    code.children = textOf(code)
      .split(/(?<=\n)/)
      .map(diffLine);
  return pre;
}

function diffLine(line: string): HtmlElement {
  const kind = line.startsWith("+") ? "added" : line.startsWith("-") ? "removed" : "plain";
  return element("span", { className: [`diff-${kind}`] }, [line]);
}

function dressAlert(quote: HtmlElement): void {
  const first = quote.children.find((c) => c.type === "element");
  if (first?.type !== "element" || first.tagName !== "p") return;
  const head = first.children[0];
  const match = head?.type === "text" ? /^\[!([A-Z]+)\]\s*$/.exec(head.value.trim()) : null;
  const title = ALERTS[match?.[1] ?? ""];
  if (title === undefined) return;
  first.children = first.children.slice(1).filter((c, at) => at > 0 || !isBreak(c));
  quote.tagName = "div";
  quote.properties = { className: ["alert", `alert-${title.toLowerCase()}`] };
  quote.children.unshift(element("p", { className: ["alert-title"] }, [title]));
}

function isBreak(node: { type: string; tagName?: string }): boolean {
  return node.type === "element" && node.tagName === "br";
}
