import { z } from "zod";

/** The phases of a run in their only order. */
export const PHASES = ["architecture", "implementation", "testing", "quality"] as const;

export const Phase = z.enum(PHASES);
export type Phase = z.infer<typeof Phase>;

/** How the tasks of a phase are run: the testing phase together, quality one after another. */
export const PHASE_ORDER_OF_TASKS: Readonly<Record<Phase, "parallel" | "sequential">> = {
  architecture: "sequential",
  implementation: "sequential",
  testing: "parallel",
  quality: "sequential",
};
