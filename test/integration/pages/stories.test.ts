import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "../../../scripts/screenshots.ts";
import { hasChromium, visit } from "./browser.ts";
import { REPO, type Stage, seededStage } from "./seed.ts";
import { statusText } from "./texts.ts";

let dataDir: string;
let stage: Stage;
let browser: Browser;

describe.skipIf(!hasChromium())("people on the pages", () => {
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "pages-"));
    stage = await seededStage(dataDir);
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    await stage?.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  test("a person chooses who to be and comments", async () => {
    const { page, close } = await visit(browser, stage.url, {
      path: `/${REPO}/issues/${stage.issue}`,
      as: "rui",
    });
    await page.getByLabel("Leave a comment").fill("Looks good to me, see #2 <b>now</b>.");
    await page.getByRole("button", { name: "Comment", exact: true }).click();
    const shown = page.locator("article.post", { hasText: "Looks good to me" });
    await shown.waitFor();
    expect(await shown.locator(".person").first().textContent()).toBe("rui");
    expect(await shown.locator('a[href$="/issues/2"], a[href$="/pull/2"]').count()).toBe(1);
    await stage.hub.webhooks.idle();
    const last = stage.heard.findLast((h) => h.event === "issue_comment");
    expect(last?.payload).toMatchObject({
      action: "created",
      sender: { login: "rui" },
      comment: { body: "Looks good to me, see #2 <b>now</b>." },
    });
    await close();
  });

  test("a status comment that the app edits changes before a person's eyes", async () => {
    const path = `/${REPO}/issues/${stage.issue}`;
    const { page, close } = await visit(browser, stage.url, { path });
    const post = page.locator(`#issuecomment-${stage.statusId}`);
    await post.locator(".diagram-drawing svg").waitFor();
    await post.getByText("Status report (JSON)").click();
    await page.evaluate("globalThis.sameDocument = true");
    const body = statusText("Quality: the code review is running", {
      pull: stage.pull,
      sha: stage.headSha,
    });
    await stage.app.request("PATCH", `issues/comments/${stage.statusId}`, { body });
    await post.getByText("Quality: the code review is running").waitFor();
    await post.locator(".diagram-drawing svg").waitFor();
    expect(await page.evaluate("globalThis.sameDocument")).toBe(true);
    expect(await post.locator("details:not(.menu)").getAttribute("open")).not.toBeNull();
    await close();
  });

  test("a comment that someone else writes appears, and one's own half-written text stays", async () => {
    const path = `/${REPO}/issues/${stage.issue}`;
    const { page, close } = await visit(browser, stage.url, { path, as: "ada" });
    await page.getByLabel("Leave a comment").fill("half a thought");
    await stage.hub.as("rui").comment(REPO, stage.issue, "from another window");
    await page.locator("article.post", { hasText: "from another window" }).waitFor();
    expect(await page.getByLabel("Leave a comment").inputValue()).toBe("half a thought");
    await close();
  });

  test.each([true, false])(
    "a ticked box is an edit by that person (scripts: %s)",
    async (scripts) => {
      const path = `/${REPO}/issues/${stage.issue}`;
      const { page, close } = await visit(browser, stage.url, { path, as: "rui", scripts });
      const post = page.locator(`#issuecomment-${stage.questionId}`);
      const label = scripts ? /^B\. Return/ : /^C\. Allow/;
      const before = stage.hub.store.comments.must(stage.questionId).body;
      const box = post.getByRole("checkbox", { name: label });
      await box.click();
      await post.locator('[role="checkbox"][aria-checked="true"]').and(box).waitFor();
      const letter = scripts ? "B" : "C";
      const after = before.replace(`- [ ] **${letter}.`, `- [x] **${letter}.`);
      expect(after).not.toBe(before);
      expect(stage.hub.store.comments.must(stage.questionId).body).toBe(after);
      await stage.hub.webhooks.idle();
      expect(stage.heard.findLast((h) => h.event === "issue_comment")?.payload).toMatchObject({
        action: "edited",
        sender: { login: "rui", type: "User" },
        changes: { body: { from: before } },
        comment: { id: stage.questionId, body: after },
      });
      await close();
    },
  );

  test("someone with read access sees the boxes and cannot tick them", async () => {
    const path = `/${REPO}/issues/${stage.issue}`;
    const { page, close } = await visit(browser, stage.url, { path, as: "ivy" });
    const boxes = page.locator(`#issuecomment-${stage.questionId} .task-list-item`);
    expect(await boxes.locator("input[type=checkbox]:disabled").count()).toBe(3);
    expect(await boxes.locator("button").count()).toBe(0);
    await close();
  });

  test("a reaction is added and taken back", async () => {
    const path = `/${REPO}/issues/${stage.issue}`;
    const { page, close } = await visit(browser, stage.url, { path, as: "ivy" });
    const post = page.locator(`#issuecomment-${stage.questionId}`);
    await post.getByLabel("Add a reaction").click();
    await post.getByRole("button", { name: "React rocket" }).click();
    const given = post.getByRole("button", { name: "rocket: ivy" });
    await given.waitFor();
    expect(stage.hub.store.reactionsTo("comment", stage.questionId)).toHaveLength(1);
    await given.click();
    await given.waitFor({ state: "detached" });
    expect(stage.hub.store.reactionsTo("comment", stage.questionId)).toHaveLength(0);
    await close();
  });

  test("a review with two line comments; its conversation is answered and resolved", async () => {
    const path = `/${REPO}/pull/${stage.pull}/files`;
    const { page, close } = await visit(browser, stage.url, { path, as: "rui" });
    for (const [line, text] of [
      [17, "Answer 400 when this throws."],
      [19, "Why 201 here?"],
    ] as const) {
      const file = page.locator("details.file-diff", { hasText: "src/service.js" });
      await file.getByLabel(`Comment on line ${line} (right)`).focus();
      await file.getByLabel(`Comment on line ${line} (right)`).press("Enter");
      await page.locator("#line-comment").fill(text);
      await page.getByRole("button", { name: "Add to review" }).click();
      await page.locator(".draft-box", { hasText: text }).waitFor();
    }
    expect(stage.hub.store.reviewComments.size).toBe(0);
    await page.getByText("Finish your review").click();
    await page.locator("#review-body").fill("Two things.");
    await page.getByLabel(/Request changes/).check();
    await page.getByRole("button", { name: "Submit review" }).click();
    await page.locator(".review", { hasText: "requested changes" }).waitFor();
    const issue = stage.hub.store.issue(stage.hub.store.repository(REPO)?.id ?? 0, stage.pull);
    const threads = stage.hub.store.threadsOf(issue?.id ?? 0);
    expect(threads.map((t) => [t.path, t.line, t.side])).toEqual([
      ["src/service.js", 17, "RIGHT"],
      ["src/service.js", 19, "RIGHT"],
    ]);
    expect(stage.hub.store.reviewsOf(issue?.id ?? 0)).toMatchObject([
      { state: "CHANGES_REQUESTED", body: "Two things." },
    ]);

    const box = page.locator("details.review-thread", { hasText: "Why 201 here?" });
    await box.getByLabel("Reply").fill("Because it creates.");
    await box.getByRole("button", { name: "Reply" }).click();
    await box.getByText("Because it creates.").waitFor();
    await box.getByRole("button", { name: "Resolve conversation" }).click();
    await box.getByText("Resolved by").waitFor();
    expect(stage.hub.store.threadsOf(issue?.id ?? 0)[1]?.resolvedById).not.toBeNull();
    await close();
  });

  test("a check run's buttons reach its app", async () => {
    const path = `/${REPO}/pull/${stage.pull}/checks`;
    const { page, close } = await visit(browser, stage.url, { path, as: "rui" });
    await page.getByText("One integration test fails").waitFor();
    await page.getByRole("button", { name: "Retry" }).click();
    await page.getByText("One integration test fails").waitFor();
    await stage.hub.webhooks.idle();
    expect(stage.heard.findLast((h) => h.event === "check_run")?.payload).toMatchObject({
      action: "requested_action",
      requested_action: { identifier: "retry" },
      check_run: { id: stage.checkId },
      sender: { login: "rui" },
    });
    await page.getByRole("button", { name: "Re-run" }).click();
    await page.getByText("backend-orchestrator").first().waitFor();
    await stage.hub.webhooks.idle();
    expect(stage.heard.findLast((h) => h.event === "check_run")?.payload).toMatchObject({
      action: "rerequested",
    });
    await close();
  });

  test("the first check appears on a page that was opened before it", async () => {
    const [tip] = await stage.hub.code(REPO).log("main", { limit: 1 });
    const sha = tip?.sha ?? "";
    const { page, close } = await visit(browser, stage.url, {
      path: `/${REPO}/commit/${sha}/checks`,
    });
    await page.getByText("No checks on this commit yet.").waitFor();
    await stage.hub.reportCheck(REPO, { name: "late", sha, conclusion: "success" });
    await page.getByRole("navigation", { name: "Checks" }).getByText("late").waitFor();
    await close();
  });

  test.each(["light", "dark"] as const)(
    "diagrams are drawn and texts readable (%s)",
    async (colours) => {
      const path = `/${REPO}/issues/${stage.issue}`;
      const { page, close } = await visit(browser, stage.url, { path, colours });
      const drawing = page.locator(`#issuecomment-${stage.statusId} .diagram-drawing svg`);
      await drawing.waitFor();
      expect(await drawing.locator(".node").count()).toBe(6);
      expect(await drawing.locator(".cluster").count()).toBe(2);
      expect(await drawing.textContent()).toContain("acceptance-test-engineer");
      expect(await page.locator(".diagram-problem").count()).toBe(0);
      expect(await page.getByText("Syntax error").count()).toBe(0);
      const [ground, ink] = await page.evaluate<[string, string]>(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]",
      );
      expect(lightness(ground) > 0.5).toBe(colours === "light");
      expect(Math.abs(lightness(ground) - lightness(ink))).toBeGreaterThan(0.6);
      await close();
    },
  );

  test("a diagram that cannot be drawn says so and keeps its source", async () => {
    const { number } = await stage.hub.as("ada").openIssue(REPO, {
      title: "Broken diagram",
      body: "```mermaid\nflowchart LR\n  A --\n```",
    });
    const { page, close } = await visit(browser, stage.url, { path: `/${REPO}/issues/${number}` });
    await page.locator(".diagram-problem").waitFor();
    expect(await page.locator(".diagram-source").isVisible()).toBe(true);
    await close();
  });

  test("a draft is made ready, merged with a merge commit, and its branch deleted", async () => {
    const path = `/${REPO}/pull/${stage.pull}`;
    const { page, close } = await visit(browser, stage.url, { path, as: "ada" });
    await page.locator(".state", { hasText: "Draft" }).first().waitFor();
    await page.getByRole("button", { name: "Ready for review" }).click();
    await page.locator(".thread-head .state", { hasText: "Open" }).waitFor();
    await page.getByRole("button", { name: "Merge pull request" }).click();
    await page.locator(".thread-head .state", { hasText: "Merged" }).waitFor();
    await page.getByRole("button", { name: "Delete branch" }).click();
    await page.getByRole("button", { name: "Delete branch" }).waitFor({ state: "detached" });
    await page.getByRole("link", { name: /Files changed 2/ }).click();
    await page.locator("details.file-diff").nth(1).waitFor();
    const code = stage.hub.code(REPO);
    expect((await code.log("main", { limit: 1 }))[0]?.parents).toHaveLength(2);
    expect((await code.branches()).map((branch) => branch.name)).toEqual(["main"]);
    await close();
  });
});

function lightness(rgb: string): number {
  const [r = 0, g = 0, b = 0] = (rgb.match(/\d+/g) ?? []).map(Number);
  return (0.3 * r + 0.59 * g + 0.11 * b) / 255;
}
