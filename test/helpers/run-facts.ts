import type { Evidence } from "../../src/domain/gate/evidence.ts";
import { type RepoRef, RunId, Sha, TaskId } from "../../src/domain/ids.ts";
import type { Plan, PlannedTask } from "../../src/domain/plan/plan.ts";
import { foldRun } from "../../src/domain/run/fold.ts";
import type { LedgerEvent, LedgerFact } from "../../src/domain/run/ledger-event.ts";
import type { RunView } from "../../src/domain/run/run.ts";

/** A readable fake commit id: `sha("a")` is forty a's. */
export function sha(digit: string): Sha {
  return Sha.parse(digit.repeat(40));
}

export function plannedTask(id: string, change: Partial<PlannedTask> = {}): PlannedTask {
  return {
    id: TaskId.parse(id),
    title: `Do ${id}`,
    specialist: "backend-developer",
    mode: "implementation",
    objective: `Get ${id} done.`,
    inputs: [],
    files: [],
    expected_output: `${id} is done.`,
    depends_on: [],
    ...change,
  };
}

/** A sound plan: design skipped, one developer, three testers, code review and security review. */
export function soundPlan(): Plan {
  const tester = { specialist: "backend-tester", requirements: ["R1"] };
  return {
    summary: "Add POST /api/assets",
    concerns: ["implementation", "testing"],
    requirements: [{ id: "R1", text: "POST /api/assets stores an asset" }],
    phases: [
      { phase: "architecture", skip_reason: "one endpoint in a known structure", tasks: [] },
      {
        phase: "implementation",
        tasks: [plannedTask("handler", { files: ["src/handler.js"], requirements: ["R1"] })],
      },
      {
        phase: "testing",
        tasks: [
          plannedTask("unit", { ...tester, mode: "unit", files: ["test/unit.test.js"] }),
          plannedTask("integration", {
            ...tester,
            mode: "integration",
            files: ["test/integration.test.js"],
          }),
          plannedTask("acceptance", {
            ...tester,
            mode: "acceptance",
            files: ["test/acceptance.test.js"],
          }),
        ],
      },
      {
        phase: "quality",
        tasks: [
          plannedTask("review", { specialist: "backend-lead", mode: "review" }),
          plannedTask("security", {
            specialist: "backend-security-reviewer",
            mode: "security",
            depends_on: [TaskId.parse("review")],
          }),
        ],
      },
    ],
  };
}

export const REPO: RepoRef = { id: 7, owner: "acme", name: "assets", installationId: 3 };

export const RUN_STARTED: LedgerFact = {
  type: "run-started",
  runId: RunId.parse("7-12-r1"),
  repo: REPO,
  issue: 12,
  issueTitle: "Add an endpoint for assets",
  n: 1,
  task: "Implement POST /api/assets",
  requestedBy: "alice",
  commentId: 99,
  baseBranch: "main",
  baseSha: sha("0"),
  runBranch: "orchestrate/12-add-an-endpoint-for-assets-r1/main",
  definitionsSha: sha("0"),
};

/** A ledger of these facts, one second apart, beginning with `RUN_STARTED`. */
export function ledgerOf(...facts: LedgerFact[]): LedgerEvent[] {
  return [RUN_STARTED, ...facts].map((fact, index) => ({
    seq: index + 1,
    at: new Date(Date.UTC(2026, 0, 1, 12, 0, index)).toISOString(),
    key: `fact-${index}`,
    fact,
  }));
}

export function viewOf(...facts: LedgerFact[]): RunView {
  return foldRun(ledgerOf(...facts));
}

export function evidenceOf(change: Partial<Evidence> = {}): Evidence {
  return {
    kind: "test",
    command: "npm test",
    cwd: ".",
    source: "detected",
    sha: sha("a"),
    exitCode: 0,
    timedOut: false,
    startedAt: "2026-01-01T12:00:00.000Z",
    durationMs: 1_200,
    outputDigest: "d".repeat(64),
    outputTail: "ok",
    tests: { passed: 3, failed: 0, skipped: 0 },
    ...change,
  };
}
