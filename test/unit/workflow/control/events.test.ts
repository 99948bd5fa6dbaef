import { describe, expect, test } from "vitest";
import { authorise, type Grant } from "../../../../src/domain/command/permission.ts";
import { RunId, Sha } from "../../../../src/domain/ids.ts";
import { MemoryEngine } from "../../../../src/engine/memory/engine.ts";
import type { Happening } from "../../../../src/ports/control.ts";
import { otherHalves } from "../../../../src/reports/hand-off.ts";
import { Control } from "../../../../src/workflow/control/control.ts";
import { RUN } from "../../../../src/workflow/orchestrate.ts";
import { filesOf, humanPush, STAY } from "../../../helpers/follow-up.ts";
import { RUN_BRANCH, RUN_KEY } from "../../../helpers/play-run.ts";
import { REPO } from "../../../helpers/run-facts.ts";
import { goodActs, writes } from "../../../helpers/scripted-acts.ts";
import { type Act, SmallWorld } from "../../../helpers/small-world.ts";

interface Bench {
  readonly world: SmallWorld;
  readonly engine: MemoryEngine;
  readonly control: Control;
}

async function bench(acts: Record<string, Act> = {}): Promise<Bench> {
  const world = new SmallWorld({ ...goodActs(), ...acts }, STAY);
  const engine = new MemoryEngine();
  world.register(engine);
  const control = new Control({
    ...world.ports(),
    engine,
    webUrl: "http://127.0.0.1",
    wakeAgent: () => undefined,
  });
  await engine.launch();
  return { world, engine, control };
}

async function start({ world, engine }: Bench): Promise<void> {
  await engine.start(RUN, { key: RUN_KEY, input: await world.begin() });
}

function happening(change: Partial<Happening> & Pick<Happening, "kind">): Happening {
  return { repo: REPO, deliveryId: "d-1", by: "bob", pullRequest: 100, ...change } as Happening;
}

const QUESTION = {
  question: {
    text: "Which store?",
    options: [
      { key: "a", label: "memory", consequence: "simple" },
      { key: "b", label: "disk", consequence: "durable" },
    ],
    recommended: "a",
  },
} as const;

function grant(): Grant {
  const asked = { login: "bob", permission: "write", required: "write", action: "x" } as const;
  const given = authorise(asked);
  if (!given.allowed) throw new Error(given.reason);
  return given.grant;
}

describe("what happens at GitHub", () => {
  test("T1: a merge after the end ends the standby; the report says so, branches stay", async () => {
    const made = await bench();
    const { world, engine, control } = made;
    const done = world.reached("run-completed");
    await start(made);
    await done;
    const words = await control.happened(happening({ kind: "closed", merged: true }));
    expect(words).toBe(`${RUN_KEY} is over: its pull request was merged`);
    expect(await engine.ended(RUN_KEY)).toBe("succeeded");
    const view = await world.view();
    expect([view.state, view.closed]).toEqual(["complete", { merged: true, by: "bob" }]);
    expect(world.git.branches.has(RUN_BRANCH)).toBe(true);
    expect(await control.happened(happening({ kind: "closed", merged: true }))).toBeUndefined();
    await engine.close();
  });

  test("closing the pull request of a run that waits for an answer ends it at once", async () => {
    const made = await bench({ review: () => QUESTION as never });
    const { world, engine, control } = made;
    const asked = world.reached("question-asked");
    await start(made);
    await asked;
    const words = await control.happened(happening({ kind: "closed", merged: false }));
    expect(words).toBe(`${RUN_KEY} was ended: its pull request was closed`);
    expect(await engine.ended(RUN_KEY)).toBe("cancelled");
    const view = await world.view();
    expect(view.failure).toContain("cancelled by bob: closed pull request #100");
    expect(await world.runs.live(REPO.id, 12)).toBeUndefined();
    await engine.close();
  });

  test("T4: a push of ours is known as ours; one of somebody else is adopted and verified", async () => {
    const made = await bench();
    const { world, engine, control } = made;
    const done = world.reached("run-completed");
    await start(made);
    await done;
    const own = world.git.branches.get(RUN_BRANCH) ?? "";
    expect(await control.happened(happening({ kind: "pushed", sha: own }))).toBe("our own push");
    const mine = humanPush(world, "human.txt", "mine");
    const again = world.reached("run-completed");
    await control.happened(happening({ kind: "pushed", sha: mine }));
    await again;
    expect((await world.view()).headSha).toBe(mine);
    expect(filesOf(world)["human.txt"]).toBe("mine");
    await engine.close();
  });

  test("T2: a push to the base branch is told to the runs on it that have a pull request and live", async () => {
    const made = await bench({ base: writes("src/handler.js", "both") });
    const { world, engine, control } = made;
    const done = world.reached("run-completed");
    await start(made);
    await done;
    const main = Sha.parse(world.git.branches.get("main"));
    const moved = world.git.commit([main], { "src/handler.js": "theirs" });
    world.git.branches.set("main", moved);
    const again = world.reached("run-completed");
    const told = happening({ kind: "base", branch: "main", sha: moved });
    expect(await control.happened({ ...told, branch: "next" } as Happening)).toBeUndefined();
    expect(await control.happened(told)).toBe(`told of main: ${RUN_KEY}`);
    await again;
    expect((await world.view()).mergedBase).toBe(moved);
    await control.happened(happening({ kind: "closed", merged: true }));
    await engine.ended(RUN_KEY);
    expect(await control.happened({ ...told, deliveryId: "d-2" })).toBeUndefined();
    await engine.close();
  });

  test("T3: a check that ends between a run's look and its wait is not missed", async () => {
    const made = await bench();
    const { world, engine, control } = made;
    const branch = RUN_BRANCH;
    let told: Promise<string | undefined> | undefined;
    world.hub.required = () => {
      if (told) return [{ name: "build", state: "green" }];
      const sha = Sha.parse(world.git.branches.get(RUN_BRANCH));
      told = control.happened(happening({ kind: "checks", branch, sha }));
      return [{ name: "build", state: "pending" }];
    };
    const ended = world.reached("run-completed");
    await start(made);
    await ended;
    expect(await told).toContain("looks at its checks");
    await engine.close();
  });

  test("T3: only a run whose head was checked is woken", async () => {
    const made = await bench();
    const { world, engine, control } = made;
    let state: "pending" | "green" = "pending";
    world.hub.required = () => [{ name: "build", state }];
    const waiting = world.reached("waiting");
    await start(made);
    await waiting;
    const sha = Sha.parse(world.git.branches.get(RUN_BRANCH));
    const branch = RUN_BRANCH;
    const other = happening({ kind: "checks", branch, sha: "f".repeat(40) });
    expect(await control.happened(other)).toContain("does not wait");
    state = "green";
    const ended = world.reached("run-completed");
    const words = await control.happened(happening({ kind: "checks", branch, sha }));
    expect(words).toContain("looks at its checks");
    await ended;
    await engine.close();
  });

  test.each([
    happening({ kind: "checks", branch: "main", sha: "a".repeat(40) }),
    happening({ kind: "checks", branch: "orchestrate/12-x-r9/main", sha: "a".repeat(40) }),
    happening({ kind: "checks", branch: "orchestrate/12-x-r1/testing-unit", sha: "a".repeat(40) }),
    happening({ kind: "closed", pullRequest: 12, merged: false }),
    happening({ kind: "pushed", pullRequest: 999, sha: "a".repeat(40) }),
  ])("what concerns no run's pull request or branch does nothing (%j)", async (told) => {
    const made = await bench();
    const done = made.world.reached("run-completed");
    await start(made);
    await done;
    expect(await made.control.happened(told)).toBeUndefined();
    await made.engine.close();
  });
});

describe("S2, S4: questions of a run", () => {
  test("are told as they were written, hinted about once, and show their answer", async () => {
    const made = await bench({
      review: (work) =>
        work.prompt.includes("Which store?: disk")
          ? (goodActs().review?.(work) ?? { status: "crashed" })
          : (QUESTION as never),
    });
    const { world, engine, control } = made;
    const asked = world.reached("waiting");
    await start(made);
    await asked;
    const open = await control.openQuestions(REPO, 100);
    const marker = `12 orchestrate:question:${RUN_KEY}:Q1`;
    expect(open?.questions[0]?.rendered).toBe(world.comments.get(marker));
    expect(open?.questions[0]?.commentId).toBeGreaterThan(0);
    const runId = open?.run.runId ?? ("" as never);
    expect(await control.takeHint(runId, 1)).toBe(true);
    expect(await control.takeHint(runId, 1)).toBe(false);
    const done = world.reached("run-completed");
    const run = open?.run ?? ({} as never);
    const command = { kind: "answer", question: 1, text: "Disk" } as const;
    const order = { repo: REPO, run, command, deliveryId: "d-5" };
    expect(await control.instruct(grant(), order)).toMatchObject({ kind: "accepted" });
    await done;
    const shown = world.comments.get(marker);
    expect(shown).toContain("- [x] **b** disk");
    expect(shown).toMatch(/Answered by bob$/);
    expect(await control.openQuestions(REPO, 12)).toBeUndefined();
    await engine.close();
  });
});

describe("P9: what is said about a half", () => {
  const half = { kind: "half", issue: 12, run: RUN_KEY, to: "frontend-orchestrator" } as const;
  function said(more: object): Happening {
    return { repo: REPO, deliveryId: "d-9", by: "f[bot]", state: "complete", ...half, ...more };
  }

  test("only about a half that this very run handed out, on its own issue and repository", async () => {
    const made = await bench();
    await start(made);
    await made.world.reached("run-completed");
    const { control } = made;
    expect(await control.happened(said({}))).toBeUndefined();
    await made.world.ledger.append(RunId.parse(RUN_KEY), "test", {
      type: "handed-off",
      record: {
        version: 1,
        from: "backend-orchestrator",
        to: half.to,
        run: RUN_KEY,
        repository: "acme/assets",
        issue: 12,
        branch: RUN_BRANCH,
        reason: "both are asked for",
        wanted: ["a page"],
        contracts: [],
        context: [],
        required: true,
      },
    });
    for (const wrong of [
      { issue: 13 },
      { run: "7-12-r2" },
      { run: "../x" },
      { to: "mobile-orchestrator" },
      { repo: { ...REPO, id: 8 } },
    ])
      expect(await control.happened(said(wrong)), JSON.stringify(wrong)).toBeUndefined();
    expect(await control.happened(said({ state: "open" }))).toContain("knows that already");
    const heard = made.world.reached("hand-off-updated");
    expect(await control.happened(said({}))).toContain("is complete");
    await heard;
    expect(await control.halfDone(grant(), { repo: REPO, deliveryId: "d-10", ...half })).toContain(
      "knows that already",
    );
    expect((await made.world.view()).handOffs).toMatchObject([{ state: "complete", by: "f[bot]" }]);
    await made.engine.close();
  });

  test("a run that was started with a hand-off hears how far its giver is", async () => {
    const made = await bench();
    const record = {
      version: 1 as const,
      from: "mobile-orchestrator",
      to: "backend-orchestrator",
      run: "7-12-r5",
      repository: "acme/assets",
      issue: 12,
      branch: RUN_BRANCH,
      reason: "both are asked for",
      wanted: ["an endpoint"],
      contracts: [],
      context: [],
      required: true,
    };
    const input = await made.world.begin({ handOff: record });
    await made.engine.start(RUN, { key: RUN_KEY, input });
    await made.world.reached("run-completed");
    const { control } = made;
    const told = { kind: "giver", issue: 12, run: record.run, from: record.from } as const;
    expect(await control.tookUp(REPO, 12, record.run)).toBe(true);
    expect(await control.tookUp(REPO, 12, "7-12-r4")).toBe(false);
    expect(await control.happened(said({ ...told, run: "7-12-r4" }))).toBeUndefined();
    const heard = made.world.reached("hand-off-updated");
    expect(await control.happened(said(told))).toContain("mobile-orchestrator is complete");
    await heard;
    const view = await made.world.view();
    expect(view.giver).toEqual({ name: "mobile-orchestrator", state: "complete", by: "f[bot]" });
    expect(otherHalves(view)).toBe(
      "**Other half:** mobile-orchestrator, run 7-12-r5, which handed this one over: complete",
    );
    await made.engine.close();
  });
});
