import { describe, expect, test } from "vitest";
import type { CommentEvent, EditEvent } from "../../../src/commands/event.ts";
import { handleLabel } from "../../../src/commands/hand-off.ts";
import { handleComment } from "../../../src/commands/handle.ts";
import { handleEdit } from "../../../src/commands/tick.ts";
import type { HandOff, HandOffReply } from "../../../src/domain/triage/hand-off.ts";
import { handOffComment, readHandOffReply, replyComment } from "../../../src/reports/hand-off.ts";
import { ann, event, repo, Stage } from "./stage.ts";

const BACKEND_APP = 8;
const FRONTEND_APP = 9;
const BACKEND_BOT = { id: 80, login: "backend-orchestrator[bot]", type: "Bot" };
const FRONTEND_BOT = { id: 90, login: "frontend-orchestrator[bot]", type: "Bot" };

const RECORD: HandOff = {
  version: 1,
  from: "backend-orchestrator",
  to: "frontend-orchestrator",
  run: "42-3-r1",
  repository: "acme/shop",
  issue: 3,
  branch: "orchestrate/3-x-r1/main",
  reason: "Both halves are asked for.",
  wanted: ["an edit form"],
  contracts: ["PATCH /x -> 200"],
  context: [],
  required: true,
};
const BODY = handOffComment(RECORD, { theirs: "open", ours: "accepted" });
const OFFER = "3 orchestrate:hand-off-reply:42-3-r1:frontend-orchestrator";

/** The frontend's installation, which knows the backend's app. */
function frontend(): Stage {
  const others = new Map([[BACKEND_APP, "backend-orchestrator"]]);
  return new Stage({ orchestrators: { name: "frontend-orchestrator", others } });
}

/** The backend's installation, which knows the frontend's app. */
function backend(): Stage {
  const others = new Map([[FRONTEND_APP, "frontend-orchestrator"]]);
  return new Stage({ orchestrators: { name: "backend-orchestrator", others } });
}

function byBackend(body: string, appId = BACKEND_APP): CommentEvent {
  return event(body, { sender: BACKEND_BOT, comment: { appId } });
}

function reply(change: Partial<HandOffReply> = {}): string {
  return replyComment({
    version: 1,
    run: "42-3-r1",
    from: "frontend-orchestrator",
    state: "complete",
    url: "http://127.0.0.1/p/7",
    ...change,
  });
}

describe("P8: a record of another orchestrator", () => {
  test("is offered to people, and starts nothing by itself", async () => {
    const stage = frontend();
    expect(await handleComment(stage.ports, byBackend(BODY))).toEqual({
      state: "done",
      reason: "offered to take up the hand-off of 42-3-r1",
    });
    expect(stage.started).toEqual([]);
    expect([...stage.comments.keys()]).toEqual([OFFER]);
    expect(stage.said).toContain("Comment `/orchestrate frontend-orchestrator` to have this done");
    expect(stage.said).toContain("- an edit form");
    expect(readHandOffReply(stage.said)).toMatchObject({ state: "open", run: "42-3-r1" });
  });

  test("P8: a writer's addressed command starts the run with it, in place of the issue's body", async () => {
    const stage = frontend();
    stage.written.push({ appId: BACKEND_APP, body: BODY });
    await handleComment(stage.ports, event("/orchestrate frontend-orchestrator please be quick"));
    expect(stage.started).toMatchObject([{ task: "please be quick", handOff: { run: "42-3-r1" } }]);
    expect(stage.started[0]?.issueBody).toContain("- [ ] an edit form");
    expect(stage.started[0]?.issueBody).toContain("- PATCH /x -> 200");
    expect(stage.started[0]?.issueBody).not.toContain("Please add them.");
  });

  test("A3: somebody who may not write starts nothing with it", async () => {
    const stage = frontend();
    stage.permission = "read";
    stage.written.push({ appId: BACKEND_APP, body: BODY });
    await handleComment(stage.ports, event("/orchestrate frontend-orchestrator"));
    expect(stage.started).toEqual([]);
  });

  /** The record as its giver keeps it, which tells the frontend that it was edited. */
  function edited(body: string): EditEvent {
    const comment = { id: 70, body, author: BACKEND_BOT, appId: BACKEND_APP };
    return { deliveryId: "d-8", repo, archived: false, sender: BACKEND_BOT, issue: 3, comment };
  }

  /** The frontend has offered to take the record up. */
  async function offered(): Promise<Stage> {
    const stage = frontend();
    await handleComment(stage.ports, byBackend(BODY));
    stage.written.push({ appId: 7, body: stage.comments.get(OFFER) ?? "" });
    return stage;
  }

  test.each([
    ["its half is done in another way", { theirs: "complete", ours: "complete" }, "another way"],
    ["its giver ended", { theirs: "open", ours: "declined" }, "ended without it"],
  ] as const)(
    "an offer that nobody took up says so when %s, and comes back",
    async (_what, shown, words) => {
      const stage = await offered();
      const over = handOffComment(RECORD, shown);
      expect(await handleEdit(stage.ports, edited(over))).toEqual({
        state: "done",
        reason: "nothing is left of the hand-off of 42-3-r1",
      });
      expect([...stage.comments.keys()]).toEqual([OFFER]);
      expect(stage.said).toContain(words);
      expect(stage.said).not.toContain("Comment `/orchestrate");
      stage.written.push({ appId: 7, body: stage.said });
      expect(await handleEdit(stage.ports, edited(over))).toMatchObject({ state: "ignored" });
      expect(await handleEdit(stage.ports, edited(BODY))).toMatchObject({ state: "done" });
      expect(stage.said).toContain(
        "Comment `/orchestrate frontend-orchestrator` to have this done",
      );
    },
  );

  test("an edit of a record changes nothing that was not offered, or that is taken up", async () => {
    const over = handOffComment(RECORD, { theirs: "complete", ours: "complete" });
    const silent = frontend();
    expect(await handleEdit(silent.ports, edited(over))).toMatchObject({ state: "ignored" });
    const stage = await offered();
    stage.takenUp.add("42-3-r1");
    expect(await handleEdit(stage.ports, edited(over))).toMatchObject({ state: "ignored" });
    expect(silent.comments.size).toBe(0);
    expect(stage.said).toContain("to have this done");
  });

  const forged: readonly [name: string, event: CommentEvent][] = [
    ["an app that is not configured", byBackend(BODY, 4711)],
    ["a person", event(BODY)],
    ["a person by way of the app", event(BODY, { comment: { appId: BACKEND_APP } })],
    [
      "the app's bot in somebody else's name",
      event(BODY, { sender: BACKEND_BOT, comment: { appId: BACKEND_APP, author: ann } }),
    ],
    ["the app, about another issue", byBackend(BODY.replace('"issue": 3', '"issue": 4'))],
    ["the app, about another repository", byBackend(BODY.replace("acme/shop", "acme/other"))],
    ["the app, for somebody else", byBackend(BODY.replaceAll("frontend-orch", "mobile-orch"))],
    ["the app, in a third one's name", byBackend(BODY.replace('"backend-orch', '"mobile-orch'))],
    ["the app, without its marker", byBackend(BODY.replace("<!--", "<!"))],
  ];
  test.each(forged)("A-05, A-06: one by %s does not count", async (_name, said) => {
    const stage = frontend();
    expect(await handleComment(stage.ports, said)).toMatchObject({ state: "ignored" });
    expect(stage.untouched).toBe(true);
    expect(stage.happenings).toEqual([]);
  });

  test("A-05: nothing that an accepted app says is a command, not even beside a record", async () => {
    const stage = frontend();
    for (const text of [
      "/orchestrate",
      "/orchestrate frontend-orchestrator",
      "/orchestrate cancel",
    ])
      await handleComment(stage.ports, byBackend(text));
    await handleComment(stage.ports, byBackend(`/orchestrate frontend-orchestrator\n\n${BODY}`));
    expect([stage.started, stage.orders, stage.asked]).toEqual([[], [], []]);
  });

  test("the label finds it again where its comment was never heard of, and only if it is not taken up", async () => {
    const stage = frontend();
    const at = { repo, issue: 3, archived: false };
    expect(await handleLabel(stage.ports, at)).toMatchObject({ state: "ignored" });
    stage.written.push({ appId: 4711, body: BODY }, { appId: BACKEND_APP, body: BODY });
    expect(await handleLabel(stage.ports, at)).toMatchObject({ state: "done" });
    expect([...stage.comments.keys()]).toEqual([OFFER]);
    stage.comments.clear();
    stage.takenUp.add("42-3-r1");
    expect(await handleLabel(stage.ports, at)).toMatchObject({ state: "ignored" });
    expect(stage.comments.size).toBe(0);
  });
});

describe("P9: what the other side says about its half", () => {
  function edited(body: string, more: Partial<EditEvent> = {}): EditEvent {
    const comment = { id: 555, body, author: FRONTEND_BOT, appId: FRONTEND_APP };
    return {
      deliveryId: "d-2",
      repo,
      archived: false,
      sender: FRONTEND_BOT,
      issue: 3,
      comment,
      ...more,
    };
  }

  test("reaches the run, from a new comment and from its edit", async () => {
    const stage = backend();
    const sender = FRONTEND_BOT;
    await handleComment(
      stage.ports,
      event(reply({ state: "accepted" }), { sender, comment: { appId: FRONTEND_APP } }),
    );
    await handleEdit(stage.ports, edited(reply()));
    expect(stage.happenings).toMatchObject([
      { kind: "half", run: "42-3-r1", to: "frontend-orchestrator", state: "accepted", issue: 3 },
      { kind: "half", state: "complete", url: "http://127.0.0.1/p/7", by: FRONTEND_BOT.login },
    ]);
  });

  test.each<[string, EditEvent]>([
    ["a person edited", edited(reply(), { sender: ann })],
    ["names another orchestrator", edited(reply({ from: "mobile-orchestrator" }))],
    [
      "another app wrote",
      edited(reply(), { comment: { id: 555, body: reply(), author: FRONTEND_BOT, appId: 4711 } }),
    ],
  ])("a reply that %s does not count", async (_name, said) => {
    const stage = backend();
    expect(await handleEdit(stage.ports, said)).toMatchObject({ state: "ignored" });
    expect(stage.happenings).toEqual([]);
  });

  test("a box that a writer ticks in our own record says it, too; a reader's does not", async () => {
    const stage = backend();
    const body = BODY.replace("- [ ] This half", "- [x] This half");
    const ours = edited(body, { sender: ann, comment: { id: 5, body, appId: 7 } });
    expect(await handleEdit(stage.ports, ours)).toMatchObject({ state: "done" });
    stage.permission = "read";
    expect(await handleEdit(stage.ports, ours)).toMatchObject({
      reason: expect.stringContaining("refused"),
    });
    expect(stage.halves).toEqual(["42-3-r1 frontend-orchestrator done, says ann"]);
  });
});

describe("a command on an issue that two installations hear", () => {
  test.each([
    ["/orchestrate", true, false],
    ["/orchestrate add a page", true, false],
    ["/orchestrate backend-orchestrator add it", true, false],
    ["/orchestrate frontend-orchestrator", false, true],
    ["/orchestrate Frontend-Orchestrator: add it", false, true],
  ])("%s starts: backend %s, frontend %s", async (text, here, there) => {
    const stages = [backend(), frontend()];
    for (const stage of stages) await handleComment(stage.ports, event(text));
    expect(stages.map((stage) => stage.started.length === 1)).toEqual([here, there]);
    expect(stages.map((stage) => stage.untouched)).toEqual([!here, !there]);
  });
});
