import { spawnSync } from "node:child_process";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { z } from "zod";
import type { TaskMode } from "../../../src/domain/plan.ts";
import { Plan } from "../../../src/domain/plan.ts";
import { allTasks, planProblems, type Roster } from "../../../src/domain/plan-soundness.ts";
import { resultSchemaOf, roleFacts, SPECIALISTS } from "../../../src/domain/specialists.ts";
import { demoScript } from "../../../src/playground/scripted-model/demo-script.ts";
import type { AgentRequest } from "../../../src/ports/agents.ts";
import { openStage, PACKAGE_DIR, recordingHooks, type Stage } from "./harness.ts";

const READ_ONLY: AgentRequest["tools"] = ["read", "glob", "grep", "bash"];
const ALL: AgentRequest["tools"] = [...READ_ONLY, "edit", "write"];

const roster: Roster = {
  names: SPECIALISTS.map(({ name }) => name),
  mayServe: (name, { phase, mode }) => {
    const facts = roleFacts(name);
    return !!facts?.phases.includes(phase) && (mode === undefined || facts.modes.includes(mode));
  },
};

async function openSample(variant: { broken?: boolean }): Promise<Stage> {
  const stage = await openStage(demoScript(variant));
  await cp(join(PACKAGE_DIR, "src/playground/sample"), stage.dir, { recursive: true });
  return stage;
}

/** Plays one role on the sample and gives what it handed in, checked against the role's schema. */
async function play(
  stage: Stage,
  who: { role: string; task: string; mode?: TaskMode },
  schema: z.ZodType,
): Promise<unknown> {
  const prompt = `Role: ${who.role}\nMode: ${who.mode ?? ""}\nTask: ${who.task}\nAttempt: 1\n\nDo it.`;
  const tools = ["backend-developer", "backend-tester"].includes(who.role) ? ALL : READ_ONLY;
  const hooks = recordingHooks({
    submit: (result) => Promise.resolve(schema.safeParse(result).error?.message),
  });
  const request = stage.request({ role: who.role, prompt, tools });
  const outcome = await stage.agents.run(request, hooks, new AbortController().signal);
  expect(outcome, `${who.role} ${who.mode}`).toMatchObject({ status: "submitted" });
  return schema.parse(outcome.result);
}

function runTests(stage: Stage): { status: number | null; output: string } {
  const path = process.env["PATH"] ?? "";
  const env = { PATH: path };
  const { status, stdout } = spawnSync(process.execPath, ["--test"], { cwd: stage.dir, env });
  return { status, output: stdout.toString("utf8") };
}

async function playPlan(stage: Stage): Promise<Plan> {
  const who = { role: "backend-orchestrator", task: "plan" };
  const plan = Plan.parse(await play(stage, who, Plan));
  for (const task of allTasks(plan)) {
    const { specialist, mode, id } = task;
    const schema = resultSchemaOf({ role: specialist, ...(mode && { mode }) });
    await play(stage, { role: specialist, task: id, ...(mode && { mode }) }, schema);
  }
  return plan;
}

test("the scripted demo proposes a sound plan and writes a service whose tests pass", async () => {
  const stage = await openSample({});
  try {
    const plan = await playPlan(stage);

    expect(planProblems(plan, roster)).toEqual([]);
    const { status, output } = runTests(stage);
    expect(output).toMatch(/^ℹ fail 0$/m);
    expect(status).toBe(0);
    expect(Number(/^ℹ pass (\d+)$/m.exec(output)?.[1])).toBe(57);
    const unanswered = stage.model.journal().filter(({ action }) => action.text === "I am done.");
    expect(unanswered).toEqual([]);
    const failed = stage.model
      .journal()
      .flatMap(({ turn }) => turn.results)
      .filter((result) => /^(Refused|Error)|does not occur|ENOENT/.test(result));
    expect(failed).toEqual([]);
  } finally {
    await stage.close();
  }
});

test("the broken variant leaves a service whose own tests find the bug", async () => {
  const stage = await openSample({ broken: true });
  try {
    await playPlan(stage);

    const { status, output } = runTests(stage);
    expect(status).toBe(1);
    expect(output).toContain("✖ an asset that exists is refused");
    const fix = { role: "backend-developer", task: "fix-1", mode: "implementation" } as const;
    await play(stage, fix, resultSchemaOf({ role: fix.role, mode: fix.mode }));
    expect(runTests(stage).status).toBe(1);
  } finally {
    await stage.close();
  }
});
