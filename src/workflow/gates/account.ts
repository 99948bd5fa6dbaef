import { worthALook } from "../../domain/gate/guarded.ts";
import { testCounts, testFileChanges } from "../../domain/gate/test-proof.ts";
import type { Sha } from "../../domain/ids.ts";
import { addedLines, countRequirements } from "../../domain/plan/counting.ts";
import type { LedgerFact } from "../../domain/run/ledger-event.ts";
import type { RunContext } from "../context.ts";
import { baseline } from "./verify.ts";

/** Larger diffs are counted up to here. */
const DIFF_BYTES = 8_000_000;
const FILES_KEPT = 500;

/**
 * What the whole change came to on a commit that was verified: its tests before and after, what it did to test files,
 * files that people should look at, and what requirements ask for by number. Recorded for the report.
 */
export async function account(run: RunContext, sha: Sha): Promise<void> {
  const before = testCounts(await baseline(run));
  const own = run.view.evidence.map(({ evidence }) => evidence);
  const after = testCounts(own.filter((item) => item.sha === sha));
  const range = { base: run.base, head: sha };
  const time = run.nextOrderKey();
  const facts = await run.steps.step(`account for ${sha} ${time}`, async () => {
    const { workspaces } = run.ports;
    const { repo } = run.input.request;
    const changed = withoutPlan(run, await workspaces.changedFiles(repo, range));
    const files = testFileChanges({
      baseFiles: await workspaces.listFiles(repo, range.base),
      headFiles: await workspaces.listFiles(repo, sha),
      changed,
    });
    const looked = changed.filter(worthALook).slice(0, FILES_KEPT);
    const made: LedgerFact[] = [
      {
        type: "tests-compared",
        sha,
        before,
        after,
        added: files.added.slice(0, FILES_KEPT),
        changed: files.changed.slice(0, FILES_KEPT),
        deleted: files.deleted.slice(0, FILES_KEPT),
      },
      { type: "worth-a-look", sha, files: looked },
    ];
    if (!run.view.plan?.requirements.some(({ count }) => count !== undefined)) return made;
    const diff = await workspaces.diff(repo, { ...range, maxBytes: DIFF_BYTES });
    const added = addedLines(diff, run.view.planDocument?.path);
    return [...made, ...countRequirements(run.view, { added, files: changed })];
  });
  await run.record(`account ${time}`, ...facts);
}

/** Files of a change without the run's own plan document, which the host writes: it proves and touches nothing. */
export function withoutPlan(run: RunContext, files: readonly string[]): string[] {
  return files.filter((file) => file !== run.view.planDocument?.path);
}
