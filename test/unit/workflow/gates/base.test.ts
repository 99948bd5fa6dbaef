import { describe, expect, test } from "vitest";
import { Sha } from "../../../../src/domain/ids.ts";
import type { RunView } from "../../../../src/domain/run/run.ts";
import { merged, STAY, send } from "../../../helpers/follow-up.ts";
import { runWith } from "../../../helpers/play-run.ts";
import { writes } from "../../../helpers/scripted-acts.ts";
import type { Act, SmallWorld } from "../../../helpers/small-world.ts";

const HANDLER = "src/handler.js";

/** Somebody else's change of the same file reaches main while the code is reviewed. */
function mainMoves(world: SmallWorld, text: string): Sha {
  const main = Sha.parse(world.git.branches.get("main"));
  const moved = world.git.commit([main], { ...world.git.files(main), [HANDLER]: text });
  world.git.branches.set("main", moved);
  return moved;
}

function afterTheEnd(text: string, then: string): Parameters<typeof runWith>[1] {
  return {
    limits: STAY,
    act: async (engine, world) => {
      await world.reached("run-completed");
      mainMoves(world, text);
      const done = world.reached(then as never);
      await send(engine, { kind: "retry", by: "bob" });
      await done;
      await merged(engine);
    },
  };
}

/** What the ledger says of the gates of the attempt at the conflict. */
function gatesOf({ gates }: RunView): string[] {
  return gates
    .filter(({ taskId }) => taskId === "base-1")
    .map(({ type, gate }) => `${type} ${gate}`);
}

const seen: string[] = [];
function resolves(work: Parameters<Act>[0]): ReturnType<Act> {
  seen.push(work.files[HANDLER] ?? "");
  return writes(HANDLER, "both")(work);
}

describe("T2: a pull request that conflicts with its base", () => {
  test("is resolved by a developer once, verified, and reviewed again", async () => {
    seen.length = 0;
    const { world, end } = await runWith(
      { base: resolves },
      afterTheEnd("theirs", "run-completed"),
    );
    expect(end).toBe("complete");
    const view = await world.view();
    const main = Sha.parse(world.git.branches.get("main"));
    expect(view.mergedBase).toBe(main);
    expect(world.git.ancestors(view.headSha)).toContain(main);
    expect(world.git.files(view.headSha)[HANDLER]).toBe("both");
    expect(world.git.verified.at(-1)).toBe(view.headSha);
    expect(seen.join("\n")).toContain("<<<<<<< ");
    expect(seen.join("\n")).toContain("theirs");
    expect(gatesOf(view)).toEqual([
      "gate-failed base",
      "gate-passed base",
      "gate-passed build",
      "gate-passed tests",
    ]);
    const task = view.tasks.find(({ task: { id } }) => id === "base-1")?.task;
    expect(task?.objective).toContain("between conflict markers");
    const reviews = world.dispatched.filter((id) => id.includes(".review."));
    expect(reviews.length).toBeGreaterThan(1);
    // The conflicted state was never pushed.
    for (const { sha } of world.git.pushes)
      expect(Object.values(world.git.files(sha)).join("\n")).not.toContain("<<<<<<<");
  });

  test.each([
    ["markers are left", writes(HANDLER, "<<<<<<< ours\nx\n"), "Conflict markers are left"],
    ["the suite is red", writes(HANDLER, "BROKEN"), "npm test"],
  ])("is escalated when %s, with the run branch as it was", async (_what, base, tried) => {
    const { world, end } = await runWith({ base }, afterTheEnd("theirs", "blocked"));
    expect(end).toBe("blocked");
    const view = await world.view();
    expect(view.blocked?.issue).toMatch(/conflicts with main at [0-9a-f]{7} in src\/handler\.js/);
    expect(view.blocked?.attempted.join("\n")).toContain(tried);
    expect(view.mergedBase).toBeUndefined();
    expect(gatesOf(view)).toEqual(["gate-failed base", "gate-failed base"]);
    expect(view.gates.findLast((gate) => gate.type === "gate-failed")).toMatchObject({
      taskId: "base-1",
      problems: [expect.stringContaining(tried)],
    });
    expect(view.escalations).toMatchObject([{ phase: "quality", taskId: "base-1" }]);
    expect(world.git.files(view.headSha)[HANDLER]).not.toContain("BROKEN");
    expect(world.dispatched.filter((id) => id.includes(".base-"))).toHaveLength(1);
  });

  test("a second conflict in the same round is not tried again", async () => {
    let world: SmallWorld | undefined;
    function again(work: Parameters<Act>[0]): ReturnType<Act> {
      if (world) mainMoves(world, "theirs again");
      return writes(HANDLER, "both")(work);
    }
    const played = await runWith(
      { base: again },
      {
        limits: STAY,
        act: async (engine, made) => {
          world = made;
          await made.reached("run-completed");
          mainMoves(made, "theirs");
          const done = made.reached("blocked");
          await send(engine, { kind: "retry", by: "bob" });
          await done;
          await merged(engine);
        },
      },
    );
    expect(played.end).toBe("blocked");
    const { attempted } = (await played.world.view()).blocked ?? {};
    expect(attempted).toEqual(["an earlier conflict with the base branch was resolved already"]);
  });

  test("is noticed when the base moves while the run stands by: resolved once, then escalated", async () => {
    const seenStates: string[] = [];
    const { world, end } = await runWith(
      { base: writes(HANDLER, "both") },
      {
        limits: STAY,
        act: async (engine, made) => {
          await made.reached("run-completed");
          mainMoves(made, "theirs");
          const resolved = made.reached("run-completed");
          await send(engine, { kind: "base", by: "carol" });
          await resolved;
          seenStates.push((await made.view()).state);
          mainMoves(made, "theirs again");
          const escalated = made.reached("blocked");
          await send(engine, { kind: "base", by: "carol" });
          await escalated;
          await send(engine, { kind: "base", by: "carol" });
          await merged(engine);
        },
      },
    );
    expect([...seenStates, end]).toEqual(["complete", "blocked"]);
    const view = await world.view();
    expect(world.git.files(view.headSha)[HANDLER]).toBe("both");
    expect(world.dispatched.filter((id) => id.includes(".base-"))).toHaveLength(1);
    expect(view.blocked?.attempted).toEqual([
      "an earlier conflict with the base branch was resolved already",
    ]);
    const reopened = (await world.ledger.read(view.runId)).filter(
      ({ fact }) => fact.type === "reopened",
    );
    expect(reopened.map(({ fact }) => fact)).toMatchObject([
      { by: "carol", reason: "main moved, and the run branch conflicts with it now" },
      { by: "carol" },
    ]);
  });

  test.each(["it still merges", "it was closed meanwhile"])(
    "a base that moves while the run stands by is no work when %s",
    async (what) => {
      const { world, end } = await runWith(
        {},
        {
          limits: STAY,
          act: async (engine, made) => {
            await made.reached("run-completed");
            if (what === "it was closed meanwhile") {
              mainMoves(made, "theirs");
              const { hub } = made;
              const shown = hub.pullRequest.bind(hub);
              hub.pullRequest = async (...at) => ({ ...(await shown(...at)), state: "merged" });
            } else {
              const main = Sha.parse(made.git.branches.get("main"));
              const files = { ...made.git.files(main), "other.js": "x" };
              made.git.branches.set("main", made.git.commit([main], files));
            }
            await send(engine, { kind: "base", by: "carol" });
            await merged(engine);
          },
        },
      );
      expect(end).toBe("complete");
      const types = (await world.ledger.read((await world.view()).runId)).map(
        ({ fact }) => fact.type,
      );
      expect(types).not.toContain("reopened");
    },
  );

  test("a base that git merges by itself is left to GitHub", async () => {
    const { world, end } = await runWith(
      {},
      {
        limits: STAY,
        act: async (engine, made) => {
          await made.reached("run-completed");
          const main = Sha.parse(made.git.branches.get("main"));
          const other = made.git.commit([main], { ...made.git.files(main), "other.js": "x" });
          made.git.branches.set("main", other);
          const done = made.reached("run-completed");
          await send(engine, { kind: "retry", by: "bob" });
          await done;
          await merged(engine);
        },
      },
    );
    expect(end).toBe("complete");
    const view = await world.view();
    expect(view.mergedBase).toBeUndefined();
    expect(world.git.files(view.headSha)).not.toHaveProperty("other.js");
  });
});
