import { z } from "zod";

const Text = z.string().trim().min(1).max(4_000);

/** The name under which an installation is addressed, and work handed to it. */
export const OrchestratorName = z.string().regex(/^[a-z][a-z0-9-]{2,60}$/);

/** How far the other half of a request is. */
export const HandOffState = z.enum(["open", "accepted", "complete", "declined"]);
export type HandOffState = z.infer<typeof HandOffState>;

/**
 * What another orchestrator is given: what is wanted, the contracts it can rely on, and what was decided here. A
 * record, not a dispatch: it is written to GitHub, and whoever takes it answers there.
 */
export const HandOff = z.strictObject({
  version: z.literal(1),
  from: OrchestratorName,
  to: OrchestratorName,
  run: z.string(),
  repository: z.string(),
  issue: z.number().int().positive(),
  branch: z.string(),
  /** Why this is not done here. */
  reason: Text,
  /** What is asked of the other side. */
  wanted: z.array(Text).min(1).max(50),
  /** API contracts that both sides keep to; empty while they are not agreed. */
  contracts: z.array(Text).max(100),
  /** Decisions and facts of this side that help the other. */
  context: z.array(Text).max(100),
  /** True when the whole request is not complete before this part is. */
  required: z.boolean(),
  /** How far the giver's own half is; in the comment only, which is kept true. */
  state: HandOffState.optional(),
});
export type HandOff = z.infer<typeof HandOff>;

/** What the other side answers, in a comment of its own with the marker of `handOffReplyMarker`. */
export const HandOffReply = z.strictObject({
  version: z.literal(1),
  run: z.string(),
  from: OrchestratorName,
  state: HandOffState,
  /** Where its own report stands. */
  url: z.url().max(500).optional(),
  note: Text.optional(),
});
export type HandOffReply = z.infer<typeof HandOffReply>;

/** Names the one comment that holds a run's hand-off to another orchestrator. */
export function handOffMarker(run: string, to: string): string {
  return `orchestrate:hand-off:${run}:${to}`;
}

/** Names the comment in which the other side says how far it is. */
export function handOffReplyMarker(run: string, from: string): string {
  return `orchestrate:hand-off-reply:${run}:${from}`;
}

/** The label of an issue of which a half waits for `to`; at most GitHub's 50 characters. */
export function handOffLabel(to: string): string {
  return `hand-off: ${to}`.slice(0, 50);
}
