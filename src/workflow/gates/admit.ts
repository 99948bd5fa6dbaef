import { guardedProblem, scopeVerdict } from "../../domain/gate/scope.ts";
import { holdsTests } from "../../domain/gate/test-files.ts";
import { missingTargets } from "../../domain/gate/test-targets.ts";
import type { Sha } from "../../domain/ids.ts";
import type { PlannedTask } from "../../domain/plan/plan.ts";
import { guardedQuestion, LET_IN, unansweredGuard } from "../../reports/gate-words.ts";
import { missingTargetsIn } from "../../reports/reasons.ts";
import type { RunContext } from "../context.ts";
import { ask, block } from "../people/escalate.ts";
import { proveTests } from "./proof.ts";

/** A commit that a specialist handed in and nobody has integrated yet. */
export interface HandedIn {
  readonly task: PlannedTask;
  readonly dispatchId: string;
  readonly sha: Sha;
  /** Files that the commit changes. */
  readonly files: readonly string[];
  /** Tasks that were dispatched in the same round, this one not included. */
  readonly beside: readonly PlannedTask[];
  /** It mends what was found and need not bring tests that fail without the change. */
  readonly mends?: boolean;
}

/**
 * Everything a commit must pass before it is integrated: its declared scope, a person's word for guarded files, tests
 * that test something which exists, and tests that fail without the change. Gives what is wrong, nothing when it may
 * come in; "blocked" when nobody answered.
 */
export async function admit(
  run: RunContext,
  work: HandedIn,
): Promise<readonly string[] | "blocked"> {
  const { deleted, untargeted } = await inspect(run, work);
  const protectedPaths = run.profile?.protected_paths ?? [];
  const { task, files: changed, beside } = work;
  const verdict = scopeVerdict({ task, changed, beside, protectedPaths, deleted });
  if (verdict.flagged.length > 0)
    await run.record(`scope ${work.dispatchId}`, {
      type: "scope-flagged",
      taskId: task.id,
      files: verdict.flagged.slice(0, 500),
      rejected: verdict.rejected,
    });
  if (verdict.rejected) return verdict.problems;
  if (verdict.approval.length > 0) {
    const approved = await approve(run, work, verdict.approval);
    if (approved !== "approved") return approved;
  }
  return untargeted.length > 0 || work.mends ? untargeted : proveTests(run, work);
}

/** What git says about the commit: files that are gone, and tests of things that do not exist. */
async function inspect(
  run: RunContext,
  work: HandedIn,
): Promise<{ deleted: readonly string[]; untargeted: readonly string[] }> {
  const { repo } = run.input.request;
  const { workspaces } = run.ports;
  return run.steps.step(`inspect ${work.dispatchId}`, async () => {
    const present = new Set(await workspaces.listFiles(repo, work.sha));
    const deleted = work.files.filter((file) => !present.has(file));
    const untargeted: string[] = [];
    for (const file of work.files) {
      if (!present.has(file) || !holdsTests(file)) continue;
      const text = await workspaces.readFile(repo, work.sha, file);
      const missing = missingTargets(file, text ?? "", present);
      if (missing.length > 0) untargeted.push(missingTargetsIn(file, missing));
    }
    return { deleted, untargeted };
  });
}

async function approve(
  run: RunContext,
  work: HandedIn,
  files: Parameters<typeof guardedQuestion>[0]["files"],
): Promise<"approved" | "blocked" | readonly string[]> {
  const { task, sha, dispatchId } = work;
  const question = guardedQuestion({ task: task.id, specialist: task.specialist, sha, files });
  const answer = await ask(run, `guarded ${dispatchId}`, { question, taskId: task.id });
  if (!answer) return block(run, unansweredGuard(task.id));
  if (answer.option !== LET_IN) return [guardedProblem(files, answer.text)];
  await run.record(`approved ${dispatchId}`, {
    type: "scope-approved",
    taskId: task.id,
    files: files.map(({ file }) => file),
    by: answer.by,
  });
  return "approved";
}
