import type { Sha } from "../../domain/ids.ts";
import { addedLines } from "../../domain/plan/counting.ts";
import { securityReviewOwed } from "../../domain/plan/rules.ts";
import type { RunContext } from "../context.ts";
import { withoutPlan } from "../gates/account.ts";

const DIFF_BYTES = 2_000_000;

/**
 * Adds the security review that what was really written owes although the plan has none; it is scheduled like a planned
 * task of the quality phase. Nobody can take it out again.
 */
export async function oweSecurityReview(
  run: RunContext,
  range: { readonly base: Sha; readonly head: Sha },
): Promise<void> {
  const { plan } = run.view;
  if (!plan || run.view.tasks.some(({ scheduled }) => scheduled)) return;
  const { repo } = run.input.request;
  const document = run.view.planDocument?.path;
  const key = run.nextOrderKey();
  const owed = await run.steps.step(`is a security review owed ${key}`, async () => {
    const { workspaces } = run.ports;
    const files = withoutPlan(run, await workspaces.changedFiles(repo, range));
    const diff = await workspaces.diff(repo, { ...range, maxBytes: DIFF_BYTES });
    return securityReviewOwed(plan, { files, added: addedLines(diff, document) });
  });
  if (owed)
    await run.record(`owe ${owed.task.id}`, {
      type: "task-added",
      phase: "quality",
      task: owed.task,
      reason: owed.reason,
      scheduled: true,
    });
}
