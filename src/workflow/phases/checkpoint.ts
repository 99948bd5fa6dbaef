import { checkpointQuestion } from "../../domain/plan/supplied-plan.ts";
import type { Due } from "../../domain/run/batches.ts";
import type { RunView } from "../../domain/run/run.ts";
import { doneLine, stoppedAtCheckpoint, verifiedWords } from "../../reports/supplied-words.ts";
import type { RunContext } from "../context.ts";
import { verify } from "../gates/verify.ts";
import { ask, block } from "../people/escalate.ts";
import { hear } from "../people/heed.ts";
import { approvalSetting } from "../planning/approve-plan.ts";
import { planRestAnew } from "../planning/rest-anew.ts";

type Checks = RunView["checkpoints"][number]["verified"];

/**
 * Between two batches of a supplied plan: what the host verified is put before a person, who lets the run go on, has
 * the rest of the plan read anew, or stops. Nobody is asked after the last batch, which the tests and reviews follow,
 * nor where plans need no approval and everything is green; the checkpoint stands in the ledger all the same.
 */
export async function holdCheckpoint(run: RunContext, due: Due): Promise<"go on" | "blocked"> {
  const { batch, of } = due;
  const time = run.nextOrderKey();
  if (checksOn(run).length === 0) await verify(run, run.head, `checkpoint ${batch} ${time}`);
  const verified = checksOn(run);
  const sha = run.head;
  if (needsNobody(run, due, verified)) return pass(run, { ...due, verified, sha });
  const done = [
    ...due.tasks.map(({ task, sha: at }) => doneLine(task.title, at)),
    doneLine(verifiedWords(verified), sha),
  ];
  const question = checkpointQuestion({ batch, of, done });
  const answer = await ask(run, `checkpoint ${batch} ${time}`, { question });
  if (!answer || answer.option === "c")
    return block(run, stoppedAtCheckpoint({ batch, of, ...(answer && { by: answer.by }) }));
  const { by, text, option } = answer;
  if (option === undefined || text.includes(": "))
    await hear(run, { by, text }, `checkpoint ${batch} ${time}`);
  // Only the letter lets the plan go on as it is; whatever else is said may change it.
  if (option !== "a" && (await planRestAnew(run)) === "blocked") return "blocked";
  return pass(run, { ...due, verified, sha, by });
}

function needsNobody(run: RunContext, { batch, of }: Due, verified: Checks): boolean {
  if (batch === of) return true;
  return approvalSetting(run) === "never" && verified.every(({ exitCode }) => exitCode === 0);
}

async function pass(
  run: RunContext,
  at: { batch: number; of: number; sha: RunView["headSha"]; verified: Checks; by?: string },
): Promise<"go on"> {
  const { batch, of, sha, verified, by } = at;
  await run.record(`checkpoint ${batch} passed ${run.nextOrderKey()}`, {
    type: "checkpoint-passed",
    batch,
    of,
    sha,
    verified: [...verified],
    ...(by === undefined ? {} : { by }),
  });
  return "go on";
}

/** The latest run of each command on the present head. */
function checksOn(run: RunContext): Checks {
  const latest = new Map<string, Checks[number]>();
  for (const { evidence } of run.view.evidence) {
    const { command, cwd, exitCode, tests, sha } = evidence;
    if (sha !== run.head) continue;
    const counted = tests === undefined ? {} : { passed: tests.passed };
    latest.set(`${cwd} ${command}`, { command, exitCode, ...counted });
  }
  return [...latest.values()];
}
