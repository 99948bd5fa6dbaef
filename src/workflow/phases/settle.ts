import type { Sha, TaskId } from "../../domain/ids.ts";
import type { Phase } from "../../domain/phase.ts";
import type { PlannedTask } from "../../domain/plan/plan.ts";
import type { Gate } from "../../domain/run/method-facts.ts";
import type { TaskView } from "../../domain/run/run.ts";
import { type Judgement, judge } from "../../domain/specialist/acceptance.ts";
import { packFindings } from "../../domain/specialist/briefing.ts";
import { mayEdit, resultSchemaOf } from "../../domain/specialist/specialists.ts";
import { branchLost } from "../../reports/blocked-words.ts";
import { brokenSince, conflictProblem, conflictsAgain } from "../../reports/gate-words.ts";
import { NEXT, suiteFails } from "../../reports/reasons.ts";
import type { RunContext } from "../context.ts";
import { admit, type HandedIn } from "../gates/admit.ts";
import { blame } from "../gates/blame.ts";
import { integrate } from "../gates/integrate.ts";
import { verify } from "../gates/verify.ts";
import { block } from "../people/escalate.ts";
import { openPullRequest } from "../publish/pull-request.ts";
import { recordFindings, sendBack } from "./changes.ts";
import type { DispatchOutput } from "./dispatch-input.ts";
import { redSuite, signatureOf } from "./findings.ts";
import { fix } from "./fix.ts";
import { independentGroups } from "./investigate.ts";
import { failGate, passGates } from "./loop.ts";
import { outgrown } from "./outgrown.ts";
import { oweSecurityReview } from "./owed.ts";
import { refuse } from "./refuse.ts";
import { askFor, escalate } from "./stopped.ts";

/** One attempt that came back. */
export interface Returned {
  readonly phase: Phase;
  readonly view: TaskView;
  readonly output: DispatchOutput;
  /** The commit that the attempt started from; a review's approval counts for this one only. */
  readonly reviewedSha: Sha;
  /** Tasks that were dispatched together with this one. */
  readonly beside: readonly PlannedTask[];
}

/** Decides what an attempt's outcome means for its task, and does it. The task stays open unless it was accepted. */
export async function settle(run: RunContext, returned: Returned): Promise<"settled" | "blocked"> {
  const { view, output } = returned;
  if (output.question) return askFor(run, returned, output.question);
  const schema = resultSchemaOf({
    role: view.task.specialist,
    ...(view.task.mode ? { mode: view.task.mode } : {}),
  });
  const memo = run.memo(view.task.id);
  const judgement = judge(output.submission, {
    task: view.task,
    schema,
    writes: mayEdit(view.task.specialist),
    earlierSkillRefusals: memo.skillRefusals,
  });
  if (output.submission.missingSkills.length > 0) memo.skillRefusals += 1;
  const grown = await outgrown(run, returned, judgement);
  if (grown !== "go on") return grown;
  switch (judgement.kind) {
    case "redo":
      return refuse(run, attemptOf(returned), judgement.problems);
    case "escalate":
      return escalate(run, returned, judgement);
    case "changes": {
      await recordFindings(run, returned, judgement.findings);
      const sent = await sendBack(run, returned, judgement);
      return sent === "accepted"
        ? accept(run, { ...returned, reviewedSha: run.head }, judgement)
        : sent;
    }
    case "accept":
      await recordFindings(run, returned, judgement.findings);
      return output.sha === undefined
        ? approve(run, returned, judgement)
        : takeIn(run, returned, { judgement, sha: output.sha });
  }
}

function attemptOf({ phase, view, output }: Returned): Parameters<typeof refuse>[1] {
  return { phase, taskId: view.task.id, key: output.dispatchId };
}

type Accepted = Pick<Judgement & { kind: "accept" }, "summary" | "result">;

/** Integrates a writer's commit, opens the pull request with the first one, and runs the whole suite on the result. */
async function takeIn(
  run: RunContext,
  returned: Returned,
  done: { judgement: Accepted; sha: Sha },
): Promise<"settled" | "blocked"> {
  const { phase, view } = returned;
  const { id, title } = view.task;
  const problems = await admit(run, handedIn(returned, done.sha));
  if (problems === "blocked") return "blocked";
  if (problems.length > 0) return refuse(run, attemptOf(returned), problems);
  const integration = await integrate(run, {
    taskId: id,
    branch: run.branchOf(phase, view.task),
    sha: done.sha,
    title,
  });
  if (integration.kind === "conflict") return conflict(run, returned, integration.files);
  if (integration.kind === "moved")
    return block(run, branchLost(run.input.runBranch, integration.actual));
  await openPullRequest(run);
  const verified = await verify(run, integration.sha, `${id} attempt ${run.memo(id).attempts}`);
  if ("problems" in verified) return red(run, returned, { ...done, problems: verified.problems });
  await passGates(run, { gates: ["build", "tests"], phase, taskId: id });
  await oweSecurityReview(run, { base: returned.reviewedSha, head: done.sha });
  return accept(run, returned, done.judgement);
}

/** The later task is done again on top of the others, once; then a person decides. */
async function conflict(
  run: RunContext,
  returned: Returned,
  files: readonly string[],
): Promise<"settled" | "blocked"> {
  const { phase, view } = returned;
  const { id: taskId } = view.task;
  const before = run.facts.filter(
    (fact) => fact.type === "integration-conflict" && fact.taskId === taskId,
  );
  if (before.length < 2) return refuse(run, attemptOf(returned), [conflictProblem(files)]);
  const why = conflictsAgain(taskId, files);
  const key = `conflict ${run.nextOrderKey()}`;
  await run.record(key, { type: "escalated", phase, taskId, why: why.issue });
  return block(run, why);
}

function handedIn({ view, output, beside }: Returned, sha: Sha): HandedIn {
  const { dispatchId, submission } = output;
  return { task: view.task, dispatchId, sha, files: submission.files, beside };
}

/** Whether something else than this task's integration broke the suite, and what is said of it. */
async function blameElsewhere(
  run: RunContext,
  taskId: TaskId,
): Promise<{ told: string[]; elsewhere: boolean }> {
  const found = await blame(run);
  if (found.kind === "base" || found.position.taskId === taskId)
    return { told: [], elsewhere: false };
  return { told: [brokenSince(found.position)], elsewhere: true };
}

/** The suite fails with what was taken in: the developer mends it, and a tester's work is kept for that. */
async function red(
  run: RunContext,
  returned: Returned,
  done: { judgement: Accepted; sha: Sha; problems: readonly string[] },
): Promise<"settled" | "blocked"> {
  const { phase, view, output, reviewedSha } = returned;
  const { id } = view.task;
  const suite = redSuite(run, done.problems);
  const { told, elsewhere } = await blameElsewhere(run, id);
  suite.problems.unshift(...told);
  const mends = phase === "testing" || elsewhere || independentGroups(run).length > 0;
  await run.record(`red ${output.dispatchId}`, {
    type: "task-refused",
    taskId: id,
    phase,
    problems: [...done.problems],
    next: mends ? NEXT.suiteMended : NEXT.again,
  });
  const diff = await signatureOf(run, { base: reviewedSha, head: done.sha, of: output.dispatchId });
  const onward = await failGate(run, {
    ...suite,
    phase,
    taskId: id,
    ...(diff === undefined ? {} : { diff }),
  });
  if (onward.kind !== "again") return "blocked";
  if (!mends) {
    run.memo(id).findings.push(...packFindings([...suite.problems, ...onward.told]));
    return "settled";
  }
  const fixed = await fix(run, {
    phase,
    gate: suite.gate,
    because: suiteFails(id, elsewhere),
    findings: [...suite.problems, ...onward.told],
  });
  return fixed === "fixed" ? accept(run, returned, done.judgement) : "blocked";
}

const PASSED_BY: Readonly<Record<string, readonly Gate[]>> = {
  review: ["requirements", "quality"],
  security: ["security"],
};

/** A read-only task whose result stands; a review has passed the work through its gates. */
async function approve(
  run: RunContext,
  returned: Returned,
  judgement: Accepted,
): Promise<"settled"> {
  const { phase, view, reviewedSha } = returned;
  const { id, mode } = view.task;
  const gates = PASSED_BY[mode ?? ""];
  if (gates) {
    await passGates(run, { gates, phase, taskId: id });
    run.memo(id).reviewed = { sha: reviewedSha, base: run.base, findings: [] };
  }
  return accept(run, returned, judgement);
}

async function accept(
  run: RunContext,
  returned: Returned,
  judgement: Accepted,
): Promise<"settled"> {
  const { phase, view, output } = returned;
  const sha = mayEdit(view.task.specialist) ? run.head : returned.reviewedSha;
  await run.record(`accept ${output.dispatchId}`, {
    type: "task-accepted",
    taskId: view.task.id,
    phase,
    summary: judgement.summary,
    sha,
    result: judgement.result,
  });
  return "settled";
}
