import { describe, expect, test } from "vitest";
import type { EditEvent } from "../../../src/commands/event.ts";
import { handleComment } from "../../../src/commands/handle.ts";
import { handleEdit } from "../../../src/commands/tick.ts";
import type { AskedRun } from "../../../src/ports/control.ts";
import { approvalQuestion } from "../../../src/reports/plan-words.ts";
import { answeredQuestion, questionComment } from "../../../src/reports/replies.ts";
import { ann, event, repo, run, Stage } from "./stage.ts";

const QUESTION = {
  text: "Which store?",
  options: [
    { key: "a", label: "Memory", consequence: "lost at a restart" },
    { key: "b", label: "Disk", consequence: "slower" },
  ],
  recommended: "b",
};
const RENDERED = questionComment(run.runId, { number: 1, question: QUESTION, mayAnswer: "ann" });
const ASKED: AskedRun = {
  run,
  questions: [{ number: 1, question: QUESTION, rendered: RENDERED, commentId: 555 }],
};

function asking(): Stage {
  const stage = new Stage();
  stage.questions = ASKED;
  stage.live = run;
  return stage;
}

describe("S2: a comment without a command", () => {
  test.each([
    ["b", { text: "b", words: "b" }],
    ["Q1 b, it lasts", { text: "b", words: "b, it lasts" }],
    ["Q1 whatever the gateway uses", { text: "whatever the gateway uses" }],
    ["> ### Q1: Which store?\n\na", { text: "a", words: "a" }],
  ])("%j goes the way of `/orchestrate answer`", async (body, read) => {
    const stage = asking();
    const outcome = await handleComment(stage.ports, event(body));
    expect(outcome).toEqual({ state: "done", reason: "answer accepted by 42-3-r1" });
    expect(stage.orders[0]?.command).toEqual({ kind: "answer", question: 1, ...read });
    expect(stage.reactions).toEqual(["900 +1"]);
  });

  test("that is no answer gets one hint for the question, and no more", async () => {
    const stage = asking();
    const first = await handleComment(stage.ports, event("Thanks, looks good"));
    expect(first).toEqual({ state: "done", reason: "no answer to Q1; a hint was given" });
    expect(stage.said).toContain("begin a comment with `Q1` and one of `a`, `b`");
    const second = await handleComment(stage.ports, event("And another thing"));
    expect(second).toEqual({ state: "ignored", reason: "no answer" });
    expect(stage.comments.size).toBe(1);
    expect(stage.orders).toEqual([]);
  });

  test("F03: is left alone where nothing is asked: nobody is looked up", async () => {
    const stage = new Stage();
    const outcome = await handleComment(stage.ports, event("b"));
    expect(outcome).toEqual({ state: "ignored", reason: "no command" });
    expect(stage.untouched).toBe(true);
  });

  test("A-01, A-11: of somebody who may not write is refused once when it answers, and left alone when it does not", async () => {
    const stage = asking();
    stage.permission = "read";
    expect(await handleComment(stage.ports, event("Q1 b"))).toMatchObject({
      reason: expect.stringContaining("refused: An answer needs write permission"),
    });
    expect(await handleComment(stage.ports, event("hello"))).toMatchObject({ state: "ignored" });
    expect(stage.orders).toEqual([]);
    expect(stage.comments.size).toBe(1);
  });
});

describe("S2, P9: two installations on one issue", () => {
  const BACKEND = 8;

  /** The second installation, which waits for an answer; so does the first one, or did. */
  function second(theirs: string): Stage {
    const others = new Map([[BACKEND, "backend-orchestrator"]]);
    const stage = new Stage({ orchestrators: { name: "frontend-orchestrator", others } });
    stage.questions = ASKED;
    stage.live = run;
    stage.written.push({ appId: BACKEND, body: theirs });
    return stage;
  }
  const rival = questionComment(run.runId, {
    number: 1,
    question: { ...QUESTION, text: "Which queue?" },
    mayAnswer: "ann",
  });

  test("a bare answer reaches whichever of them asks", async () => {
    const stage = second(answeredQuestion(rival, { by: "ann", text: "Disk", option: "b" }));
    expect(await handleComment(stage.ports, event("Q1 b"))).toMatchObject({
      reason: "answer accepted by 42-3-r1",
    });
  });

  test("where both ask, only a quote says whom it answers; anything else is told once how", async () => {
    const stage = second(rival);
    const quoted = await handleComment(stage.ports, event("> ### Q1: Which store?\n\nb"));
    expect(quoted).toMatchObject({ reason: "answer accepted by 42-3-r1" });
    for (const body of ["Q1 b", "b", "> ### Q1: Which queue?\n\nb"])
      await handleComment(stage.ports, event(body));
    expect(stage.orders).toHaveLength(1);
    expect(stage.comments.size).toBe(1);
    expect(stage.said).toContain("`/orchestrate frontend-orchestrator answer Q1 b`");
  });

  test("alone, nobody else's comments are looked at", async () => {
    const stage = asking();
    stage.ports.github.commentsByApps = () => Promise.reject(new Error("looked"));
    expect(await handleComment(stage.ports, event("Q1 b"))).toMatchObject({ state: "done" });
  });
});

describe("S3: what is nearly an approval", () => {
  const question = approvalQuestion(undefined);
  const rendered = questionComment(run.runId, { number: 1, question, mayAnswer: "ann" });

  function planWaits(): Stage {
    const stage = asking();
    stage.questions = { run, questions: [{ number: 1, question, rendered, commentId: 555 }] };
    return stage;
  }

  test.each(["a, but rename the table first", "Q1 a, only after the release", "yes, go"])(
    "%j decides nothing, and is told once how to approve",
    async (body) => {
      const stage = planWaits();
      await handleComment(stage.ports, event(body));
      expect(stage.orders).toEqual([]);
      expect(stage.said).toContain(
        "Comment `Q1 a` (Approve) alone, or `Q1 b` (Reject) and what is to be different.",
      );
      expect(await handleComment(stage.ports, event(body))).toMatchObject({ state: "ignored" });
      expect(stage.comments.size).toBe(1);
    },
  );

  test("a box that is ticked with words written beside it decides nothing; ticked alone, after such a comment, it does", async () => {
    const stage = planWaits();
    const box = "- [ ] **a** Approve";
    const beside = rendered.replace(box, "- [x] **a** Approve, but rename the table first");
    expect(await handleEdit(stage.ports, edit(beside))).toMatchObject({ state: "ignored" });
    const below = `${rendered.replace(box, "- [x] **a** Approve")}\nbut rename the table first`;
    expect(await handleEdit(stage.ports, edit(below))).toMatchObject({ state: "ignored" });
    expect(stage.orders).toEqual([]);
    await handleComment(stage.ports, event("a, but rename the table first"));
    const alone = rendered.replace(box, "- [x] **a** Approve");
    expect(await handleEdit(stage.ports, edit(alone))).toMatchObject({ state: "done" });
    expect(stage.orders.map(({ command }) => command.kind)).toEqual(["answer"]);
  });

  test.each([
    "/orchestrate approve but rename the table first",
    "/orchestrate approve, but rename the table first",
    "/orchestrate approve: rename the table first",
  ])("%j is refused with what can be said instead", async (body) => {
    const stage = planWaits();
    await handleComment(stage.ports, event(body));
    expect(stage.orders).toEqual([]);
    expect(stage.steered).toEqual([]);
    expect(stage.said).toContain("/orchestrate reject");
    expect(stage.reactions).toEqual(["900 eyes", "900 confused"]);
  });
});

function edit(body: string, more: Partial<EditEvent> = {}): EditEvent {
  return {
    deliveryId: "d-9",
    repo,
    archived: false,
    sender: ann,
    issue: 3,
    comment: { id: 555, body, appId: 7 },
    ...more,
  };
}

function ticked(...keys: string[]): string {
  return keys.reduce((text, key) => text.replace(`- [ ] **${key}**`, `- [x] **${key}**`), RENDERED);
}

describe("A-11, S2: an edit of our own comment", () => {
  test("a box that somebody ticked is an answer by that person", async () => {
    const stage = asking();
    expect(await handleEdit(stage.ports, edit(ticked("a")))).toEqual({
      state: "done",
      reason: "tick accepted by 42-3-r1",
    });
    expect(stage.asked).toEqual(["ann"]);
    expect(stage.orders[0]).toMatchObject({
      command: { kind: "answer", question: 1, text: "a" },
      deliveryId: "d-9",
    });
    expect(stage.comments.size).toBe(0);
  });

  test("S3: two ticks answer nothing, and are told once", async () => {
    const stage = asking();
    expect(await handleEdit(stage.ports, edit(ticked("a", "b")))).toMatchObject({ state: "done" });
    expect(stage.orders).toEqual([]);
    expect(stage.said).toContain("Several boxes of Q1 are ticked");
  });

  test("A-01, A-11: a tick of somebody who may not write is refused", async () => {
    const stage = asking();
    stage.permission = "triage";
    expect(await handleEdit(stage.ports, edit(ticked("a")))).toMatchObject({
      reason: expect.stringContaining("refused: Ticking an answer needs write permission"),
    });
    expect(stage.orders).toEqual([]);
  });

  test.each<[string, Partial<EditEvent> & { body?: string }]>([
    ["another comment of ours", { comment: { id: 556, body: ticked("a"), appId: 7 } }],
    ["a comment of another app", { comment: { id: 555, body: ticked("a"), appId: 8 } }],
    ["a person's comment", { comment: { id: 555, body: ticked("a"), appId: undefined } }],
    ["our own edit", { sender: { ...ann, type: "Bot" } }],
    ["an archived repository", { archived: true }],
    ["words that were changed", { body: ticked("a").replace("Memory", "Delete all") }],
    ["a box that was unticked", { body: RENDERED }],
  ])("%s is ignored, and nobody is looked up", async (_name, { body, ...more }) => {
    const stage = asking();
    expect(await handleEdit(stage.ports, edit(body ?? ticked("a"), more))).toMatchObject({
      state: "ignored",
    });
    expect(stage.untouched).toBe(true);
  });
});
