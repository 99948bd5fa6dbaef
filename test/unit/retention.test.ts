import { describe, expect, test } from "vitest";
import { statusReport } from "../../src/domain/status-schema.ts";
import { ManualClock } from "../../src/engine/clock.ts";
import { MemoryDeliveries } from "../../src/engine/memory/records.ts";
import { type KeepDays, Retention, type RetentionParts } from "../../src/retention.ts";
import { ControlBench, GRANT } from "../helpers/control-bench.ts";
import { RUN_BRANCH, RUN_KEY } from "../helpers/play-run.ts";
import { REQUEST } from "../helpers/small-world.ts";

const DAY = 24 * 3_600_000;
const DAYS: KeepDays = { workflows: 10, branches: 20, ledger: 40 };

/** A finished run, what clears its leftovers, and the only clock that both have. */
async function finished(days: KeepDays = DAYS, standbyDays = 0) {
  const clock = new ManualClock();
  const bench = new ControlBench({ engine: { clock }, limits: { standbyDays } });
  const { world, engine, control } = bench;
  world.clock = clock;
  await engine.launch();
  const completed = world.reached("run-completed");
  await control.start(GRANT, REQUEST);
  await completed;
  if (standbyDays === 0) await engine.ended(RUN_KEY);
  const deliveries = new MemoryDeliveries(clock);
  const removed: string[] = [];
  const parts: RetentionParts = {
    engine,
    runs: world.runs,
    ledger: world.ledger,
    deliveries,
    workspaces: {
      removeBranch: (repo, gone) => world.git.removeBranch(repo, gone),
      removeRun: (runId) => Promise.resolve(void removed.push(runId)),
    },
    github: world.hub,
    log: { info() {}, warn() {}, error() {} },
    days,
  };
  const retention = new Retention(parts);
  async function after(moreDays: number): Promise<void> {
    await clock.advance(moreDays * DAY);
    await retention.round(clock.now());
  }
  return { bench, world, engine, control, deliveries, removed, after };
}

/** Branches of tasks that are still there. */
function taskBranches(branches: ReadonlyMap<string, string>): string[] {
  return [...branches.keys()].filter(
    (name) => name.startsWith("orchestrate/") && name !== RUN_BRANCH,
  );
}

describe("K7: what ended runs leave behind is cleared by policy", () => {
  test("K7, A2, R6: workflow, branches and ledger go when their time is over; the command that comes again starts nothing", async () => {
    const { bench, world, engine, control, removed, after } = await finished();
    await using _closed = bench;
    const view = await world.view();
    const dispatched = [...world.dispatched];
    await after(9);
    expect([await engine.state(RUN_KEY), removed]).toEqual(["succeeded", []]);
    await after(2);
    expect([await engine.state(RUN_KEY), removed]).toEqual([undefined, [RUN_KEY]]);
    expect(await engine.state(`${RUN_KEY}.handler.1`)).toBeUndefined();
    expect(taskBranches(world.git.branches).length).toBeGreaterThan(3);
    expect(await control.start(GRANT, REQUEST)).toEqual({ kind: "started", runId: RUN_KEY });
    await after(10);
    expect(taskBranches(world.git.branches)).toEqual([]);
    expect(world.git.branches.get(RUN_BRANCH)).toBe(view.headSha);
    expect(await world.ledger.lastReport(view.runId)).toBeUndefined();
    await after(20);
    expect(await world.ledger.lastReport(view.runId)).toMatchObject({
      status: statusReport(view),
      details: { run: RUN_KEY, head_sha: view.headSha },
    });
    expect(await world.view()).toEqual(view);
    expect(await control.start(GRANT, REQUEST)).toEqual({ kind: "started", runId: RUN_KEY });
    expect(await engine.state(RUN_KEY)).toBeUndefined();
    expect(world.dispatched).toEqual(dispatched);
    expect((await world.runs.latest(7, 12))?.n).toBe(1);
  });

  test("K7: a branch that somebody pushed to, or has a pull request open from, stays", async () => {
    const { bench, world, after } = await finished();
    await using _closed = bench;
    const [pushed = "", proposed = "", ...others] = taskBranches(world.git.branches);
    expect(others.length).toBeGreaterThan(1);
    const tip = world.git.branches.get(pushed);
    const newer = world.git.commit(tip === undefined ? [] : [tip], { "person.js": "x" });
    world.git.branches.set(pushed, newer);
    world.pulls.push({ number: 900, head: proposed, draft: false });
    await after(21);
    expect(taskBranches(world.git.branches)).toEqual([pushed, proposed]);
    world.pulls.pop();
    await after(0.5);
    expect(taskBranches(world.git.branches)).toEqual([pushed, proposed]);
    await after(0.5);
    expect(taskBranches(world.git.branches)).toEqual([pushed]);
  });

  test("K7: a run that stands by keeps everything until it does so no more; 0 days keep for ever", async () => {
    const standing = await finished(DAYS, 60);
    await standing.after(50);
    expect(await standing.engine.state(RUN_KEY)).toBe("running");
    expect(taskBranches(standing.world.git.branches).length).toBeGreaterThan(3);
    await standing.after(11);
    expect(await standing.engine.state(RUN_KEY)).toBeUndefined();
    expect(taskBranches(standing.world.git.branches)).toEqual([]);
    await standing.bench[Symbol.asyncDispose]();
    const kept = await finished({ workflows: 0, branches: 0, ledger: 0 });
    await kept.after(4_000);
    expect(await kept.engine.state(RUN_KEY)).toBe("succeeded");
    expect(taskBranches(kept.world.git.branches).length).toBeGreaterThan(3);
    await kept.bench[Symbol.asyncDispose]();
  });
});
