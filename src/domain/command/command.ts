import type { Phase } from "../phase.ts";
import type { Permission } from "./permission.ts";

/** What a person may ask for when a run starts; absent means the operator's or repository's default. */
export interface RunOptions {
  /** Branch the run starts from. */
  readonly base?: string;
  /** Phases to run, in canonical order. */
  readonly phases?: readonly Phase[];
  readonly planOnly?: boolean;
  /** US dollars the run may spend. */
  readonly budgetUsd?: number;
  /** A tier or a model's name. */
  readonly model?: string;
}

/** What one `/orchestrate` line asks for, checked against the table. */
export type Command =
  | { readonly kind: "start"; readonly task: string; readonly options: RunOptions }
  | { readonly kind: "plan"; readonly task: string; readonly options: RunOptions }
  | { readonly kind: "approve" }
  | { readonly kind: "reject"; readonly reason: string }
  | { readonly kind: "status" }
  | {
      readonly kind: "answer";
      readonly question?: number;
      readonly text: string;
      /** Everything the person said, where `text` is only the option that was read from it. */
      readonly words?: string;
    }
  | { readonly kind: "pause" }
  | { readonly kind: "resume" }
  | { readonly kind: "cancel" }
  | { readonly kind: "retry"; readonly phase?: Phase }
  | { readonly kind: "skip"; readonly phase: Phase; readonly reason: string }
  | { readonly kind: "budget"; readonly usd: number }
  | { readonly kind: "help" };
export type CommandKind = Command["kind"];

/** Commands to a run that exists; the others start one or only read. */
export type Instruction = Exclude<Command, { kind: "start" | "plan" | "status" | "help" }>;

export type OptionName = "base" | "phases" | "plan-only" | "budget" | "model" | "reason";

export interface OptionRow {
  /** What follows the option; absent for a flag. */
  readonly takes?: string;
  readonly help: string;
}

/** Every option there is. */
export const OPTIONS: Readonly<Record<OptionName, OptionRow>> = {
  base: { takes: "<branch>", help: "start from this branch" },
  phases: {
    takes: "<phase,…>",
    help: "run only these of architecture, implementation, testing, quality",
  },
  "plan-only": { help: "plan, then wait for `approve`" },
  budget: { takes: "<US dollars>", help: "what the run may spend" },
  model: { takes: "<name>", help: "the model to use" },
  reason: { takes: '"<text>"', help: "why; it is recorded" },
};

export interface CommandRow {
  readonly kind: CommandKind;
  readonly aliases: readonly string[];
  /** What follows the name, as the help text shows it; empty when nothing may follow. */
  readonly takes: string;
  readonly options: readonly OptionName[];
  readonly required: Permission;
  /** `anywhere` on an issue or pull request, or only where a run is live. */
  readonly where: "anywhere" | "live-run";
  readonly help: string;
  readonly example: string;
}

const START_OPTIONS: readonly OptionName[] = ["base", "phases", "plan-only", "budget", "model"];

/** Every command there is: parser, permission check and help text read this table and nothing else. */
export const COMMANDS: readonly CommandRow[] = [
  {
    kind: "start",
    aliases: [],
    takes: "[task]",
    options: START_OPTIONS,
    required: "write",
    where: "anywhere",
    help: "start a run for this issue; the text after it is extra instruction",
    example: "/orchestrate add rate limits to POST /api/assets",
  },
  {
    kind: "plan",
    aliases: [],
    takes: "[task]",
    options: START_OPTIONS,
    required: "write",
    where: "anywhere",
    help: "plan, show the plan, and wait for `approve`",
    example: "/orchestrate plan split the capabilities module",
  },
  order("approve", {
    takes: "",
    help: "accept the plan that is waiting",
    example: "/orchestrate approve",
  }),
  order("reject", {
    takes: "<reason>",
    help: "refuse the plan; it is made anew",
    example: "/orchestrate reject keep the old endpoint",
  }),
  order("answer", {
    takes: "[Qn] <text>",
    help: "answer a question by an option's letter or in words",
    example: "/orchestrate answer Q2 b",
  }),
  order("pause", { takes: "", help: "start nothing new", example: "/orchestrate pause" }),
  order("resume", { takes: "", help: "go on", example: "/orchestrate resume" }),
  order("cancel", {
    aliases: ["abort"],
    takes: "",
    help: "stop the run and keep its branches",
    example: "/orchestrate cancel",
  }),
  order("retry", {
    takes: "[phase]",
    help: "run a phase again, and what depends on it",
    example: "/orchestrate retry testing",
  }),
  order("skip", {
    takes: '<phase> --reason "<why>"',
    options: ["reason"],
    help: "leave a phase out; the report says why",
    example: '/orchestrate skip quality --reason "reviewed by hand"',
  }),
  order("budget", {
    takes: "<US dollars>",
    help: "change what the run may spend",
    example: "/orchestrate budget 40",
  }),
  {
    kind: "status",
    aliases: [],
    takes: "",
    options: [],
    required: "triage",
    where: "anywhere",
    help: "say how the run stands",
    example: "/orchestrate status",
  },
  {
    kind: "help",
    aliases: [],
    takes: "",
    options: [],
    required: "triage",
    where: "anywhere",
    help: "show this list",
    example: "/orchestrate help",
  },
];

/** A command to a live run, for writers. */
function order(
  kind: CommandKind,
  row: Pick<CommandRow, "takes" | "help" | "example"> & Partial<CommandRow>,
): CommandRow {
  return { kind, aliases: [], options: [], required: "write", where: "live-run", ...row };
}

/** The row of a command that was parsed. */
export function rowOf(kind: CommandKind): CommandRow {
  const found = COMMANDS.find((candidate) => candidate.kind === kind);
  if (found === undefined) throw new Error(`The command table has no row for ${kind}.`);
  return found;
}

/** The row whose name or alias is `word`, in any case. `start` has no name: its line has none. */
export function rowNamed(word: string): CommandRow | undefined {
  const wanted = word.toLowerCase();
  return COMMANDS.find(
    ({ kind, aliases }) => kind !== "start" && (kind === wanted || aliases.includes(wanted)),
  );
}

/** The name or alias nearest to a mistyped `word`; undefined when nothing is within two slips of it. */
export function nearestName(word: string, slips = 2): string | undefined {
  const wanted = word.toLowerCase();
  if (wanted.length > 12) return undefined;
  const names = COMMANDS.filter(({ kind }) => kind !== "start").flatMap(({ kind, aliases }) => [
    kind,
    ...aliases,
  ]);
  const ranked = names
    .map((name) => ({ name, distance: slipsBetween(wanted, name) }))
    .filter(({ name, distance }) => distance <= Math.min(slips, Math.floor(name.length / 2)))
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]?.name;
}

/** Insertions, deletions, substitutions and swaps of neighbours between two short words. */
function slipsBetween(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  function at(i: number, j: number): number {
    return rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  }
  for (let i = 1; i <= a.length; i += 1) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j += 1) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const best = Math.min(
        at(i - 1, j) + 1,
        at(i, j - 1) + 1,
        at(i - 1, j - 1) + change,
        swapped ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY,
      );
      rows[i]?.push(best);
    }
  }
  return at(a.length, b.length);
}

/** One line per option of a command, for help and for refusals. */
export function optionHelp(names: readonly OptionName[]): string {
  return names
    .map((name) => {
      const { takes, help } = OPTIONS[name];
      return `- \`--${name}${takes === undefined ? "" : ` ${takes}`}\`: ${help}`;
    })
    .join("\n");
}

/** The help text, printed from the table. */
export function helpText(): string {
  const lines = COMMANDS.map(({ kind, aliases, takes, required, help, example }) => {
    const name = kind === "start" ? "" : ` ${kind}`;
    const also = aliases.map((alias) => `, also \`${alias}\``).join("");
    const synopsis = `/orchestrate${name}${takes === "" ? "" : ` ${takes}`}`;
    return `| \`${synopsis}\`${also} | ${help} | ${required} | \`${example}\` |`;
  });
  return [
    "| command | what it does | needs | example |",
    "| --- | --- | --- | --- |",
    ...lines,
    "",
    "Options of a start and of `plan`:",
    "",
    optionHelp(START_OPTIONS),
    "",
    "Write the command at the very start of a line of a new comment. A task that begins with a command's name goes after `--`.",
  ].join("\n");
}
