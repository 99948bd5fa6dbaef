import { describe, expect, test } from "vitest";
import { Sha } from "../../../../src/domain/ids.ts";
import { filesOf, humanPush, merged, STAY, send } from "../../../helpers/follow-up.ts";
import { RUN_BRANCH, runWith } from "../../../helpers/play-run.ts";
import { tests } from "../../../helpers/scripted-acts.ts";
import type { SmallWorld } from "../../../helpers/small-world.ts";

/** The world of the run under way, for acts that reach into it. */
const present = {} as { world: SmallWorld };

describe("T4: a human's push to the run branch", () => {
  test("while specialists work it is adopted: their commits are merged onto it and the suite runs on the result", async () => {
    let mine: Sha | undefined;
    const { world, end } = await runWith(
      {
        unit: (work) => {
          mine ??= humanPush(present.world, "human.txt", "mine");
          return tests("unit")(work);
        },
      },
      {
        act: async (_engine, world) => {
          present.world = world;
        },
      },
    );
    expect(end).toBe("complete");
    const view = await world.view();
    expect(filesOf(world)["human.txt"]).toBe("mine");
    expect(view.adopted).toMatchObject([{ sha: mine }]);
    expect(world.git.ancestors(view.headSha)).toContain(mine);
    expect(world.git.verified).toContain(view.headSha);
  });

  test("N3: after the end its head is verified anew, and nothing else is done", async () => {
    const { world, end } = await runWith(
      {},
      {
        limits: STAY,
        act: async (engine, world) => {
          await world.reached("run-completed");
          humanPush(world, "human.txt", "mine");
          const done = world.reached("run-completed");
          await send(engine, { kind: "pushed", by: "bob" });
          await done;
          await send(engine, { kind: "pushed", by: "bob" });
          await merged(engine);
        },
      },
    );
    expect(end).toBe("complete");
    const view = await world.view();
    expect(view.adopted).toMatchObject([{ by: "bob", sha: view.headSha }]);
    expect(world.git.verified.at(-1)).toBe(view.headSha);
    expect(world.dispatched.filter((id) => id.includes(".review."))).toHaveLength(1);
    expect(filesOf(world)["human.txt"]).toBe("mine");
  });

  test("one that breaks the suite takes the word complete away", async () => {
    const { world, end } = await runWith(
      {},
      {
        limits: STAY,
        act: async (engine, world) => {
          await world.reached("run-completed");
          humanPush(world, "human.txt", "BROKEN");
          const done = world.reached("blocked");
          await send(engine, { kind: "pushed", by: "bob" });
          await done;
          await merged(engine);
        },
      },
    );
    expect(end).toBe("blocked");
    expect((await world.view()).blocked?.issue).toContain("is not verified");
  });

  test("one at the moment of the final verification is verified too", async () => {
    const { world, end } = await runWith(
      {},
      {
        act: async (_engine, world) => {
          const read = world.hub.pullRequest.bind(world.hub);
          let pushed = false;
          world.hub.pullRequest = async (repo, number) => {
            if (!pushed) humanPush(world, "human.txt", "mine");
            pushed = true;
            return read(repo, number);
          };
        },
      },
    );
    expect(end).toBe("complete");
    const view = await world.view();
    expect(view.headSha).toBe(world.git.branches.get(RUN_BRANCH));
    expect(world.git.verified.at(-1)).toBe(view.headSha);
  });

  test("F19: a force-push after the end is said, and nothing is written over it", async () => {
    const { world, end } = await runWith(
      {},
      {
        limits: STAY,
        act: async (engine, world) => {
          await world.reached("run-completed");
          const main = Sha.parse(world.git.branches.get("main"));
          world.git.branches.set(RUN_BRANCH, world.git.commit([main], { "other.txt": "x" }));
          const done = world.reached("blocked");
          await send(engine, { kind: "pushed", by: "bob" });
          await done;
          await merged(engine);
        },
      },
    );
    expect(end).toBe("blocked");
    expect(filesOf(world)).toEqual({ "other.txt": "x" });
  });
});
