import { describe, expect, test } from "vitest";
import { authorise, type Grant } from "../../../../src/domain/command/permission.ts";
import { Sha } from "../../../../src/domain/ids.ts";
import { MemoryEngine } from "../../../../src/engine/memory/engine.ts";
import type { Happening } from "../../../../src/ports/control.ts";
import { Control } from "../../../../src/workflow/control/control.ts";
import { RUN } from "../../../../src/workflow/orchestrate.ts";
import { filesOf, humanPush, STAY } from "../../../helpers/follow-up.ts";
import { RUN_BRANCH, RUN_KEY } from "../../../helpers/play-run.ts";
import { REPO } from "../../../helpers/run-facts.ts";
import { goodActs } from "../../../helpers/scripted-acts.ts";
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
    tellAgent: () => false,
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
