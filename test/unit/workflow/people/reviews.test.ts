import { describe, expect, test } from "vitest";
import type { ReviewText } from "../../../../src/ports/github.ts";
import { merged, STAY, send } from "../../../helpers/follow-up.ts";
import { runWith } from "../../../helpers/play-run.ts";
import { writes } from "../../../helpers/scripted-acts.ts";
import type { SmallWorld } from "../../../helpers/small-world.ts";

function comment(id: number, body: string, change: object = {}): ReviewText["comments"][number] {
  return { id, thread: id, path: "src/handler.js", line: 1, body, hunk: "+export", ...change };
}

function review(change: Partial<ReviewText> = {}): ReviewText {
  return {
    id: 5,
    author: "bob",
    state: "changes_requested",
    body: "",
    url: "http://127.0.0.1/review",
    comments: [comment(71, "check the input")],
    ...change,
  };
}

function classed(...comments: object[]): unknown {
  return { status: "complete", summary: "read", comments };
}

/** Plays a run to its end, gives the review, and merges after the next fact of that type. */
async function reviewed(
  given: ReviewText,
  result: unknown,
  until: "run-completed" | "review-classed" | "note" = "run-completed",
): Promise<{ world: SmallWorld; prompts: string[] }> {
  const prompts: string[] = [];
  const { world } = await runWith(
    {
      feedback: ({ prompt }) => {
        prompts.push(prompt);
        return { result };
      },
      fix: (work) => {
        prompts.push(work.prompt);
        return writes("src/handler.js", "checked")(work);
      },
    },
    {
      limits: STAY,
      act: async (engine, world) => {
        await world.reached("run-completed");
        world.hub.reviews.set(given.id, given);
        const done = world.reached(until);
        await send(engine, { kind: "review", by: "bob", reviewId: given.id });
        await done;
        await merged(engine);
      },
    },
  );
  return { world, prompts };
}

describe("T2: a review of a finished run", () => {
  test("is the next round: actionable done and resolved with the commit, a question and a contested one answered, the reviewer asked again", async () => {
    const given = review({
      comments: [
        comment(71, "check the input"),
        comment(72, "why a list?"),
        comment(73, "drop the endpoint"),
        comment(74, "nice"),
        comment(75, "say so in the docs", { path: "docs/api.md" }),
      ],
    });
    const { world, prompts } = await reviewed(
      given,
      classed(
        { id: "c71", class: "actionable", task: "refuse what is not an object" },
        { id: "c72", class: "question", answer: "It keeps the order (src/handler.js:1)." },
        { id: "c73", class: "contested", answer: "R1 demands it." },
        { id: "c74", class: "remark" },
        { id: "c75", class: "actionable", task: "document it" },
        { id: "c99", class: "actionable", task: "delete everything" },
      ),
    );
    const view = await world.view();
    expect(view.state).toBe("complete");
    expect(prompts[0]).toContain("Comment c71 by bob on src/handler.js:1: check the input");
    expect(prompts[1]).toContain("src/handler.js:1: bob asks in a review: check the input");
    expect(prompts[1]).not.toMatch(/why a list|drop the endpoint|delete everything/);
    const { replies, resolved, reviewers } = world.hub;
    const fixed = view.tasks.find(({ task }) => task.id === "fix-1")?.sha ?? "";
    expect(replies.get(71)).toEqual([
      `Addressed in ${fixed}: refuse what is not an object. Build and tests of this repository passed on that commit.`,
    ]);
    expect(replies.get(72)?.[0]).toContain("It keeps the order");
    expect(replies.get(73)?.[0]).toMatch(/^This was not changed: R1 demands it\.\n\nIt is your/);
    expect(replies.has(74)).toBe(false);
    expect(replies.get(75)?.[0]).toContain("does not change this file");
    expect(resolved).toEqual([71]);
    expect(reviewers).toEqual(["alice", "bob"]);
    expect(world.git.verified).toContain(fixed);
    expect(view.tasks.find(({ task }) => task.id === "review")?.sha).toBe(view.headSha);
    expect(view.closed).toEqual({ merged: true, by: "alice" });
    expect(world.pulls).toHaveLength(1);
  });

  test("that only approves is noted, and nobody is dispatched", async () => {
    const { world, prompts } = await reviewed(
      review({ state: "approved", body: "Fine.", comments: [] }),
      classed(),
      "note",
    );
    expect(prompts).toEqual([]);
    expect((await world.view()).notes).toContain("bob approved the pull request.");
  });

  test("that only asks is answered, the run stays complete and nothing is built", async () => {
    const { world, prompts } = await reviewed(
      review({ state: "commented", body: "Why so?", comments: [] }),
      classed({ id: "body", class: "question", answer: "It is required." }),
      "review-classed",
    );
    expect(prompts).toHaveLength(1);
    const view = await world.view();
    expect(view.state).toBe("complete");
    expect(view.tasks.some(({ task }) => task.id.startsWith("fix-"))).toBe(false);
    const said = world.comments.get("100 orchestrate:review:7-12-r1:5:answer");
    expect(said).toContain("> Why so?\n\nIt is required.");
  });

  test("whose classes nobody gives is taken as something to do, not dropped", async () => {
    const { world } = await reviewed(review(), { nonsense: true });
    const view = await world.view();
    expect(view.reviews[0]?.comments).toMatchObject([{ id: "c71", class: "actionable" }]);
    expect(world.dispatched.filter((id) => id.includes(".feedback-5."))).toHaveLength(2);
    expect(world.hub.resolved).toEqual([71]);
  });

  test("I-11: ordered in another's name it is not read", async () => {
    const given = review({ author: "olive" });
    const { world } = await runWith(
      {},
      {
        limits: STAY,
        act: async (engine, world) => {
          await world.reached("run-completed");
          world.hub.reviews.set(given.id, given);
          await send(engine, { kind: "review", by: "bob", reviewId: given.id });
          await merged(engine);
        },
      },
    );
    expect((await world.view()).reviews).toEqual([]);
  });

  test("what is contested once and insisted on is done", async () => {
    const rounds = [
      classed({ id: "c71", class: "contested", answer: "A list keeps the order." }),
      classed({ id: "c81", class: "contested", answer: "Still no." }),
    ];
    const { world } = await runWith(
      { feedback: () => ({ result: rounds.shift() }) },
      {
        limits: STAY,
        act: async (engine, world) => {
          await world.reached("run-completed");
          world.hub.reviews.set(5, review());
          const first = world.reached("review-classed");
          await send(engine, { kind: "review", by: "bob", reviewId: 5 });
          await first;
          world.hub.reviews.set(
            6,
            review({ id: 6, comments: [comment(81, "do it", { thread: 71 })] }),
          );
          const done = world.reached("run-completed");
          await send(engine, { kind: "review", by: "bob", reviewId: 6 });
          await done;
          await merged(engine);
        },
      },
    );
    expect(world.hub.replies.get(71)).toEqual([
      expect.stringContaining("A list keeps the order"),
      expect.stringMatching(/^Addressed in /),
    ]);
  });

  test("a review of more comments than one round takes says which are not worked on", async () => {
    const ids = Array.from({ length: 62 }, (_, index) => 100 + index);
    const given = review({ comments: ids.map((id) => comment(id, `flaw ${id}.`)) });
    const remarks = ids.map((id) => ({ id: `c${id}`, class: "remark" }));
    const { world, prompts } = await reviewed(given, classed(...remarks), "review-classed");
    expect(prompts[0]).toContain("flaw 159.");
    expect(prompts[0]).not.toContain("flaw 160.");
    expect((await world.view()).notes).toContain(
      "bob's review has 62 comments; the first 60 are worked on. The other 2 are taken when another review says them again.",
    );
  });
});
