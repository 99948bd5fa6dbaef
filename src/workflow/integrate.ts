import type { Sha, TaskId } from "../domain/ids.ts";
import type { LedgerEvent } from "../domain/ledger-event.ts";
import type { RunContext } from "./context.ts";

export type Integration =
  | { readonly kind: "integrated"; readonly sha: Sha }
  | { readonly kind: "conflict"; readonly files: readonly string[] }
  | { readonly kind: "moved"; readonly actual: Sha | undefined };

/**
 * Merges a task's commit onto the run branch and pushes it. A conflict pushes nothing. A run branch that somebody
 * else moved is left as it is.
 */
export async function integrate(
  run: RunContext,
  work: { taskId: TaskId; branch: string; sha: Sha; title: string },
): Promise<Integration> {
  const { taskId, branch, sha, title } = work;
  const { runBranch, request } = run.input;
  const onto = run.head;
  const expected = run.view.branches.get(runBranch);
  const outcome = await run.steps.step(`integrate ${taskId}`, async () => {
    const merged = await run.ports.workspaces.merge(request.repo, {
      onto,
      head: sha,
      message: `Integrate ${taskId}: ${title}`,
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
  work: { taskId: TaskId; branch: string; sha: Sha },
  files: readonly string[],
): Promise<LedgerEvent[]> {
  const { taskId, branch, sha } = work;
  const fact = { type: "integration-conflict" as const, taskId, branch, files: [...files] };
  return [
    await run.ports.ledger.append(run.input.runId, `integrate/${taskId}/${sha}/conflict`, fact),
  ];
}

async function integrated(
  run: RunContext,
  work: { taskId: TaskId; branch: string; sha: Sha },
  head: Sha,
): Promise<LedgerEvent[]> {
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
