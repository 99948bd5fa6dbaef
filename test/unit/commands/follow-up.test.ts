import { describe, expect, test } from "vitest";
import type { IssueClosedEvent, ReviewEvent } from "../../../src/commands/event.ts";
import { handleIssueClosed } from "../../../src/commands/issue-closed.ts";
import { HandedReviews, handleReview } from "../../../src/commands/review.ts";
import { ann, repo, run, Stage } from "./stage.ts";

const PULL = 14;

function working(): Stage {
  const stage = new Stage();
  stage.live = { ...run, pullRequest: PULL };
  return stage;
}

function review(more: Partial<ReviewEvent> = {}): ReviewEvent {
  return {
    deliveryId: "d-1",
    repo,
    archived: false,
    sender: ann,
    author: ann,
    pullRequest: PULL,
    reviewId: 77,
    ...more,
  };
}

describe("T2: a review of a run's pull request", () => {
  test("of somebody who may write is handed to the run once, however many of its comments are told", async () => {
    const stage = working();
    const ports = { ...stage.ports, reviews: new HandedReviews() };
    expect(await handleReview(ports, review())).toEqual({
      state: "done",
      reason: "review 77 accepted by 42-3-r1",
    });
    expect(await handleReview(ports, review())).toMatchObject({ state: "ignored" });
    expect(stage.reviews).toEqual([77]);
    expect(stage.asked).toEqual(["ann"]);
  });

  test("I-11: of somebody who may not write is left alone, without a word", async () => {
    const stage = working();
    stage.permission = "read";
    const ports = { ...stage.ports, reviews: new HandedReviews() };
    expect(await handleReview(ports, review())).toMatchObject({
      state: "ignored",
      reason: expect.stringContaining("needs write permission"),
    });
    expect(stage.reviews).toEqual([]);
    expect(stage.comments.size).toBe(0);
  });

  test.each<[string, Partial<ReviewEvent>]>([
    ["a bot", { sender: { ...ann, type: "Bot" }, author: { ...ann, type: "Bot" } }],
    ["another sender than its author", { sender: { ...ann, id: 2 } }],
    ["a ghost", { author: undefined }],
    ["an archived repository", { archived: true }],
    ["another pull request", { pullRequest: 15 }],
    ["an owner who is not served", { repo: { ...repo, owner: "others" } }],
  ])("of %s is ignored, and nobody is looked up", async (_name, more) => {
    const stage = working();
    const ports = { ...stage.ports, reviews: new HandedReviews() };
    expect(await handleReview(ports, review(more))).toMatchObject({ state: "ignored" });
    expect([stage.reviews, stage.asked]).toEqual([[], []]);
  });

  test("remembers so many reviews and forgets the oldest", () => {
    const handed = new HandedReviews();
    for (let id = 0; id <= 1_000; id += 1) handed.add(`42/${id}`);
    expect([handed.has("42/0"), handed.has("42/1"), handed.has("42/1000")]).toEqual([
      false,
      true,
      true,
    ]);
  });
});

function closing(more: Partial<IssueClosedEvent> = {}): IssueClosedEvent {
  return {
    deliveryId: "d-2",
    repo,
    archived: false,
    sender: ann,
    issue: 3,
    notPlanned: false,
    ...more,
  };
}

describe("closing the issue of a run", () => {
  test.each([
    [false, "pause", "so its run is paused"],
    [true, "cancel", "so its run is cancelled"],
  ])("not planned: %s -> %s, with one notice", async (notPlanned, kind, words) => {
    const stage = working();
    const outcome = await handleIssueClosed(stage.ports, closing({ notPlanned }));
    expect(outcome).toEqual({ state: "done", reason: `${kind} accepted by 42-3-r1` });
    expect(stage.orders.map(({ command }) => command.kind)).toEqual([kind]);
    await handleIssueClosed(stage.ports, closing({ notPlanned }));
    expect([...stage.comments.keys()]).toEqual(["3 orchestrate:issue-closed:42-3-r1"]);
    expect(stage.said).toContain(words);
  });

  test("by a merge says nothing: the pull request tells", async () => {
    const stage = working();
    stage.pullState = "merged";
    expect(await handleIssueClosed(stage.ports, closing())).toMatchObject({ state: "ignored" });
    expect([stage.orders, stage.said]).toEqual([[], ""]);
  });

  test("A-01: by somebody who may not write does not stop a run", async () => {
    const stage = working();
    stage.permission = "read";
    expect(await handleIssueClosed(stage.ports, closing())).toMatchObject({ state: "ignored" });
    expect(stage.orders).toEqual([]);
  });

  test("of a run that has ended, of another issue, and without a run is ignored", async () => {
    const stage = working();
    stage.live = { ...run, standsBy: true };
    expect(await handleIssueClosed(stage.ports, closing())).toMatchObject({ state: "ignored" });
    stage.live = { ...run, issue: 4 };
    expect(await handleIssueClosed(stage.ports, closing())).toMatchObject({ state: "ignored" });
    stage.live = undefined;
    expect(await handleIssueClosed(stage.ports, closing())).toMatchObject({ state: "ignored" });
    expect(stage.asked).toEqual([]);
  });
});
