import type { Evidence } from "../gate/evidence.ts";
import type { RepoRef, RunId, Sha } from "../ids.ts";
import { PHASES, type Phase } from "../phase.ts";
import type { Plan, PlannedTask } from "../plan/plan.ts";
import type { QuestionDraft } from "../specialist/results.ts";
import { type GateView, NO_GATES } from "./gate-view.ts";
import type { LedgerEvent, LedgerFact, LoadFact, Usage } from "./ledger-event.ts";
import { type MethodView, NO_METHOD } from "./method-view.ts";
import { NO_PLANNING, type PlanView } from "./plan-view.ts";
import { NO_PULL, type PullView } from "./pull-view.ts";
import { NO_STEERING, type SteeringsView } from "./steering.ts";
import { NO_WAIT, type WaitView } from "./wait-view.ts";

export type RunState = "working" | "waiting" | "complete" | "failed" | "cancelled" | "blocked";
export type PhaseState = "pending" | "running" | "completed" | "skipped" | "failed";
export type TaskState = "pending" | "running" | "accepted" | "refused";

export interface DispatchView {
  readonly dispatchId: string;
  readonly attempt: number;
  readonly role: string;
  readonly mode: string | undefined;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly durationMs?: number;
  readonly status?: string;
  readonly detail?: string;
  readonly usage?: Usage;
}

export interface TaskView {
  readonly task: PlannedTask;
  readonly phase: Phase;
  readonly state: TaskState;
  readonly dispatches: readonly DispatchView[];
  readonly summary?: string;
  readonly branch?: string;
  readonly sha?: Sha;
  readonly problems: readonly string[];
  readonly addedBecause?: string;
  /** Added by the host, and carried out like a planned task. */
  readonly scheduled?: true;
  readonly result?: unknown;
}

export interface PhaseView {
  readonly phase: Phase;
  readonly state: PhaseState;
  readonly reason?: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
}

export interface LoadView extends LoadFact {
  readonly scope: string;
  readonly dispatchId?: string;
}

export interface QuestionView {
  readonly number: number;
  readonly question: QuestionDraft;
  readonly mayAnswer: string;
  readonly askedAt: string;
  /** How often people were reminded of it. */
  readonly reminders: number;
  /** Nobody answered in time; answers do not count any more. */
  readonly closed?: boolean;
  readonly taskId?: string;
  readonly commentUrl?: string;
  readonly answer?: { readonly by: string; readonly text: string; readonly option?: string };
}

export interface ErrorView {
  readonly at: string;
  readonly phase?: string;
  readonly agent?: string;
  readonly error: string;
  readonly resolution: string;
}

export type RunStarted = Extract<LedgerFact, { type: "run-started" }>;
export type FindingView = Extract<LedgerFact, { type: "finding" }>;
export type BlockedView = Extract<LedgerFact, { type: "blocked" }>;
export type SkillsRequired = Extract<LedgerFact, { type: "skills-required" }>;

/** Everything there is to know about a run: a pure projection of its ledger. */
export interface RunView extends MethodView, GateView, PlanView, PullView, WaitView, SteeringsView {
  readonly runId: RunId;
  readonly repo: RepoRef;
  readonly started: RunStarted;
  readonly state: RunState;
  readonly startedAt: string;
  readonly updatedAt: string;
  readonly endedAt?: string;
  readonly triage?: {
    readonly mode: string;
    readonly concerns: readonly string[];
    readonly reason: string;
    readonly phases?: readonly Phase[];
  };
  readonly plan?: Plan;
  readonly phases: readonly PhaseView[];
  readonly tasks: readonly TaskView[];
  /** Dispatches of the orchestrator agent itself. */
  readonly planning: readonly DispatchView[];
  readonly loads: readonly LoadView[];
  readonly required: readonly SkillsRequired[];
  readonly droppedClaims: readonly string[];
  readonly evidence: readonly { readonly purpose: string; readonly evidence: Evidence }[];
  readonly findings: readonly FindingView[];
  readonly branches: ReadonlyMap<string, Sha>;
  /** Tip of the run branch as far as the host has pushed it. */
  readonly headSha: Sha;
  readonly pullRequest?: { readonly number: number; readonly url: string; readonly draft: boolean };
  readonly questions: readonly QuestionView[];
  readonly blocked?: BlockedView;
  readonly summary?: string;
  readonly failure?: string;
  readonly notes: readonly string[];
  readonly errors: readonly ErrorView[];
  readonly usage: Usage;
}

export const NO_USAGE: Usage = {
  calls: 0,
  inputTokens: 0,
  outputTokens: 0,
  cachedTokens: 0,
  usd: 0,
};

/** Adds usage; an unknown price makes the sum unknown, never smaller. */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    calls: a.calls + b.calls,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    usd: a.usd === null || b.usd === null ? null : a.usd + b.usd,
  };
}

/** The first view of a run, from the event every ledger begins with. Throws when it is another one. */
export function beginRun(event: LedgerEvent): RunView {
  const { fact, at } = event;
  if (fact.type !== "run-started")
    throw new Error(`A ledger begins with run-started, not ${fact.type}.`);
  return {
    ...NO_METHOD,
    ...NO_GATES,
    ...NO_PLANNING,
    ...NO_PULL,
    ...NO_WAIT,
    ...NO_STEERING,
    runId: fact.runId,
    repo: fact.repo,
    started: fact,
    state: "working",
    startedAt: at,
    updatedAt: at,
    phases: PHASES.map((phase) => ({ phase, state: "pending" as const })),
    tasks: [],
    planning: [],
    loads: [],
    required: [],
    droppedClaims: [],
    evidence: [],
    findings: [],
    branches: new Map(),
    headSha: fact.baseSha,
    questions: [],
    notes: [],
    errors: [],
    usage: NO_USAGE,
  };
}

/** States from which nothing leads away. */
export const TERMINAL_STATES: readonly RunState[] = ["complete", "failed", "cancelled", "blocked"];
