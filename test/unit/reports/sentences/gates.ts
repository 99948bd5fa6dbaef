import { TaskId } from "../../../../src/domain/ids.ts";
import type { LedgerFact } from "../../../../src/domain/run/ledger-event.ts";
import { gateSection } from "../../../../src/reports/gate-section.ts";
import * as words from "../../../../src/reports/gate-words.ts";
import { testsSection } from "../../../../src/reports/tests-section.ts";
import { sha, viewOf } from "../../../helpers/run-facts.ts";
import { PLANNED } from "./examples.ts";
import { asked, blocked, type Situation, said } from "./said.ts";

const TASK = TaskId.parse("handler");
const GUARDED: LedgerFact[] = [
  {
    type: "scope-flagged",
    taskId: TASK,
    files: ["src/store.js", ".circleci/config.yml"],
    rejected: false,
  },
  { type: "scope-flagged", taskId: TaskId.parse("unit"), files: ["src/a.js"], rejected: true },
  { type: "scope-approved", taskId: TASK, files: [".circleci/config.yml"], by: "alice" },
  {
    type: "sequenced",
    taskId: TaskId.parse("integration"),
    after: TaskId.parse("unit"),
    files: ["test/shared.test.js"],
  },
  {
    type: "sequenced",
    taskId: TaskId.parse("acceptance"),
    after: TaskId.parse("unit"),
    files: [],
  },
  { type: "suite-broken-by", sha: sha("b"), head: sha("c"), taskId: TASK, runs: 2 },
  { type: "suite-broken-by", sha: sha("b"), head: sha("c"), by: "carol", runs: 0 },
];

const ASIDE: LedgerFact = {
  type: "set-aside",
  taskId: TASK,
  dispatchId: "7-12-r1.handler.1" as never,
  files: [".github/workflows/ci.yml"],
  patch: "+on: push",
};

const COMPARED: Extract<LedgerFact, { type: "tests-compared" }> = {
  type: "tests-compared",
  sha: sha("a"),
  before: { passed: 5, failed: 0, skipped: 0 },
  after: { passed: 57, failed: 0, skipped: 0 },
  added: ["test/unit.test.js"],
  changed: [],
  deleted: [],
};
const LOOKED: LedgerFact = {
  type: "worth-a-look",
  sha: sha("a"),
  files: ["package.json", ".env.example"],
};

/** What is said of a commit before it is integrated. */
export const GATE_SITUATIONS: readonly Situation[] = [
  {
    heading: "A commit that somebody has to look at",
    said: [
      asked(
        words.guardedQuestion,
        words.guardedQuestion({
          task: "handler",
          specialist: "backend-developer",
          sha: sha("a"),
          files: [
            { file: ".circleci/config.yml", guard: "ci" },
            { file: "CODEOWNERS", guard: "owners" },
            { file: ".claude/agents/x.md", guard: "definitions" },
            { file: "deploy/prod.yml", guard: "protected" },
            { file: "test/old.test.js", guard: "deleted-tests" },
          ],
        }),
      ),
      blocked(words.unansweredGuard, words.unansweredGuard("handler")),
      said(words.onlyWorkflowFiles, [".github/workflows/ci.yml"]),
      said(words.conflictProblem, ["src/handler.js"]),
      blocked(words.conflictsAgain, words.conflictsAgain("unit", ["src/handler.js"])),
      said(words.brokenSince, { sha: sha("b"), taskId: "unit" }),
      said(words.brokenSince, { sha: sha("b"), by: "carol" }),
      blocked(
        words.notVerified,
        words.notVerified(sha("a"), ["`npm test` exited with 1"], undefined),
      ),
      said(gateSection, viewOf(PLANNED, ...GUARDED)),
      said(gateSection, viewOf(PLANNED, ASIDE)),
      said(gateSection, viewOf(PLANNED)),
      said(testsSection, viewOf(PLANNED, COMPARED, LOOKED)),
      said(
        testsSection,
        viewOf(PLANNED, {
          ...COMPARED,
          after: { passed: 1, failed: 1, skipped: 1 },
          deleted: ["test/old.test.js"],
        }),
      ),
      said(testsSection, viewOf(PLANNED, { ...COMPARED, before: null, added: [] })),
    ],
  },
];
