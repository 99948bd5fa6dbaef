import { errorSignature } from "../../domain/gate/error-signature.ts";
import { TaskId } from "../../domain/ids.ts";
import type { Phase } from "../../domain/phase.ts";
import type { PlannedTask } from "../../domain/plan/plan.ts";
import type { RoundGate } from "../../domain/run/method-facts.ts";
import { type Judgement, judge } from "../../domain/specialist/acceptance.ts";
import { packFindings } from "../../domain/specialist/briefing.ts";
import { resultSchemaOf } from "../../domain/specialist/specialists.ts";
import { fixTitle, NEXT, PROBLEMS } from "../../reports/reasons.ts";
import type { RunContext } from "../context.ts";
import { admit } from "../gates/admit.ts";
import { integrate } from "../gates/integrate.ts";
import { verify } from "../gates/verify.ts";
import { endOf, startAttempt } from "./attempt.ts";
import { taskBrief } from "./brief.ts";
import type { DispatchOutput } from "./dispatch-input.ts";
import { redSuite, signatureOf } from "./findings.ts";
import { givenUp } from "./give-up.ts";
import { independentGroups, investigate } from "./investigate.ts";
import { failGate, type GateFailure, passGates } from "./loop.ts";
import { oweSecurityReview } from "./owed.ts";
import { askFor, escalate } from "./stopped.ts";

/** What is to be mended, and the gate that sent it back. */
export interface Wanted {
  readonly phase: Phase;
  readonly gate: RoundGate;
  readonly because: string;
  readonly findings: readonly string[];
  /** The task whose integration broke it: its specialist mends it instead of the developer. */
  readonly of?: PlannedTask;
}

/** Findings of the first failure that later rounds are told beside their own problems. */
const FIRST_KEPT = 3;

/**
 * Lets a developer address findings on the present head until the whole suite passes there, within the limits of the
 * run's loops. Every round is a task of its own in the plan, added by the host and visible as such. `accepted` when a
 * person takes what is open as it is.
 */
export async function fix(
  run: RunContext,
  wanted: Wanted,
): Promise<"fixed" | "accepted" | "blocked"> {
  for (let { findings } = wanted; ; ) {
    if (await givenUp(run)) return "blocked";
    const failure = await mend(run, { ...wanted, findings });
    if (!failure) return "fixed";
    if (failure === "blocked") return failure;
    const onward = await failGate(run, failure);
    if (onward.kind !== "again") return onward.kind;
    findings = [...wanted.findings.slice(0, FIRST_KEPT), ...failure.problems, ...onward.told];
  }
}

/** What a round did not pass; nothing when the suite is green, `blocked` when the run has ended meanwhile. */
type Mended = GateFailure | "blocked" | undefined;

/** One round of mending: by one developer, or by one for each group where failures are independent. */
async function mend(run: RunContext, wanted: Wanted): Promise<Mended> {
  const groups = wanted.of === undefined ? independentGroups(run) : [];
  if (groups.length > 0) return investigate(run, wanted, groups);
  const task = fixTask(run, wanted);
  await run.record(`add ${task.id}`, {
    type: "task-added",
    phase: wanted.phase,
    task,
    reason: wanted.because,
  });
  const failure = await attemptFix(run, wanted, task);
  if (failure && failure !== "blocked")
    await run.record(`refuse ${task.id}`, {
      type: "task-refused",
      taskId: task.id,
      phase: wanted.phase,
      problems: [...failure.problems],
      next: NEXT.anotherRound,
    });
  return failure;
}

/** Dispatches the developer until it hands something in; what it asks or is blocked by is answered between. */
async function handIn(
  run: RunContext,
  phase: Phase,
  task: PlannedTask,
): Promise<{ output: DispatchOutput; judgement: Judgement } | "blocked"> {
  const schema = resultSchemaOf({ role: task.specialist, mode: task.mode ?? "implementation" });
  for (;;) {
    const view = run.taskView(task.id);
    const child = await startAttempt(run, {
      licence: run.licence,
      task,
      phase,
      attempt: run.memo(task.id).nextAttempt(),
      baseSha: run.head,
      brief: taskBrief(run, view),
    });
    const output = await endOf(run, child);
    const judgement = judge(output.submission, { task, schema, writes: true });
    if (output.question) {
      if ((await askFor(run, { phase, view, output }, output.question)) === "blocked")
        return "blocked";
    } else if (judgement.kind === "escalate") {
      if ((await escalate(run, { phase, view, output }, judgement)) === "blocked") return "blocked";
    } else return { output, judgement };
  }
}

async function attemptFix(run: RunContext, wanted: Wanted, task: PlannedTask): Promise<Mended> {
  const { phase, gate, findings } = wanted;
  const baseSha = run.head;
  run.memo(task.id).findings.push(...packFindings(findings));
  const handed = await handIn(run, phase, task);
  if (handed === "blocked") return handed;
  const { output, judgement } = handed;
  const { submission, sha, dispatchId } = output;
  function without(problems: readonly string[]): GateFailure {
    return {
      gate,
      phase,
      taskId: task.id,
      problems,
      signature: errorSignature(problems.join("\n")),
    };
  }
  if (judgement.kind !== "accept" || sha === undefined)
    return without("problems" in judgement ? judgement.problems : [PROBLEMS.noFix]);
  const handedIn = { task, dispatchId, sha, files: submission.files, beside: [], mends: true };
  const wrong = await admit(run, handedIn);
  if (wrong === "blocked") return wrong;
  if (wrong.length > 0) return without(wrong);
  const { id: taskId, title } = task;
  const branch = run.branchOf(phase, task);
  const integration = await integrate(run, { taskId, branch, sha, title });
  if (integration.kind !== "integrated") return without([PROBLEMS.fixNotIntegrated]);
  const verified = await verify(run, integration.sha, taskId);
  if ("problems" in verified) {
    const diff = await signatureOf(run, { base: baseSha, head: sha, of: dispatchId });
    const suite = redSuite(run, verified.problems);
    return { ...suite, phase, taskId, ...(diff === undefined ? {} : { diff }) };
  }
  await passGates(run, { gates: ["build", "tests"], phase, taskId });
  await oweSecurityReview(run, { base: baseSha, head: sha });
  await run.record(`accept ${taskId}`, {
    type: "task-accepted",
    taskId,
    phase,
    summary: judgement.summary,
    sha: integration.sha,
  });
  return undefined;
}

function fixTask(run: RunContext, { because, of }: Wanted): PlannedTask {
  const round = run.view.tasks.filter(({ task }) => FIX_ID.test(task.id)).length + 1;
  return {
    id: TaskId.parse(`fix-${round}`),
    title: fixTitle(round),
    specialist: of?.specialist ?? "backend-developer",
    mode: of?.mode ?? "implementation",
    objective: `Make every finding below untrue, with the smallest sound change: ${because}.`,
    inputs: [],
    files: [],
    expected_output: "The findings are addressed and the whole test suite passes.",
    depends_on: [],
  };
}

const FIX_ID = /^fix-\d+$/;
