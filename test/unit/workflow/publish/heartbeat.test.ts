import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DispatchId, RunId, TaskId } from "../../../../src/domain/ids.ts";
import { heartbeatDue } from "../../../../src/domain/run/heartbeat.ts";
import type { LedgerFact } from "../../../../src/domain/run/ledger-event.ts";
import { MemoryLedger, MemoryRuns } from "../../../../src/engine/memory/stores.ts";
import { startHeartbeats } from "../../../../src/upkeep.ts";
import { CommentPublisher } from "../../../../src/workflow/publish/status.ts";
import { REPO, RUN_STARTED, sha, soundPlan } from "../../../helpers/run-facts.ts";
import { SmallGit } from "../../../helpers/small-git.ts";
import { SmallHub } from "../../../helpers/small-hub.ts";

const ID = RunId.parse("7-12-r1");
const MINUTE = 60_000;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

const TESTER: LedgerFact = {
  type: "dispatch-started",
  dispatchId: DispatchId.parse("7-12-r1.unit.1"),
  taskId: TaskId.parse("unit"),
  role: "backend-tester",
  mode: "unit",
  phase: "testing",
  attempt: 1,
  baseSha: sha("a"),
};

beforeEach(() => vi.useFakeTimers({ now: Date.UTC(2026, 0, 1, 12, 0) }));
afterEach(() => vi.useRealTimers());

/** One ledger and one GitHub with so many replicas of the app. */
async function world(replicas = 1) {
  const ledger = new MemoryLedger();
  const runs = new MemoryRuns();
  const hub = new SmallHub(new SmallGit({}));
  const queue = { atWork: [] as string[], waiting: [] as string[], room: 0 };
  const engine = { queue: () => Promise.resolve(queue) };
  await runs.create({
    repo: REPO,
    issue: 12,
    requestedBy: "alice",
    commentKey: "7:99",
    runBranch: () => "orchestrate/12-add-an-endpoint-r1/main",
  });
  const edits: number[] = [];
  const put = hub.putComment.bind(hub);
  vi.spyOn(hub, "putComment").mockImplementation((...given) => {
    edits.push(Date.now());
    return put(...given);
  });
  const publishers = Array.from({ length: replicas }, () => {
    const options = { ledger, runs, engine, github: hub, log: silent };
    const status = new CommentPublisher({ ...options, webUrl: "http://127.0.0.1", everyMs: 5_000 });
    startHeartbeats({ ...options, status }, silent);
    return status;
  });
  let n = 0;
  async function say(...facts: LedgerFact[]): Promise<void> {
    for (const fact of facts) {
      n += 1;
      await ledger.append(ID, `k${n}`, fact);
    }
    publishers[0]?.touch(ID);
    await vi.advanceTimersByTimeAsync(10_000);
  }
  async function beats(): Promise<number> {
    return (await ledger.read(ID)).filter(({ fact }) => fact.type === "heartbeat").length;
  }
  return { ledger, runs, hub, queue, edits, say, beats };
}

const WORKING: readonly LedgerFact[] = [
  RUN_STARTED,
  { type: "plan-accepted", plan: soundPlan() },
  { type: "phase-started", phase: "testing" },
];

function comments(hub: SmallHub): string[] {
  return [...hub.comments.values()];
}

test("K2: in a long phase the one status comment is refreshed at least every 30 minutes, saying who is at work since when", async () => {
  const { hub, edits, say, beats } = await world();
  await say(...WORKING, TESTER);
  await vi.advanceTimersByTimeAsync(24 * MINUTE);
  expect(await beats()).toBe(0);
  expect(edits).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(4 * MINUTE);
  expect(comments(hub)).toEqual([
    expect.stringMatching(
      /\nNobody has to do anything\. Still at work at 12:2\d UTC: backend-tester \(unit\) for 2[5-9] min\.\n/,
    ),
  ]);
  await vi.advanceTimersByTimeAsync(8 * 60 * MINUTE);
  const gaps = edits.slice(1).map((at, index) => at - (edits[index] ?? 0));
  expect(Math.max(...gaps)).toBeLessThan(30 * MINUTE);
  expect(gaps).toHaveLength(await beats());
  expect(await beats()).toBeLessThanOrEqual(20);
  expect(comments(hub)).toHaveLength(1);
  await say({ type: "note", text: "done" });
  expect(comments(hub).join()).not.toContain("Still at work");
});

test("K2: a step of the host that takes long is said, too", async () => {
  const { hub, say } = await world();
  await say(...WORKING);
  await vi.advanceTimersByTimeAsync(28 * MINUTE);
  expect(comments(hub).join()).toMatch(/: a step of the host for 2[5-9] min\.\n/);
});

test("K2: two replicas append one heartbeat for each silence", async () => {
  const one = await world();
  await one.say(...WORKING, TESTER);
  const two = await world(2);
  await two.say(...WORKING, TESTER);
  await vi.advanceTimersByTimeAsync(5 * 60 * MINUTE);
  expect(await two.beats()).toBe(await one.beats());
  expect(await two.beats()).toBeGreaterThanOrEqual(10);
});

test("K2: a run that waits, waits for a place, or has ended makes no heartbeat", async () => {
  const paused: LedgerFact = { type: "waiting", wait: { for: "paused", detail: "bob" } };
  const ended: LedgerFact = { type: "run-failed", reason: "the disk is full" };
  for (const last of [paused, ended]) {
    const { say, beats } = await world();
    await say(...WORKING, last);
    await vi.advanceTimersByTimeAsync(60 * MINUTE);
    expect(await beats(), last.type).toBe(0);
  }
  const queued = await world();
  queued.queue.waiting.push("7-12-r1.unit.1");
  await queued.say(...WORKING);
  await vi.advanceTimersByTimeAsync(60 * MINUTE);
  expect(await queued.beats()).toBe(0);
});

test("K2: a run that hangs does not fill its ledger with heartbeats", async () => {
  const ledger = new MemoryLedger();
  for (const [n, fact] of [...WORKING, TESTER].entries()) await ledger.append(ID, `k${n}`, fact);
  for (let silence = 0; silence < 200; silence += 1) {
    vi.setSystemTime(Date.now() + 26 * MINUTE);
    const due = heartbeatDue(await ledger.read(ID), Date.now());
    if (due) await ledger.append(ID, due.key, due.fact);
  }
  expect(await ledger.read(ID)).toHaveLength(WORKING.length + 1 + 96);
  await ledger.append(ID, "news", { type: "note", text: "on it goes" });
  vi.setSystemTime(Date.now() + 26 * MINUTE);
  expect(heartbeatDue(await ledger.read(ID), Date.now())).toBeDefined();
});

test("K2: a run that works again after its end has heartbeats, although its row is closed", async () => {
  const { runs, say, beats, hub } = await world();
  await say(...WORKING, { type: "run-completed", sha: sha("a"), summary: "Done" });
  await runs.end(ID);
  await say({ type: "reopened", by: "bob", reason: "a review", phases: [] }, TESTER);
  await vi.advanceTimersByTimeAsync(28 * MINUTE);
  expect(await beats()).toBe(1);
  expect(comments(hub).join()).toContain("Still at work");
});
