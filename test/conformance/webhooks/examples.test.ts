import { expect, test } from "vitest";
import { RunId } from "../../../src/domain/ids.ts";
import type { LiveRun } from "../../../src/ports/control.ts";
import { questionComment } from "../../../src/reports/replies.ts";
import { EVENTS } from "../../../src/webhooks/listen.ts";
import { type Answered, APP_ID, openDoor } from "./door.ts";
import { type Example, examples, half, installed, type Payload } from "./examples.ts";

const ALL = examples();

function named(event: string): Example[] {
  return ALL.filter((example) => example.event === event);
}

test("RI1: each of GitHub's own payloads is taken and ends with exactly one outcome; none starts a run", async () => {
  await using door = await openDoor();
  const payloads = half(ALL);
  expect(payloads.length).toBeGreaterThanOrEqual(329);
  const answered: Answered[] = [];
  for (const { event, payload } of payloads) answered.push(await door.deliver(event, payload));
  await door.idle();
  // The same comment told twice is a duplicate, and has its outcome, too.
  expect(new Set(answered.map(({ status }) => status))).toEqual(new Set([200, 202]));
  const outcomes = answered.map(({ id, event, action, status }) => {
    return { event, action, status, outcomes: door.outcomes(id) };
  });
  expect(outcomes.filter((o) => o.outcomes.length !== 1)).toEqual([]);
  expect(outcomes.filter((o) => o.outcomes[0]?.state !== "ignored")).toEqual([]);
  const twice = outcomes.filter(({ status }) => status === 200);
  expect(twice.every((o) => `${o.event}.${o.action}` === "issue_comment.created")).toBe(true);
  expect(door.control).toEqual([]);
  expect(door.github).toEqual([]);
  expect(door.complaints).toEqual([]);
  const injected = payloads.filter((p, i) => p.payload !== ALL[i]?.payload).length;
  console.info(
    `GitHub's own payloads: ${answered.length} of ${new Set(ALL.map((e) => e.event)).size} events, ` +
      `${injected} given an installation, ${twice.length} duplicates, one outcome each`,
  );
});

test("the same payloads all at once end the same", async () => {
  await using door = await openDoor();
  const answered = await Promise.all(
    ALL.map(installed).map(async ({ event, payload }) => await door.deliver(event, payload)),
  );
  await door.idle();
  expect(answered.filter(({ id }) => door.outcomes(id).length !== 1)).toEqual([]);
  expect([door.control, door.github, door.complaints]).toEqual([[], [], []]);
});

test("A1, A2: had they said the command, exactly the new comments would have started runs", async () => {
  await using door = await openDoor();
  let id = 1_000;
  for (const { event, payload } of ALL.map(installed)) {
    if (payload.comment === undefined) {
      await door.deliver(event, payload);
      continue;
    }
    id += 1;
    const comment = { ...payload.comment, id, body: "/orchestrate add it" };
    await door.deliver(event, { ...payload, comment });
  }
  await door.idle();
  const created = named("issue_comment").filter(({ payload }) => payload.action === "created");
  expect(created.length).toBeGreaterThan(0);
  expect(door.control).toHaveLength(created.length);
  expect(door.control.every((line) => line.startsWith("start #"))).toBe(true);
});

test("had they been our check run's, exactly the pressed button and the wishes to run it again would have been obeyed", async () => {
  const runId = RunId.parse("1-1-r1");
  const live = { runId, issue: 1, requestedBy: "ann", state: "testing" };
  await using door = await openDoor({ live: () => live });
  for (const { event, payload } of named("check_run").map(installed)) {
    const run = payload["check_run"] as object;
    await door.deliver(event, {
      ...payload,
      check_run: { ...run, external_id: runId, app: { id: APP_ID } },
      ...(payload.action === "requested_action"
        ? { requested_action: { identifier: "cancel" } }
        : {}),
    });
  }
  await door.idle();
  expect(door.control).toEqual(["instruct cancel", "instruct retry", "instruct retry"]);
});

const QUESTION = {
  text: "Which store?",
  options: [
    { key: "a", label: "Memory", consequence: "lost at a restart" },
    { key: "b", label: "Disk", consequence: "slower" },
  ],
  recommended: "b",
};

/** What a payload of GitHub's comes to where its subject is a run's: what is asked of the run. */
const COMES_TO: Readonly<Record<string, (payload: Told) => string | undefined>> = {
  "pull_request.closed": (p) =>
    `closed ${at(p)} ${p.pull_request?.number} ${p.pull_request?.merged}`,
  "pull_request.synchronize": (p) =>
    `pushed ${at(p)} ${p.pull_request?.number} ${p.pull_request?.head.sha}`,
  push: (p) =>
    p.ref?.startsWith("refs/heads/") && !p.deleted
      ? `base ${at(p)} ${p.ref.slice("refs/heads/".length)} ${p.after}`
      : undefined,
  "check_run.completed": (p) =>
    `checks ${at(p)} ${p.check_run?.check_suite.head_branch} ${p.check_run?.head_sha}`,
  "check_suite.completed": (p) =>
    `checks ${at(p)} ${p.check_suite?.head_branch} ${p.check_suite?.head_sha}`,
  status: (p) => `checks ${at(p)} ${p.branches?.[0]?.name} ${p.sha}`,
  "pull_request_review.submitted": (p) => `review ${p.review?.id}`,
  "pull_request_review_comment.created": (p) => `review ${p.comment?.pull_request_review_id}`,
  "issue_comment.created": () => "hint Q1",
};

/** As much as the table above looks at. */
interface Told extends Payload {
  readonly repository?: { readonly full_name: string };
  readonly sender?: { readonly login: string };
  readonly pull_request?: { number: number; merged: boolean; head: { sha: string } };
  readonly check_run?: { head_sha: string; check_suite: { head_branch: string } };
  readonly check_suite?: { head_sha: string; head_branch: string };
  readonly review?: { readonly id: number };
  readonly comment?: { readonly id: number; readonly pull_request_review_id?: number };
  readonly branches?: { readonly name: string }[];
  readonly sha?: string;
  readonly ref?: string;
  readonly after?: string;
  readonly deleted?: boolean;
}

function at({ repository, sender }: Told): string {
  return `${repository?.full_name} by ${sender?.login}`;
}

/** The same payload about a review or comment of its own: the examples share theirs, and each is taken once. */
function ownIds(payload: Told, id: number): Told {
  const { review, comment } = payload;
  return {
    ...payload,
    ...(review ? { review: { ...review, id } } : {}),
    ...(comment
      ? {
          comment: {
            ...comment,
            id,
            ...("pull_request_review_id" in comment && { pull_request_review_id: id }),
          },
        }
      : {}),
  };
}

const RUN_ID = RunId.parse("1-1-r1");
function onEverything(number: number): LiveRun {
  return { runId: RUN_ID, issue: 1, pullRequest: number, requestedBy: "ann", state: "testing" };
}

test("T1, T2, T3, T4, S2: where its subject is a run's, each of GitHub's payloads reaches it as what it is, and nothing else does", async () => {
  const rendered = questionComment(RUN_ID, { number: 1, question: QUESTION, mayAnswer: "ann" });
  const asked = { number: 1, question: QUESTION, rendered, commentId: 1 };
  await using door = await openDoor({ live: onEverything, asked, concerned: true });
  const seen = new Set<string>();
  for (const [index, { event, payload: given }] of ALL.map(installed).entries()) {
    const payload = ownIds(given, 2_000 + index);
    const kind = payload.action === undefined ? event : `${event}.${payload.action}`;
    const wanted = COMES_TO[kind]?.(payload);
    const before = door.control.length;
    const { id } = await door.deliver(event, payload);
    await door.idle();
    const said = { kind, asked: door.control.slice(before), ended: door.outcomes(id)[0]?.state };
    expect(said).toEqual({
      kind,
      asked: wanted === undefined ? [] : [wanted],
      ended: wanted === undefined ? "ignored" : "done",
    });
    if (wanted !== undefined) seen.add(kind);
  }
  expect([...seen].toSorted()).toEqual(Object.keys(COMES_TO).toSorted());
  expect(door.complaints).toEqual([]);
});

test("S2: had they been answers, the new comments and the edits of our question would have been taken as such", async () => {
  const rendered = questionComment(RUN_ID, { number: 1, question: QUESTION, mayAnswer: "ann" });
  const commentId = 77;
  const asked = { number: 1, question: QUESTION, rendered, commentId };
  await using door = await openDoor({ live: onEverything, asked, concerned: true });
  const comments = named("issue_comment").map(installed);
  for (const [index, { event, payload }] of comments.entries()) {
    const edited = payload.action === "edited";
    const comment = edited
      ? {
          ...payload.comment,
          id: commentId,
          // Each edit is another one: told twice it would be known already.
          body: rendered.replace(`- [ ] **${"ab"[index % 2]}**`, `- [x] **${"ab"[index % 2]}**`),
          performed_via_github_app: { id: APP_ID },
        }
      : { ...payload.comment, id: 3_000 + index, body: "Q1 b" };
    await door.deliver(event, { ...payload, comment });
    await door.idle();
  }
  const taken = comments.filter(({ payload }) => payload.action !== "deleted");
  expect(taken.length).toBeGreaterThan(5);
  expect(door.control).toEqual(taken.map(() => "instruct answer"));
});

test("every event that the app hears is among the examples", () => {
  for (const event of EVENTS) expect(named(event).length).toBeGreaterThan(0);
});
