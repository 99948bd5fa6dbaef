import { z } from "zod";

const Text = z.string().trim().min(1).max(4_000);

/** How far the other half of a request is. */
export const HandOffState = z.enum(["open", "accepted", "complete", "declined"]);
export type HandOffState = z.infer<typeof HandOffState>;

/**
 * What another orchestrator is given: what is wanted, the contracts it can rely on, and what was decided here. A
 * record, not a dispatch: it is written to GitHub, and whoever takes it answers there.
 */
export const HandOff = z.strictObject({
  version: z.literal(1),
  from: z.literal("backend-orchestrator"),
  to: z.string().regex(/^[a-z][a-z0-9-]{2,60}$/),
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
});
export type HandOff = z.infer<typeof HandOff>;
