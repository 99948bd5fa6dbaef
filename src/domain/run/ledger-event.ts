import { z } from "zod";
import { Evidence } from "../gate/evidence.ts";
import { DispatchId, RepoRef, RunId, Sha, TaskId } from "../ids.ts";
import { Phase } from "../phase.ts";
import { Plan, PlannedTask } from "../plan/plan.ts";
import { QuestionDraft } from "../specialist/results.ts";
import { HandOff, OrchestratorName } from "../triage/hand-off.ts";
import { GATE_FACTS } from "./gate-facts.ts";
import { METHOD_FACTS } from "./method-facts.ts";
import { PLAN_FACTS, Supplied } from "./plan-facts.ts";
import { PULL_FACTS, RoundOf } from "./pull-facts.ts";
import { STEERING_FACTS } from "./steering.ts";
import { WAIT_FACTS } from "./wait-facts.ts";

/** Tokens and money of model calls; `usd` is null when a price is not known, which never counts as zero. */
export const Usage = z.object({
  calls: z.number().int().nonnegative(),
  inputTokens: z.number().int().nonnegative(),
  outputTokens: z.number().int().nonnegative(),
  cachedTokens: z.number().int().nonnegative(),
  usd: z.number().nonnegative().nullable(),
});
export type Usage = z.infer<typeof Usage>;

/** How a dispatch ended, decided by the host. */
export const DispatchStatus = z.enum([
  "submitted",
  "needs-human",
  "cancelled",
  "timed-out",
  "over-budget",
  "no-result",
  "crashed",
]);
export type DispatchStatus = z.infer<typeof DispatchStatus>;

const task = { taskId: TaskId };
const dispatch = { dispatchId: DispatchId, taskId: TaskId };

/** A skill or definition that was put before a model, and why. `scope` is a role, `run` for the orchestrator. */
export const LoadFact = z.object({
  name: z.string(),
  kind: z.enum(["definition", "core-skill", "library-skill"]),
  path: z.string(),
  source: z.string(),
  sha256: z.string(),
  reason: z.string(),
  mandatory: z.boolean(),
});
export type LoadFact = z.infer<typeof LoadFact>;

/** One fact of a run. Only host code makes these: from exit codes, git objects, load events and accepted results. */
export const LedgerFact = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("run-started"),
    runId: RunId,
    repo: RepoRef,
    issue: z.number().int(),
    issueTitle: z.string(),
    n: z.number().int(),
    task: z.string(),
    requestedBy: z.string(),
    commentId: z.number().int(),
    baseBranch: z.string(),
    baseSha: Sha,
    runBranch: z.string(),
    definitionsSha: Sha,
    /** The installation's name; absent for the one that is called by nothing else. */
    orchestrator: OrchestratorName.optional(),
    /** What another orchestrator handed to this run. */
    handOff: HandOff.optional(),
  }),
  z.object({
    type: z.literal("triaged"),
    mode: z.string(),
    concerns: z.array(z.string()),
    reason: z.string(),
    phases: z.array(Phase).optional(),
  }),
  z.object({
    type: z.literal("loaded"),
    scope: z.string(),
    dispatchId: DispatchId.optional(),
    load: LoadFact,
  }),
  z.object({
    type: z.literal("skills-required"),
    scope: z.string(),
    dispatchId: DispatchId.optional(),
    mandatory: z.array(z.string()),
    missingGateways: z.array(z.string()),
  }),
  z.object({
    type: z.literal("claim-dropped"),
    scope: z.string(),
    dispatchId: DispatchId,
    names: z.array(z.string()),
  }),
  z.object({
    type: z.literal("plan-refused"),
    dispatchId: DispatchId,
    problems: z.array(z.string()),
  }),
  z.object({ type: z.literal("plan-accepted"), plan: Plan, supplied: Supplied.optional() }),
  z.object({
    type: z.literal("task-added"),
    phase: Phase,
    task: PlannedTask,
    reason: z.string(),
    /** Carried out in its phase like a planned task; absent: it is run where it was added. */
    scheduled: z.literal(true).optional(),
  }),
  z.object({ type: z.literal("phase-started"), phase: Phase }),
  z.object({ type: z.literal("phase-skipped"), phase: Phase, reason: z.string() }),
  z.object({ type: z.literal("phase-completed"), phase: Phase, sha: Sha }),
  z.object({ type: z.literal("phase-failed"), phase: Phase, reason: z.string() }),
  z.object({
    type: z.literal("dispatch-started"),
    ...dispatch,
    role: z.string(),
    mode: z.string().optional(),
    phase: Phase.optional(),
    attempt: z.number().int(),
    baseSha: Sha,
    reason: z.string().optional(),
  }),
  z.object({
    type: z.literal("dispatch-ended"),
    ...dispatch,
    role: z.string(),
    status: DispatchStatus,
    detail: z.string().optional(),
    summary: z.string().optional(),
    headSha: Sha.optional(),
    files: z.array(z.string()).default([]),
    usage: Usage,
    durationMs: z.number().nonnegative(),
  }),
  z.object({
    type: z.literal("task-accepted"),
    ...task,
    phase: Phase,
    summary: z.string(),
    sha: Sha.optional(),
    /** The accepted result as submitted, for the briefs of later phases. */
    result: z.unknown().optional(),
  }),
  z.object({
    type: z.literal("task-refused"),
    ...task,
    phase: Phase,
    problems: z.array(z.string()),
    next: z.string(),
  }),
  z.object({
    type: z.literal("finding"),
    ...task,
    /** The review that found it. */
    dispatchId: DispatchId.optional(),
    severity: z.string(),
    file: z.string(),
    line: z.number(),
    text: z.string(),
    blocking: z.boolean(),
  }),
  z.object({
    type: z.literal("branch-pushed"),
    branch: z.string(),
    sha: Sha,
    taskId: TaskId.optional(),
  }),
  z.object({ type: z.literal("integrated"), ...task, branch: z.string(), sha: Sha }),
  z.object({
    type: z.literal("integration-conflict"),
    ...task,
    branch: z.string(),
    files: z.array(z.string()),
  }),
  z.object({ type: z.literal("evidence"), purpose: z.string(), evidence: Evidence }),
  z.object({
    type: z.literal("pull-request-opened"),
    number: z.number().int(),
    url: z.string(),
    draft: z.boolean(),
  }),
  z.object({ type: z.literal("pull-request-ready"), number: z.number().int(), sha: Sha }),
  z.object({
    type: z.literal("question-asked"),
    number: z.number().int(),
    taskId: TaskId.optional(),
    question: QuestionDraft,
    mayAnswer: z.string(),
    commentUrl: z.string().optional(),
  }),
  z.object({
    type: z.literal("question-answered"),
    number: z.number().int(),
    by: z.string(),
    answer: z.string(),
    option: z.string().optional(),
  }),
  z.object({
    type: z.literal("blocked"),
    issue: z.string(),
    attempted: z.array(z.string()).min(1),
    recommend: z.string(),
    capability: z.string(),
  }),
  z.object({
    type: z.literal("reopened"),
    by: z.string(),
    reason: z.string(),
    phases: z.array(Phase),
    /** What a round of work without a phase is for; absent when phases are carried out again. */
    round: RoundOf.optional(),
  }),
  ...METHOD_FACTS,
  ...GATE_FACTS,
  ...PLAN_FACTS,
  ...PULL_FACTS,
  ...WAIT_FACTS,
  ...STEERING_FACTS,
  z.object({ type: z.literal("note"), text: z.string() }),
  z.object({ type: z.literal("run-completed"), sha: Sha, summary: z.string() }),
  z.object({ type: z.literal("run-failed"), reason: z.string() }),
  z.object({ type: z.literal("run-cancelled"), by: z.string(), reason: z.string() }),
]);
export type LedgerFact = z.infer<typeof LedgerFact>;

/** A fact as stored: numbered per run from 1 without gaps, with the database's time. */
export const LedgerEvent = z.object({
  seq: z.number().int().positive(),
  at: z.string(),
  key: z.string(),
  fact: LedgerFact,
});
export type LedgerEvent = z.infer<typeof LedgerEvent>;
