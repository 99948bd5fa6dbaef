import { afterEach, expect, test } from "vitest";
import {
  after,
  bash,
  fail,
  role,
  type Step,
  say,
  submit,
} from "../../../src/playground/scripted-model/script.ts";
import type { AgentRequest } from "../../../src/ports/agents.ts";
import type { Jail } from "../../../src/ports/jail.ts";
import { openStage, processesWith, recordingHooks, type Stage } from "./harness.ts";

const open: Stage[] = [];

afterEach(async () => {
  for (const stage of open.splice(0)) await stage.close();
});

async function stageFor(steps: readonly Step[], jail?: Jail): Promise<Stage> {
  const stage = await openStage(role("backend-developer", steps), { ...(jail && { jail }) });
  open.push(stage);
  return stage;
}

function limits(changes: Partial<AgentRequest["limits"]>): AgentRequest["limits"] {
  return { wallMs: 30_000, idleMs: 20_000, maxTurns: 20, maxTokens: 1_000_000, ...changes };
}

function run(stage: Stage, changes: Partial<AgentRequest> = {}) {
  return stage.agents.run(stage.request(changes), recordingHooks(), new AbortController().signal);
}

test("an agent that ends without a result is reminded once, then there is none", async () => {
  const stage = await stageFor([say("All done."), say("Really done.")]);

  const outcome = await run(stage);

  expect(outcome.status).toBe("no-result");
  const texts = stage.model.journal().map(({ turn }) => turn.lastUserText);
  expect(texts).toHaveLength(2);
  expect(texts[1]).toContain("You have not submitted a result yet");
});

test("an agent that submits after the reminder counts", async () => {
  const stage = await stageFor([say("All done."), submit({ ok: true })]);

  expect(await run(stage)).toMatchObject({ status: "submitted" });
});

test("M-03: an agent that never stops is stopped by its turns", async () => {
  const stage = await stageFor(Array.from({ length: 50 }, (_, at) => bash(`echo ${at}`)));

  const outcome = await run(stage, { limits: limits({ maxTurns: 4 }) });

  expect(outcome.status).toBe("no-result");
  expect(outcome.usage.calls).toBe(4 + 3);
});

test("U5: a spent budget is its own end, told in numbers", async () => {
  const stage = await stageFor([bash("echo 1"), bash("echo 2"), submit({ ok: true })]);

  const outcome = await run(stage, { limits: limits({ maxTokens: 50 }) });

  expect(outcome.status).toBe("over-budget");
  expect(outcome.detail).toMatch(/^The budget of 50 tokens is spent \(\d+ used\)\.$/);
  expect(outcome.usage.calls).toBe(1);
});

test("F36: an agent whose process dies has crashed, with its last words", async () => {
  const stage = await stageFor([bash("kill -9 $PPID"), submit({ ok: true })]);

  const outcome = await run(stage);

  expect(outcome.status).toBe("crashed");
  expect(outcome.detail).toMatch(/^The agent ended with exit code 137/);
  expect(outcome.sessionId).toBeDefined();
});

test("F39: what the provider says is the detail of the crash", async () => {
  const stage = await stageFor([fail(404, "there is no model of that name")]);

  const outcome = await run(stage);

  expect(outcome).toMatchObject({
    status: "crashed",
    detail: "The model provider answered 404: there is no model of that name",
  });
});

test("a jail that cannot start is told as such", async () => {
  const jail: Jail = {
    selfTest: () => Promise.resolve({ ok: true }),
    spawn: () => Promise.reject(new Error("no namespaces here")),
  };
  const stage = await stageFor([submit({ ok: true })], jail);

  expect(await run(stage)).toMatchObject({
    status: "crashed",
    detail: "The jail cannot start: no namespaces here",
  });
});

test("F37: an agent that takes too long is stopped with everything it started", async () => {
  const stage = await stageFor([bash("sleep 8765.4321"), submit({ ok: true })]);

  const outcome = await run(stage, { limits: limits({ wallMs: 2_000 }) });

  expect(outcome.durationMs).toBeLessThan(6_500);
  expect(outcome.status).toBe("timed-out");
  expect(outcome.detail).toContain("longer than its time limit");
  expect(await processesWith("8765.4321")).toEqual([]);
});

test("F37: an agent that goes silent is stopped, one that prints is not", async () => {
  const silent = await stageFor([after(20_000, submit({ ok: true }))]);
  const busy = await stageFor([
    bash("for i in $(seq 12); do echo $i; sleep 0.5; done"),
    submit({ ok: true }),
  ]);
  const idle = { limits: limits({ idleMs: 4_000 }) };

  const [stopped, finished] = await Promise.all([run(silent, idle), run(busy, idle)]);

  expect(stopped).toMatchObject({ status: "timed-out" });
  expect(stopped.detail).toContain("did nothing for longer");
  expect(stopped.durationMs).toBeLessThan(8_500);
  expect(finished.status).toBe("submitted");
});

test("a dispatch that was cancelled before it began starts nothing", async () => {
  const stage = await stageFor([submit({ ok: true })]);

  const outcome = await stage.agents.run(
    stage.request(),
    recordingHooks(),
    AbortSignal.abort("person"),
  );

  expect(outcome).toMatchObject({ status: "cancelled", usage: { calls: 0 } });
  expect(stage.model.journal()).toEqual([]);
});
