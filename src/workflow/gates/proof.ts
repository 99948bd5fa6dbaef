import { passed } from "../../domain/gate/evidence.ts";
import { isTestFile } from "../../domain/gate/test-files.ts";
import { proofOf, type TestProof, vacuousTests } from "../../domain/gate/test-proof.ts";
import { TestMode } from "../../domain/specialist/results.ts";
import type { RunContext } from "../context.ts";
import { withoutPlan } from "./account.ts";
import type { HandedIn } from "./admit.ts";
import { baseSuite } from "./commands.ts";
import { baseline } from "./verify.ts";

/**
 * Runs a tester's new tests on the base of the run, without the change: there they have to fail. Records what came
 * out; gives what the tester is told when they pass, and nothing otherwise.
 */
export async function proveTests(run: RunContext, work: HandedIn): Promise<readonly string[]> {
  const { sha, dispatchId, task } = work;
  if (!TestMode.options.some((mode) => mode === task.mode)) return [];
  const proof = await tryWithoutChange(run, work);
  await run.record(`proof ${dispatchId}`, {
    type: "test-proof",
    taskId: task.id,
    ...proof,
    baseSha: run.view.started.baseSha,
    sha,
  });
  return proof.kind === "passes-without" ? [vacuousTests(work.files.filter(isTestFile))] : [];
}

async function tryWithoutChange(run: RunContext, work: HandedIn): Promise<TestProof> {
  const { workspaces } = run.ports;
  const { sha } = work;
  const { runId, request } = run.input;
  const { baseSha } = run.view.started;
  const onBase = await baseline(run);
  return run.steps.step(`prove the tests of ${work.dispatchId}`, async (signal) => {
    const present = new Set(await workspaces.listFiles(request.repo, sha));
    const testFiles = work.files.filter((file) => isTestFile(file) && present.has(file));
    const range = { base: baseSha, head: sha };
    const changed = withoutPlan(run, await workspaces.changedFiles(request.repo, range));
    const production = changed.filter((file) => !isTestFile(file));
    const tried = { onBase, testFiles, production };
    // Without a green base and something to leave out, a run would say nothing.
    if (testFiles.length === 0 || production.length === 0 || !onBase.every(passed))
      return proofOf({ ...tried, withTests: [] });
    const commands = await baseSuite(run);
    if (commands.length === 0) return proofOf({ ...tried, withTests: [] });
    const overlay = { sha, files: testFiles };
    const withTests = await workspaces.run(request.repo, {
      runId,
      sha: baseSha,
      commands,
      overlay,
      signal,
    });
    return proofOf({ ...tried, withTests });
  });
}
