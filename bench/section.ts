import type { Sample } from "./measure.ts";
import { ms, ratio } from "./measure.ts";

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What one part of the bench prints. */
export interface Section {
  readonly title: string;
  /** How it was measured. */
  readonly about: string;
  /** What is aimed at and whether it was reached, by `aim`. */
  readonly aims?: readonly string[];
  readonly tables: readonly Table[];
}

/** How much a part measures: `quick` is for trying the bench itself. */
export interface Effort {
  readonly quick: boolean;
  /** Says on standard error how far a part is. */
  readonly say: (text: string) => void;
}

/** One part, as `npm run bench -- <name>` finds it. */
export interface Part {
  readonly name: string;
  run(effort: Effort): Promise<Section>;
}

export function markdownOf({ title, about, aims = [], tables }: Section): string {
  const list = aims.map((line) => `- ${line}`).join("\n");
  return [`## ${title}`, about, ...(list === "" ? [] : [list]), ...tables.map(tableText)].join(
    "\n\n",
  );
}

/** One figure that an aim is about. */
export interface Aimed {
  readonly of: string;
  readonly shown: string;
  readonly kept: boolean;
}

/** An aim as a sentence that the figures decide: who misses it is named. */
export function aim(what: string, figures: readonly Aimed[]): string {
  const missed = figures.filter(({ kept }) => !kept);
  const all = figures.length;
  const values = figures.map(({ shown }) => shown).join(", ");
  if (missed.length === 0) return `Aim: ${what}. Reached${all > 5 ? "" : `: ${values}`}.`;
  const named = missed.map(({ of, shown }) => `${of} (${shown})`).join(", ");
  return `Aim: ${what}. Missed by ${missed.length} of ${all}: ${named}.`;
}

function tableText({ title, head, rows }: Table): string {
  const rule = head.map((_, column) => (column === 0 ? "---" : "---:"));
  const lines = [head, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return `**${title}**\n\n${lines.join("\n")}`;
}

/** A row of milliseconds: what, p50, p95, n, and p50 as a ratio to the baseline's. */
export function sampleRow(what: string, sample: Sample, baseline?: Sample): string[] {
  return [
    what,
    ms(sample.p50),
    ms(sample.p95),
    String(sample.n),
    baseline === undefined ? "" : ratio(sample.p50, baseline.p50),
  ];
}
