import { z } from "zod";
import { DispatchId, Sha, TaskId } from "../ids.ts";

const Files = z.array(z.string()).max(500);

/** Facts of the gates before and after an integration. Part of `LedgerFact`. */
export const GATE_FACTS = [
  /** Workflow files of a specialist's change: this app never pushes them, a person applies the patch. */
  z.object({
    type: z.literal("set-aside"),
    taskId: TaskId,
    dispatchId: DispatchId,
    files: Files,
    patch: z.string(),
  }),
  z.object({ type: z.literal("scope-approved"), taskId: TaskId, files: Files, by: z.string() }),
  /** A task waits for another that may run at the same time but for the files that both would write. */
  z.object({
    type: z.literal("sequenced"),
    taskId: TaskId,
    after: TaskId,
    /** What both declare; empty when one of them declares nothing. */
    files: Files,
  }),
  /** The first red state of the run branch, found by running the suite on the states before the red head by halves. */
  z.object({
    type: z.literal("suite-broken-by"),
    sha: Sha,
    head: Sha,
    /** The task whose integration made it, or who pushed it. */
    taskId: TaskId.optional(),
    by: z.string().optional(),
    /** How often the suite was run to find it. */
    runs: z.number().int().nonnegative(),
  }),
  /** Dependencies and dot-files that the whole change touches. */
  z.object({ type: z.literal("worth-a-look"), sha: Sha, files: Files }),
] as const;

export type GateFact = z.infer<(typeof GATE_FACTS)[number]>;
export type Sequenced = Extract<GateFact, { type: "sequenced" }>;
