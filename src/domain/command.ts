import type { Phase } from "./phase.ts";

/** What a person may ask for when a run starts; absent means the operator's or repository's default. */
export interface RunOptions {
  /** Branch the run starts from. */
  readonly base?: string;
  /** Phases to run, in canonical order. */
  readonly phases?: readonly Phase[];
  readonly planOnly?: boolean;
  /** US dollars the run may spend. */
  readonly budgetUsd?: number;
  /** A tier or a model's name. */
  readonly model?: string;
}

/** What one `/orchestrate` line asks for, checked against the table. */
export type Command =
  | { readonly kind: "start"; readonly task: string; readonly options: RunOptions }
  | { readonly kind: "plan"; readonly task: string; readonly options: RunOptions }
  | { readonly kind: "approve" }
  | { readonly kind: "reject"; readonly reason: string }
  | { readonly kind: "status" }
  | { readonly kind: "answer"; readonly question?: number; readonly text: string }
  | { readonly kind: "pause" }
  | { readonly kind: "resume" }
  | { readonly kind: "cancel" }
  | { readonly kind: "retry"; readonly phase?: Phase }
  | { readonly kind: "skip"; readonly phase: Phase; readonly reason: string }
  | { readonly kind: "budget"; readonly usd: number }
  | { readonly kind: "help" };
export type CommandKind = Command["kind"];

/** Commands to a run that exists; the others start one or only read. */
export type Instruction = Exclude<Command, { kind: "start" | "plan" | "status" | "help" }>;
