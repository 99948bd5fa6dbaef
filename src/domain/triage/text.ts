import { ASKING_HEADING, DECOYS, DESCRIBING_SECTION, SET_ASIDE } from "./words.ts";

/** Where a piece of text stands; titles, commands, list items and labels ask, prose mostly describes. */
export type Place = "title" | "command" | "item" | "prose";

/** One sentence of a request, in lower case, without code, quotes, decoys and clauses that were set aside. */
export interface Sentence {
  readonly place: Place;
  readonly text: string;
  readonly question: boolean;
}

/**
 * A stretch of a sentence with one thing in it. `sub` belongs to a subordinate clause and asks for nothing; `chained`
 * is joined to one by "and" or "or".
 */
export interface Fragment {
  readonly text: string;
  readonly link: "main" | "sub" | "chained";
}

const MAX_TEXT = 65_536;
const MAX_HEADING = 300;

/** The sentences of a one-line text such as a title. */
export function sentencesOf(text: string, place: Place): Sentence[] {
  return split(clean(text.slice(0, MAX_TEXT))).map((part) => sentence(part, place));
}

/** The sentences of an issue's body; code, quotes of others and sections that only describe are left out. */
export function bodySentences(markdown: string): Sentence[] {
  const found: Sentence[] = [];
  let paragraph: string[] = [];
  function flush(): void {
    if (paragraph.length > 0) found.push(...sentencesOf(paragraph.join(" "), "prose"));
    paragraph = [];
  }
  for (const line of askingLines(markdown)) {
    if (line.item || line.text === "") flush();
    if (line.item) found.push(...sentencesOf(line.text, "item"));
    else if (line.text !== "") paragraph.push(line.text);
  }
  flush();
  return found;
}

/** Cuts a sentence at commas, conjunctions and subordinators. */
export function fragmentsOf(text: string): Fragment[] {
  const parts = text.replace(/\bsupport for\b/g, "support").split(SEPARATOR);
  const fragments: Fragment[] = [];
  let link: Fragment["link"] = "main";
  for (const [index, part] of parts.entries()) {
    if (index % 2 === 1) link = nextLink(link, part);
    else if (part.trim() !== "") fragments.push({ text: part.trim(), link });
  }
  return fragments;
}

const SEPARATOR =
  /([,;:()/]|\s[-–—+&>]+\s|\b(?:and|or|then|plus|with|including|as well as|along with|so that|because|since|when|whenever|if|which|that|who|where|until|unless|while|for|after|before|as soon as)\b)/;

const SUBORDINATOR =
  /^(?:so that|because|since|when|whenever|if|which|that|who|where|until|unless|while|for|after|before|as soon as)$/;

function nextLink(link: Fragment["link"], separator: string): Fragment["link"] {
  if (SUBORDINATOR.test(separator)) return "sub";
  return link !== "main" && (separator === "and" || separator === "or") ? "chained" : "main";
}

/** The lines of a body that ask for something, as they were written: for the paths that they name. */
export function askingText(markdown: string): string {
  return askingLines(markdown)
    .map((line) => line.text)
    .join("\n");
}

interface Line {
  readonly text: string;
  readonly item: boolean;
  readonly heading?: boolean;
}

function askingLines(markdown: string): Line[] {
  const lines: Line[] = [];
  let fence: string | undefined;
  let describing = false;
  const plain = markdown.slice(0, MAX_TEXT).replace(/<!--[\s\S]*?(?:-->|$)/g, " ");
  for (const raw of plain.split("\n")) {
    const mark = /^\s{0,3}(```+|~~~+)/.exec(raw)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence)) fence = undefined;
      continue;
    }
    if (mark !== undefined) {
      fence = mark.slice(0, 3);
      continue;
    }
    const heading = headingOf(raw);
    if (heading !== undefined) {
      describing = DESCRIBING_SECTION.test(heading);
      lines.push({
        text: ASKING_HEADING.test(heading) ? heading : "",
        item: ASKING_HEADING.test(heading),
      });
    } else if (!describing && !/^\s*>/.test(raw)) lines.push(bodyLine(raw));
  }
  return withoutEmptySections(lines);
}

function headingOf(raw: string): string | undefined {
  if (raw.length > MAX_HEADING) return undefined;
  const match =
    /^\s{0,3}#{1,6}\s+(.+?)\s*#*$/.exec(raw) ?? /^\s{0,3}\*\*([^*]+)\*\*:?\s*$/.exec(raw);
  return match?.[1]?.toLowerCase().trim();
}

function bodyLine(raw: string): Line {
  const item = /^\s*(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s*)?(.*)$/.exec(raw)?.[1];
  return item === undefined ? { text: raw.trim(), item: false } : { text: item, item: true };
}

/** A heading with nothing, or with "none", under it asks for nothing. */
function withoutEmptySections(lines: readonly Line[]): Line[] {
  return lines.filter((line, index) => {
    if (!line.heading || line.text === "") return true;
    const next = lines.slice(index + 1).find((other) => other.text !== "");
    return next !== undefined && !/^(?:none|n\/a|no\b|-$|nothing)/i.test(next.text);
  });
}

/** A whole text in lower case without addresses and decoys: for signs that count wherever they stand. */
export function plainWords(text: string): string {
  let plain = text
    .slice(0, MAX_TEXT)
    .replace(/\bhttps?:\/\/\S+/gi, " ")
    .replace(/\b(GET|POST|PUT|PATCH|DELETE|HEAD) \/(?:[\w{}:./*-]*[\w{}/*])?/g, "$1 endpoint")
    .toLowerCase();
  for (const decoy of DECOYS) plain = plain.replace(decoy, " thing ");
  return plain;
}

/** Takes out what is not the author's prose: addresses, code, quoted names, paths. */
function clean(text: string): string {
  return text
    .replace(/\bhttps?:\/\/\S+/gi, " ")
    .replace(/`(GET|POST|PUT|PATCH|DELETE|HEAD) \/[^`]*`/g, "$1 endpoint")
    .replace(/\b(GET|POST|PUT|PATCH|DELETE|HEAD) \/(?:[\w{}:./*-]*[\w{}/*])?/g, "$1 endpoint")
    .replace(/`[^`\n]*`/g, "thing")
    .replace(/"[^"\n]{1,60}"|“[^”\n]{1,60}”/g, "thing")
    .replace(/(?<![\w/])\/[\w{}:.-]+(?:\/[\w{}:.-]*)*/g, "route")
    .replace(/(?<![\w.@/-])(?:[\w.@-]+\/)+[\w.@-]+/g, (path) =>
      /^(?:a\/b|n\/a|and\/or)$/i.test(path) ? path : "file",
    )
    .replace(/!?\[([^[\]\n]{0,200})\]\([^)\n]{0,300}\)/g, "$1")
    .replace(/[*_~]{1,3}(?=\w)|(?<=\w)[*_~]{1,3}(?!\w)/g, "")
    .replace(/[’]/g, "'");
}

function split(text: string): string[] {
  return text
    .split(/(?<=[.!?;])\s+|\n/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function sentence(raw: string, place: Place): Sentence {
  let text = raw
    .toLowerCase()
    .replace(/[.!?]+$/, "")
    .replace(/^(?:could|would|can|will) (?:you|somebody|someone|we)\b/, "please")
    .replace(/\bwrite down\b/g, "note");
  for (const decoy of DECOYS) text = text.replace(decoy, " thing ");
  const kept = text
    .split(/(?<=[,;:()])|\bbut\b|(?=\bwithout\b)|(?=\band no\b)|\s[-–—]\s/)
    .filter((clause) => !SET_ASIDE.some((pattern) => pattern.test(clause)));
  return { place, text: kept.join(" - ").replace(/\s+/g, " ").trim(), question: raw.endsWith("?") };
}
