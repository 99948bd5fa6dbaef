/**
 * Takes the pictures of docs/images that a demo does not show: runs that wait, are reviewed, blocked or cancelled.
 * `npm run screenshots`.
 */
import { join } from "node:path";
import type { LocalGitHub } from "../src/playground/github/hub.ts";
import { openPictureStage, PLAN_COMMAND } from "./pictures-stage.ts";
import { REPORT, type Shot, takeScreenshots } from "./screenshots.ts";

/** The comment that says this. */
function saying(text: string): string {
  return `article.post:has-text("${text}")`;
}

/** Runs that wait for people, are reviewed, blocked or cancelled. */
async function states(): Promise<void> {
  const outDir = join(import.meta.dirname, "..", "docs", "images");
  const pictured = await openPictureStage();
  const { url } = pictured;
  async function take(...pages: Shot[]): Promise<void> {
    const files = await takeScreenshots({ url, pages, outDir });
    process.stdout.write(`${files.join("\n")}\n`);
  }
  try {
    await pictured.begin("question");
    await pictured.begin("approval", PLAN_COMMAND);
    await pictured.begin("reviewed");
    await pictured.begin("unwanted");
    await pictured.begin("conflict");
    const until = "Waiting for your answer";
    const waiting = { as: "alice", path: "/acme/question/issues/1", until, element: saying(until) };
    await take(
      { ...waiting, name: "waiting" },
      { ...waiting, name: "waiting-dark", colours: "dark" },
      { ...waiting, name: "question", element: saying("may answer: tick a box") },
      {
        name: "plan-approval",
        as: "alice",
        path: "/acme/approval/issues/1",
        until: "Shall this plan be carried out?",
      },
    );
    const pull = "/acme/reviewed/pull/2";
    await take({ name: "complete", path: pull, until: "Complete: build", element: REPORT });
    await review(pictured.hub);
    const seen = { path: pull, until: "Working on bob's review" };
    await take(
      { ...seen, name: "review-round", element: REPORT },
      { ...seen, name: "review", path: pull, until: "needs no loop" },
    );
    const unwanted = "/acme/unwanted/pull/2";
    await take({ name: "running", path: unwanted, until: "Working on testing", element: REPORT });
    await pictured.hub.as("bob").comment("acme/unwanted", 2, "/orchestrate cancel");
    const cancelled = { path: unwanted, until: "Cancelled", element: REPORT };
    await take(
      { ...cancelled, name: "cancelled" },
      { ...cancelled, name: "cancelled-dark", colours: "dark" },
    );
    await pictured.moveMain();
    const blocked = { path: "/acme/conflict/pull/2", until: "Blocked", element: REPORT };
    await take(
      { ...blocked, name: "blocked" },
      { ...blocked, name: "blocked-dark", colours: "dark" },
    );
  } finally {
    await pictured.stop();
  }
}

async function review(hub: LocalGitHub): Promise<void> {
  const path = "src/product.js";
  await hub.as("bob").review("acme/reviewed", 2, {
    event: "REQUEST_CHANGES",
    body: "Two things.",
    comments: [
      { path, line: 1, body: "Refuse what is not a number" },
      { path, line: 2, body: "Use a loop" },
    ],
  });
}

if (import.meta.main) await states();
