import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { foldRun } from "../../../../src/domain/run/fold.ts";
import { RunDetails, runDetails } from "../../../../src/reports/run-details.ts";
import { issue, tries } from "../../../helpers/loop-acts.ts";
import { runWith } from "../../../helpers/play-run.ts";
import { reviewed } from "../../../helpers/scripted-acts.ts";
import type { Act, Answering, SmallWorld } from "../../../helpers/small-world.ts";

/** A developer that crashes, then claims what it did not do, then works. */
function troubled(work: Parameters<Act>[0]): ReturnType<Act> {
  if (work.attempt === 1) return { status: "crashed" };
  if (work.attempt === 2) return { result: { status: "complete", summary: "trust me" } };
  return tries(work);
}

/** A review that finds the same until the developer has tried three times. */
function strict({ files }: Parameters<Act>[0]): ReturnType<Act> {
  const rounds = (files["src/handler.js"] ?? "").split("try").length - 1;
  return { result: rounds > 4 ? reviewed("approved") : reviewed("changes_requested", [issue(1)]) };
}

function goesOn({ question }: Parameters<Answering>[0]): ReturnType<Answering> {
  return question.text.includes("The run is stuck")
    ? { option: "a", text: "Continue (+3)" }
    : undefined;
}

/** The machine-readable record, as it stands in the comment that people see. */
function recordIn(world: SmallWorld): unknown {
  const blocks = [...(world.comments.get("status") ?? "").matchAll(/```json\n([\s\S]*?)\n```/g)];
  return JSON.parse(blocks.at(-1)?.[1] ?? "");
}

describe("the state record of a run", () => {
  test("K1, K6: status, phases, decisions, branches, outputs, errors and counters stand in it, by its published schema", async () => {
    const { world, end } = await runWith(
      { handler: troubled, review: strict, fix: tries },
      { answering: goesOn },
    );
    expect(end).toBe("complete");
    const view = await world.view();
    const record = RunDetails.parse(recordIn(world));
    expect(record).toMatchObject({ version: 2, state: "complete", head_sha: view.headSha });
    expect(record.phases.map(({ phase, state }) => `${phase} ${state}`)).toEqual([
      "architecture skipped",
      "implementation completed",
      "testing completed",
      "quality completed",
    ]);
    expect(record.phases[1]?.started_at).toMatch(/^\d{4}-/);
    const about = record.decisions.map(({ by, decided }) => `${by} ${decided}`);
    expect(about).toContainEqual(expect.stringMatching(/^backend-orchestrator orchestrate: /));
    expect(about).toContainEqual(expect.stringMatching(/^plan skipped: /));
    expect(about).toContainEqual("bob continue: Continue (+3)");
    expect(record.branches.map(({ name }) => name)).toContain(view.started.runBranch);
    const handler = record.tasks.find(({ id }) => id === "handler");
    expect(handler).toMatchObject({ state: "accepted", dispatches: 3 });
    expect(handler?.output).not.toBe("");
    expect(handler?.branch).toMatch(/implementation-handler/);
    expect(record.counters).toMatchObject({
      crashes: 1,
      continued: 1,
      refused_attempts: { handler: 2 },
      escalations: { quality: 1 },
      same_failures: {},
    });
    expect(record.counters.cycles).toBeGreaterThanOrEqual(3);
    const claimed = record.errors.find(({ error }) => error.includes("no-result"));
    expect(claimed).toMatchObject({
      phase: "implementation",
      agent: "backend-developer",
      resolution: expect.stringContaining("dispatched again"),
    });
    await obeysTheSchema(recordIn(world));
  });

  test("K6: the comment's error log says in which phase, by whom, what, and what was done about it", async () => {
    const { world } = await runWith({ handler: troubled });
    expect(world.comments.get("status")).toMatch(
      /\| implementation \| backend-developer \| .*no-result.* \| dispatched again/,
    );
  });

  test("K1: at every moment the counters are those of the run so far", async () => {
    const { world } = await runWith({ review: strict, fix: tries }, { answering: goesOn });
    const events = await world.ledger.read((await world.view()).runId);
    const stuck = events.findIndex(({ fact }) => fact.type === "escalated");
    const { counters, state } = runDetails(foldRun(events.slice(0, stuck + 1)));
    expect(state).toBe("working");
    expect(counters.cycles).toBeGreaterThan(1);
    expect(counters.same_failures["quality"]).toBe(counters.cycles);
    expect(RunDetails.parse(recordIn(world)).counters.same_failures).toEqual({});
  });
});

async function obeysTheSchema(record: unknown): Promise<void> {
  const { default: Ajv } = await import("ajv/dist/2020.js");
  const ajv = new Ajv.default({ strict: false, validateFormats: false });
  const schema = await readFile("docs/schemas/run-details.schema.json", "utf8");
  const valid = ajv.compile(JSON.parse(schema) as object);
  expect(valid(record), JSON.stringify(valid.errors)).toBe(true);
  expect(valid({ ...(record as object), counters: undefined })).toBe(false);
}
