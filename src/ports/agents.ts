import type { DispatchId, RunId } from "../domain/ids.ts";
import type { DispatchStatus, Usage } from "../domain/ledger-event.ts";
import type { QuestionDraft } from "../domain/results.ts";
import type { Clone } from "./workspaces.ts";

export interface Agents {
  /** Runs one agent conversation to its end inside the jail. Never rejects for what the agent did. */
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
}
