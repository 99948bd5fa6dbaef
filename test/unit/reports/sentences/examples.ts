import type { LedgerFact } from "../../../../src/domain/run/ledger-event.ts";
import type { QuestionDraft } from "../../../../src/domain/specialist/results.ts";
import { evidenceOf, RUN_STARTED, sha, soundPlan } from "../../../helpers/run-facts.ts";

/** Examples that several situations share. */
export const QUESTION: QuestionDraft = {
  text: "Where shall assets be stored?",
  options: [
    { key: "a", label: "In memory", consequence: "simple, and lost at every restart" },
    { key: "b", label: "In Postgres", consequence: "one more service to run" },
  ],
  recommended: "b",
};

export const BLOCKED: Extract<LedgerFact, { type: "blocked" }> = {
  type: "blocked",
  issue: "the test suite stays red after three rounds",
  attempted: ["dispatched the developer three times", "ran npm test: exit 1"],
  recommend: "user",
  capability: "a decision how to go on",
};

const BRANCH = RUN_STARTED.type === "run-started" ? RUN_STARTED.runBranch : "";

export const PLANNED: LedgerFact = { type: "plan-accepted", plan: soundPlan() };

/** A run with a pull request and green evidence on its head. */
export const OPENED: readonly LedgerFact[] = [
  PLANNED,
  { type: "branch-pushed", branch: BRANCH, sha: sha("a") },
  { type: "evidence", purpose: "final", evidence: evidenceOf() },
  { type: "pull-request-opened", number: 14, url: "http://127.0.0.1/p", draft: true },
];

export const COMPLETED: LedgerFact = {
  type: "run-completed",
  sha: sha("a"),
  summary: "POST /api/assets stores an asset.",
};
