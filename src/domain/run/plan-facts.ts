import { z } from "zod";
import { Sha, TaskId } from "../ids.ts";

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
  /** A person set what the run may spend. */
  z.object({ type: z.literal("budget-set"), by: z.string(), usd: z.number().positive() }),
] as const;

export type PlanFact = z.infer<(typeof PLAN_FACTS)[number]>;
