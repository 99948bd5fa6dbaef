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
  /** How it was measured, and what is aimed at. */
  readonly about: string;
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

export function markdownOf({ title, about, tables }: Section): string {
  return [`## ${title}`, about, ...tables.map(tableText)].join("\n\n");
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
