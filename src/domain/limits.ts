import { z } from "zod";

/** The limits of a run. Only the operator and the repository's own configuration set them, never a model. */
export const Limits = z.object({
  /** Attempts at a plan before a person is asked. */
  planAttempts: z.number().int().min(1).max(5).default(3),
  /** Attempts at one task (first one included) before a person is asked. */
  taskAttempts: z.number().int().min(1).max(10).default(3),
  /** Failed gates of a run (each sends work back: implement -> review -> test) before a person is asked. */
  cycles: z.number().int().min(1).max(20).default(5),
  /** The same failure of one gate in a row, or the same diff, before a person is asked. */
  sameFailures: z.number().int().min(2).max(10).default(3),
  /** Repetitions of one pattern (requirements, quality, tests) before a person is asked. */
  patternRetries: z.number().int().min(0).max(10).default(2),
  /** What a person's "continue" adds to the three limits above. */
  continueAdds: z.number().int().min(1).max(10).default(3),
  /** Escalations within one phase after which the run is given up. */
  escalationsPerPhase: z.number().int().min(1).max(20).default(3),
  /** Crashed dispatches after which the run is given up. */
  crashes: z.number().int().min(1).max(20).default(3),
  /** Security reviews that find something critical (the first goes back to be fixed) before the run is given up. */
  criticalReviews: z.number().int().min(1).max(10).default(2),
  /** Wall-clock milliseconds of one dispatch. */
  wallMs: z
    .number()
    .int()
    .positive()
    .default(30 * 60_000),
  /** Milliseconds without any sign of life of an agent. */
  idleMs: z
    .number()
    .int()
    .positive()
    .default(10 * 60_000),
  /** Model turns of one dispatch. */
  maxTurns: z.number().int().positive().default(100),
  /** Tokens of one run, input and output together. */
  maxTokens: z.number().int().positive().default(20_000_000),
  /** Minutes that one run may be at work, waits for people not counted; absent: no limit in time. */
  maxMinutes: z.number().positive().optional(),
  /** US dollars of one run; absent: no limit in money. */
  maxUsd: z.number().positive().optional(),
  /** Hours that the required checks of a repository may take before a person is asked. */
  ciHours: z.number().positive().default(6),
  /** Days that a question waits for its answer before the run ends as blocked. */
  questionDays: z.number().positive().default(30),
  /** Days after which people are reminded of a question that is still open. */
  reminderDays: z.array(z.number().nonnegative()).max(10).default([1, 3, 7]),
  /** Days that a run stays reachable by reviews and commands after it was complete or blocked. */
  standbyDays: z.number().nonnegative().default(30),
});
export type Limits = z.infer<typeof Limits>;
