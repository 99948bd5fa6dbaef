import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RunId } from "../../../../src/domain/ids.ts";
import type { LedgerFact } from "../../../../src/domain/run/ledger-event.ts";
import { MemoryLedger, MemoryRuns } from "../../../../src/engine/memory/stores.ts";
import { CommentPublisher } from "../../../../src/workflow/publish/status.ts";
import { RUN_STARTED, sha, soundPlan } from "../../../helpers/run-facts.ts";
import { SmallGit } from "../../../helpers/small-git.ts";
import { SmallHub } from "../../../helpers/small-hub.ts";

const ID = RunId.parse("7-12-r1");
const BRANCH = RUN_STARTED.type === "run-started" ? RUN_STARTED.runBranch : "";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function bench() {
  const ledger = new MemoryLedger();
  const hub = new SmallHub(new SmallGit({}));
  const warnings: string[] = [];
  const publisher = new CommentPublisher({
    ledger,
    github: hub,
    runs: new MemoryRuns(),
    log: {
      info: () => undefined,
      warn: (_fields, message) => void warnings.push(message),
      error: () => undefined,
    },
    webUrl: "http://127.0.0.1",
    everyMs: 5_000,
  });
  let n = 0;
  async function say(...facts: LedgerFact[]): Promise<void> {
    for (const fact of facts) {
      n += 1;
      await ledger.append(ID, `k${n}`, fact);
      publisher.touch(ID);
    }
  }
  return { hub, publisher, say, warnings };
}

const OPENED: readonly LedgerFact[] = [
  RUN_STARTED,
  { type: "plan-accepted", plan: soundPlan() },
  { type: "branch-pushed", branch: BRANCH, sha: sha("a") },
  { type: "pull-request-opened", number: 14, url: "http://127.0.0.1/p", draft: true },
];

function phase(name: "testing" | "quality"): LedgerFact {
  return { type: "phase-started", phase: name };
}

test("T5, U1: the check run is created with the pull request and follows at most every 15 s; an end shows at once", async () => {
  const { hub, say, publisher } = bench();
  await say(...OPENED);
  await vi.advanceTimersByTimeAsync(100);
  expect(hub.checkRuns.map(({ status }) => status)).toEqual(["in_progress"]);
  for (const name of ["testing", "quality", "testing", "quality"] as const) {
    await say(phase(name));
    await vi.advanceTimersByTimeAsync(3_000);
  }
  expect(hub.checkRuns).toHaveLength(1);
  // Nothing more is said, and still the last state is shown.
  await vi.advanceTimersByTimeAsync(15_000);
  expect(hub.checkRuns.at(-1)?.summary).toContain("| quality | running |");
  expect(hub.checkRuns).toHaveLength(2);
  await say({ type: "run-completed", sha: sha("a"), summary: "done" });
  await publisher.flush(ID);
  expect(hub.checkRuns.at(-1)).toMatchObject({ status: "completed", conclusion: "success" });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(hub.checkRuns).toHaveLength(3);
});

test("T5: a check run that GitHub refuses does not keep the comment from telling", async () => {
  const { hub, say, publisher, warnings } = bench();
  hub.putCheckRun = () => Promise.reject(new Error("no permission"));
  await say(...OPENED);
  await publisher.flush(ID);
  expect([...hub.comments.keys()]).toEqual([
    "14 orchestrate:status:7-12-r1",
    "12 orchestrate:status:7-12-r1",
  ]);
  expect(warnings).toEqual(["cannot update the check run now"]);
});

test("U1: after its end, too, a run's comment is edited at most every 5 s", async () => {
  const { hub, say, publisher } = bench();
  const put = vi.spyOn(hub, "putComment");
  await say(...OPENED, { type: "run-completed", sha: sha("a"), summary: "Done" });
  await publisher.flush(ID);
  put.mockClear();
  for (const text of ["one", "two", "three"]) {
    await say({ type: "note", text });
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(put).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(put).toHaveBeenCalledTimes(1);
  await publisher.close();
});
