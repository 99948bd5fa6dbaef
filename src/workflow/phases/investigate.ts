import {
  type FailureGroup,
  failuresIn,
  type InvestigationBrief,
  investigationBrief,
  investigationOf,
} from "../../domain/gate/failures.ts";
import type { Sha } from "../../domain/ids.ts";
import type { Phase } from "../../domain/phase.ts";
import type { PlannedTask } from "../../domain/plan/plan.ts";
import { mostAtOnce } from "../../domain/repo-config.ts";
import { judge } from "../../domain/specialist/acceptance.ts";
import { resultSchemaOf } from "../../domain/specialist/specialists.ts";
import { conflictsWithOthers, independentFailures, NEXT, PROBLEMS } from "../../reports/reasons.ts";
import type { RunContext } from "../context.ts";
import { admit } from "../gates/admit.ts";
import { integrate } from "../gates/integrate.ts";
import { verify } from "../gates/verify.ts";
import { stepTwo } from "../planning/protocol.ts";
import { endOf, startAttempt } from "./attempt.ts";
import { taskBrief } from "./brief.ts";
import type { DispatchOutput } from "./dispatch-input.ts";
import { failedOnHead, redSuite, signatureOf } from "./findings.ts";
import { type GateFailure, passGates } from "./loop.ts";
import { withinBudget } from "./within-budget.ts";

/** Specialists of one round; the groups beyond are looked into when these have come back. */
const MOST_GROUPS = 8;

/** The groups of failures on the present head, where they are independent enough for one specialist each. */
export function independentGroups(run: RunContext): readonly FailureGroup[] {
  const found = investigationOf(failuresIn(failedOnHead(run)));
  return found.kind === "parallel" ? found.groups : [];
}

interface Round {
  readonly phase: Phase;
  readonly baseSha: Sha;
  readonly briefs: readonly InvestigationBrief[];
}

/**
 * One round of mending in which every independent group of failures has a specialist of its own, all at the same time.
 * What they hand in is integrated in the order of the groups, a conflict is left out, and then the whole suite runs.
 * Gives the gate that failed; nothing when the suite is green, `blocked` when the run has ended meanwhile.
 */
export async function investigate(
  run: RunContext,
  wanted: { readonly phase: Phase; readonly because: string },
  groups: readonly FailureGroup[],
): Promise<GateFailure | "blocked" | undefined> {
  const round = await open(run, wanted, groups);
  const outputs = await dispatchAll(run, round);
  const taken: { task: PlannedTask; summary: string }[] = [];
  for (const { task, output } of outputs) {
    const came = await takeOne(run, round, { task, output });
    if (came === "blocked") return came;
    if (came.problems.length > 0) await refuse(run, { ...round, task }, came.problems);
    else taken.push({ task, summary: came.summary });
  }
  const failure = await suiteAfter(run, round);
  for (const { task, summary } of taken)
    if (failure) await refuse(run, { ...round, task }, [PROBLEMS.stillRed]);
    else
      await run.record(`accept ${task.id}`, {
        type: "task-accepted",
        taskId: task.id,
        phase: round.phase,
        summary,
        sha: run.head,
      });
  return failure;
}

/** Loads the skill for it, and makes every investigator's task visible in the plan. */
async function open(
  run: RunContext,
  wanted: { readonly phase: Phase; readonly because: string },
  groups: readonly FailureGroup[],
): Promise<Round> {
  const number = run.view.tasks.filter(({ task }) => /^find-\d+-1$/.test(task.id)).length + 1;
  await stepTwo(run, `investigating ${number}`, groups.length);
  const chosen = groups.slice(0, MOST_GROUPS);
  const of = chosen.length;
  const briefs = chosen.map((group, index) =>
    investigationBrief(group, { round: number, n: index + 1, of }),
  );
  const { phase, because } = wanted;
  const reason = independentFailures(because, groups.length);
  await run.record(
    `add find-${number}`,
    ...briefs.map(({ task }) => ({ type: "task-added" as const, phase, task, reason })),
  );
  for (const { task, findings } of briefs) run.memo(task.id).findings.push(...findings);
  return { phase, baseSha: run.head, briefs };
}

/** All at the same time, as far as the repository lets so many work at once. */
async function dispatchAll(run: RunContext, round: Round): Promise<Came[]> {
  const { briefs } = round;
  const most = mostAtOnce(run.profile) ?? briefs.length;
  const outputs: Came[] = [];
  for (let from = 0; from < briefs.length; from += most)
    outputs.push(...(await dispatchTogether(run, round, briefs.slice(from, from + most))));
  return outputs;
}

interface Came {
  readonly task: PlannedTask;
  readonly output: DispatchOutput;
}

async function dispatchTogether(
  run: RunContext,
  { phase, baseSha }: Round,
  briefs: readonly InvestigationBrief[],
): Promise<Came[]> {
  await withinBudget(run);
  const started = [];
  for (const { task, scope } of briefs) {
    const brief = taskBrief(run, run.taskView(task.id));
    const child = await startAttempt(run, {
      licence: run.licence,
      task,
      phase,
      attempt: run.memo(task.id).nextAttempt(),
      baseSha,
      brief: { ...brief, scope: [...brief.scope, ...scope] },
      together: briefs.length,
    });
    started.push({ task, child });
  }
  const outputs = [];
  for (const { task, child } of started) outputs.push({ task, output: await endOf(run, child) });
  return outputs;
}

/** Judges and integrates what one investigator handed in; gives what is wrong with it. */
async function takeOne(
  run: RunContext,
  round: Round,
  { task, output }: Came,
): Promise<"blocked" | { problems: readonly string[]; summary: string }> {
  const { submission, sha, dispatchId } = output;
  const schema = resultSchemaOf({ role: task.specialist, mode: "implementation" });
  const judgement = judge(submission, { task, schema, writes: true });
  if (judgement.kind !== "accept" || sha === undefined)
    return wrong("problems" in judgement ? judgement.problems : [PROBLEMS.noCommit]);
  const beside = round.briefs.map((one) => one.task).filter(({ id }) => id !== task.id);
  const problems = await admit(run, { task, dispatchId, sha, files: submission.files, beside });
  if (problems === "blocked") return problems;
  if (problems.length > 0) return wrong(problems);
  const { id: taskId, title } = task;
  const branch = run.branchOf(round.phase, task);
  const integration = await integrate(run, { taskId, branch, sha, title });
  if (integration.kind === "conflict") return wrong([conflictsWithOthers(integration.files)]);
  if (integration.kind === "moved") return wrong([PROBLEMS.notIntegrated]);
  return { problems: [], summary: judgement.summary };
}

function wrong(problems: readonly string[]): { problems: readonly string[]; summary: string } {
  return { problems, summary: "" };
}

/** The whole suite on everything that came in; without any change the failures are what they were. */
async function suiteAfter(run: RunContext, round: Round): Promise<GateFailure | undefined> {
  const { phase, baseSha, briefs } = round;
  const taskId = briefs[0]?.task.id;
  if (taskId === undefined) throw new Error("An investigation has no groups.");
  const verified = await verify(run, run.head, `after ${taskId}`);
  if (!("problems" in verified)) {
    await passGates(run, { gates: ["build", "tests"], phase, taskId });
    return undefined;
  }
  const diff = await signatureOf(run, { base: baseSha, head: run.head, of: taskId });
  return {
    ...redSuite(run, verified.problems),
    phase,
    taskId,
    ...(diff === undefined ? {} : { diff }),
  };
}

async function refuse(
  run: RunContext,
  of: { phase: Phase; task: PlannedTask },
  problems: readonly string[],
): Promise<void> {
  const { phase, task } = of;
  await run.record(`refuse ${task.id}`, {
    type: "task-refused",
    taskId: task.id,
    phase,
    problems: [...problems],
    next: NEXT.anotherRound,
  });
}
