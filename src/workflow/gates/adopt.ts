import type { Sha } from "../../domain/ids.ts";
import type { LedgerEvent } from "../../domain/run/ledger-event.ts";
import type { RunContext } from "../context.ts";

/** What became of the run branch: `same` is our own head, `lost` is a branch that does not hold our commits any more. */
export type Adoption =
  | { readonly kind: "adopted" | "same" }
  | { readonly kind: "lost"; readonly actual: Sha | undefined };

/**
 * Takes over what somebody else pushed to the run branch, when it continues our work: from then on it is the run's
 * head. A branch that was deleted or that leaves our commits out is left as it is, and is lost to the run.
 */
export async function adopt(run: RunContext, by: string): Promise<Adoption> {
  const { request, runBranch, runId } = run.input;
  const { workspaces, ledger, status } = run.ports;
  const head = run.head;
  const found = await run.steps.step(`look at the run branch ${run.nextOrderKey()}`, async () => {
    const actual = await workspaces.fetchBranch(request.repo, runBranch);
    if (actual === head) return { kind: "same" as const };
    if (actual === undefined) return { kind: "lost" as const, actual };
    const merged = await workspaces.merge(request.repo, {
      onto: head,
      head: actual,
      message: `Compare ${runBranch}`,
    });
    const continues = merged.kind === "merged" && merged.sha === actual;
    if (!continues) return { kind: "lost" as const, actual };
    const fact = { type: "adopted" as const, branch: runBranch, sha: actual, by };
    const event: LedgerEvent = await ledger.append(runId, `adopt/${actual}`, fact);
    status.touch(runId);
    return { kind: "adopted" as const, event };
  });
  if (found.kind === "lost") return { kind: "lost", actual: found.actual };
  if (found.kind === "adopted") run.adopt([found.event]);
  return { kind: found.kind };
}
