import type { Sha } from "../../domain/ids.ts";
import type { Phase } from "../../domain/phase.ts";
import type { PlannedTask } from "../../domain/plan/plan.ts";
import type { TaskView } from "../../domain/run/run.ts";
import { type Finding, type Judgement, judge } from "../../domain/specialist/acceptance.ts";
import type { QuestionDraft } from "../../domain/specialist/results.ts";
import { mayEdit, resultSchemaOf } from "../../domain/specialist/specialists.ts";
import type { RunContext } from "../context.ts";
import { admit, type HandedIn } from "../gates/admit.ts";
import { lostBranch } from "../gates/adopt.ts";
import { integrate } from "../gates/integrate.ts";
import { verify } from "../gates/verify.ts";
import { ask, block } from "../people/escalate.ts";
import { openPullRequest } from "../publish/pull-request.ts";
import type { DispatchOutput } from "./dispatch-input.ts";
import { failureFindings } from "./findings.ts";
import { fix } from "./fix.ts";

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
  switch (judgement.kind) {
    case "redo":
      return refuse(run, returned, judgement.problems);
    case "escalate":
      return escalate(run, returned, judgement);
    case "changes":
      await recordFindings(run, returned, judgement.findings);
      return fixFindings(run, returned, judgement.findings);
    case "accept":
      await recordFindings(run, returned, judgement.findings);
      return output.sha === undefined
        ? accept(run, returned, judgement)
        : takeIn(run, returned, { judgement, sha: output.sha });
  }
}

/** Integrates a writer's commit, opens the pull request with the first one, and runs the whole suite on the result. */
async function takeIn(
  run: RunContext,
  returned: Returned,
  done: { judgement: Judgement & { kind: "accept" }; sha: Sha },
): Promise<"settled" | "blocked"> {
  const { phase, view } = returned;
  const { id, title } = view.task;
  const problems = await admit(run, handedIn(returned, done.sha));
  if (problems === "blocked") return "blocked";
  if (problems.length > 0) return refuse(run, returned, problems);
  const integration = await integrate(run, {
    taskId: id,
    branch: run.branchOf(phase, view.task),
    sha: done.sha,
    title,
  });
  if (integration.kind === "conflict")
    return refuse(run, returned, [
      `Your commit conflicts with other tasks in ${integration.files.join(", ")}; do the task again on the present state.`,
    ]);
  if (integration.kind === "moved") return block(run, lostBranch(run, integration.actual));
  await openPullRequest(run);
  const verified = await verify(run, integration.sha, `${id} attempt ${run.memo(id).attempts}`);
  if (!("problems" in verified)) return accept(run, returned, done.judgement);
  if (phase !== "testing") return refuse(run, returned, failureFindings(run, verified.problems));
  await run.record(`red ${id} ${integration.sha}`, {
    type: "task-refused",
    taskId: id,
    phase,
    problems: [...verified.problems],
    next: "the developer is asked to make the whole suite pass",
  });
  const fixed = await fix(run, {
    phase,
    because: `the suite fails with the tests of ${id}`,
    findings: failureFindings(run, verified.problems),
  });
  return fixed === "blocked" ? "blocked" : accept(run, returned, done.judgement);
}

function handedIn({ view, output, beside }: Returned, sha: Sha): HandedIn {
  const { dispatchId, submission } = output;
  return { task: view.task, dispatchId, sha, files: submission.files, beside };
}

async function accept(
  run: RunContext,
  returned: Returned,
  judgement: Judgement & { kind: "accept" },
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

async function refuse(
  run: RunContext,
  returned: Returned,
  problems: readonly string[],
): Promise<"settled" | "blocked"> {
  const { phase, view, output } = returned;
  const refusals = run.memo(view.task.id).refuse(problems);
  const spent = refusals >= run.ports.limits.taskAttempts;
  const next = spent ? "the attempts are spent" : "dispatched again with what was wrong";
  await run.record(`refuse ${output.dispatchId}`, {
    type: "task-refused",
    taskId: view.task.id,
    phase,
    problems: [...problems],
    next,
  });
  if (!spent) return "settled";
  return block(run, {
    issue: `task ${view.task.id} was refused ${refusals} times; last: ${problems[0] ?? "no reason"}`,
    attempted: problems,
    recommend: "user",
    capability: "a decision how to go on",
  });
}

async function recordFindings(
  run: RunContext,
  returned: Returned,
  findings: readonly Finding[],
): Promise<void> {
  if (findings.length === 0) return;
  const facts = findings.map((finding) => ({
    type: "finding" as const,
    taskId: returned.view.task.id,
    ...finding,
  }));
  await run.record(`findings ${returned.output.dispatchId}`, ...facts);
}

async function fixFindings(
  run: RunContext,
  returned: Returned,
  findings: readonly Finding[],
): Promise<"settled" | "blocked"> {
  const { phase, view, output } = returned;
  const problems = findings
    .filter((f) => f.blocking)
    .map((f) => (f.file === "" ? f.text : `${f.file}:${f.line}: ${f.text}`));
  await run.record(`changes ${output.dispatchId}`, {
    type: "task-refused",
    taskId: view.task.id,
    phase,
    problems,
    next: "the developer is asked to address the findings; then the review is repeated",
  });
  run.memo(view.task.id).findings.push(...problems);
  const fixed = await fix(run, {
    phase,
    because: `${view.task.specialist} asked for changes`,
    findings: problems,
  });
  return fixed === "blocked" ? "blocked" : "settled";
}

async function askFor(
  run: RunContext,
  returned: Returned,
  question: QuestionDraft,
): Promise<"settled" | "blocked"> {
  const { view, output } = returned;
  const answer = await ask(run, output.dispatchId, { question, taskId: view.task.id });
  if (!answer)
    return block(run, {
      issue: `nobody answered: ${question.text}`,
      attempted: ["asked and waited"],
      recommend: "user",
      capability: "an answer",
    });
  run
    .memo(view.task.id)
    .answers.push({ question: question.text, answer: answer.text, by: answer.by });
  return "settled";
}

async function escalate(
  run: RunContext,
  returned: Returned,
  judgement: Judgement & { kind: "escalate" },
): Promise<"settled" | "blocked"> {
  const result = judgement.result as {
    questions?: QuestionDraft[];
    blocked?: { issue: string; attempted: string[]; recommend: string; reason: string };
  };
  const [question] = result.questions ?? [];
  if (question) return askFor(run, returned, question);
  const { blocked } = result;
  return block(run, {
    issue: blocked?.issue ?? judgement.problems.join("; "),
    attempted: blocked?.attempted ?? [
      `dispatched ${returned.view.task.specialist} for ${returned.view.task.id}`,
    ],
    recommend: "user",
    capability: blocked?.recommend ?? "what is missing",
  });
}
