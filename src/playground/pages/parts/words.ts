import { escapeHtml, type Html, trusted } from "../html.ts";

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** A title, with `code` between backticks shown as such and nothing else interpreted. */
export function titleText(title: string): Html {
  return trusted(escapeHtml(title).replaceAll(/`([^`]+)`/g, "<code>$1</code>"));
}

/** A path as it stands in an address: each part encoded, the slashes kept. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

export function shortSha(sha: string): string {
  return sha.slice(0, 7);
}

/** First line of a commit message. */
export function subjectOf(message: string): string {
  return message.split("\n", 1)[0] ?? "";
}

/** What follows the first line, without the empty lines between. */
export function bodyOf(message: string): string {
  return message.split("\n").slice(1).join("\n").trim();
}
