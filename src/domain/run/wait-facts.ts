import { z } from "zod";
import { DispatchId } from "../ids.ts";

/** What the run waits for, in the words the status comment uses. */
export const WaitReason = z.object({
  for: z.enum(["person", "ci", "rate-limit", "github", "machine", "budget", "paused"]),
  detail: z.string(),
  /** Until when, for people: `14:05 UTC`. */
  until: z.string().optional(),
  /** The person who ordered it. */
  by: z.string().optional(),
});
export type WaitReason = z.infer<typeof WaitReason>;

/** A long piece of work goes on, and nothing else has happened since `quietSince` (ISO time). */
export const Heartbeat = z.object({
  type: z.literal("heartbeat"),
  quietSince: z.string(),
  atWork: z.array(z.object({ role: z.string(), mode: z.string().optional(), since: z.string() })),
});
export type Heartbeat = z.infer<typeof Heartbeat>;

/** Facts about waiting, stopping and reminding. Part of `LedgerFact`. */
export const WAIT_FACTS = [
  /** `id` pairs a wait with its end; `dispatchId` names the only dispatch that waits, where others work on. */
  z.object({
    type: z.literal("waiting"),
    wait: WaitReason,
    id: z.string().optional(),
    dispatchId: DispatchId.optional(),
  }),
  /** Ends the wait of that id; without one, every wait. */
  z.object({ type: z.literal("resumed"), by: z.string(), id: z.string().optional() }),
  /** A person ordered a stop; what is under way may take a moment to end. */
  z.object({ type: z.literal("stop-ordered"), by: z.string(), how: z.enum(["pause", "cancel"]) }),
  z.object({
    type: z.literal("reminded"),
    number: z.number().int(),
    times: z.number().int().positive(),
  }),
  /** A question that nobody answered in time; answers do not count any more. */
  z.object({ type: z.literal("question-closed"), number: z.number().int() }),
  Heartbeat,
] as const;

export type WaitFact = z.infer<(typeof WAIT_FACTS)[number]>;
