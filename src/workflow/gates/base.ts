import { errorSignature } from "../../domain/gate/error-signature.ts";
import { scopeVerdict } from "../../domain/gate/scope.ts";
import { type Sha, TaskId } from "../../domain/ids.ts";
import type { PlannedTask } from "../../domain/plan/plan.ts";
import { judge } from "../../domain/specialist/acceptance.ts";
import { resultSchemaOf } from "../../domain/specialist/specialists.ts";
import {
  beyondConflict,
  conflictBlocks,
  conflictsWithBase,
  mergeMessage,
  RESOLVED_BEFORE,
  resolveObjective,
  stillMarked,
} from "../../reports/base-words.ts";
import { conflictTitle, NEXT, PROBLEMS } from "../../reports/reasons.ts";
import type { RunContext } from "../context.ts";
import { block } from "../people/escalate.ts";
import { endOf, startAttempt } from "../phases/attempt.ts";
import { taskBrief } from "../phases/brief.ts";
import { passGates } from "../phases/loop.ts";
import { verify } from "./verify.ts";

/** `merged`: the run branch has a new head with the base in it; `moved`: somebody pushed to it meanwhile. */
export type BaseOutcome = "mergeable" | "merged" | "moved" | "blocked";

interface Conflict {
  readonly branch: string;
  readonly base: Sha;
  /** The merge with conflict markers in it. */
  readonly marked: Sha;
  readonly files: readonly string[];
}

/**
 * Keeps the pull request mergeable. A base that git merges by itself is left to GitHub, unless GitHub says that it
 * cannot; a conflict is resolved by a developer in one attempt, whose result must pass the whole suite before it is
 * pushed. What that does not mend is for people.
 */
export async function keepMergeable(run: RunContext): Promise<BaseOutcome> {
  const found = await lookAtBase(run);
  if (found.kind === "mergeable") return "mergeable";
  if (found.kind === "clean") return push(run, found.base, found.sha);
  const conflict = { ...found, branch: run.view.started.baseBranch };
  const task = resolveTask(run, conflict);
  await failed(run, task, [conflictsWithBase(conflict)]);
  if (!run.takeBaseMerge()) return give(run, task, conflictBlocks(conflict, [RESOLVED_BEFORE]));
  const resolved = await resolve(run, conflict, task);
  if (typeof resolved !== "string") return give(run, task, conflictBlocks(conflict, resolved));
  return push(run, conflict.base, resolved);
}

/** Whether an open pull request cannot be merged into its base any more. Changes nothing. */
export async function conflictsNow(run: RunContext): Promise<boolean> {
  const { pullRequest } = run.view;
  if (!pullRequest || (await lookAtBase(run)).kind === "mergeable") return false;
  const { repo } = run.input.request;
  return run.steps.step(`look at the pull request ${run.nextOrderKey()}`, async () => {
    const { state } = await run.ports.github.pullRequest(repo, pullRequest.number);
    return state === "open";
  });
}

async function failed(
  run: RunContext,
  { id: taskId }: PlannedTask,
  problems: readonly string[],
): Promise<void> {
  await run.record(`gate base ${taskId} ${run.nextOrderKey()}`, {
    type: "gate-failed",
    gate: "base",
    phase: "quality",
    taskId,
    signature: errorSignature(problems.join("\n")),
    problems: problems.slice(0, PROBLEMS_KEPT),
  });
}

/** People are asked to merge; that they were needed counts. */
async function give(
  run: RunContext,
  { id: taskId }: PlannedTask,
  why: Parameters<typeof block>[1],
): Promise<"blocked"> {
  await run.record(`escalate ${run.nextOrderKey()}`, {
    type: "escalated",
    phase: "quality",
    taskId,
    why: why.issue,
  });
  return block(run, why);
}

const PROBLEMS_KEPT = 50;

type Look =
  | { readonly kind: "mergeable" }
  | { readonly kind: "clean"; readonly base: Sha; readonly sha: Sha }
  | ({ readonly kind: "conflict" } & Omit<Conflict, "branch">);

function lookAtBase(run: RunContext): Promise<Look> {
  const { started, pullRequest } = run.view;
  const { repo } = run.input.request;
  const { head: onto, base: known } = run;
  return run.steps.step(`look at the base ${run.nextOrderKey()}`, async (): Promise<Look> => {
    const { workspaces, github } = run.ports;
    const base = await workspaces.fetchBranch(repo, started.baseBranch);
    if (base === undefined || base === known) return { kind: "mergeable" };
    const message = mergeMessage(started.baseBranch, base);
    const merged = await workspaces.merge(repo, { onto, head: base, message });
    if (merged.kind === "conflict") {
      const marked = await workspaces.markConflict(repo, { onto, head: base });
      return { kind: "conflict", base, marked, files: merged.files };
    }
    if (merged.sha === onto || !pullRequest) return { kind: "mergeable" };
    const shown = await github.pullRequest(repo, pullRequest.number);
    return shown.mergeable === false
      ? { kind: "clean", base, sha: merged.sha }
      : { kind: "mergeable" };
  });
}

/** One attempt of a developer; gives the merge commit, or what is wrong with it. */
async function resolve(
  run: RunContext,
  conflict: Conflict,
  task: PlannedTask,
): Promise<Sha | readonly string[]> {
  const because = conflictsWithBase(conflict);
  await run.record(`add ${task.id}`, {
    type: "task-added",
    phase: "quality",
    task,
    reason: because,
  });
  const child = await startAttempt(run, {
    licence: run.licence,
    task,
    phase: "quality",
    attempt: run.memo(task.id).nextAttempt(),
    baseSha: conflict.marked,
    brief: taskBrief(run, run.taskView(task.id)),
  });
  const { submission, sha } = await endOf(run, child);
  const schema = resultSchemaOf({ role: task.specialist, mode: "implementation" });
  const judgement = judge(submission, { task, schema, writes: true });
  if (judgement.kind !== "accept" || sha === undefined)
    return refuse(run, task, "problems" in judgement ? judgement.problems : [PROBLEMS.noCommit]);
  const wrong = await inspect(run, { task, conflict, sha, files: submission.files });
  if (wrong.length > 0) return refuse(run, task, wrong);
  const merged = await conclude(run, conflict, { task, resolved: sha });
  const verified = await verify(run, merged, task.id);
  if ("problems" in verified) return refuse(run, task, verified.problems);
  await passGates(run, {
    gates: ["base", "build", "tests"],
    phase: "quality",
    taskId: task.id,
  });
  await run.record(`accept ${task.id}`, {
    type: "task-accepted",
    taskId: task.id,
    phase: "quality",
    summary: judgement.summary,
    sha: merged,
  });
  return merged;
}

function resolveTask(run: RunContext, conflict: Conflict): PlannedTask {
  const before = run.view.tasks.filter(({ task }) => /^base-\d+$/.test(task.id)).length;
  return {
    id: TaskId.parse(`base-${before + 1}`),
    title: conflictTitle(conflict.branch),
    specialist: "backend-developer",
    mode: "implementation",
    objective: resolveObjective(conflict),
    inputs: [],
    files: [...conflict.files],
    expected_output: "The conflicts are resolved and the whole test suite passes.",
    depends_on: [],
  };
}

async function inspect(
  run: RunContext,
  work: { task: PlannedTask; conflict: Conflict; sha: Sha; files: readonly string[] },
): Promise<readonly string[]> {
  const { task, conflict, sha, files } = work;
  const { repo } = run.input.request;
  const marked = await run.steps.step(`inspect ${task.id}`, async () => {
    const found: string[] = [];
    for (const file of conflict.files) {
      const text = await run.ports.workspaces.readFile(repo, sha, file);
      if (text !== undefined && /^(?:<{7}|>{7})(?: |$)/m.test(text)) found.push(file);
    }
    return found;
  });
  const protectedPaths = run.profile?.protected_paths ?? [];
  const beyond = files.filter((file) => !conflict.files.includes(file));
  const { approval } = scopeVerdict({ task, changed: beyond, beside: [], protectedPaths });
  return [
    ...(marked.length > 0 ? [stillMarked(marked)] : []),
    ...(approval.length > 0 ? [beyondConflict(approval.map(({ file }) => file))] : []),
  ];
}

function conclude(
  run: RunContext,
  { branch, base }: Conflict,
  of: { task: PlannedTask; resolved: Sha },
): Promise<Sha> {
  const { task, resolved } = of;
  const onto = run.head;
  return run.steps.step(`conclude ${task.id}`, () =>
    run.ports.workspaces.mergeAs(run.input.request.repo, {
      onto,
      head: base,
      resolved,
      message: mergeMessage(branch, base),
    }),
  );
}

async function refuse(
  run: RunContext,
  task: PlannedTask,
  problems: readonly string[],
): Promise<readonly string[]> {
  await run.record(`refuse ${task.id}`, {
    type: "task-refused",
    taskId: task.id,
    phase: "quality",
    problems: [...problems],
    next: NEXT.person,
  });
  await failed(run, task, problems);
  return problems;
}

async function push(run: RunContext, base: Sha, sha: Sha): Promise<"merged" | "moved"> {
  const { runBranch, runId, request } = run.input;
  const { workspaces, ledger, status } = run.ports;
  const expected = run.view.branches.get(runBranch);
  const pushed = await run.steps.step(`push the base ${sha.slice(0, 7)}`, async () => {
    const outcome = await workspaces.push(request.repo, { branch: runBranch, sha, expected });
    if (outcome.kind === "refused") throw new Error(`Cannot push ${runBranch}: ${outcome.reason}.`);
    if (outcome.kind === "moved") return { moved: true, events: [] };
    const key = `base/${sha}`;
    const events = [
      await ledger.append(runId, `${key}/pushed`, {
        type: "branch-pushed",
        branch: runBranch,
        sha,
      }),
      await ledger.append(runId, key, { type: "base-merged", base, sha }),
    ];
    status.touch(runId);
    return { moved: false, events };
  });
  run.adopt(pushed.events);
  return pushed.moved ? "moved" : "merged";
}
