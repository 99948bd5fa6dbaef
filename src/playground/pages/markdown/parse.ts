import type { Break, ListItem, Nodes, Parents, Root, RootContent, Text } from "mdast";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { unified } from "unified";

const parser = unified().use(remarkParse).use(remarkGfm).freeze();

/** GitHub-flavoured Markdown as a tree; every node holds its place in the source. */
export function parseMarkdown(source: string): Root {
  return parser.parse(source);
}

/** The task-list items in reading order: their places in this list are the boxes' numbers. */
export function taskItems(node: Nodes): ListItem[] {
  const own = node.type === "listItem" && typeof node.checked === "boolean" ? [node] : [];
  return "children" in node ? [...own, ...node.children.flatMap((child) => taskItems(child))] : own;
}

/** In comments a line end is a line break, as on GitHub. */
export function breakLines(parent: Parents): void {
  const children: RootContent[] = [];
  for (const child of parent.children as RootContent[]) {
    if (child.type === "text") children.push(...brokenText(child));
    else {
      if ("children" in child) breakLines(child);
      children.push(child);
    }
  }
  parent.children = children as typeof parent.children;
}

function brokenText(node: Text): (Text | Break)[] {
  return node.value
    .split(/\r?\n|\r/)
    .flatMap((value, index) => [
      ...(index === 0 ? [] : [{ type: "break" } as const]),
      { type: "text", value } as const,
    ]);
}
