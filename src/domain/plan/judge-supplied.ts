import { PHASES, type Phase } from "../phase.ts";
import type { Supplied } from "../run/plan-facts.ts";
import type { TaskView } from "../run/run.ts";
import type { TriageMode } from "../triage/mode.ts";
import { Plan } from "./plan.ts";
import type { PlanSource } from "./plan-source.ts";
import { extractRequirements, mergeRequirements } from "./requirements.ts";
import { withHostTasks } from "./rules.ts";
import { planProblems, type Roster } from "./soundness.ts";
import {
  batchesOf,
  hasTwins,
  readSuppliedPlan,
  type SuppliedPlan,
  suppliedPlanProblems,
} from "./supplied-plan.ts";
import { type MadePlan, planFromSupplied, tasksLeftOver } from "./supplied-tasks.ts";

/** What a supplied plan is held against. */
export interface SuppliedGround {
  readonly request: { readonly title: string; readonly body: string; readonly command: string };
  readonly mode: TriageMode;
  readonly roster: Roster;
  /** Phases that a person asked for; every one unless told. */
  readonly phases?: readonly Phase[];
  /** What was carried out of the plan as it was before. */
  readonly before?: {
    readonly supplied: Supplied;
    readonly tasks: readonly TaskView[];
    /** Phases that are over. */
    readonly over: readonly Phase[];
  };
}

/** A supplied plan as the run would carry it out, and everything that speaks against doing so. */
export interface JudgedPlan {
  /** Absent when nothing can be made of it. */
  readonly made?: {
    readonly plan: Plan;
    readonly supplied: Supplied;
    readonly notes: readonly string[];
    /** The author's own words for each task. */
    readonly texts: readonly (readonly [taskId: string, text: string])[];
    readonly leftOut: readonly string[];
  };
  readonly concerns: readonly string[];
}

/**
 * Reads and judges a plan that somebody wrote for the run. With `made` and concerns, a person may decide that it is
 * carried out all the same; without `made` nobody can. The host's rules hold as for every plan: requirements of the
 * request, reviews that nobody may leave out, known specialists, paths inside the repository.
 */
export function judgeSupplied(
  text: string,
  source: PlanSource,
  ground: SuppliedGround,
): JudgedPlan {
  const read = readSuppliedPlan(text);
  if (!read)
    return {
      concerns: [
        "No task can be read in it: head each one with `### Task 1: …`, or list them under a heading that says plan.",
      ],
    };
  const concerns = suppliedPlanProblems(read);
  const made = planFromSupplied(read, forRun(ground));
  const unsound = [...sizeProblems(read), ...pastProblems(made, ground), ...shapeOf(made.plan)];
  const { title, body, command } = ground.request;
  const words = [title, body, command, text].join("\n");
  const { plan, notes } = withHostTasks(made.plan, words);
  if (unsound.length === 0) unsound.push(...planProblems(plan, ground.roster, ground.mode));
  if (unsound.length > 0 || hasTwins(read)) return { concerns: [...unsound, ...concerns] };
  return {
    concerns,
    made: {
      plan,
      notes,
      supplied: suppliedOf(made, source, ground),
      texts: made.authored.map(({ id, text: own }) => [id, own] as const),
      leftOut: made.leftOut,
    },
  };
}

function forRun({
  request,
  mode,
  phases,
  before,
}: SuppliedGround): Parameters<typeof planFromSupplied>[1] {
  const asked = extractRequirements(request).filter(({ standsIn }) => !standsIn);
  return {
    title: request.title,
    requirements: mergeRequirements([], asked).requirements,
    fullStack: mode === "full-stack",
    ...(phases === undefined ? {} : { phases }),
    before: before?.tasks ?? [],
  };
}

function sizeProblems(read: SuppliedPlan): string[] {
  const problems: string[] = [];
  if (read.cut) problems.push("It is longer than what is read of a plan: split it over issues.");
  const left = tasksLeftOver(read);
  if (left > 0)
    problems.push(`${left} of its tasks find no room in a phase: split it over issues.`);
  return problems;
}

/** Work of a phase that is over would never be done. */
function pastProblems({ plan, authored }: MadePlan, { before }: SuppliedGround): string[] {
  const known = new Set<string>(before?.tasks.map(({ task }) => task.id));
  return authored.flatMap(({ id, phase }) => {
    if (known.has(id) || !before?.over.includes(phase)) return [];
    const task = plan.phases.flatMap(({ tasks }) => tasks).find((one) => one.id === id);
    return [`${JSON.stringify(task?.title ?? id)} is work of phase ${phase}, which is over.`];
  });
}

function shapeOf(plan: Plan): string[] {
  const parsed = Plan.safeParse(plan);
  if (parsed.success) return [];
  return parsed.error.issues
    .slice(0, 5)
    .map(({ path, message }) => `Its ${path.map(String).join(".")}: ${message}.`);
}

/** Batches that passed their checkpoint stay as they are; what is left is put into batches anew. */
function suppliedOf(made: MadePlan, source: PlanSource, { before }: SuppliedGround): Supplied {
  const done = new Set<string>(
    before?.tasks.filter(({ state }) => state === "accepted").map(({ task }) => task.id),
  );
  const kept = before?.supplied.batches.filter((batch) => batch.every((id) => done.has(id))) ?? [];
  const known = new Set<string>(kept.flat());
  const left = made.authored.filter(
    ({ id, phase }) => phase === "implementation" && !known.has(id),
  );
  return {
    source,
    tasks: made.authored.map(({ id }) => id),
    batches: [...kept, ...batchesOf(left.map(({ id }) => id))],
  };
}

/** Phases that nothing can be added to any more. */
export function phasesOver(
  phases: readonly { readonly phase: Phase; readonly state: string }[],
): Phase[] {
  return PHASES.filter((phase) =>
    phases.some((one) => one.phase === phase && /^(?:completed|skipped)$/.test(one.state)),
  );
}
