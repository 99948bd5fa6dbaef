import { slugOf } from "../domain/branch-name.ts";
import type { RepoCommand } from "../domain/gate/evidence.ts";
import { stripInvisible } from "../domain/invisible.ts";
import type { Phase } from "../domain/phase.ts";
import { requirementsOf } from "../domain/plan/lint.ts";
import type { Plan, PlannedCommand, PlannedPhase, PlannedTask } from "../domain/plan/plan.ts";
import { allTasks } from "../domain/plan/soundness.ts";
import { code, fence } from "./markdown.ts";

/** What a plan document says beside the plan. */
export interface PlanDocumentOf {
  readonly plan: Plan;
  readonly title: string;
  readonly issue: number;
  readonly runId: string;
  /** `YYYY-MM-DD`: the day on which the run started. */
  readonly date: string;
  /** The repository's own commands at the base commit; every task that writes is proven by them. */
  readonly commands: readonly RepoCommand[];
}

/** The document of an accepted plan as it is committed to the run branch: where, and what. Same input, same bytes. */
export function planDocument(of: PlanDocumentOf): { readonly path: string; readonly text: string } {
  const { plan } = of;
  const order = allTasks(plan);
  const parts = [
    `# ${line(of.title)}`,
    `> The plan of run ${code(of.runId)} for issue #${of.issue}. The orchestrator carries it out task by task; progress and evidence stand in the status comment of the run, not here.`,
    `**Goal:** ${line(plan.summary)}`,
    `**Architecture:** ${line(architectureOf(plan))}`,
    `**Tech stack:** ${line(techStackOf(plan, of.commands).join(", "))}`,
    "## Requirements",
    plan.requirements.map(({ id, text }) => `- **${id}** ${line(text)}`).join("\n"),
    ...plan.phases.flatMap((phase) => phaseSection(phase, { order, commands: of.commands })),
  ];
  return { path: planPath(of.date, of.title), text: `${parts.join("\n\n")}\n` };
}

/** `docs/plans/YYYY-MM-DD-<slug>.md`. Throws when the date is not of that form. */
export function planPath(date: string, title: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) throw new Error(`${date} is not a date like 2026-01-31.`);
  return `docs/plans/${date}-${slugOf(title)}.md`;
}

function architectureOf(plan: Plan): string {
  if (plan.architecture) return plan.architecture;
  const phase = plan.phases.find((one) => one.phase === "architecture");
  const [task] = phase?.tasks ?? [];
  if (task) return `Decided first, in task ${task.id}: ${task.objective}`;
  return `As it is; no design task: ${phase?.skip_reason ?? "none was planned"}.`;
}

const STACK: readonly (readonly [command: RegExp, name: string])[] = [
  [/^(?:go|golangci-lint)\b/, "Go"],
  [/^(?:npm|npx|node|pnpm|yarn|bun)\b/, "Node.js"],
  [/^(?:python\d?|pytest|pip|poetry|tox|uv)\b/, "Python"],
  [/^cargo\b/, "Rust"],
  [/^(?:mvn|gradle|\.\/gradlew|\.\/mvnw)\b/, "JVM"],
  [/^dotnet\b/, ".NET"],
  [/^(?:bundle|rake|rspec)\b/, "Ruby"],
  [/^make\b/, "make"],
];

function techStackOf(plan: Plan, commands: readonly RepoCommand[]): string[] {
  if (plan.tech_stack?.length) return plan.tech_stack;
  const names = STACK.filter(([pattern]) => commands.some((one) => pattern.test(one.command)));
  return names.length > 0 ? names.map(([, name]) => name) : ["what the repository uses"];
}

function phaseSection(
  phase: PlannedPhase,
  given: { order: readonly PlannedTask[]; commands: readonly RepoCommand[] },
): string[] {
  const title = `## Phase: ${phase.phase}`;
  if (phase.tasks.length === 0) return [title, `Skipped: ${line(phase.skip_reason ?? "no task")}.`];
  return [
    title,
    ...phase.tasks.flatMap((task) => [
      `### Task ${given.order.indexOf(task) + 1}: ${line(task.title)}`,
      taskFacts(task),
      `**Objective:** ${line(task.objective)}`,
      ...(task.inputs.length > 0 ? [`**Inputs:**\n\n${bullets(task.inputs)}`] : []),
      `**Files:**\n\n${fileList(task)}`,
      `**Commands:**\n\n${commandList(commandsOf(task, phase.phase, given.commands))}`,
      `**Expected output:** ${line(task.expected_output)}`,
    ]),
  ];
}

function taskFacts(task: PlannedTask): string {
  const requirements = requirementsOf(task);
  return bullets([
    `Id: ${code(task.id)}`,
    `Specialist: ${code(task.specialist)}${task.mode ? ` in mode ${task.mode}` : ""}`,
    `Requirements: ${requirements.length > 0 ? requirements.join(", ") : "none of its own"}`,
    `Depends on: ${task.depends_on.length > 0 ? task.depends_on.map(code).join(", ") : "nothing"}`,
  ]);
}

function fileList(task: PlannedTask): string {
  return task.files.length > 0
    ? task.files.map((file) => `- ${code(file)}`).join("\n")
    : "- none: this task leaves the tree as it is";
}

/** What proves a task: its own commands, then for tasks that write the repository's. */
function commandsOf(
  task: PlannedTask,
  phase: Phase,
  commands: readonly RepoCommand[],
): PlannedCommand[] {
  const writes = phase === "implementation" || phase === "testing";
  const shared = writes ? commands.filter((one) => one.kind !== "setup") : [];
  return [
    ...(task.commands ?? []),
    ...shared.map((one) => ({
      run: one.cwd === "." ? one.command : `cd ${one.cwd} && ${one.command}`,
      expect: one.kind === "test" ? "exit code 0 and 0 failed tests" : "exit code 0",
    })),
  ];
}

function commandList(commands: readonly PlannedCommand[]): string {
  if (commands.length === 0)
    return "None: its result is judged by its shape and by the next phase.";
  return commands
    .map(({ run, expect }) => `${fence(stripInvisible(run), "sh")}\n\nExpected: ${line(expect)}`)
    .join("\n\n");
}

function bullets(lines: readonly string[]): string {
  return lines.map((text) => `- ${line(text)}`).join("\n");
}

/** One line of prose that cannot open a tag, a comment or a heading of its own, and loads no image. */
function line(text: string): string {
  return stripInvisible(text)
    .replace(/\s+/g, " ")
    .replace(/</g, "&lt;")
    .replace(/!\[/g, "!\\[")
    .trim();
}
