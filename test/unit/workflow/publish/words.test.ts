import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { LaterError, UnreachableError, WorldError } from "../../../../src/domain/failure.ts";
import { shownNow } from "../../../../src/domain/run/state-now.ts";
import { ManualClock } from "../../../../src/engine/clock.ts";
import type { ReviewText } from "../../../../src/ports/github.ts";
import { checkRun } from "../../../../src/reports/check-run.ts";
import { statusComment } from "../../../../src/reports/status-comment.ts";
import { clock } from "../../../../src/reports/words.ts";
import { ControlBench } from "../../../helpers/control-bench.ts";
import { STAY, send } from "../../../helpers/follow-up.ts";
import { RUN_KEY } from "../../../helpers/play-run.ts";
import { REPO } from "../../../helpers/run-facts.ts";
import { writes } from "../../../helpers/scripted-acts.ts";

const QUESTION = {
  text: "Which store?",
  options: [
    { key: "a", label: "memory", consequence: "simple" },
    { key: "b", label: "disk", consequence: "durable, and costs more" },
  ],
  recommended: "a",
};

const REVIEW: ReviewText = {
  id: 5,
  author: "bob",
  state: "changes_requested",
  body: "",
  url: "http://127.0.0.1/review",
  comments: [71, 72, 73].map((id) => ({
    id,
    thread: id,
    path: "src/handler.js",
    line: 1,
    body: `comment ${id}`,
    hunk: "+export",
  })),
};

/** The comment, the command `status` and, where there is a pull request, the check run say this, and nothing else. */
async function expectSaid(bench: ControlBench, sentence: string | RegExp): Promise<void> {
  const expected =
    typeof sentence === "string" ? `### ${sentence}` : expect.stringMatching(sentence);
  const view = shownNow(await bench.world.view());
  const comment = statusComment(view, { webUrl: "http://127.0.0.1" });
  expect([await bench.says(), comment.split("\n")[1]]).toEqual([expected, expected]);
  const check = checkRun(view);
  if (typeof sentence === "string" && check)
    expect(check.title.startsWith(sentence.replace(/^\P{L}+/u, ""))).toBe(true);
}

describe("R7: what a run says while it lives, by its comment and by the command status", () => {
  test("R7, U2: while specialists work it says on what and how many", async () => {
    await using bench = new ControlBench();
    const release = bench.world.hold("handler");
    const begun = bench.world.reached("phase-started");
    await bench.start();
    await begun;
    await bench.world.reached("dispatch-started");
    await expectSaid(bench, "🔧 Working on implementation (1 specialist at work)");
    release();
    await bench.engine.ended(RUN_KEY);
    await expectSaid(bench, /^### ✅ Complete: build and tests passed on [0-9a-f]{7}$/);
    expect(await bench.status()).toContain("Pull request #100 is ready for you.");
    expect(await bench.status()).toContain("**Spent:**");
  });

  test("R7, T2: a review is read, worked on and reviewed again, and it says whose review and how much of it", async () => {
    await using bench = new ControlBench({
      acts: {
        feedback: () => ({
          result: {
            status: "complete",
            summary: "read",
            comments: [
              { id: "c71", class: "actionable", task: "refuse what is not an object" },
              { id: "c72", class: "actionable", task: "name it" },
              { id: "c73", class: "remark" },
            ],
          },
        }),
        fix: writes("src/handler.js", "checked"),
      },
      limits: STAY,
    });
    const { world } = bench;
    const complete = world.reached("run-completed");
    await bench.start();
    await complete;
    world.hub.reviews.set(5, REVIEW);
    const [read, mend, judge] = ["feedback-5", "fix-1", "review"].map((task) => world.hold(task));
    function started(id: string): Promise<void> {
      return world.reachedFact((fact) => fact.type === "dispatch-started" && fact.taskId === id);
    }
    const reading = started("feedback-5");
    await send(bench.engine, { kind: "review", by: "bob", reviewId: 5 });
    await reading;
    await expectSaid(bench, /^### ✅ Complete: .*; reading bob's review of 3 comments$/);
    const mending = started("fix-1");
    read?.();
    await mending;
    await expectSaid(
      bench,
      "🔧 Working on bob's review: 2 comments (quality, 1 specialist at work)",
    );
    const judging = started("review");
    mend?.();
    await judging;
    await expectSaid(
      bench,
      "🔧 Working on bob's review: 2 comments (quality, 1 specialist at work)",
    );
    const again = world.reached("run-completed");
    judge?.();
    await again;
    await expectSaid(bench, /^### ✅ Complete: build and tests passed on [0-9a-f]{7}$/);
    const instructed = started("fix-2");
    const release = world.hold("fix-2");
    await bench.steer("say it in the docs");
    await instructed;
    await expectSaid(bench, "🔧 Working on what bob asked for (quality, 1 specialist at work)");
    release();
  });

  test("R7: a question names itself, links its comment and says since when it waits", async () => {
    await using bench = new ControlBench({ acts: { handler: () => ({ question: QUESTION }) } });
    const waiting = bench.world.reached("waiting");
    await bench.start();
    await waiting;
    await expectSaid(bench, "❓ Waiting for your answer to Q1");
    expect(await bench.status()).toMatch(
      /^\[Q1\]\(http\S+\): Which store\? \(asked \d{4}-\d\d-\d\d \d\d:\d\d UTC\)$/m,
    );
  });

  test("R7: a run that waits for CI names the checks; what follows is said as it is", async () => {
    await using bench = new ControlBench();
    const { world, engine } = bench;
    let state: "pending" | "green" = "pending";
    world.hub.required = () => [{ name: "build", state }];
    const waiting = world.reached("waiting");
    await bench.start();
    await waiting;
    await expectSaid(bench, "⏳ Waiting for the required checks of this repository");
    expect(await bench.status()).toContain("not reported yet: build.");
    state = "green";
    const body = { kind: "checks" };
    await engine.send({ key: RUN_KEY, topic: "orders", body, idempotencyKey: "c1" });
    await engine.ended(RUN_KEY);
    await expectSaid(bench, /^### ✅ Complete/);
  });

  test("R7: a rate limit is said with the time until which it lasts; then the run goes on by itself", async () => {
    const time = new ManualClock();
    await using bench = new ControlBench({ engine: { clock: time } });
    const dueAt = new Date(Date.now() + 3_600_000).toISOString();
    failOnce(bench, new LaterError("GitHub asked to wait.", dueAt));
    const waiting = bench.world.reached("waiting");
    await bench.start();
    await waiting;
    const until = clock(new Date(Date.parse(dueAt) + 59_999).toISOString());
    await expectSaid(bench, `⏳ Waiting for GitHub's rate limit until ${until}`);
    await time.advance(3_700_000);
    expect(await bench.engine.ended(RUN_KEY)).toBe("succeeded");
    await expectSaid(bench, /^### ✅ Complete/);
  });

  test("R7: GitHub out of reach is said with the time since when, and is tried again for hours", async () => {
    const time = new ManualClock();
    await using bench = new ControlBench({ engine: { clock: time } });
    const back = failUntilBack(bench, new UnreachableError("GitHub did not answer."));
    const waiting = bench.world.reached("waiting");
    await bench.start();
    await waiting;
    const since = (await bench.world.view()).wait?.since ?? "";
    await expectSaid(bench, `⏳ GitHub cannot be reached since ${clock(since)}; trying again`);
    await time.advance(6 * 3_600_000);
    await expectSaid(bench, `⏳ GitHub cannot be reached since ${clock(since)}; trying again`);
    back();
    await time.advance(900_000);
    await bench.engine.ended(RUN_KEY);
    await expectSaid(bench, /^### ✅ Complete/);
  });

  test("R7: trouble of the machine is not called GitHub's, and ends the run when it stays", async () => {
    const time = new ManualClock();
    await using bench = new ControlBench({ engine: { clock: time } });
    failUntilBack(bench, new WorldError("The disk is busy", "retry"));
    const waiting = bench.world.reached("waiting");
    await bench.start();
    await waiting;
    await expectSaid(bench, /^### ⏳ A step fails on this machine since .*; trying again$/);
    await time.advance(3_600_000);
    await bench.engine.ended(RUN_KEY);
    await expectSaid(bench, "❌ Failed: this run ended without a result");
    expect(await bench.status()).toContain("The disk is busy.");
  });

  test("K4, R7: a pause says who is still at work, then who paused; resume goes on", async () => {
    await using bench = new ControlBench();
    const { world } = bench;
    const release = world.hold("handler");
    const begun = world.reached("phase-started");
    await bench.start();
    await begun;
    await world.reached("dispatch-started");
    expect(await bench.order({ kind: "pause" })).toMatchObject({
      kind: "accepted",
      said: expect.stringContaining("the specialist at work may finish first"),
    });
    await expectSaid(bench, "⏸️ Pausing, as bob asked: 1 specialist still at work");
    const paused = world.reached("waiting");
    release();
    await paused;
    await expectSaid(bench, "⏸️ Paused by bob");
    const resumed = world.reached("resumed");
    await bench.order({ kind: "resume" });
    await resumed;
    await expectSaid(bench, /^### 🔧 Working/);
    await bench.engine.ended(RUN_KEY);
  });

  test("K4: a pause while CI is waited for holds, and CI is waited for again after it", async () => {
    await using bench = new ControlBench();
    const { world, engine } = bench;
    world.hub.required = () => [{ name: "build", state: "pending" }];
    const ci = world.reached("waiting");
    await bench.start();
    await ci;
    const paused = world.reached("waiting");
    await bench.order({ kind: "pause" });
    await paused;
    await expectSaid(bench, "⏸️ Paused by bob");
    const resumed = world.reached("resumed");
    await bench.order({ kind: "resume" });
    await resumed;
    await expectSaid(bench, "⏳ Waiting for the required checks of this repository");
    await engine.cancel(RUN_KEY);
  });

  test("R8: a cancelled run says by whom, and how to start again", async () => {
    await using bench = new ControlBench();
    bench.world.hold("handler");
    const begun = bench.world.reached("phase-started");
    await bench.start();
    await begun;
    await bench.world.reached("dispatch-started");
    await setImmediate();
    await bench.order({ kind: "cancel" });
    await setImmediate();
    await expectSaid(bench, "🚫 Cancelled");
    expect(await bench.status()).toContain(
      "Cancelled by bob: asked to stop; its branches are kept. Comment `/orchestrate` to start again.",
    );
    const types = (await bench.world.ledger.read((await bench.world.view()).runId)).map(
      ({ fact }) => fact.type,
    );
    expect(types.indexOf("run-cancelled")).toBe(types.indexOf("stop-ordered") + 1);
    // The agent is told that a person waits: it gets half a second, not five.
    expect(bench.world.stopped).toEqual(["person"]);
  });

  test("a run that is cancelled before its first fact ends all the same", async () => {
    await using bench = new ControlBench();
    const looked = Promise.withResolvers<undefined>();
    bench.world.git.fetchBranch = () => looked.promise;
    await bench.start();
    expect(await bench.order({ kind: "cancel" })).toMatchObject({ kind: "accepted" });
    expect(await bench.engine.ended(RUN_KEY)).toBe("cancelled");
    expect(await bench.control.live(REPO, 12)).toBeUndefined();
    looked.resolve(undefined);
  });
});

/** GitHub fails the opening of the pull request so once. */
function failOnce(bench: ControlBench, error: Error): void {
  const { hub } = bench.world;
  const open = hub.openPullRequest.bind(hub);
  hub.openPullRequest = (...args) => {
    hub.openPullRequest = open;
    void args;
    return Promise.reject(error);
  };
}

/** The same until the function that it gives is called. */
function failUntilBack(bench: ControlBench, error: Error): () => void {
  const { hub } = bench.world;
  const open = hub.openPullRequest.bind(hub);
  hub.openPullRequest = () => Promise.reject(error);
  return () => {
    hub.openPullRequest = open;
  };
}
