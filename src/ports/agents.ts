import type { z } from "zod";
import type { DispatchId, RepoRef, RunId, Sha } from "../domain/ids.ts";
import type { Phase } from "../domain/phase.ts";
import type { PlannedTask } from "../domain/plan/plan.ts";
import type { DispatchStatus, LoadFact, Usage } from "../domain/run/ledger-event.ts";
import type { QuestionDraft } from "../domain/specialist/results.ts";
import type { ResultShape } from "../domain/specialist/specialists.ts";
import type { Clone } from "./workspaces.ts";

export interface Agents {
  /**
   * Runs one agent conversation to its end inside the jail. Never rejects for what the agent did. An aborted `signal`
   * whose reason is "person" gives the agent 500 ms to stop, any other reason 5 s; then everything of it is gone.
   */
  run(request: AgentRequest, hooks: AgentHooks, signal: AbortSignal): Promise<AgentOutcome>;
}

export interface AgentRequest {
  readonly dispatchId: DispatchId;
  readonly runId: RunId;
  readonly clone: Clone;
  readonly role: string;
  /** Tier or id from the definition; the settings map it to a provider's model. */
  readonly model: string;
  readonly systemPrompt: string;
  readonly prompt: string;
  readonly tools: readonly ("read" | "glob" | "grep" | "edit" | "write" | "bash")[];
  /** Skills `load_skill` may name, and library paths `read_library_skill` may give. */
  readonly catalogue: { readonly skills: readonly string[]; readonly library: readonly string[] };
  readonly resultSchema: Readonly<Record<string, unknown>>;
  readonly limits: {
    readonly wallMs: number;
    readonly idleMs: number;
    readonly maxTurns: number;
    readonly maxTokens: number;
    readonly maxUsd?: number;
  };
  readonly resumeSession?: string;
}

export interface AgentHooks {
  /** Judges a submission: undefined accepts it, a text goes back to the model as a tool error. */
  submit(result: unknown): Promise<string | undefined>;
  loadSkill(name: string): Promise<{ text: string } | { refused: string }>;
  readLibrarySkill(path: string): Promise<{ text: string } | { refused: string }>;
  progress(event: AgentProgress): void;
  /** What came in for this conversation since the last call, each text once; a result is refused until it is told. */
  news?(): Promise<readonly string[]>;
}

export type AgentProgress =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "tool"; readonly name: string; readonly title: string }
  | { readonly kind: "usage"; readonly usage: Usage };

export interface AgentOutcome {
  readonly status: DispatchStatus;
  readonly result?: unknown;
  readonly question?: QuestionDraft;
  readonly detail?: string;
  readonly usage: Usage;
  readonly sessionId?: string;
  readonly durationMs: number;
  /** Addresses outside the allow-list that the agent's commands asked for; all were refused. */
  readonly refusedAddresses?: readonly string[];
}

/** Decides and builds what a specialist is told: definition, skills by the protocol, brief. */
export interface Instructor {
  instruct(request: InstructRequest): Promise<Instructed>;
}

export interface InstructRequest {
  readonly repo: RepoRef;
  /** The default branch's commit whose definitions govern the run. */
  readonly definitionsSha: Sha;
  readonly dispatchId: DispatchId;
  readonly role: string;
  readonly task: PlannedTask;
  readonly phase?: Phase;
  readonly attempt: number;
  readonly brief: Brief;
  /** What is handed in instead of the result of the role's mode. */
  readonly result?: ResultShape;
  /** Text, labels and paths by which skills are routed. */
  readonly routing: {
    readonly text: string;
    readonly labels: readonly string[];
    readonly paths: readonly string[];
  };
}

/** What changes from dispatch to dispatch. Everything in `data`, `background` and `told` was written by others and is fenced as data. */
export interface Brief {
  readonly objective: string;
  readonly context: readonly string[];
  readonly scope: readonly string[];
  readonly expected: string;
  /** What a former attempt got wrong, or reviewers found. */
  readonly findings: readonly string[];
  readonly answers: readonly {
    readonly question: string;
    readonly answer: string;
    readonly by: string;
  }[];
  /** The request itself: the same for every dispatch of the run. */
  readonly data: readonly { readonly title: string; readonly text: string }[];
  /** What was planned, decided and done before: the same for tasks that start together. */
  readonly background?: readonly { readonly title: string; readonly text: string }[];
  /** What was said earlier in the run about this task alone. */
  readonly told?: readonly { readonly title: string; readonly text: string }[];
  /** What people said to the run while it went on, oldest first. */
  readonly instructions?: readonly Instruction[];
}

/** `id` is the comment's in which it was given. */
export interface Instruction {
  readonly id: string;
  readonly by: string;
  readonly text: string;
}

export interface Instructed {
  readonly systemPrompt: string;
  readonly prompt: string;
  readonly model: string;
  readonly tools: AgentRequest["tools"];
  readonly writes: boolean;
  readonly resultSchema: z.ZodType;
  readonly loads: readonly LoadFact[];
  /** Paths that the gateways make mandatory for this role, and gateways that were not found. */
  readonly required: {
    readonly mandatory: readonly string[];
    readonly missingGateways: readonly string[];
  };
  /** Skills that a dispatch of this role must hold and does not; a result made without them does not count. */
  readonly missing: readonly string[];
  readonly catalogue: AgentRequest["catalogue"];
  /** For `load_skill` and `read_library_skill`: the text with its load fact, or why it is refused. */
  load(request: {
    kind: "core-skill" | "library-skill";
    name: string;
  }): { text: string; load: LoadFact } | { refused: string };
}
