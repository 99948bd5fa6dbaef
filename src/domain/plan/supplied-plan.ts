import type { QuestionDraft } from "../specialist/results.ts";
import { placeholderIn } from "./lint.ts";
import type { PlannedCommand } from "./plan.ts";

/** Tasks that are carried out between two checkpoints. */
export const BATCH_SIZE = 3;

const MAX_TASKS = 40;
const MAX_TEXT = 131_072;

/** One task of a plan that somebody wrote for the run. `n` counts from 1 in the plan's order. */
export interface SuppliedTask {
  readonly n: number;
  readonly title: string;
  /** Everything that stands under the title, as written. */
  readonly text: string;
  readonly files: readonly string[];
  readonly commands: readonly PlannedCommand[];
}

export interface SuppliedPlan {
  readonly goal?: string;
  readonly tasks: readonly SuppliedTask[];
  /** The plan goes on beyond what is read. */
  readonly cut?: true;
}

/**
 * Reads the plan that an issue or a plan document brings: sections headed `Task 1`, `Step 2` or `Phase 3`, else the
 * list under a heading that says plan. Undefined when there is none. Linear in the length; the first 128 KiB count.
 */
export function readSuppliedPlan(markdown: string): SuppliedPlan | undefined {
  const lines = markdown.slice(0, MAX_TEXT).split("\n");
  const sections = headedTasks(lines);
  const all = sections.length > 0 ? sections : listedTasks(lines);
  const tasks = all.slice(0, MAX_TASKS);
  if (tasks.length === 0) return undefined;
  const cut = all.length > MAX_TASKS || markdown.length > MAX_TEXT;
  const goal = /^\s*\*{0,2}goal:?\*{0,2}:?\s+(\S.*)$/im.exec(markdown.slice(0, MAX_TEXT))?.[1];
  return {
    ...(goal === undefined ? {} : { goal: goal.trim() }),
    ...(cut ? { cut: true as const } : {}),
    tasks: tasks.map(({ title, body }, index) => ({
      n: index + 1,
      title,
      text: body.join("\n").trim(),
      files: filesIn(body),
      commands: commandsIn(body),
    })),
  };
}

/**
 * Paths of plan documents of the repository that a text refers to, in its order. Of web addresses only those of files
 * of this repository count, by `repoUrl`; their branch is left out, because a plan is read at a commit of the run's own.
 */
export function linkedPlans(text: string, repoUrl?: string): string[] {
  const own = repoUrl === undefined ? text : text.replaceAll(`${repoUrl}/blob/`, OWN);
  const found = own.replaceAll("../blob/", OWN).replace(BRANCH, " ").match(LINK) ?? [];
  return [...new Set(found)].filter((path) => !path.split("/").includes(".."));
}

const OWN = " \uE000";
const BRANCH = /\uE000[^\s()<>]{1,200}?\/(?=(?:docs\/)?plans?\/[\w./-]+\.md)/gi;
const LINK = /(?<![\w./-])(?:docs\/)?plans?\/[\w./-]{1,200}\.md\b/gi;

interface RawTask {
  readonly title: string;
  readonly body: string[];
  /** Its box is ticked already. */
  readonly done?: boolean;
}

const TASK_HEADING =
  /^\s{0,3}(#{1,6})?\s*\*{0,2}(?:task|step|phase)\s+\d{1,3}\b\*{0,2}\s*[:.)–—-]*\s*(.*?)\s*\*{0,2}\s*#*$/i;

function headedTasks(lines: readonly string[]): RawTask[] {
  const tasks: (RawTask & { level: number })[] = [];
  let open = false;
  eachLine(lines, (line, inFence) => {
    const heading = inFence || line.length > 300 ? null : TASK_HEADING.exec(line);
    const level = heading?.[1]?.length ?? 0;
    const plain = !inFence ? /^\s{0,3}(#{1,6})\s/.exec(line) : null;
    if (
      heading &&
      (level > 0 || /^\s{0,3}\*{0,2}(?:task|step|phase)\s+\d+\*{0,2}\s*[:.)–—-]/i.test(line))
    ) {
      tasks.push({ title: titleOf(heading[2], line), body: [], level });
      open = true;
    } else if (plain && (plain[1]?.length ?? 0) <= (tasks.at(-1)?.level ?? 0)) open = false;
    else if (open) tasks.at(-1)?.body.push(line);
  });
  return tasks;
}

function titleOf(text: string | undefined, line: string): string {
  const title = (text ?? "").replace(/[*`]/g, "").trim();
  return (title === "" ? line.replace(/[#*`]/g, "").trim() : title).slice(0, 300);
}

const PLAN_HEADING =
  /^\s{0,3}(?:#{1,6}\s*|\*\*)?(?:(?:the|implementation|proposed|execution|work)\s+)?(?:plan|tasks)\b[^\n]{0,60}$/i;

function listedTasks(lines: readonly string[]): RawTask[] {
  const tasks: RawTask[] = [];
  let state: "before" | "inside" | "after" = "before";
  let indent: number | undefined;
  eachLine(lines, (line, inFence) => {
    const heading = !inFence && /^\s{0,3}(?:#{1,6}\s|\*\*[^*]{1,80}\*\*:?\s*$)/.test(line);
    const item = inFence
      ? null
      : /^(\s{0,3})(?:[-*+]|\d{1,3}[.)])\s+(?:\[([ xX])\]\s*)?(.+)$/.exec(line);
    if (state === "before") {
      if (!inFence && PLAN_HEADING.test(line) && /[#*:]/.test(line)) state = "inside";
    } else if (state === "inside") {
      if (heading) state = "after";
      else if (item && (item[1]?.length ?? 0) <= (indent ?? 3)) {
        indent ??= item[1]?.length ?? 0;
        tasks.push({ title: titleOf(item[3], line), body: [], done: /x/i.test(item[2] ?? "") });
      } else tasks.at(-1)?.body.push(line);
    }
  });
  return tasks.filter(({ done }) => !done);
}

function eachLine(lines: readonly string[], visit: (line: string, inFence: boolean) => void): void {
  let fence: string | undefined;
  for (const line of lines) {
    const mark = /^\s{0,3}(```+|~~~+)/.exec(line)?.[1];
    visit(line, fence !== undefined || mark !== undefined);
    if (fence !== undefined && mark?.startsWith(fence)) fence = undefined;
    else if (fence === undefined && mark !== undefined) fence = mark.slice(0, 3);
  }
}

function filesIn(body: readonly string[]): string[] {
  const found = body.flatMap((line) =>
    [...line.matchAll(/`([\w@.-]+(?:\/[\w@.-]+)*\/?)(?::\d+(?:-\d+)?)?`/g)].map(
      (match) => match[1] ?? "",
    ),
  );
  const paths = found.filter((path) => /\.[a-z]{1,5}$/i.test(path) || path.includes("/"));
  return [...new Set(paths)].slice(0, 200);
}

function commandsIn(body: readonly string[]): PlannedCommand[] {
  const commands: { run: string; expect: string }[] = [];
  let fenced: string[] | undefined;
  for (const line of body) {
    const run = /\b(?:run|command|verify)\b[^`]{0,40}`([^`]+)`/i.exec(line)?.[1];
    const expect = /\bexpect(?:ed)?(?: output| result)?:?\*{0,2}:?\s+(.+)$/i.exec(line)?.[1];
    const mark = /^\s*```+\s*(sh|bash|shell|console)?\s*$/.exec(line);
    if (fenced !== undefined && mark) {
      if (fenced.length > 0) commands.push({ run: fenced.join("\n"), expect: "" });
      fenced = undefined;
    } else if (fenced !== undefined) fenced.push(line);
    else if (mark?.[1]) fenced = [];
    if (run !== undefined) commands.push({ run, expect: "" });
    const last = commands.at(-1);
    if (expect !== undefined && last && last.expect === "") last.expect = expect.trim();
  }
  return commands.slice(0, 20);
}

/** What is wrong with a supplied plan before anything of it is done: concerns to raise, not to guess about. */
export function suppliedPlanProblems(plan: SuppliedPlan): string[] {
  const problems: string[] = [];
  const seen = new Map<string, number>();
  for (const task of plan.tasks) {
    const name = `Task ${task.n} (${task.title})`;
    const twin = seen.get(task.title.toLowerCase());
    if (twin !== undefined) problems.push(`${name} has the same title as task ${twin}.`);
    seen.set(task.title.toLowerCase(), task.n);
    const open = placeholderIn(`${task.title}\n${task.text}`);
    if (open !== undefined) problems.push(`${name} leaves work open: ${JSON.stringify(open)}.`);
    for (const command of task.commands)
      if (command.expect === "")
        problems.push(`${name}: nothing says what \`${command.run}\` must show.`);
  }
  return problems;
}

/** The supplied tasks in the order given, in batches with a checkpoint after each. */
export function batchesOf<Item>(tasks: readonly Item[], size: number = BATCH_SIZE): Item[][] {
  const batches: Item[][] = [];
  for (let at = 0; at < tasks.length; at += size) batches.push(tasks.slice(at, at + size));
  return batches;
}

/** Whether tasks can be told apart by their titles, without which nobody can say what is done. */
export function hasTwins(plan: SuppliedPlan): boolean {
  return new Set(plan.tasks.map(({ title }) => title.toLowerCase())).size < plan.tasks.length;
}

/** The checkpoint as a question: what was done, with what evidence. Silence is no approval. */
export function checkpointQuestion(checkpoint: {
  readonly batch: number;
  readonly of: number;
  /** One line for each task of the batch: its title, commit and the verification of it. */
  readonly done: readonly string[];
}): QuestionDraft {
  const { batch, of, done } = checkpoint;
  return {
    text: `Batch ${batch} of ${of} of the supplied plan is done: ${done.join("; ")}. Ready for feedback.`,
    options: [
      { key: "a", label: "Go on", consequence: `batch ${batch + 1} is carried out as planned` },
      {
        key: "b",
        label: "Change the plan",
        consequence:
          "edit it first, or say after the letter what is different; the rest of the plan is read anew before anything is done",
      },
      {
        key: "c",
        label: "Stop here",
        consequence: "the run ends; what is done stays on its branch",
      },
    ],
    recommended: "a",
  };
}
