import type { Phase } from "../phase.ts";
import { PHASES } from "../phase.ts";
import { TestMode } from "../specialist/results.ts";
import type { TriageMode } from "../triage/mode.ts";
import type { Plan, PlannedPhase, PlannedTask, TaskMode } from "./plan.ts";

/** What the plan check asks about the roster: may this specialist work in this mode and phase? */
export interface Roster {
  readonly names: readonly string[];
  mayServe(specialist: string, work: { phase: Phase; mode: TaskMode | undefined }): boolean;
}

/**
 * Every reason why a proposed plan is not sound, each with what to do; empty when it is. Sound means: the four phases
 * in canonical order with tasks or a reason to skip, unique ids, known specialists in modes they have, dependencies
 * that exist, point backwards and form no cycle, one test mode per tester task. Tasks that would write the same files
 * are sound: the schedule puts them one after another.
 * How triage decided changes what must be there: code that one specialist writes directly needs no tester and no
 * reviewer, a full-stack run needs a design that agrees the contract first.
 */
export function planProblems(
  plan: Plan,
  roster: Roster,
  mode: TriageMode = "orchestrate",
): string[] {
  return [
    ...phaseProblems(plan),
    ...modeProblems(plan, mode),
    ...taskProblems(plan, roster),
    ...dependencyProblems(plan),
    ...qualityProblems(plan, mode),
  ];
}

/** All tasks in the order of the plan. */
export function allTasks(plan: Plan): PlannedTask[] {
  return plan.phases.flatMap((phase) => phase.tasks);
}

function phaseProblems(plan: Plan): string[] {
  const problems: string[] = [];
  const named = plan.phases.map((phase) => phase.phase);
  const canonical = PHASES.filter((phase) => named.includes(phase));
  if (new Set(named).size !== named.length)
    problems.push("A phase appears twice: list each phase once.");
  else if (named.join() !== canonical.join())
    problems.push(`The phases are out of order: use ${PHASES.join(", ")}.`);
  for (const phase of PHASES.filter((phase) => !named.includes(phase)))
    problems.push(`Phase ${phase} is missing: list it with tasks, or with a skip_reason.`);
  for (const phase of plan.phases) problems.push(...onePhaseProblems(phase));
  return problems;
}

function modeProblems(plan: Plan, mode: TriageMode): string[] {
  switch (mode) {
    case "orchestrate":
      return codeProblems(plan);
    case "full-stack":
      return hasTasks(plan, "architecture")
        ? codeProblems(plan)
        : [
            "A full-stack run agrees its API contract first: plan an architecture task that states it.",
            ...codeProblems(plan),
          ];
    case "frontend-hand-off":
      return allTasks(plan).length > 0
        ? ["The request is frontend work only: it is handed over, and no task is planned here."]
        : [];
    default:
      return singleProblems(plan, mode);
  }
}

/** Code brings a test task and a review, whatever a model says. */
function codeProblems(plan: Plan): string[] {
  const problems: string[] = [];
  if (hasTasks(plan, "implementation") && !hasTasks(plan, "testing"))
    problems.push(
      "Phase testing is skipped although code is written: plan at least one tester task.",
    );
  if (hasTasks(plan, "implementation") && !hasTasks(plan, "quality"))
    problems.push("Phase quality is skipped although code is written: plan a review task.");
  return problems;
}

const ONLY_PHASE: Readonly<Partial<Record<TriageMode, Phase>>> = {
  "architecture-only": "architecture",
  "testing-only": "testing",
};

function singleProblems(plan: Plan, mode: TriageMode): string[] {
  const tasks = allTasks(plan);
  const who = [...new Set(tasks.map((task) => task.specialist))];
  const problems: string[] = [];
  if (who.length !== 1)
    problems.push(
      `The run is given to exactly one specialist, the plan names ${who.length === 0 ? "none" : who.join(", ")}.`,
    );
  const only = ONLY_PHASE[mode];
  const others = only ? PHASES.filter((phase) => phase !== only && hasTasks(plan, phase)) : [];
  if (others.length > 0)
    problems.push(`The run is only about ${only ?? "one phase"}: skip ${others.join(", ")}.`);
  if (mode === "delegate" && tasks.length > 1)
    problems.push("A delegated run has exactly one task.");
  return problems;
}

function hasTasks(plan: Plan, phase: Phase): boolean {
  return plan.phases.some((p) => p.phase === phase && p.tasks.length > 0);
}

function onePhaseProblems(phase: PlannedPhase): string[] {
  if (phase.tasks.length > 0 && phase.skip_reason !== undefined)
    return [`Phase ${phase.phase} has tasks and a skip_reason: keep one of them.`];
  if (phase.tasks.length === 0 && phase.skip_reason === undefined)
    return [`Phase ${phase.phase} has no tasks: give a skip_reason.`];
  return [];
}

function taskProblems(plan: Plan, roster: Roster): string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const phase of plan.phases) {
    for (const task of phase.tasks) {
      if (seen.has(task.id))
        problems.push(`Task id ${task.id} is used twice: give each task its own.`);
      seen.add(task.id);
      problems.push(...oneTaskProblems(phase.phase, task, roster));
    }
  }
  return problems;
}

function oneTaskProblems(phase: Phase, task: PlannedTask, roster: Roster): string[] {
  if (!roster.names.includes(task.specialist))
    return [
      `Task ${task.id} names the unknown specialist ${task.specialist}: use one of ${roster.names.join(", ")}.`,
    ];
  const problems: string[] = [];
  const isTest = TestMode.options.some((mode) => mode === task.mode);
  if (phase === "testing" && !isTest)
    problems.push(
      `Task ${task.id} has no test mode: give exactly one of ${TestMode.options.join(", ")}.`,
    );
  else if (!roster.mayServe(task.specialist, { phase, mode: task.mode }))
    problems.push(
      `Task ${task.id}: ${task.specialist} does not work in phase ${phase} with mode ${task.mode ?? "(none)"}.`,
    );
  for (const file of task.files)
    if (!isRepositoryPath(file))
      problems.push(
        `Task ${task.id}: ${JSON.stringify(file)} is not a path inside the repository.`,
      );
  return problems;
}

function isRepositoryPath(path: string): boolean {
  return (
    !path.startsWith("/") &&
    !path.includes("\0") &&
    !path.split("/").some((part) => part === ".." || part === ".git")
  );
}

function dependencyProblems(plan: Plan): string[] {
  const problems: string[] = [];
  const phaseOf = new Map(
    plan.phases.flatMap((phase) =>
      phase.tasks.map((task) => [task.id, PHASES.indexOf(phase.phase)] as const),
    ),
  );
  for (const task of allTasks(plan)) {
    for (const dependency of task.depends_on) {
      const at = phaseOf.get(dependency);
      if (at === undefined)
        problems.push(`Task ${task.id} depends on ${dependency}, which is not in the plan.`);
      else if (at > (phaseOf.get(task.id) ?? 0))
        problems.push(`Task ${task.id} depends on ${dependency} of a later phase.`);
    }
  }
  const cycle = firstCycle(plan);
  if (cycle) problems.push(`Tasks depend on each other in a circle: ${cycle.join(" -> ")}.`);
  return problems;
}

function firstCycle(plan: Plan): string[] | undefined {
  const tasks = new Map<string, PlannedTask>(allTasks(plan).map((task) => [task.id, task]));
  const done = new Set<string>();
  function walk(id: string, path: readonly string[]): string[] | undefined {
    if (path.includes(id)) return [...path.slice(path.indexOf(id)), id];
    if (done.has(id)) return undefined;
    for (const next of tasks.get(id)?.depends_on ?? []) {
      const found = walk(next, [...path, id]);
      if (found) return found;
    }
    done.add(id);
    return undefined;
  }
  for (const id of tasks.keys()) {
    const found = walk(id, []);
    if (found) return found;
  }
  return undefined;
}

function qualityProblems(plan: Plan, mode: TriageMode): string[] {
  const quality = plan.phases.find((phase) => phase.phase === "quality")?.tasks ?? [];
  if (quality.length === 0 || mode === "delegate") return [];
  const review = quality.findIndex((task) => task.mode === "review");
  const security = quality.findIndex((task) => task.mode === "security");
  if (review === -1) return ["Phase quality has no task with mode review: add a code review."];
  if (security !== -1 && security < review)
    return ["The security review stands before the code review: put it after."];
  return [];
}
