import { passed } from "../../domain/gate/evidence.ts";
import { isTestFile } from "../../domain/gate/test-files.ts";
import { proofOf, type TestProof, vacuousTests } from "../../domain/gate/test-proof.ts";
import type { Sha, TaskId } from "../../domain/ids.ts";
import type { PlannedTask } from "../../domain/plan/plan.ts";
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
  if (!isTester(task)) return [];
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

/**
 * The same for the tests that developers brought, all of them in one run of the suite on the base, once the head is
 * verified: each task's proof is recorded for the report. Nobody is sent back for it; a developer's test may well guard
 * what was there before.
 */
export async function proveDevelopersTests(run: RunContext, sha: Sha): Promise<void> {
  const owed = broughtByDevelopers(run);
  if (owed.length === 0) return;
  const files = [...new Set(owed.flatMap((one) => one.files))];
  const time = run.nextOrderKey();
  const proofs = await tried(run, { sha, files, whose: `developers-${time}` }, (runs) =>
    owed.map(({ files: own }) => {
      const testFiles = own.filter((file) => runs.testFiles.includes(file));
      return proofOf({ ...runs, testFiles });
    }),
  );
  const { baseSha } = run.view.started;
  const facts = owed.flatMap(({ taskId }, index) => {
    const proof = proofs[index];
    return proof ? [{ type: "test-proof" as const, taskId, ...proof, baseSha, sha }] : [];
  });
  await run.record(`proofs ${time}`, ...facts);
}

/** Test files of accepted writers who are no testers, for tasks that have no proof yet. */
function broughtByDevelopers(run: RunContext): { taskId: TaskId; files: string[] }[] {
  const proven = new Set(run.view.proofs.map(({ taskId }) => taskId));
  return run.view.tasks.flatMap(({ task, state }) => {
    if (state !== "accepted" || proven.has(task.id) || isTester(task)) return [];
    const ended = run.facts.findLast(
      (fact) => fact.type === "dispatch-ended" && fact.taskId === task.id && fact.headSha,
    );
    const files = ended?.type === "dispatch-ended" ? ended.files.filter(isTestFile) : [];
    return files.length === 0 ? [] : [{ taskId: task.id, files }];
  });
}

function isTester({ mode }: PlannedTask): boolean {
  return TestMode.options.some((one) => one === mode);
}

function tryWithoutChange(run: RunContext, work: HandedIn): Promise<TestProof> {
  const { sha, files, dispatchId } = work;
  return tried(run, { sha, files, whose: dispatchId }, proofOf);
}

/** Judges the suite of the base with those of the files that are tests laid over it, run where it can show anything. */
async function tried<T>(
  run: RunContext,
  of: { readonly sha: Sha; readonly files: readonly string[]; readonly whose: string },
  judge: (runs: Parameters<typeof proofOf>[0]) => T,
): Promise<T> {
  const { workspaces } = run.ports;
  const { sha, files, whose } = of;
  const { runId, request } = run.input;
  const { baseSha } = run.view.started;
  const onBase = await baseline(run);
  return run.steps.step(`prove the tests of ${whose}`, async (signal) => {
    const present = new Set(await workspaces.listFiles(request.repo, sha));
    const testFiles = files.filter((file) => isTestFile(file) && present.has(file));
    const range = { base: baseSha, head: sha };
    const changed = withoutPlan(run, await workspaces.changedFiles(request.repo, range));
    const production = changed.filter((file) => !isTestFile(file));
    const runs = { onBase, testFiles, production };
    // Without a green base and something to leave out, a run would say nothing.
    if (testFiles.length === 0 || production.length === 0 || !onBase.every(passed))
      return judge({ ...runs, withTests: [] });
    const commands = await baseSuite(run);
    if (commands.length === 0) return judge({ ...runs, withTests: [] });
    const overlay = { sha, files: testFiles };
    const suite = { runId, sha: baseSha, commands, overlay, signal };
    return judge({ ...runs, withTests: await workspaces.run(request.repo, suite) });
  });
}
