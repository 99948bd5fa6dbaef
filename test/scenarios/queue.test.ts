import { afterAll, beforeAll, expect, test } from "vitest";
import {
  role,
  type Script,
  script,
  submit,
  write,
} from "../../src/playground/scripted-model/script.ts";
import { openStage, type Stage } from "../helpers/stage.ts";
import { PEOPLE } from "../helpers/stage-hub.ts";
import type { StageRun } from "../helpers/stage-run.ts";
import { TINY_FILES } from "../helpers/tiny-service.ts";

let stage: Stage;
const held = Promise.withResolvers<void>();

beforeAll(async () => {
  stage = await openStage({
    files: TINY_FILES,
    env: { DISPATCHES_PER_REPOSITORY: "1" },
  });
}, 400_000);

afterAll(async () => {
  held.resolve();
  await stage.end();
}, 400_000);

/** One developer's work, which triage gives to that specialist alone. */
function developer(remark: string, hold?: Promise<void>): Script {
  const text = `// ${remark}\n${TINY_FILES["src/sum.js"]}`;
  const done = submit({
    status: "complete",
    summary: "It is checked.",
    files_modified: ["src/sum.js"],
    notes: [],
  });
  const work = { ...write("src/sum.js", text), ...(hold === undefined ? {} : { hold }) };
  return script(role("backend-developer", [work, done]));
}

/** Somebody asks for a small fix on an issue of its own; resolves when the command was worked on. */
async function ask(who: string, name: string, hold?: Promise<void>): Promise<StageRun> {
  const title = `Fix nil check in ${name}`;
  const run = await stage.ask({ title, script: developer(name, hold) });
  const { outcome } = await stage.say(who, run, "/orchestrate");
  expect(outcome.reason).toBe(`started ${run.id()}`);
  return run;
}

function statusOf(run: StageRun): string {
  return run.comments().find(({ body }) => body.includes("orchestrate:status:"))?.body ?? "";
}

function says(run: StageRun, words: string): Promise<string> {
  return stage.history.until(`#${run.issue} says ${words}`, () => {
    const body = statusOf(run);
    return body.includes(words) ? body : undefined;
  });
}

function place(place: string, of: number): string {
  return `### 🕒 Queued: ${place} of ${of} waiting in this repository, 1 at work\n`;
}

function lastReply(run: StageRun): string {
  const replies = run.comments().filter(({ body }) => body.includes("orchestrate:reply:"));
  return replies.at(-1)?.body ?? "";
}

test("G6, R5, R7, K4, K5, F09, F26: of four issues at one place each says its own; others pass whoever asked often; cancelled ones let the rest move up, also after a crash and while edits fail", async () => {
  const first = await ask(PEOPLE.requester, "alpha", held.promise);
  await first.until("dispatch-started");
  const second = await ask(PEOPLE.requester, "beta");
  const third = await ask(PEOPLE.requester, "gamma");
  const bobs = await ask(PEOPLE.reviewer, "delta");
  await says(bobs, place("1st", 3));
  await says(second, place("2nd", 3));
  const last = await says(third, place("3rd", 3));
  expect(last).toContain(
    `At work now: \`#${first.issue}\`. Before it: \`#${bobs.issue}\` and \`#${second.issue}\`.`,
  );

  // R5, R7: whoever asks again, or how it stands, is told the same.
  const again = await stage.say(PEOPLE.reviewer, second, "/orchestrate");
  expect(again.outcome.reason).toBe(`${second.id()} is live`);
  expect(lastReply(second)).toContain(
    "A run is under way here: Queued: 2nd of 3 waiting in this repository, 1 at work, 0 of 1 task done.",
  );
  await stage.say(PEOPLE.reviewer, third, "/orchestrate status");
  expect(lastReply(third)).toContain(place("3rd", 3));

  // The queue and who looks after it survive the app.
  await stage.process.kill();
  await stage.process.start();

  // Edits of one comment fail for a while: longer than the request itself is repeated.
  const { id } = third.comments().find(({ body }) => body.includes("orchestrate:status:")) ?? {};
  const fault = stage.hub.faults.inject({
    match: ({ method, path }) => method === "PATCH" && path.endsWith(`/issues/comments/${id}`),
    times: 4,
    status: 502,
  });
  const cancelled = await stage.say(PEOPLE.requester, second, "/orchestrate cancel");
  expect(cancelled.outcome.reason).toMatch(/^cancel accepted/);
  expect(statusOf(second)).toContain("### 🚫 Cancelled\n");
  expect(second.facts("dispatch-started")).toEqual([]);
  await says(third, place("2nd", 2));
  expect(fault.hits).toBe(4);
  const warning = "cannot update the status comment now; it is tried again";
  await stage.history.until(warning, () => stage.log.find((line) => line.includes(warning)));

  held.resolve();
  for (const run of [first, bobs, third]) expect((await run.ended()).state).toBe("complete");
  const begun = stage.events.flatMap(({ event: { fact } }) =>
    fact.type === "dispatch-started" ? [fact.dispatchId.split("-")[1]] : [],
  );
  expect([...new Set(begun)]).toEqual([first, bobs, third].map(({ issue }) => String(issue)));
  const runs = await stage.query<{ issue: number }>(
    "select issue from orchestrator.runs order by issue",
  );
  expect(runs.map(({ issue }) => issue)).toEqual([1, 2, 3, 4]);
  for (const run of [first, second, third, bobs])
    expect(run.comments().filter(({ body }) => body.includes("orchestrate:status:"))).toHaveLength(
      1,
    );
}, 400_000);
