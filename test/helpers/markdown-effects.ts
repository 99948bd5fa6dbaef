import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { findCommand } from "../../src/commands/parse.ts";

interface Node {
  readonly type: string;
  readonly value?: string;
  readonly url?: string;
  readonly children?: readonly Node[];
}

/**
 * What GitHub would make of a text beyond showing it: images, links outside `own`, mentions, references to issues and
 * commits, and what our own app would take for a command. References are looked for in the text as it is shown, since GitHub links
 * them after it has rendered, whatever was escaped.
 */
export function effectsOf(markdown: string, own: readonly string[]): string[] {
  const effects: string[] = [];
  for (const block of blocks(parsed(markdown), effects, own)) {
    for (const [hit] of block.matchAll(REFERENCES)) {
      if (!own.includes(hit.trim())) effects.push(`reference ${hit.trim()}`);
    }
  }
  const command = findCommand(markdown);
  if (command) effects.push(`command ${command.invocation.line}`);
  return effects;
}

/** Every piece of HTML in a text, with what a fold's line shows as code left out. */
export function markupOf(markdown: string): string[] {
  return markup(parsed(markdown)).map((html) => html.replace(/<code>[^<>]*<\/code>/g, "<code>"));
}

function markup(node: Node): string[] {
  if (node.type === "html") return [node.value ?? ""];
  return (node.children ?? []).flatMap(markup);
}

function parsed(markdown: string): Node {
  return fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
}

const REFERENCES =
  /(?:[\w.-]+\/[\w.-]+)?#\d+|\bGH-\d+|@[A-Za-z\d][\w-]*(?:\/[\w-]+)?|\b(?:https?|ftp):\/\/\S+|\bwww\.\S+|\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}\b/gi;

/** The shown text of each block, code and markup left out. */
function blocks(node: Node, effects: string[], own: readonly string[]): string[] {
  switch (node.type) {
    case "html":
      return ["\n"];
    case "image":
    case "imageReference":
    case "definition":
    case "footnoteReference":
    case "footnoteDefinition":
      effects.push(node.type);
      return [];
    case "link":
    case "linkReference":
      if (!own.some((prefix) => node.url?.startsWith(prefix))) effects.push(`link ${node.url}`);
      return [];
    case "text":
      return [node.value ?? ""];
    case "code":
    case "inlineCode":
      return ["\n"];
    default: {
      const inner = (node.children ?? []).flatMap((child) => blocks(child, effects, own));
      return isInline(node) ? [inner.join("")] : inner;
    }
  }
}

function isInline(node: Node): boolean {
  return ["paragraph", "heading", "tableCell", "emphasis", "strong", "delete"].includes(node.type);
}
