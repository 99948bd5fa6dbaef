import { createHash } from "node:crypto";
import type { ListItem, Root } from "mdast";
import { parseMarkdown, taskItems } from "./parse.ts";
import { eachElement, element, type HtmlElement, type HtmlRoot, textOf } from "./tree.ts";

/**
 * Names one task-list box of one version of a text: its number and a digest of its words, so that a
 * tick meant for a box that has moved or changed since is noticed.
 */
export type BoxRef = string;

/** Marks every task-list item of a parsed text with its box's name. */
export function markBoxes(tree: Root, source: string): void {
  taskItems(tree).forEach((item, index) => {
    item.data = { ...item.data, hProperties: { dataBox: refOf(item, index, source) } };
  });
}

/**
 * The text with that one box ticked or unticked and nothing else changed; undefined when the box is
 * no longer there as it was.
 */
export function tickBox(source: string, ref: BoxRef, checked: boolean): string | undefined {
  const items = taskItems(parseMarkdown(source));
  const index = items.findIndex((item, at) => refOf(item, at, source) === ref);
  const item = index === -1 ? movedTo(items, ref, source) : items[index];
  const start = item?.position?.start.offset;
  if (start === undefined) return undefined;
  const bracket = source.indexOf("[", start);
  return `${source.slice(0, bracket + 1)}${checked ? "x" : " "}${source.slice(bracket + 2)}`;
}

/** A box whose number changed is still known by its words, if no other has the same ones. */
function movedTo(items: readonly ListItem[], ref: BoxRef, source: string): ListItem | undefined {
  const digest = ref.split(":")[1];
  const same = items.filter((item) => digestOf(item, source) === digest);
  return same.length === 1 ? same[0] : undefined;
}

function refOf(item: ListItem, index: number, source: string): BoxRef {
  return `${index}:${digestOf(item, source)}`;
}

function digestOf(item: ListItem, source: string): string {
  const start = item.position?.start.offset ?? 0;
  const words = source.slice(source.indexOf("]", start) + 1).split(/\r?\n/, 1)[0] ?? "";
  return createHash("sha256").update(words.trim()).digest("hex").slice(0, 10);
}

/** Turns the boxes of a sanitised text into buttons of the form `formId`. */
export function activateBoxes(root: HtmlRoot, formId: string): void {
  eachElement(root, (item) => {
    const ref = item.properties["dataBox"];
    if (item.tagName !== "li" || typeof ref !== "string") return;
    delete item.properties["dataBox"];
    replaceBox(item, ref, formId);
  });
}

function replaceBox(item: HtmlElement, ref: BoxRef, formId: string): void {
  const holders = [item, ...item.children.filter((c) => c.type === "element" && c.tagName === "p")];
  for (const holder of holders) {
    if (holder.type !== "element") continue;
    const at = holder.children.findIndex((c) => c.type === "element" && c.tagName === "input");
    const input = holder.children[at];
    if (input?.type !== "element") continue;
    const label = holder.children
      .filter((c) => c.type !== "element" || !["ul", "ol"].includes(c.tagName))
      .map(textOf)
      .join("");
    holder.children[at] = boxButton(ref, formId, {
      checked: input.properties["checked"] === true,
      label: label.trim().replaceAll(/\s+/g, " "),
    });
    return;
  }
}

function boxButton(
  ref: BoxRef,
  formId: string,
  { checked, label }: { checked: boolean; label: string },
): HtmlElement {
  return element(
    "button",
    {
      type: "submit",
      form: formId,
      name: checked ? "untick" : "tick",
      value: ref,
      role: "checkbox",
      ariaChecked: checked ? "true" : "false",
      ariaLabel: label,
      className: ["box"],
    },
    [],
  );
}
