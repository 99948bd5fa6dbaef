import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "../../../scripts/screenshots.ts";
import {
  type Action,
  ask,
  say,
  type Turn,
  write,
} from "../../../src/playground/scripted-model/script.ts";
import { CHECKED_PRODUCT, classing } from "../../helpers/review-acts.ts";
import { openStage, type Stage } from "../../helpers/stage.ts";
import type { StageRun } from "../../helpers/stage-run.ts";
import {
  developed,
  developing,
  TINY_COMMAND,
  TINY_FILES,
  tinyScript,
} from "../../helpers/tiny-service.ts";
import { hasChromium, type Visitor, visit } from "../../integration/pages/browser.ts";

const PATIENCE_MS = 200_000;

let stage: Stage;
let browser: Browser;
const never = Promise.withResolvers<void>();

/** A window of that person, which fails when the page complained. */
async function windowOf(who: string, path: string): Promise<Visitor> {
  const visitor = await visit(browser, stage.hub.url, { path, as: who });
  visitor.page.setDefaultTimeout(PATIENCE_MS);
  return visitor;
}

function pathOf(run: StageRun): string {
  return `/${run.repository}/issues/${run.issue}`;
}

async function comment(page: Page, text: string): Promise<void> {
  await page.getByLabel("Leave a comment").fill(text);
  await page.getByRole("button", { name: "Comment", exact: true }).click();
  await page
    .locator("article.post", { hasText: text.split("\n")[0] ?? text })
    .last()
    .waitFor();
}

/** Waits until a comment on the page says this. */
async function reads(page: Page, text: string | RegExp): Promise<void> {
  await page.locator("article.post", { hasText: text }).first().waitFor();
}

function tick(page: Page, question: string, option: RegExp): Promise<void> {
  const post = page.locator("article.post", { hasText: question });
  return post.getByRole("checkbox", { name: option }).click();
}

/** The one pull request of a run, as soon as there is one. */
function pullOf(run: StageRun): Promise<number> {
  return stage.history.until("the pull request is open", () => run.pulls()[0]?.number);
}

async function commentOnLine(page: Page, line: number, text: string): Promise<void> {
  const name = page.locator("summary", { hasText: "src/product.js" });
  const file = page.locator("details.file-diff", { has: name });
  await file.getByLabel(`Comment on line ${line} (right)`).focus();
  await file.getByLabel(`Comment on line ${line} (right)`).press("Enter");
  await page.locator("#line-comment").fill(text);
  await page.getByRole("button", { name: "Add to review" }).click();
  await page.locator(".draft-box", { hasText: text }).waitFor();
}

describe.skipIf(!hasChromium())("people on the pages, with the whole app behind them", () => {
  beforeAll(async () => {
    stage = await openStage({ files: TINY_FILES });
    browser = await launchChromium();
  });

  afterAll(async () => {
    never.resolve();
    await browser?.close();
    await stage?.end();
  });

  test(
    "R1, S1, S2, S5, T2: a run is started by comment, its plan rejected with a reason, then approved by a box; " +
      "an outsider is refused once; a review with a right and a wrong comment is worked on; a retry by comment",
    async () => {
      const run = await stage.ask({
        title: "Product in the browser",
        script: tinyScript({
          fix: [write("src/product.js", CHECKED_PRODUCT), developed()],
          feedback: [classing],
        }),
      });
      const [alice, bob, olive] = await Promise.all([
        windowOf("alice", pathOf(run)),
        windowOf("bob", pathOf(run)),
        windowOf("olive", pathOf(run)),
      ]);
      await comment(alice.page, TINY_COMMAND.replace("/orchestrate", "/orchestrate plan"));
      await reads(alice.page, "Q1: Shall this plan be carried out?");
      await reads(alice.page, "Waiting for your answer");
      for (const text of ["Q1 a", "Q1 a, please"]) await comment(olive.page, text);
      await reads(olive.page, "@olive");
      await comment(alice.page, "/orchestrate reject keep it in one file");
      await reads(bob.page, "Q2: Shall this plan be carried out?");
      expect(run.conversations().at(-1)?.turn.prompt).toContain("keep it in one file");
      await tick(bob.page, "Q2: Shall this plan", /^a Approve/);
      await reads(alice.page, "Answered by bob");
      const number = await pullOf(run);
      const pull = `/${run.repository}/pull/${number}`;
      await alice.page.goto(`${stage.hub.url}${pull}`);
      await reads(alice.page, "Complete: build and tests passed");
      const said = run.comments().filter(({ body }) => body.includes("@olive"));
      expect(said).toHaveLength(1);
      expect(said[0]?.body).toContain("needs write permission");

      await bob.page.goto(`${stage.hub.url}${pull}/files`);
      await commentOnLine(bob.page, 1, "Refuse what is not a number");
      await commentOnLine(bob.page, 2, "Use a loop");
      await bob.page.getByText("Finish your review").click();
      await bob.page.getByLabel(/Request changes/).check();
      await bob.page.getByRole("button", { name: "Submit review" }).click();
      await bob.page.goto(`${stage.hub.url}${pull}`);
      const right = bob.page.locator("details.review-thread", { hasText: "Refuse what" });
      await right.getByText("Addressed in").waitFor({ state: "attached" });
      await right.getByText("Resolved by").waitFor({ state: "attached" });
      const wrong = bob.page.locator("details.review-thread", { hasText: "Use a loop" });
      await wrong.getByText("One multiplication needs no loop.").waitFor({ state: "attached" });
      expect(await wrong.getByText("Resolved by").count()).toBe(0);
      await stage.history.until("complete again", () => run.facts("run-completed").at(1));

      await comment(alice.page, "/orchestrate retry quality");
      await reads(alice.page, "Phase quality and the phases after it are carried out again");
      await stage.history.until("complete a third time", () => run.facts("run-completed").at(2));
      await reads(alice.page, "Complete: build and tests passed");
      await Promise.all([alice.close(), bob.close(), olive.close()]);
    },
  );

  test("S2, T3, N8: a question is answered by a comment; a red job is read and mended, green is waited for", async () => {
    const repository = await stage.addRepository("judged", TINY_FILES);
    stage.hub.protectBranch(repository, "main", {
      requiredChecks: [{ context: "build", appId: null }],
    });
    const run = await stage.ask({
      title: "Product that a job judges",
      script: tinyScript({
        develop: [asking, asking, asking],
        fix: [write("src/product.js", CHECKED_PRODUCT), developed()],
      }),
      repository,
    });
    const alice = await windowOf("alice", pathOf(run));
    await comment(alice.page, TINY_COMMAND);
    await reads(alice.page, "Q1: What may be multiplied?");
    await comment(alice.page, "Q1 b – as it is");
    await reads(alice.page, "Answered by alice");
    const number = await pullOf(run);
    await alice.page.goto(`${stage.hub.url}/${repository}/pull/${number}`);
    await reads(alice.page, "Waiting for the required checks");
    const [pull] = run.pulls();
    const job = { name: "build", sha: pull?.headSha ?? "" };
    await stage.hub.reportCheck(repository, {
      ...job,
      conclusion: "failure",
      annotations: [
        { path: "src/product.js", startLine: 2, level: "failure", message: "not checked" },
      ],
      log: "2026-05-06T07:08:09.1Z > lint\n2026-05-06T07:08:10.1Z ##[error]1 problem in product\n",
    });
    await alice.page.locator("#merge-box", { hasText: "were not successful" }).waitFor();
    const fixed = await stage.history.until("the mended head is waited for", () =>
      run.facts("checks-read").find(({ sha, state }) => sha !== job.sha && state === "pending"),
    );
    const fix = run.conversations().find(({ turn }) => turn.task === "fix-1");
    expect(fix?.turn.prompt).toContain("src/product.js:2: failure: not checked");
    expect(fix?.turn.prompt).toContain("##[error]1 problem in product");
    await stage.hub.reportCheck(repository, { ...job, sha: fixed.sha, conclusion: "success" });
    await reads(alice.page, "Complete: build and tests passed");
    expect(run.pulls()[0]?.requestedReviewerIds).toEqual([stage.hub.store.account("alice")?.id]);
    await alice.close();
  });

  test("T5, R8: a run at work is cancelled by the button of its check run; who may only read finds no button", async () => {
    const repository = await stage.addRepository("cancelled", TINY_FILES);
    const run = await stage.ask({
      title: "Product that is cancelled",
      command: TINY_COMMAND,
      script: tinyScript({ test: [{ ...say("I begin."), hold: never.promise }] }),
      repository,
    });
    await run.until("dispatch-started", ({ taskId }) => taskId === "unit-tests");
    const number = await pullOf(run);
    const path = `/${repository}/pull/${number}/checks`;
    const [bob, olive] = await Promise.all([windowOf("bob", path), windowOf("olive", path)]);
    const button = bob.page.getByRole("button", { name: "Cancel" });
    await button.waitFor();
    expect(await olive.page.getByRole("button", { name: "Cancel" }).count()).toBe(0);
    await button.click();
    await bob.page.goto(`${stage.hub.url}/${repository}/pull/${number}`);
    await reads(bob.page, "Cancelled");
    const view = await run.ended();
    expect(view).toMatchObject({ state: "cancelled" });
    expect(view.failure).toContain("bob");
    await Promise.all([bob.close(), olive.close()]);
  });
});

/** A developer that asks before it writes. */
function asking(turn: Turn): Action {
  const told = `${turn.prompt}\n${turn.lastUserText}`;
  if (!told.includes("Anything: as it is"))
    return ask("What may be multiplied?", [
      ["a", "Only numbers", "a breaking change: anything else throws"],
      ["b", "Anything", "as JavaScript has it"],
    ]);
  const wrote = turn.results.some((result) => result.includes("product.js"));
  return wrote ? developed() : (developing()[0] as Action);
}
