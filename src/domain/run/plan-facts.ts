import { z } from "zod";
import { Sha, TaskId } from "../ids.ts";
import { PlanSource } from "../plan/plan-source.ts";

/** How a plan came into the run that somebody wrote for it, and how its implementation is carried out. */
export const Supplied = z.object({
  source: PlanSource,
  /** The author's tasks. */
  tasks: z.array(TaskId).max(100),
  /** Those of the implementation, in order; a batch begins when the one before has passed its checkpoint. */
  batches: z.array(z.array(TaskId).max(40)).max(100),
});
export type Supplied = z.infer<typeof Supplied>;

/** What the host knows when a batch is done. */
const Check = z.object({
  command: z.string(),
  exitCode: z.number().int(),
  passed: z.number().int().nonnegative().optional(),
});

/** Facts of planning: the plan's document and what people decided about designs. Part of `LedgerFact`. */
export const PLAN_FACTS = [
  /** The plan document stands on the run branch. */
  z.object({ type: z.literal("plan-written"), path: z.string(), sha: Sha }),
  /** A person decided between the options of a design with a major trade-off. */
  z.object({
    type: z.literal("trade-off-decided"),
    taskId: TaskId,
    by: z.string(),
    /** The option's label, or the person's own words. */
    choice: z.string(),
    /** True when it is not what the design recommends: the design is made again with it. */
    redesign: z.boolean(),
  }),
  /** A batch of a supplied plan is done, verified on that commit, and the next one may begin. */
  z.object({
    type: z.literal("checkpoint-passed"),
    batch: z.number().int().positive(),
    of: z.number().int().positive(),
    sha: Sha,
    verified: z.array(Check).max(50),
    /** The person who let it go on; absent where nobody has to be asked. */
    by: z.string().optional(),
  }),
  /** A person set what the run may spend. */
  z.object({ type: z.literal("budget-set"), by: z.string(), usd: z.number().positive() }),
] as const;

export type PlanFact = z.infer<(typeof PLAN_FACTS)[number]>;
