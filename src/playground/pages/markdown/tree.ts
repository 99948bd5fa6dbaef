import type { Element, Parents, Root, RootContent, Text } from "hast";

export type HtmlRoot = Root;
export type HtmlElement = Element;
export type HtmlNode = RootContent;

/** Calls `visit` for every element, parents first; children it replaces are walked as replaced. */
export function eachElement(
  parent: Parents,
  visit: (element: Element, parent: Parents, index: number) => void,
): void {
  for (let index = 0; index < parent.children.length; index += 1) {
    const child = parent.children[index];
    if (child?.type !== "element") continue;
    visit(child, parent, index);
    eachElement(child, visit);
  }
}

/** Replaces each text node by what `replace` returns; elements for which `skip` holds are left alone. */
export function replaceTexts(
  parent: Parents,
  replace: (text: string) => RootContent[],
  skip: (element: Element) => boolean,
): void {
  const children: RootContent[] = [];
  for (const child of parent.children as RootContent[]) {
    if (child.type === "text") {
      children.push(...replace(child.value));
      continue;
    }
    if (child.type === "element" && !skip(child)) replaceTexts(child, replace, skip);
    children.push(child);
  }
  parent.children = children;
}

export function element(
  tagName: string,
  properties: Element["properties"],
  children: readonly (Element | Text | string)[],
): Element {
  return {
    type: "element",
    tagName,
    properties,
    children: children.map((c) => (typeof c === "string" ? text(c) : c)),
  };
}

export function text(value: string): Text {
  return { type: "text", value };
}

export function textOf(node: RootContent | Root): string {
  if (node.type === "text") return node.value;
  return "children" in node ? node.children.map(textOf).join("") : "";
}

export function hasClass(node: Element, name: string): boolean {
  const classes = node.properties["className"];
  return Array.isArray(classes) && classes.includes(name);
}
