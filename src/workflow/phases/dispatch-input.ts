import type { DispatchId, RepoRef, RunId, Sha } from "../../domain/ids.ts";
import type { Phase } from "../../domain/phase.ts";
import type { PlannedTask } from "../../domain/plan/plan.ts";
import type { LedgerEvent } from "../../domain/run/ledger-event.ts";
import type { Submission } from "../../domain/specialist/acceptance.ts";
import type { QuestionDraft } from "../../domain/specialist/results.ts";
import type { ResultShape } from "../../domain/specialist/specialists.ts";
import type { Brief } from "../../ports/agents.ts";
import type { WorkflowRef } from "../../ports/engine.ts";

/** One attempt at a task: everything a worker needs, as JSON. */
export interface DispatchInput {
  readonly runId: RunId;
  readonly dispatchId: DispatchId;
  readonly repo: RepoRef;
  readonly definitionsSha: Sha;
  readonly task: PlannedTask;
  readonly phase: Phase | undefined;
  readonly attempt: number;
  readonly baseSha: Sha;
  /** The commit whose commands verify the run; absent in runs that began before it was recorded. */
  readonly suiteSha?: Sha;
  /** Where a writer's commit is pushed. */
  readonly branch: string;
  readonly brief: Brief;
  readonly result?: ResultShape;
  readonly routing: {
    readonly text: string;
    readonly labels: readonly string[];
    readonly paths: readonly string[];
  };
  readonly maxTokens: number;
  readonly maxUsd?: number;
}

export interface DispatchOutput {
  readonly dispatchId: DispatchId;
  readonly submission: Submission;
  readonly sha?: Sha;
  readonly question?: QuestionDraft;
  readonly tokens: number;
  /** That it began and how it ended, for the run to take into its own view. */
  readonly events: readonly LedgerEvent[];
}

export const DISPATCH: WorkflowRef<DispatchInput, DispatchOutput> = { name: "dispatch" };
