import { stems } from "../stems.ts";
import { DESCRIBING_SECTION } from "../triage/words.ts";
import type { Requirement, WantedCount } from "./plan.ts";

const MAX_REQUIREMENTS = 60;
const MAX_TEXT = 65_536;
const MAX_LENGTH = 1_000;

/** One thing that a request asks for, as its author wrote it. */
export interface AskedFor {
  readonly text: string;
  readonly count?: WantedCount;
  /** The title or the command, in the place of demands that nobody wrote down: a plan's own requirements say it better. */
  readonly standsIn?: true;
}

/**
 * The checklist that a request comes to: open task-list items, numbered lists, bullets of sections that name criteria,
 * and sentences with must, should or needs to. Code, quotes, sections that only describe and the questions of issue
 * templates do not count. The title stands for everything when nothing else is there. At most 60.
 */
export function extractRequirements(request: {
  readonly title: string;
  readonly body: string;
  readonly command: string;
}): AskedFor[] {
  const found = [...fromBody(request.body), ...sentences(request.command).filter(isDemand)];
  const texts = found.length > 0 ? found : [request.title, request.command];
  const seen = new Set<string>();
  const asked: AskedFor[] = [];
  for (const raw of texts) {
    const text = raw.replace(/\s+/g, " ").trim().slice(0, MAX_LENGTH);
    const key = text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim();
    if (key === "" || seen.has(key)) continue;
    seen.add(key);
    const count = countIn(text);
    asked.push({
      text,
      ...(count === undefined ? {} : { count }),
      ...(found.length > 0 ? {} : { standsIn: true as const }),
    });
  }
  return asked.slice(0, MAX_REQUIREMENTS);
}

const CRITERIA_SECTION =
  /^(?:acceptance criteria|criteria|requirements?|definition of done|done when|scope|tasks?|todo|to do|expected(?: behaviou?r)?|goals?|must have|should have|deliverables)\b/;
const TEMPLATE =
  /^(?:i (?:have|agree|confirm|am|will|understand|would)\b|(?:are|would|do|did|have) you\b)/i;

function fromBody(markdown: string): string[] {
  const found: string[] = [];
  let section: "criteria" | "describing" | "other" = "other";
  let paragraph: string[] = [];
  function flush(): void {
    found.push(...sentences(paragraph.join(" ")).filter(isDemand));
    paragraph = [];
  }
  for (const line of proseLines(markdown)) {
    const heading = /^\s{0,3}(?:#{1,6}\s+(.{1,200}?)\s*#*|\*\*([^*]{1,100})\*\*:?)\s*$/.exec(line);
    if (heading) {
      flush();
      section = sectionOf((heading[1] ?? heading[2] ?? "").toLowerCase());
    } else if (section === "describing") continue;
    else if (line.trim() === "") flush();
    else {
      const item = /^(\s*)(?:([-*+])|\d{1,3}[.)])\s+(?:\[([ xX])\]\s+)?(.*\S)\s*$/.exec(line);
      if (!item) paragraph.push(line.trim());
      else {
        flush();
        found.push(...fromItem(item, section === "criteria"));
      }
    }
  }
  flush();
  return found;
}

function sectionOf(heading: string): "criteria" | "describing" | "other" {
  const plain = heading.replace(/^[^a-z]+/, "");
  if (CRITERIA_SECTION.test(plain)) return "criteria";
  return DESCRIBING_SECTION.test(plain) ? "describing" : "other";
}

function fromItem(item: RegExpExecArray, inCriteria: boolean): string[] {
  const [, , bullet, tick, text = ""] = item;
  // A ticked box is done already, and an item that ends with a colon only introduces the next ones.
  if (tick === "x" || tick === "X" || text.endsWith(":") || TEMPLATE.test(text)) return [];
  const listed = tick !== undefined || bullet === undefined || inCriteria;
  return listed ? [text] : sentences(text).filter(isDemand);
}

/** Lines outside code fences, quotes and HTML comments. */
function proseLines(markdown: string): string[] {
  const lines: string[] = [];
  let fence: string | undefined;
  for (const line of markdown
    .slice(0, MAX_TEXT)
    .replace(/<!--[\s\S]*?(?:-->|$)/g, " ")
    .split("\n")) {
    const mark = /^\s{0,3}(```+|~~~+)/.exec(line)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence)) fence = undefined;
    } else if (mark !== undefined) fence = mark.slice(0, 3);
    else if (!/^\s*>/.test(line)) lines.push(line);
  }
  return lines;
}

function sentences(text: string): string[] {
  return text
    .split(/(?<=[.!?])\s+(?=[\p{Lu}`"(])|\n/u)
    .map((part) => part.trim())
    .filter((part) => part !== "" && !part.endsWith("?"));
}

function isDemand(sentence: string): boolean {
  return (
    /\b(?:must|shall|should|needs? to|has to|have to|is required to|are required to)\b/i.test(
      sentence,
    ) &&
    !/\b(?:should (?:we|i)|you should (?:know|see)|must (?:have been|be (?:a|the) (?:bug|race|reason)))\b/i.test(
      sentence,
    )
  );
}

const NUMBERS: Readonly<Record<string, number>> = {
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
};

/** Things that can be pointed at one by one; seconds, megabytes and retries are not among them. */
const UNIT =
  /\b(\d{1,4}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) (?:(?:new|more|different|further|additional|separate|unit|integration|acceptance|api|rest|http|database|db|go|public) ){0,3}(endpoints?|routes?|handlers?|tests?|test cases|files?|modules?|packages?|services?|tables?|columns?|fields?|indexes|indices|migrations?|commands?|flags?|functions?|methods?|classes|interfaces?|metrics?|events?|jobs?|workers?|queues?|states?|roles?|formats?|pages?|queries|examples?|phases?|alternatives?|error codes?|status codes?)\b/i;

/** The count that a text asks for, with its unit in the singular. Upper bounds ("at most 3") ask for nothing. */
export function countIn(text: string): WantedCount | undefined {
  const match = UNIT.exec(text);
  const [whole, number, unit] = match ?? [];
  if (match === null || number === undefined || unit === undefined || whole === undefined)
    return undefined;
  const before = text.slice(Math.max(0, match.index - 14), match.index).toLowerCase();
  if (
    /(?:at most|up to|fewer than|less than|no more than|maximum of|under|within|after|every|first|last|these|those|the|all)\s*$/.test(
      before,
    )
  )
    return undefined;
  const n = NUMBERS[number.toLowerCase()] ?? Number(number);
  return n > 0 ? { n, unit: singular(unit.toLowerCase()) } : undefined;
}

/** A unit of things in the singular: `queries` is `query`. */
export function singular(unit: string): string {
  if (unit === "indices" || unit === "indexes") return "index";
  if (unit.endsWith("ies")) return `${unit.slice(0, -3)}y`;
  if (unit.endsWith("sses")) return unit.slice(0, -2);
  return unit.replace(/s$/, "");
}

/** A plan's requirements with what the request asks for and the plan left out. */
export interface MergedRequirements {
  readonly requirements: Requirement[];
  /** Ids of requirements that the host added. */
  readonly added: readonly string[];
}

const SAME = 0.6;

/**
 * Adds to a plan's requirements what the request asks for and none of them says. A plan's requirement that says it
 * keeps its words and id and takes over the count. New ids follow the highest one. What only stands in for demands is
 * added to an empty list.
 */
export function mergeRequirements(
  planned: readonly Requirement[],
  asked: readonly AskedFor[],
): MergedRequirements {
  const merged = planned.map((one) => withCount(one, countIn(one.text)));
  const added: string[] = [];
  let next = Math.max(0, ...planned.map((one) => Number(one.id.slice(1)))) + 1;
  for (const item of asked) {
    const at = bestMatch(merged, item.text);
    const known = at === undefined ? undefined : merged[at];
    if (at !== undefined && known) merged[at] = withCount(known, item.count);
    else if (item.standsIn && planned.length > 0) continue;
    else if (next <= 999) {
      const id = `R${next}`;
      merged.push(withCount({ id, text: item.text, from: "issue" }, item.count));
      added.push(id);
      next += 1;
    }
  }
  return { requirements: merged, added };
}

function withCount(requirement: Requirement, count: WantedCount | undefined): Requirement {
  return requirement.count !== undefined || count === undefined
    ? requirement
    : { ...requirement, count };
}

function bestMatch(requirements: readonly Requirement[], text: string): number | undefined {
  const wanted = stems(text);
  if (wanted.size === 0) return undefined;
  let best: number | undefined;
  let most = 0;
  for (const [index, requirement] of requirements.entries()) {
    const has = stems(requirement.text);
    const share = [...wanted].filter((stem) => has.has(stem)).length / wanted.size;
    if (share >= SAME && share > most) {
      most = share;
      best = index;
    }
  }
  return best;
}
