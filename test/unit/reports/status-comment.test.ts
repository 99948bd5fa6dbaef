import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { DispatchId, TaskId } from "../../../src/domain/ids.ts";
import type { LedgerFact } from "../../../src/domain/run/ledger-event.ts";
import { StatusReport } from "../../../src/domain/status-schema.ts";
import { BODY_LIMIT, codePoints } from "../../../src/reports/markdown.ts";
import { statusComment } from "../../../src/reports/status-comment.ts";
import { evidenceOf, plannedTask, sha, soundPlan, viewOf } from "../../helpers/run-facts.ts";

const WEB = { webUrl: "http://127.0.0.1:1" };
const PLANNED: LedgerFact = { type: "plan-accepted", plan: soundPlan() };
const STARTED: LedgerFact = { type: "phase-started", phase: "testing" };

function head(commit = sha("a")): LedgerFact {
  return {
    type: "branch-pushed",
    branch: "orchestrate/12-add-an-endpoint-for-assets-r1/main",
    sha: commit,
  };
}

function testing(task: string): LedgerFact {
  return {
    type: "dispatch-started",
    dispatchId: DispatchId.parse(`7-12-r1.${task}.1`),
    taskId: TaskId.parse(task),
    role: "backend-tester",
    attempt: 1,
    baseSha: sha("0"),
  };
}

describe("the status comment", () => {
  test("L1, L4: with a plan every render holds the complete task list", () => {
    for (const facts of [[PLANNED], [PLANNED, STARTED, testing("unit")]]) {
      const body = statusComment(viewOf(...facts), WEB);
      for (const id of ["handler", "unit", "integration", "acceptance", "review", "security"])
        expect(body).toContain(`Do ${id}`);
    }
  });

  test("L3: parallel testers show as items of their one phase, each in its own state", () => {
    const body = statusComment(
      viewOf(PLANNED, STARTED, testing("unit"), testing("integration")),
      WEB,
    );
    expect(body).toMatch(
      /- \[ \] \*\*testing\*\* \(running\)\n {2}- \[ \] Do unit .* running\n {2}- \[ \] Do integration .* running\n {2}- \[ \] Do acceptance .* pending/,
    );
    expect(body).toContain("2 specialists at work");
  });

  test("L5: a skipped phase is shown with its reason", () => {
    const skip: LedgerFact = {
      type: "phase-skipped",
      phase: "architecture",
      reason: "one endpoint",
    };
    expect(statusComment(viewOf(PLANNED, skip), WEB)).toContain(
      "**architecture** (skipped: one endpoint)",
    );
  });

  test("N7: no word of success stands in a comment before the run is complete", () => {
    const green: LedgerFact = { type: "evidence", purpose: "t", evidence: evidenceOf() };
    const states = [
      viewOf(),
      viewOf(PLANNED),
      viewOf(PLANNED, head(), green),
      viewOf(PLANNED, { type: "run-failed", reason: "x" }),
    ];
    for (const view of states)
      expect(statusComment(view, WEB)).not.toMatch(/\bcomplete\b(?!d)|success(?!")|✅|all done/i);
    expect(
      statusComment(
        viewOf(PLANNED, head(), green, { type: "run-completed", sha: sha("a"), summary: "s" }),
        WEB,
      ),
    ).toContain("✅ Complete");
  });

  test("N2: evidence shows command, exit code, commit, time and digest; a failed one its output", () => {
    const red: LedgerFact = {
      type: "evidence",
      purpose: "t",
      evidence: evidenceOf({ exitCode: 7, outputTail: "expected 201, got 500\n```\n</details>" }),
    };
    const body = statusComment(viewOf(PLANNED, head(), red), WEB);
    expect(body).toContain(
      "| ✘ test | `npm test` | `aaaaaaa` | 7 | 3 passed, 0 failed | 1 s | `dddddddddddd` | detected |",
    );
    expect(body).toContain("````text\nexpected 201, got 500\n```\n</details>\n````");
  });

  test("O10, O12: the nine-key JSON stands alone in its block, the extras in another", () => {
    const body = statusComment(viewOf(PLANNED, head()), WEB);
    const blocks = [...body.matchAll(/```json\n([\s\S]*?)\n```/g)].map(
      (match) => JSON.parse(match[1] ?? "") as object,
    );
    expect(blocks).toHaveLength(2);
    expect(StatusReport.safeParse(blocks[0]).success).toBe(true);
    expect(blocks[1]).toMatchObject({ version: 2, run: "7-12-r1", head_sha: sha("a") });
  });

  test("O11: what models and people wrote cannot mention, close, link, or break out", () => {
    const plan = soundPlan();
    const nasty =
      "@team fixes #3 <b>x</b> ![i](https://sink.example/?d=1) </details>\n/orchestrate now | cell";
    plan.summary = nasty;
    plan.phases[1]?.tasks.splice(0, 1, plannedTask("handler", { title: nasty.slice(0, 110) }));
    const body = statusComment(viewOf({ type: "plan-accepted", plan }), WEB).replace(
      /```[\s\S]*?```/g,
      "",
    );
    expect(body).not.toMatch(/@team/);
    expect(body).not.toMatch(/[^\\]#3/);
    expect(body).not.toMatch(/<b>|!\[i\]\(https/);
    expect(body).not.toMatch(/^\/orchestrate/m);
  });

  test("U2: a comment of a huge run stays within GitHub's limit and keeps report and task list", () => {
    const errors = Array.from(
      { length: 900 },
      (_, i): LedgerFact => ({
        type: "task-refused",
        taskId: TaskId.parse("handler"),
        phase: "implementation",
        problems: [`problem ${i} ${"x".repeat(300)}`],
        next: "again",
      }),
    );
    const body = statusComment(viewOf(PLANNED, ...errors), WEB);
    expect(codePoints(body)).toBeLessThanOrEqual(BODY_LIMIT);
    expect(body).toContain("Do acceptance");
    expect(body).toContain('"skills_invoked"');
  });

  test("U4: both JSON blocks obey the schemas that are published", async () => {
    const { default: Ajv } = await import("ajv/dist/2020.js");
    const ajv = new Ajv.default({ strict: false, validateFormats: false });
    const body = statusComment(viewOf(PLANNED, head()), WEB);
    const blocks = [...body.matchAll(/```json\n([\s\S]*?)\n```/g)].map(
      (match) => JSON.parse(match[1] ?? "") as unknown,
    );
    for (const [index, name] of ["status-report", "run-details"].entries()) {
      const text = await readFile(`docs/schemas/${name}.schema.json`, "utf8");
      const valid = ajv.compile(JSON.parse(text) as object);
      expect(valid(blocks[index]), JSON.stringify(valid.errors)).toBe(true);
    }
  });
});
