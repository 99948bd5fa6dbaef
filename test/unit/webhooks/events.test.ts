import { generateKeyPairSync } from "node:crypto";
import pino from "pino";
import { describe, expect, test } from "vitest";
import { Secret } from "../../../src/domain/secret.ts";
import { MemoryDeliveries } from "../../../src/engine/memory/records.ts";
import { readDelivery } from "../../../src/webhooks/delivery.ts";
import { openWebhooks } from "../../../src/webhooks/open.ts";
import { run, Stage } from "../commands/stage.ts";
import { SECRET } from "./signed.ts";

const key = generateKeyPairSync("rsa", { modulusLength: 2048 })
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString();

const COMMON = {
  installation: { id: 5 },
  repository: { id: 42, name: "shop", owner: { login: "acme" }, default_branch: "main" },
  sender: { id: 1, login: "ann", type: "User" },
};
const SHA = "b".repeat(40);
const BRANCH = "orchestrate/3-rate-limits-r1/main";
const USER = { id: 1, login: "ann", type: "User" };
const PULL = { number: 14, merged: false, head: { sha: SHA } };

function working(): Stage {
  const stage = new Stage();
  stage.live = { ...run, pullRequest: 14 };
  return stage;
}

async function receive(stage: Stage, event: string, payload: object): Promise<unknown> {
  const deliveries = new MemoryDeliveries();
  const webhooks = await openWebhooks({
    app: { id: 7, privateKey: new Secret(key) },
    secrets: [new Secret(SECRET)],
    apiUrl: "http://127.0.0.1:9",
    deliveries,
    commands: stage.ports,
    pino: pino({ level: "silent" }),
  });
  await deliveries.store({
    id: "d",
    event,
    action: undefined,
    payload: JSON.stringify({ ...COMMON, ...payload }),
    receivedAt: "2026-11-23T10:00:00Z",
  });
  await webhooks.start();
  await webhooks.idle();
  await webhooks.close();
  return deliveries.outcomeOf("d");
}

describe("what happens at GitHub reaches its run", () => {
  test.each<{ what: string; event: string; payload: object; happening: object }>([
    {
      what: "T1: a merge",
      event: "pull_request",
      payload: { action: "closed", pull_request: { ...PULL, merged: true } },
      happening: { kind: "closed", pullRequest: 14, merged: true, by: "ann" },
    },
    {
      what: "T4: a push",
      event: "pull_request",
      payload: { action: "synchronize", pull_request: PULL },
      happening: { kind: "pushed", pullRequest: 14, sha: SHA },
    },
    {
      what: "T2: a push to a branch that runs may start from",
      event: "push",
      payload: { ref: "refs/heads/feature/main", after: SHA },
      happening: { kind: "base", branch: "feature/main", sha: SHA },
    },
    {
      what: "T3: an ended check run",
      event: "check_run",
      payload: {
        action: "completed",
        check_run: { head_sha: SHA, app: { id: 8 }, check_suite: { head_branch: BRANCH } },
      },
      happening: { kind: "checks", branch: BRANCH, sha: SHA },
    },
    {
      what: "T3: an ended check suite",
      event: "check_suite",
      payload: {
        action: "completed",
        check_suite: { head_sha: SHA, head_branch: BRANCH, app: { id: 8 } },
      },
      happening: { kind: "checks", branch: BRANCH, sha: SHA },
    },
    {
      what: "T3: a commit status",
      event: "status",
      payload: { sha: SHA, state: "failure", branches: [{ name: BRANCH }] },
      happening: { kind: "checks", branch: BRANCH, sha: SHA },
    },
  ])("$what", async ({ event, payload, happening }) => {
    const stage = working();
    expect(await receive(stage, event, payload)).toEqual({ state: "done", reason: "told 42-3-r1" });
    expect(stage.happenings).toMatchObject([{ ...happening, deliveryId: "d" }]);
    expect(stage.asked).toEqual([]);
  });

  test.each<[string, string, object]>([
    [
      "our own check run",
      "check_run",
      {
        action: "completed",
        check_run: { head_sha: SHA, app: { id: 7 }, check_suite: { head_branch: BRANCH } },
      },
    ],
    [
      "our own check suite",
      "check_suite",
      { action: "completed", check_suite: { head_sha: SHA, head_branch: BRANCH, app: { id: 7 } } },
    ],
    [
      "a check run on no branch",
      "check_run",
      {
        action: "completed",
        check_run: { head_sha: SHA, app: { id: 8 }, check_suite: { head_branch: null } },
      },
    ],
    ["a pending status", "status", { sha: SHA, state: "pending", branches: [{ name: BRANCH }] }],
    ["a status on no branch", "status", { sha: SHA, state: "success", branches: [] }],
    ["a push to our own branch", "push", { ref: `refs/heads/${BRANCH}`, after: SHA }],
    ["a push of a tag", "push", { ref: "refs/tags/v1", after: SHA }],
    [
      "a branch that was deleted",
      "push",
      { ref: "refs/heads/next", after: "0".repeat(40), deleted: true },
    ],
    ["a pull request that was edited", "pull_request", { action: "edited", pull_request: PULL }],
    [
      "a review that was dismissed",
      "pull_request_review",
      { action: "dismissed", review: { id: 1, user: USER }, pull_request: PULL },
    ],
    ["an issue that was opened", "issues", { action: "opened", issue: { number: 3 } }],
  ])("W-10: %s is ignored", async (_name, event, payload) => {
    const stage = working();
    expect(await receive(stage, event, payload)).toMatchObject({ state: "ignored" });
    expect([stage.happenings, stage.reviews, stage.orders]).toEqual([[], [], []]);
  });

  test("what concerns no run is ignored", async () => {
    const stage = new Stage();
    const payload = { action: "closed", pull_request: PULL };
    expect(await receive(stage, "pull_request", payload)).toEqual({
      state: "ignored",
      reason: "it concerns no run",
    });
  });
});

test("T2: a review, and a comment on the diff of its own, lead to the review", async () => {
  const stage = working();
  const submitted = { action: "submitted", review: { id: 71, user: USER }, pull_request: PULL };
  expect(await receive(stage, "pull_request_review", submitted)).toMatchObject({ state: "done" });
  const comment = { pull_request_review_id: 72, user: USER };
  const created = { action: "created", comment, pull_request: PULL };
  expect(await receive(stage, "pull_request_review_comment", created)).toMatchObject({
    state: "done",
  });
  expect(stage.reviews).toEqual([71, 72]);
});

test("closing an issue as not planned cancels its run", async () => {
  const stage = working();
  const issue = { number: 3, state_reason: "not_planned" };
  expect(await receive(stage, "issues", { action: "closed", issue })).toMatchObject({
    state: "done",
  });
  expect(stage.orders.map(({ command }) => command.kind)).toEqual(["cancel"]);
});

test("T5: our check run that is to be run again is a retry", async () => {
  const stage = working();
  const check = { external_id: "42-3-r1", app: { id: 7 } };
  expect(await receive(stage, "check_run", { action: "rerequested", check_run: check })).toEqual({
    state: "done",
    reason: "retry accepted by 42-3-r1",
  });
});

describe("S2: the key of an edit", () => {
  function keyOf(change: { body?: string; sender?: number; app?: null } = {}): string | undefined {
    const json = {
      action: "edited",
      ...COMMON,
      sender: { ...COMMON.sender, id: change.sender ?? 1 },
      comment: {
        id: 9,
        body: change.body ?? "- [x] a",
        updated_at: "2026-11-23T10:00:00Z",
        performed_via_github_app: change.app === null ? null : { id: 7 },
      },
    };
    return readDelivery({
      headers: { "x-github-delivery": "d", "x-github-event": "issue_comment" },
      body: Buffer.from(JSON.stringify(json)),
      receivedAt: "2026-11-23T10:00:00Z",
    })?.contentKey;
  }

  test("is what it made of the comment and whose it is, not when it was", () => {
    expect(keyOf()).toBe(keyOf());
    expect(keyOf({ body: "- [ ] a" })).not.toBe(keyOf());
    expect(keyOf({ sender: 2 })).not.toBe(keyOf());
    expect(keyOf({ app: null })).toBeUndefined();
  });
});
