import { z } from "zod";
import { Forecast } from "../budget/estimate.ts";
import { Sha, TaskId } from "../ids.ts";
import { Phase } from "../phase.ts";
import { BlockedReason } from "../specialist/results.ts";
import { HandOff, HandOffState } from "../triage/hand-off.ts";

/**
 * What a piece of work has to pass. A failure sends it back; which limit counts it is decided in `loops.ts`. `result`
 * is what a dispatch hands in, before anything else is looked at; `checks` are the required checks of the repository;
 * `base` is whether git can merge the run branch into its base.
 */
export const Gate = z.enum([
  "result",
  "requirements",
  "quality",
  "security",
  "tests",
  "build",
  "checks",
  "base",
]);
export type Gate = z.infer<typeof Gate>;

/**
 * Gates that whole rounds of work pass or fail. Attempts without a result are counted for each task, and a conflict
 * with the base is tried once between two words of people.
 */
export const RoundGate = Gate.exclude(["result", "base"]);
export type RoundGate = z.infer<typeof RoundGate>;

/** What a person decided when a loop had used up its limit. Only `revise` begins to count anew. */
export const LoopVerdict = z.enum(["continue", "accept", "revise", "abort"]);
export type LoopVerdict = z.infer<typeof LoopVerdict>;

/** Who answered a specialist's question. */
export const ClarifiedBy = z.enum(["plan", "research", "lead", "user"]);
export type ClarifiedBy = z.infer<typeof ClarifiedBy>;

/** Whether new tests fail without the change they came for. */
export const ProofKind = z.enum(["proven", "passes-without", "not-feasible"]);
export type ProofKind = z.infer<typeof ProofKind>;

export const TestCounts = z.object({
  passed: z.number().int().nonnegative(),
  failed: z.number().int().nonnegative(),
  skipped: z.number().int().nonnegative(),
});
export type TestCounts = z.infer<typeof TestCounts>;

const Files = z.array(z.string()).max(500);

/** Facts of the orchestration method: gates, loops, estimates, proofs, hand-offs. Part of `LedgerFact`. */
export const METHOD_FACTS = [
  z.object({
    type: z.literal("gate-failed"),
    gate: Gate,
    phase: Phase,
    taskId: TaskId,
    /** `errorSignature` of the problems, and of the diff that was judged, where there is one. */
    signature: z.string(),
    diff: z.string().optional(),
    problems: z.array(z.string()).max(50),
  }),
  z.object({ type: z.literal("gate-passed"), gate: Gate, phase: Phase, taskId: TaskId }),
  z.object({
    type: z.literal("escalated"),
    phase: Phase,
    taskId: TaskId.optional(),
    why: z.string(),
  }),
  z.object({
    type: z.literal("loop-decided"),
    by: z.string(),
    verdict: LoopVerdict,
    gate: Gate,
    /** The person's own words: the risk that is accepted, or the new approach. */
    text: z.string(),
    /** What stays open when the issues are accepted. */
    open: z.array(z.string()).max(50).default([]),
  }),
  z.object({ type: z.literal("estimated"), forecast: Forecast }),
  z.object({ type: z.literal("budget-agreed"), by: z.string(), because: z.string() }),
  z.object({
    type: z.literal("clarified"),
    taskId: TaskId,
    question: z.string(),
    answer: z.string(),
    by: ClarifiedBy,
  }),
  z.object({ type: z.literal("routed"), taskId: TaskId, reason: BlockedReason, to: z.string() }),
  z.object({
    type: z.literal("test-proof"),
    taskId: TaskId,
    kind: ProofKind,
    detail: z.string(),
    baseSha: Sha,
    sha: Sha,
  }),
  z.object({
    type: z.literal("tests-compared"),
    sha: Sha,
    before: TestCounts.nullable(),
    after: TestCounts.nullable(),
    added: Files,
    changed: Files,
    deleted: Files,
  }),
  z.object({
    type: z.literal("scope-flagged"),
    taskId: TaskId,
    files: Files,
    rejected: z.boolean(),
  }),
  z.object({
    type: z.literal("counted"),
    requirement: z.string(),
    unit: z.string(),
    wanted: z.number().int().nonnegative(),
    found: z.array(z.string()).max(500),
  }),
  z.object({ type: z.literal("handed-off"), record: HandOff, commentUrl: z.string().optional() }),
  z.object({
    type: z.literal("hand-off-updated"),
    to: z.string(),
    state: HandOffState,
    by: z.string(),
    url: z.string().optional(),
  }),
] as const;

export type MethodFact = z.infer<(typeof METHOD_FACTS)[number]>;
