import { z } from "zod";
import type { Phase } from "../phase.ts";
import type { TaskMode } from "../plan/plan.ts";

/** What a request can ask for or touch. */
export const Concern = z.enum([
  "architecture",
  "implementation",
  "testing",
  "review",
  "security",
  "integration",
  "frontend",
]);
export type Concern = z.infer<typeof Concern>;

/** How a request is worked on. */
export const TriageMode = z.enum([
  "orchestrate",
  "delegate",
  "architecture-only",
  "testing-only",
  "frontend-hand-off",
  "full-stack",
]);
export type TriageMode = z.infer<typeof TriageMode>;

export interface FoundConcern {
  readonly concern: Concern;
  /** The words that gave it, as the text has them in lower case; at most five. */
  readonly words: readonly string[];
}

/** Who does a run of one specialist. */
export interface Delegate {
  readonly specialist: string;
  readonly mode: TaskMode;
}

export interface Triage {
  readonly mode: TriageMode;
  readonly concerns: readonly FoundConcern[];
  /** Phases the run will have, in their order; empty when nothing is dispatched. */
  readonly phases: readonly Phase[];
  /** The tasks' specialists of a run that is not orchestrated; empty otherwise. */
  readonly delegates: readonly Delegate[];
  /** One sentence; quotes the request, so escape it before publishing. */
  readonly reason: string;
}
