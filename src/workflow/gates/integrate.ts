import { commitMessage } from "../../domain/commit-message.ts";
import type { Sha, TaskId } from "../../domain/ids.ts";
import type { LedgerEvent } from "../../domain/run/ledger-event.ts";
import type { RunContext } from "../context.ts";
import { adopt } from "./adopt.ts";

export type Integration =
  | { readonly kind: "integrated"; readonly sha: Sha }
  | { readonly kind: "conflict"; readonly files: readonly string[] }
  | { readonly kind: "moved"; readonly actual: Sha | undefined };

interface Work {
  readonly taskId: TaskId;
  readonly branch: string;
  readonly sha: Sha;
  readonly title: string;
}

/** So often somebody else may push at the very moment at which we do. */
const TRIES = 3;

/**
 * Merges a task's commit onto the run branch and pushes it. A conflict pushes nothing. What somebody else pushed to the
 * run branch meanwhile is adopted and merged onto; only a branch that lost our commits is left as it is.
 */
export async function integrate(run: RunContext, work: Work): Promise<Integration> {
  for (let tries = 1; ; tries++) {
    const outcome = await integrateOnce(run, work);
    if (outcome.kind !== "moved" || tries === TRIES) return outcome;
    const taken = await adopt(run, "somebody");
    if (taken.kind === "lost") return outcome;
  }
}

async function integrateOnce(run: RunContext, work: Work): Promise<Integration> {
  const { taskId, branch, sha, title } = work;
  const { runBranch, request, runId } = run.input;
  const onto = run.head;
  const expected = run.view.branches.get(runBranch);
  const outcome = await run.steps.step(`integrate ${taskId}`, async () => {
    const merged = await run.ports.workspaces.merge(request.repo, {
      onto,
      head: sha,
      message: commitMessage({ subject: `Integrate ${taskId}: ${title}`, runId }),
    });
    if (merged.kind === "conflict")
      return { result: merged, events: await conflict(run, work, merged.files) };
    const pushed = await run.ports.workspaces.push(request.repo, {
      branch: runBranch,
      sha: merged.sha,
      expected,
    });
    if (pushed.kind === "refused") throw new Error(`Cannot push ${runBranch}: ${pushed.reason}.`);
    if (pushed.kind === "moved") return { result: pushed, events: [] };
    return {
      result: { kind: "integrated" as const, sha: merged.sha },
      events: await integrated(run, { ...work, branch }, merged.sha),
    };
  });
  run.adopt(outcome.events);
  return outcome.result;
}

async function conflict(
  run: RunContext,
  work: Work,
  files: readonly string[],
): Promise<LedgerEvent[]> {
  const { taskId, branch, sha } = work;
  const fact = { type: "integration-conflict" as const, taskId, branch, files: [...files] };
  return [
    await run.ports.ledger.append(run.input.runId, `integrate/${taskId}/${sha}/conflict`, fact),
  ];
}

async function integrated(run: RunContext, work: Work, head: Sha): Promise<LedgerEvent[]> {
  const { ledger } = run.ports;
  const { runId, runBranch } = run.input;
  const key = `integrate/${work.taskId}/${work.sha}`;
  const merged = await ledger.append(runId, key, {
    type: "integrated",
    taskId: work.taskId,
    branch: work.branch,
    sha: head,
  });
  const pushed = await ledger.append(runId, `${key}/pushed`, {
    type: "branch-pushed",
    branch: runBranch,
    sha: head,
  });
  run.ports.status.touch(runId);
  return [merged, pushed];
}
