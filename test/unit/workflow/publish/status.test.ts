import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LaterError, UnreachableError, WorldError } from "../../../../src/domain/failure.ts";
import { RunId } from "../../../../src/domain/ids.ts";
import type { LedgerFact } from "../../../../src/domain/run/ledger-event.ts";
import type { QueueState } from "../../../../src/domain/run/queue.ts";
import { MemoryLedger, MemoryRuns } from "../../../../src/engine/memory/stores.ts";
import { CommentPublisher } from "../../../../src/workflow/publish/status.ts";
import { RUN_STARTED, sha, soundPlan } from "../../../helpers/run-facts.ts";
import { SmallGit } from "../../../helpers/small-git.ts";
import { SmallHub } from "../../../helpers/small-hub.ts";

const ID = RunId.parse("7-12-r1");
const BRANCH = RUN_STARTED.type === "run-started" ? RUN_STARTED.runBranch : "";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function bench() {
  const ledger = new MemoryLedger();
  const hub = new SmallHub(new SmallGit({}));
  const warnings: string[] = [];
  const queue: Writable<QueueState> = { atWork: [], waiting: [], room: 0 };
  const publisher = new CommentPublisher({
    ledger,
    github: hub,
    runs: new MemoryRuns(),
    engine: { queue: () => Promise.resolve(queue) },
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
  return { hub, ledger, publisher, queue, say, warnings };
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
  expect(warnings).toEqual(["cannot update the check run now; it is tried again"]);
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

/** The status comment's first visible line and the paragraph below it. */
function shown(hub: SmallHub): string[] {
  const comment = [...hub.comments].find(([key]) => key.includes("orchestrate:status:"))?.[1];
  const [, state = "", , wanted = ""] = (comment ?? "").split("\n");
  return [state, wanted];
}

test("G6, U1: a queued run says its place and what is before it, renewed within seconds, without one edit too many", async () => {
  const { hub, say, publisher, queue } = bench();
  const put = vi.spyOn(hub, "putComment");
  queue.atWork = ["7-3-r1.plan.1"];
  queue.waiting = ["7-4-r1.plan.1", "7-5-r1.plan.1", "7-12-r1.plan.1"];
  publisher.touch(ID, "stay");
  await say(RUN_STARTED);
  await vi.advanceTimersByTimeAsync(10);
  expect(shown(hub)).toEqual([
    "### 🕒 Queued: 3rd of 3 waiting in this repository, 1 at work",
    "Nobody has to do anything: it goes on by itself when its turn comes. At work now: `#3`. Before it: `#4` and `#5`. Whoever has several runs here lets the first ones of others pass.",
  ]);
  // Nothing changes: nothing is edited.
  await vi.advanceTimersByTimeAsync(60_000);
  expect(put).toHaveBeenCalledTimes(1);
  // Its place changes every second: it is edited every five.
  for (let second = 0; second < 20; second += 1) {
    queue.waiting = [...(second % 2 === 0 ? [] : ["7-5-r1.plan.1"]), "7-12-r1.plan.1"];
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(put.mock.calls.length).toBeLessThanOrEqual(5);
  queue.waiting = ["7-12-r1.plan.1"];
  await vi.advanceTimersByTimeAsync(10_000);
  expect(shown(hub)[0]).toBe("### 🕒 Queued: 1st of 1 waiting in this repository, 1 at work");
  queue.atWork = ["7-12-r1.plan.1"];
  queue.waiting = [];
  await vi.advanceTimersByTimeAsync(10_000);
  expect(shown(hub)[0]).toBe("### 🧭 Planning");
  await publisher.close();
});

test("F08, F09, K5: an edit that fails is tried again by itself, not before GitHub allows it, until the comment is true", async () => {
  const { hub, say, publisher, warnings } = bench();
  const failures = [
    new UnreachableError("GitHub does not answer"),
    new UnreachableError("GitHub does not answer"),
    new LaterError("wait", new Date(Date.now() + 600_000).toISOString()),
    new Error("the database is away"),
  ];
  const put = hub.putComment.bind(hub);
  const times: number[] = [];
  vi.spyOn(hub, "putComment").mockImplementation((...given) => {
    times.push(Date.now());
    const failure = failures.shift();
    return failure ? Promise.reject(failure) : put(...given);
  });
  const began = Date.now();
  await say(RUN_STARTED, { type: "run-failed", reason: "the disk is full" });
  await vi.advanceTimersByTimeAsync(599_000);
  expect(times).toHaveLength(3);
  expect(hub.comments.size).toBe(0);
  await vi.advanceTimersByTimeAsync(30 * 60_000);
  expect(shown(hub)[0]).toBe("### ❌ Failed: this run ended without a result");
  expect(times.filter((at) => at < began + 600_000)).toHaveLength(3);
  expect(times).toHaveLength(5);
  expect(warnings).toEqual(
    Array(4).fill("cannot update the status comment now; it is tried again"),
  );
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(times).toHaveLength(5);
  await publisher.close();
});

test("F20: a comment that GitHub refuses for good is not asked for again before there is something new to say", async () => {
  const { hub, say, publisher, warnings } = bench();
  const refused = new WorldError("The conversation is locked", "stop");
  const put = vi.spyOn(hub, "putComment").mockRejectedValue(refused);
  await say(RUN_STARTED);
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(put).toHaveBeenCalledTimes(1);
  expect(warnings).toEqual(["cannot update the status comment now; the next fact tries again"]);
  await say({ type: "note", text: "new" });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(put).toHaveBeenCalledTimes(2);
  await publisher.close();
});

test("G6: a replica that does not carry the run on leaves its place to the one that does", async () => {
  const { hub, say, publisher, queue } = bench();
  const put = vi.spyOn(hub, "putComment");
  queue.atWork = ["7-3-r1.plan.1"];
  queue.waiting = ["7-4-r1.plan.1", "7-12-r1.plan.1"];
  await say(RUN_STARTED);
  await vi.advanceTimersByTimeAsync(10);
  queue.waiting = ["7-12-r1.plan.1"];
  await vi.advanceTimersByTimeAsync(60_000);
  expect(put).toHaveBeenCalledTimes(1);
  publisher.touch(ID, "stay");
  await vi.advanceTimersByTimeAsync(10_000);
  expect(shown(hub)[0]).toBe("### 🕒 Queued: 1st of 1 waiting in this repository, 1 at work");
  await publisher.close();
});
