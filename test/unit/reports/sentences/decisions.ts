import * as budget from "../../../../src/domain/budget/budget.ts";
import { parseCommand } from "../../../../src/domain/command/parse.ts";
import { authorise } from "../../../../src/domain/command/permission.ts";
import { UserError } from "../../../../src/domain/failure.ts";
import * as loops from "../../../../src/domain/gate/loops.ts";
import { testWarnings, vacuousTests } from "../../../../src/domain/gate/test-proof.ts";
import { scopeQuestion } from "../../../../src/domain/plan/delegate-plan.ts";
import { checkpointQuestion } from "../../../../src/domain/plan/supplied-plan.ts";
import { abortReason } from "../../../../src/domain/run/abort.ts";
import type { LedgerFact } from "../../../../src/domain/run/ledger-event.ts";
import { conflictQuestion } from "../../../../src/domain/specialist/conflicting-advice.ts";
import type { QuestionDraft } from "../../../../src/domain/specialist/results.ts";
import { tradeOffQuestion } from "../../../../src/domain/specialist/trade-off.ts";
import { asked, type Said, type Situation, said, saidAs } from "./said.ts";

/** What somebody reads whose command could not be understood. */
function refused(text: string): Said {
  const [line = "", ...rest] = text.split("\n");
  try {
    parseCommand({ line, rest: rest.join("\n") });
  } catch (error) {
    if (error instanceof UserError)
      return saidAs(parseCommand, `(\`/orchestrate ${line}\`)\n\n${withoutHelp(error.message)}`);
    throw error;
  }
  throw new Error(`/orchestrate ${line} is understood.`);
}

/** The list of commands stands on this page already. */
function withoutHelp(text: string): string {
  return text.replace(/\| command \|[\s\S]*/, "(the list of commands)");
}

function notAllowed(permission: "read" | "unknown"): Said {
  const asking = { login: "olive", permission, required: "write", action: "An answer" } as const;
  const decided = authorise(asking);
  return saidAs(authorise, decided.allowed ? "" : decided.reason);
}

function stuck(counters: Partial<loops.LoopCounters>): Said {
  const limits = { cycles: 5, sameFailures: 3, patternRetries: 2 };
  const decided = loops.loopDecision({ ...loops.NO_LOOPS, ...counters }, "tests", limits);
  return saidAs(loops.loopDecision, decided.kind === "escalate" ? decided.why : "");
}

function spending(used: Partial<budget.Spending>, agreed = false): Said {
  const state = { budget: { usd: 5, tokens: 1_000_000, ms: 3_600_000 }, agreed };
  const decided = budget.budgetDecision({ ...state, used: { tokens: 0, usd: 0, ms: 0, ...used } });
  return saidAs(budget.budgetDecision, "because" in decided ? decided.because : decided.kind);
}

const FAILED = {
  type: "gate-failed",
  phase: "testing",
  taskId: "unit",
  gate: "tests",
  problems: ["npm test exited with 1"],
  signature: "x",
} as unknown as LedgerFact;
const CRASHED = { type: "dispatch-ended", status: "crashed" } as LedgerFact;
const ESCALATED = { type: "escalated", phase: "testing" } as LedgerFact;

function critical(n: number): LedgerFact {
  const text = "SQL injection in src/store.js";
  return { type: "finding", severity: "CRITICAL", dispatchId: `security.${n}`, text } as LedgerFact;
}

function abandoned(...facts: LedgerFact[]): Said {
  const limits = { escalationsPerPhase: 3, crashes: 3, criticalReviews: 2 };
  return saidAs(abortReason, abortReason(facts, limits)?.why ?? "");
}

const DESIGN = {
  status: "complete",
  summary: "Two ways.",
  decision: {
    recommendation: "Postgres",
    alternatives_considered: [
      { name: "Memory", summary: "simple, and lost at every restart" },
      { name: "Postgres", summary: "one more service to run" },
    ],
    trade_offs: { gains: ["nothing is lost"], loses: ["one more service"] },
    rationale: "Assets must survive a restart.",
    boundaries: ["src/store.js"],
    schema: [],
    contracts: [],
    major_trade_off: true,
  },
};

const NONE: QuestionDraft = { text: "", options: [], recommended: "" };

/** What the host decides, in the words in which people read it. */
export const DECISION_SITUATIONS: readonly Situation[] = [
  {
    heading: "A command that is not understood, or not allowed",
    said: [
      refused("staus"),
      refused("xyzzy"),
      refused("build it --fazes testing --budget lots"),
      refused("--phases testing,deploy build it"),
      refused("approve but rename the table first"),
      refused("reject"),
      refused("answer Q2"),
      refused("skip deploy"),
      refused("retry everything"),
      refused("budget much"),
      refused("pause for a day"),
      notAllowed("read"),
      notAllowed("unknown"),
    ],
  },
  {
    heading: "Questions of the host",
    said: [
      asked(tradeOffQuestion, tradeOffQuestion(DESIGN) ?? NONE),
      asked(
        conflictQuestion,
        conflictQuestion({
          place: "src/handler.js:12",
          sides: [
            { by: "backend-lead", text: "Keep the log." },
            { by: "backend-security-reviewer", text: "Remove the log: it holds tokens." },
          ],
        } as unknown as Parameters<typeof conflictQuestion>[0]),
      ),
      asked(scopeQuestion, scopeQuestion("four services have to change.")),
      asked(
        budget.budgetQuestion,
        budget.budgetQuestion("the run has used 82 % of the limit of $5.00"),
      ),
      asked(
        loops.loopQuestion,
        loops.loopQuestion(
          "quality",
          "the gate quality failed 3 times in a row for the same reason",
          {
            continueAdds: 3,
          },
        ),
      ),
      asked(
        loops.loopQuestion,
        loops.loopQuestion("tests", "the same change was handed in 3 times", { continueAdds: 3 }),
      ),
      asked(
        checkpointQuestion,
        checkpointQuestion({ batch: 1, of: 2, done: ["Write the store (aaaaaaa, suite green)"] }),
      ),
    ],
  },
  {
    heading: "Why people are asked about a loop, a budget, or nothing more is tried",
    said: [
      stuck({ failures: { tests: { value: "x", length: 3 } } }),
      stuck({ diffs: { tests: { value: "x", length: 3 } } }),
      stuck({ patterns: { ...loops.NO_LOOPS.patterns, tests: 3 } }),
      stuck({ cycles: 5 }),
      saidAs(loops.loopHistory, loops.loopHistory([FAILED]).join("\n")),
      spending({ usd: 2.6 }),
      spending({ usd: 4.1 }),
      spending({ usd: null, knownUsd: 1 }),
      spending({ tokens: 1_000_000 }),
      spending({ ms: 3_600_000 }),
      abandoned(ESCALATED, ESCALATED, ESCALATED),
      abandoned(CRASHED, CRASHED, CRASHED),
      abandoned(critical(1), critical(2)),
    ],
  },
  {
    heading: "What the host says about tests",
    said: [
      said(vacuousTests, ["test/unit.test.js"]),
      saidAs(
        testWarnings,
        testWarnings({
          before: { passed: 5, failed: 0, skipped: 0 },
          after: { passed: 2, failed: 0, skipped: 1 },
          files: { added: [], changed: [], deleted: ["test/old.test.js"] },
          claimed: 4,
        }).join("\n"),
      ),
    ],
  },
];
