import { describe, expect, test } from "vitest";
import { breaks, dispatchOrder, leaves, mends } from "../../../helpers/loop-acts.ts";
import { runWith } from "../../../helpers/play-run.ts";
import { writes } from "../../../helpers/scripted-acts.ts";
import type { Act, SmallWorld } from "../../../helpers/small-world.ts";

const PARTS = ["api", "queue", "store"] as const;

function loaded(world: SmallWorld): Promise<string[]> {
  return world.view().then((view) => view.loads.map(({ name }) => name));
}

/** What investigators did before the third of them began. */
async function beginnings(world: SmallWorld): Promise<string[]> {
  const facts = (await world.ledger.read((await world.view()).runId)).map(({ fact }) => fact);
  const seen = facts.flatMap((fact) => {
    if (fact.type !== "dispatch-started" && fact.type !== "dispatch-ended") return [];
    const [, n] = /^find-1-(\d)$/.exec(fact.taskId) ?? [];
    return n === undefined ? [] : [`${fact.type === "dispatch-started" ? "begin" : "end"} ${n}`];
  });
  return seen.slice(0, seen.indexOf("begin 3"));
}

describe("failures that have causes of their own", () => {
  test("J1, J3, J4, C6, U5: three groups go to three specialists at once; all are integrated, then the whole suite runs", async () => {
    const prompts: string[] = [];
    const shares: number[] = [];
    const { world, end } = await runWith(
      {
        handler: leaves(...PARTS),
        find: (work) => {
          prompts.push(work.prompt);
          shares.push(work.maxTokens);
          return mends(work);
        },
      },
      { limits: { maxTokens: 30_000_000 } },
    );
    expect(end).toBe("complete");
    // The plan and the developer used 15 each; three at once share what is left.
    expect(shares).toEqual([9_999_990, 9_999_990, 9_999_990]);
    const found = dispatchOrder(world).filter((id) => id.startsWith("find-"));
    expect(found).toEqual(["find-1-1.1", "find-1-2.1", "find-1-3.1"]);
    const facts = (await world.ledger.read((await world.view()).runId)).map(({ fact }) => fact);
    const theirs = facts.filter((fact) => "taskId" in fact && `${fact.taskId}`.startsWith("find-"));
    const kinds = theirs.map(({ type }) => type);
    expect(kinds.lastIndexOf("dispatch-ended")).toBeLessThan(kinds.indexOf("integrated"));
    expect(kinds.filter((type) => type === "integrated")).toHaveLength(3);
    PARTS.forEach((part, index) => {
      expect(prompts[index]).toContain(`BROKEN ${part} is not there`);
      expect(prompts[index]).toContain("2 other group(s) are being looked into by others");
      expect(prompts[index]).toContain("Do not weaken, skip or delete a test");
    });
    const view = await world.view();
    const purposes = view.evidence.map(({ purpose }) => purpose);
    expect(purposes.filter((purpose) => purpose === "after find-1-1")).toHaveLength(1);
    const suites = purposes.filter((purpose) => purpose !== "base");
    expect(suites.slice(0, 2)).toEqual(["handler attempt 1", "after find-1-1"]);
    expect(await loaded(world)).toContain("dispatching-parallel-agents");
    for (const part of PARTS)
      expect(world.git.files(view.headSha)[`src/${part}.js`]).toBe(`mended ${part}`);
  });

  test("C6, J1: two groups are for one specialist, and the skill is not loaded", async () => {
    const { world, end } = await runWith({
      handler: (work) =>
        work.attempt === 1 ? leaves("api", "queue")(work) : mendAll(work, ["api", "queue"]),
    });
    expect(end).toBe("complete");
    expect(dispatchOrder(world).filter((id) => id.startsWith("find-"))).toEqual([]);
    expect(await loaded(world)).not.toContain("dispatching-parallel-agents");
  });

  test("J1: no more are at work at a time than the repository allows; all belong to one round", async () => {
    const acts = { handler: leaves(...PARTS), find: mends };
    const { world, end } = await runWith(acts, { profile: { version: 1, concurrency: 2 } });
    expect(end).toBe("complete");
    expect((await beginnings(world)).toSorted()).toEqual(["begin 1", "begin 2", "end 1", "end 2"]);
    const free = await runWith(acts);
    expect(await beginnings(free.world)).not.toContain("end 2");
  });

  test("J2: a shared signature goes to one investigator, however many files it shows in", async () => {
    const { world, end } = await runWith({
      handler: (work) => {
        if (work.attempt > 1) return mendAll(work, PARTS);
        for (const part of PARTS) work.files[`src/${part}.js`] = "BROKEN: no store";
        return writes("src/handler.js", "ok")(work);
      },
    });
    expect(end).toBe("complete");
    expect(dispatchOrder(world).filter((id) => id.startsWith("find-"))).toEqual([]);
  });

  test("J4: of two that change the same file the later is left out, and its group is looked into again", async () => {
    const { world, end } = await runWith({
      handler: leaves(...PARTS),
      find: (work) => {
        work.files["src/shared.js"] = work.prompt.slice(0, 20) + String(work.prompt.length);
        return mends(work);
      },
      fix: (work) => mendAll(work, PARTS),
    });
    expect(end).toBe("complete");
    const view = await world.view();
    expect(view.errors.map(({ error }) => error).join("\n")).toMatch(
      /conflicts with the others in src\/shared\.js/,
    );
    expect(dispatchOrder(world)).toContain("fix-1.1");
  });

  test("I5: an investigation is a round like any other: the loop's limits end it", async () => {
    const { world, end } = await runWith({ handler: leaves(...PARTS), find: breaks });
    expect(end).toBe("blocked");
    expect((await world.view()).escalations).toHaveLength(1);
  });
});

function mendAll(work: Parameters<Act>[0], parts: readonly string[]): ReturnType<Act> {
  for (const part of parts) work.files[`src/${part}.js`] = "mended";
  return writes("src/handler.js", "mended")(work);
}
