import { expect, test } from "vitest";
import { RunId } from "../../../src/domain/ids.ts";
import { EVENTS } from "../../../src/webhooks/listen.ts";
import { type Answered, APP_ID, openDoor } from "./door.ts";
import { type Example, examples, half, installed } from "./examples.ts";

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
  await using door = await openDoor({ runId, issue: 1, requestedBy: "ann", state: "testing" });
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

test("every event that the app hears is among the examples", () => {
  for (const event of EVENTS) expect(named(event).length).toBeGreaterThan(0);
});
