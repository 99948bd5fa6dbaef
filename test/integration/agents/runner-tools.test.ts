import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import {
  type Action,
  ask,
  bash,
  call,
  role,
  type Script,
  type Step,
  say,
  submit,
  type Turn,
  together,
} from "../../../src/playground/scripted-model/script.ts";
import type { AgentHooks, AgentProgress, AgentRequest } from "../../../src/ports/agents.ts";
import { openStage, recordingHooks, type Stage } from "./harness.ts";

const open: Stage[] = [];

afterEach(async () => {
  for (const stage of open.splice(0)) await stage.close();
});

async function stageFor(script: readonly Step[] | Script): Promise<Stage> {
  const stage = await openStage(
    typeof script === "function" ? script : role("backend-developer", script),
  );
  open.push(stage);
  return stage;
}

function run(
  stage: Stage,
  changes: Partial<AgentRequest> = {},
  hooks: AgentHooks = recordingHooks(),
) {
  return stage.agents.run(stage.request(changes), hooks, new AbortController().signal);
}

test("F7: a result of the wrong shape comes back to the model, which mends it", async () => {
  const stage = await stageFor([submit({ summary: "no verdict" }), submit({ ok: true })]);
  const hooks = recordingHooks();

  const outcome = await run(stage, {}, hooks);

  expect(outcome).toMatchObject({ status: "submitted", result: { ok: true } });
  expect(hooks.submissions).toEqual([{ summary: "no verdict" }, { ok: true }]);
  expect(stage.model.journal()[1]?.turn.results.join()).toContain("Field ok is missing.");
});

test("of two submissions in one answer only the first can be accepted", async () => {
  const stage = await stageFor([together(submit({ ok: 1 }), submit({ ok: 2 }))]);
  const hooks = recordingHooks();

  const outcome = await run(stage, {}, hooks);

  expect(outcome.result).toEqual({ ok: 1 });
  expect(hooks.submissions).toEqual([{ ok: 1 }]);
  expect(outcome.usage.calls).toBe(1);
});

test("D10: the agent is offered exactly the tools of its request and the orchestrator's four", async () => {
  const stage = await stageFor([submit({ ok: true })]);

  await run(stage, { tools: ["read", "grep"] });

  expect(stage.model.journal()[0]?.turn.tools.toSorted((a, b) => a.localeCompare(b))).toEqual([
    "ask_human",
    "grep",
    "load_skill",
    "read",
    "read_library_skill",
    "submit_result",
  ]);
});

test("D6: a tool that was not given does not exist, whatever the model calls", async () => {
  const stage = await stageFor([bash("touch forbidden"), submit({ ok: true })]);

  const outcome = await run(stage, { tools: ["read"] });

  expect(outcome.status).toBe("submitted");
  expect(stage.model.journal()[1]?.turn.results.join()).toMatch(/unavailable tool 'bash'/);
});

test("skills are loaded through the host, and its refusal reaches the model as an error", async () => {
  const stage = await stageFor([
    together(
      call("load_skill", { name: "using-todowrite" }),
      call("read_library_skill", { path: "../../etc/passwd" }),
    ),
    submit({ ok: true }),
  ]);

  await run(stage);

  const results = stage.model.journal()[1]?.turn.results.join("\n");
  expect(results).toContain("# Skill using-todowrite");
  expect(results).toContain("../../etc/passwd is in no gateway's table.");
});

test("S4: a question parks the run, and the answer goes on with the same conversation", async () => {
  const question = ask("Which store?", [
    ["a", "memory", "is lost at a restart"],
    ["b", "a file", "survives a restart"],
  ]);
  const stage = await stageFor([
    say("I need a decision.", question),
    ({ lastUserText }) => submit({ ok: true, summary: lastUserText }),
  ]);

  const parked = await run(stage);
  expect(parked.status).toBe("needs-human");
  expect(parked.question).toMatchObject({ text: "Which store?", recommended: "a" });
  expect(parked.usage.calls).toBe(1);

  const resumed = await run(stage, {
    prompt: "The answer is b.",
    ...(parked.sessionId !== undefined && { resumeSession: parked.sessionId }),
  });
  expect(resumed).toMatchObject({ status: "submitted", result: { summary: "The answer is b." } });
  expect(resumed.sessionId).toBe(parked.sessionId);
  const last = stage.model.journal().at(-1)?.turn;
  expect(last?.index).toBe(1);
  expect(last?.prompt).toContain("Build it.");
});

test("a question without a sound recommendation goes back to the model", async () => {
  const options = [
    ["a", "memory", "is lost"],
    ["b", "a file", "stays"],
  ] as const;
  const stage = await stageFor([ask("Which?", options, "z"), ask("Which?", options, "b")]);

  const outcome = await run(stage);

  expect(outcome.question?.recommended).toBe("b");
  expect(stage.model.journal()[1]?.turn.results.join()).toContain("recommended must be the key");
});

test("a conversation that is not known any more starts anew", async () => {
  const stage = await stageFor([submit({ ok: true })]);
  const gone = "00000000-0000-4000-8000-000000000000";

  const outcome = await run(stage, { resumeSession: gone });

  expect(outcome.status).toBe("submitted");
  expect(outcome.sessionId).not.toBe(gone);
});

/** News that is there from the first sign of a kind on; `woken` also tells the runner at once. */
function newsAt(
  stage: Stage,
  sign: AgentProgress["kind"],
  options: { woken: boolean },
): ReturnType<typeof recordingHooks> & { readonly told: string[] } {
  const told: string[] = [];
  let waiting: string[] | undefined;
  const hooks = recordingHooks({
    progress: (event) => {
      if (event.kind !== sign || waiting) return;
      waiting = ["Also mind the README."];
      if (options.woken) stage.agents.wake(stage.request().dispatchId);
    },
    news: () => {
      const fresh = waiting?.splice(0) ?? [];
      told.push(...fresh);
      return Promise.resolve(fresh);
    },
  });
  return Object.assign(hooks, { told });
}

test("R5: what comes in while the agent works is in its very next call of the model, once", async () => {
  const stage = await stageFor([
    bash("echo working"),
    ({ lastUserText }) => submit({ ok: true, summary: lastUserText }),
  ]);
  const hooks = newsAt(stage, "tool", { woken: true });

  const outcome = await run(stage, {}, hooks);

  expect(outcome.result).toMatchObject({ summary: "Also mind the README." });
  expect(hooks.told).toHaveLength(1);
  expect(stage.model.journal()).toHaveLength(2);
  expect(hooks.submissions).toHaveLength(1);
});

test("R5: a result made before the agent could hear what came in is refused with it", async () => {
  const told = Promise.withResolvers<void>();
  const stage: Stage = await stageFor([
    bash("echo working"),
    () => {
      // The text comes in while the model makes its result.
      stage.agents.wake(stage.request().dispatchId);
      return { ...submit({ ok: true, summary: "without the README" }), hold: told.promise };
    },
    ({ results }) => submit({ ok: true, summary: results.join() }),
  ]);
  const waiting = ["Also mind the README."];
  const hooks = recordingHooks({
    news: () => {
      told.resolve();
      return Promise.resolve(waiting.splice(0));
    },
  });

  const outcome = await run(stage, {}, hooks);

  const { summary } = outcome.result as { summary: string };
  expect(summary).toContain("Also mind the README.");
  expect(hooks.submissions).toHaveLength(1);
});

test("what was said into a turn is in the conversation that a later dispatch goes on with", async () => {
  // It works on until it has heard: how many turns that takes is the machine's affair.
  function next({ lastUserText }: Turn): Action {
    if (lastUserText.includes("It is b.")) return submit({ ok: true });
    if (!lastUserText.includes("README")) return bash("echo working");
    return ask("Which?", [
      ["a", "memory", "is lost"],
      ["b", "a file", "stays"],
    ]);
  }
  const stage = await stageFor(Array.from({ length: 20 }, () => next));
  const hooks = newsAt(stage, "tool", { woken: true });
  const parked = await run(stage, {}, hooks);
  const { sessionId } = parked;
  if (sessionId === undefined) throw new Error("The agent gave no session.");

  await run(stage, { prompt: "Role: backend-developer\nIt is b.", resumeSession: sessionId });

  const file = join(stage.stateDir, ".native-agent", "sessions", `${sessionId}.json`);
  const stored = JSON.parse(await readFile(file, "utf8")) as { messages: { role: string }[] };
  const said = stored.messages.filter((one) =>
    JSON.stringify(one).includes("Also mind the README"),
  );
  expect(said).toMatchObject([{ role: "user" }]);
});

test("news that nobody woke the agent for are its next prompt when it stops", async () => {
  const stage = await stageFor([
    say("Finished, I think."),
    ({ lastUserText }) => submit({ ok: true, summary: lastUserText }),
  ]);
  const hooks = newsAt(stage, "usage", { woken: false });

  const outcome = await run(stage, {}, hooks);

  expect(outcome.result).toMatchObject({ summary: "Also mind the README." });
});

test("a result that does not know the news is not accepted", async () => {
  const stage = await stageFor([
    bash("echo working"),
    submit({ ok: true, summary: "without the README" }),
    ({ results }) => submit({ ok: true, summary: results.join() }),
  ]);
  const hooks = newsAt(stage, "tool", { woken: false });

  const outcome = await run(stage, {}, hooks);

  expect(outcome).toMatchObject({
    status: "submitted",
    result: { summary: expect.stringContaining("Also mind the README.") },
  });
  expect(hooks.submissions).toHaveLength(1);
  expect(() => stage.agents.wake(stage.request().dispatchId)).not.toThrow();
});
