import { z } from "zod";
import { TaskId } from "../ids.ts";
import { PHASES, Phase } from "../phase.ts";
import { COMMON_RESULT, submissionOf, TestMode } from "../specialist/results.ts";

const Text = z.string().trim().min(1).max(4_000);

export const RequirementId = z.string().regex(/^R\d{1,3}$/, "expected R and a number, such as R1");

/** A command of a task with what its output must show. */
export const PlannedCommand = z.object({ run: Text, expect: Text });
export type PlannedCommand = z.infer<typeof PlannedCommand>;

/** How a role works on one task; which modes a role has is decided in `specialists.ts`. */
export const TaskMode = z.enum([
  "architecture",
  "implementation",
  ...TestMode.options,
  "review",
  "security",
]);
export type TaskMode = z.infer<typeof TaskMode>;

/** One specialist's piece of a phase, as the orchestrator agent proposes it. */
export const PlannedTask = z.object({
  id: TaskId,
  title: z.string().trim().min(3).max(120),
  specialist: z.string().regex(/^[a-z][a-z0-9-]{2,60}$/),
  mode: TaskMode.optional(),
  objective: Text,
  inputs: z.array(Text).max(30).default([]),
  files: z.array(z.string().min(1).max(500)).max(200).default([]),
  expected_output: Text,
  depends_on: z.array(TaskId).max(30).default([]),
  /** Requirements that this task works on. */
  requirements: z.array(RequirementId).max(100).optional(),
  commands: z.array(PlannedCommand).max(20).optional(),
  /** Minutes a person would need; divided by the prior of its kind until there are measurements. */
  human_minutes: z.number().positive().max(100_000).optional(),
});
export type PlannedTask = z.infer<typeof PlannedTask>;

export const PlannedPhase = z.object({
  phase: Phase,
  skip_reason: Text.optional(),
  tasks: z.array(PlannedTask).max(20).default([]),
});
export type PlannedPhase = z.infer<typeof PlannedPhase>;

/** A number of things that a requirement asks for, in their own unit: 3 endpoints. */
export const WantedCount = z.object({
  n: z.number().int().positive().max(10_000),
  unit: z.string().min(2).max(40),
});
export type WantedCount = z.infer<typeof WantedCount>;

export const Requirement = z.object({
  id: RequirementId,
  text: Text,
  count: WantedCount.optional(),
  /** Set by the host: `issue` was read from the request and is missing in the plan as proposed. */
  from: z.enum(["issue", "plan"]).optional(),
});
export type Requirement = z.infer<typeof Requirement>;

/** The typed proposal of the orchestrator agent. A shape, not yet sound: `plan-soundness.ts` decides that. */
export const Plan = z.object({
  summary: z.string().trim().min(3).max(2_000),
  concerns: z.array(z.string().max(60)).max(20).default([]),
  requirements: z.array(Requirement).min(1).max(100),
  phases: z.array(PlannedPhase).min(1).max(PHASES.length),
  /** Two or three sentences on how the parts fit together. */
  architecture: Text.optional(),
  tech_stack: z.array(z.string().trim().min(1).max(100)).max(30).optional(),
});
export type Plan = z.infer<typeof Plan>;

/** What the orchestrator agent hands in: a plan, or why it cannot make one (`blocked`, `needs_clarification`). */
export const PlanSubmission = submissionOf(
  z.object({
    ...COMMON_RESULT,
    status: COMMON_RESULT.status.default("complete"),
    ...Plan.shape,
  }),
);
