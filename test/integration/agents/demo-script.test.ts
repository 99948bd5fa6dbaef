import { spawnSync } from "node:child_process";
import { cp } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { z } from "zod";
import type { TaskMode } from "../../../src/domain/plan/plan.ts";
import { Plan } from "../../../src/domain/plan/plan.ts";
import { allTasks, planProblems, type Roster } from "../../../src/domain/plan/soundness.ts";
import {
  resultSchemaOf,
  roleFacts,
  SPECIALISTS,
} from "../../../src/domain/specialist/specialists.ts";
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

type Language = "node" | "go";

/** How each sample's own tests are run by hand, and what their output says. */
const BY_HAND = {
  node: { argv: ["node", "--test"], sample: "sample", bug: "✖ an asset that exists is refused" },
  go: {
    argv: ["go", "test", "./..."],
    sample: "sample-go",
    bug: "--- FAIL: TestADuplicateIsRefused",
  },
} as const;

function pathInside(): string {
  return `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}`;
}

const NO_GO = "the Go twin takes minutes: it runs with FULL=1, where go is installed";

function hasGo(): boolean {
  return process.env["FULL"] === "1" && spawnSync("go", ["version"]).status === 0;
}

/** Who writes the bug, and who writes the tests that find it. */
const BUG_FINDERS = [
  { role: "backend-developer", task: "build-create-asset", mode: "implementation" },
  { role: "backend-tester", task: "integration-tests", mode: "integration" },
] as const;

async function openSample(variant: { broken?: boolean; language: Language }): Promise<Stage> {
  const stage = await openStage(demoScript(variant), { machine: { path: pathInside() } });
  const { sample } = BY_HAND[variant.language];
  await cp(join(PACKAGE_DIR, "src/playground", sample), stage.dir, { recursive: true });
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
  const limits = { wallMs: 240_000, idleMs: 240_000, maxTurns: 20, maxTokens: 1_000_000 };
  const request = stage.request({ role: who.role, prompt, tools, limits });
  const outcome = await stage.agents.run(request, hooks, new AbortController().signal);
  expect(outcome, `${who.role} ${who.mode}`).toMatchObject({ status: "submitted" });
  return schema.parse(outcome.result);
}

function runTests(stage: Stage, language: Language): { status: number | null; output: string } {
  const [program, ...args] = BY_HAND[language].argv;
  const env = { PATH: pathInside(), HOME: stage.stateDir };
  const { status, stdout } = spawnSync(program, args, { cwd: stage.dir, env });
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

for (const language of ["node", "go"] as const) {
  const patience = language === "go" ? 300_000 : 120_000;

  test(`the scripted demo proposes a sound plan and writes a service whose tests pass: ${language}`, {
    timeout: patience,
  }, async ({ skip }) => {
    if (language === "go" && !hasGo()) return skip(NO_GO);
    const stage = await openSample({ language });
    try {
      const plan = await playPlan(stage);

      expect(planProblems(plan, roster)).toEqual([]);
      const { status, output } = runTests(stage, language);
      expect(status, output).toBe(0);
      if (language === "node") expect(output).toMatch(/^ℹ pass 57$/m);
      const journal = stage.model.journal();
      expect(journal.filter(({ action }) => action.text === "I am done.")).toEqual([]);
      const failed = journal
        .flatMap(({ turn }) => turn.results)
        .filter((result) => /^(Refused|Error)|does not occur|ENOENT|Killed after/.test(result));
      expect(failed).toEqual([]);
    } finally {
      await stage.close();
    }
  });

  test(`the broken variant leaves a service whose own tests find the bug: ${language}`, {
    timeout: patience,
  }, async ({ skip }) => {
    if (language === "go" && !hasGo()) return skip(NO_GO);
    const stage = await openSample({ broken: true, language });
    try {
      for (const who of BUG_FINDERS) await play(stage, who, resultSchemaOf(who));

      const { status, output } = runTests(stage, language);
      expect(status).toBe(1);
      expect(output).toContain(BY_HAND[language].bug);
      const fix = { role: "backend-developer", task: "fix-1", mode: "implementation" } as const;
      await play(stage, fix, resultSchemaOf({ role: fix.role, mode: fix.mode }));
      expect(runTests(stage, language).status).toBe(1);
    } finally {
      await stage.close();
    }
  });
}
