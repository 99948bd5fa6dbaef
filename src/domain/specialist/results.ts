import { z } from "zod";

/** What a specialist submits. The shapes are published to the models as JSON Schema by `submit_result`. */

const Text = z.string().trim().min(1).max(8_000);
const Paths = z.array(z.string().min(1).max(500)).max(300);

export const QuestionOption = z.object({
  key: z.string().regex(/^[a-z]$/, "expected one lower-case letter"),
  label: Text,
  consequence: Text,
  approves: z
    .boolean()
    .optional()
    .describe(
      "True when this lets something pass as it is: a condition beside it does not choose it.",
    ),
});

/** A question to people: 2 to 4 options with consequences, one of them recommended. */
export const QuestionDraft = z
  .object({
    text: Text,
    options: z.array(QuestionOption).min(2).max(4),
    recommended: z.string(),
  })
  .refine((draft) => draft.options.some((option) => option.key === draft.recommended), {
    message: "recommended must be the key of one of the options",
  });
export type QuestionDraft = z.infer<typeof QuestionDraft>;

export const BlockedReason = z.enum([
  "security",
  "architecture",
  "tests",
  "requirements",
  "environment",
  "other",
]);
export type BlockedReason = z.infer<typeof BlockedReason>;

/** The fields of every result, whatever the role. */
export const COMMON_RESULT = {
  status: z.enum(["complete", "blocked", "needs_review", "needs_clarification"]),
  summary: Text,
  claims_skills: z.array(z.string().max(200)).max(100).optional(),
  blocked: z
    .object({
      reason: BlockedReason,
      issue: Text,
      attempted: z.array(Text).min(1).max(20),
      recommend: Text,
    })
    .optional(),
  questions: z.array(QuestionDraft).max(5).optional(),
  scope_larger: Text.optional(),
  frontend_needed: z
    .array(Text)
    .max(20)
    .optional()
    .describe(
      "What the frontend has to change for this work to be of use; nothing that is done here.",
    ),
};

export const ArchitectureResult = z.object({
  ...COMMON_RESULT,
  decision: z.object({
    recommendation: Text,
    alternatives_considered: z.array(z.object({ name: Text, summary: Text })).min(2),
    trade_offs: z.object({ gains: z.array(Text).min(1), loses: z.array(Text).min(1) }),
    rationale: Text,
    boundaries: z.array(Text).min(1),
    schema: z.array(Text),
    contracts: z.array(Text),
    major_trade_off: z.boolean(),
  }),
});
export type ArchitectureResult = z.infer<typeof ArchitectureResult>;

/** Things of a unit that a specialist says it made, one by one, so that the host can look for each. */
const Counted = z.array(
  z.object({
    requirement: z.string().max(10),
    unit: z.string().min(2).max(40),
    items: z.array(z.string().min(1).max(300)).max(500),
  }),
);

export const ImplementationResult = z.object({
  ...COMMON_RESULT,
  files_modified: Paths,
  counted: Counted.max(50).optional(),
  notes: z.array(Text).max(50).default([]),
});
export type ImplementationResult = z.infer<typeof ImplementationResult>;

export const TestMode = z.enum(["unit", "integration", "acceptance"]);
export type TestMode = z.infer<typeof TestMode>;

export const TestingResult = z.object({
  ...COMMON_RESULT,
  test_mode: TestMode,
  test_files: Paths,
  test_count: z.number().int().nonnegative(),
  covers: z.array(z.string().max(20)).max(100).default([]),
  counted: Counted.max(50).optional(),
});
export type TestingResult = z.infer<typeof TestingResult>;

export const ReviewIssue = z.object({
  severity: z.enum(["critical", "important", "minor"]),
  file: z.string().min(1).max(500),
  line: z.number().int().nonnegative(),
  description: Text,
  fix: Text,
});
export type ReviewIssue = z.infer<typeof ReviewIssue>;

export const ReviewResult = z.object({
  ...COMMON_RESULT,
  spec: z.object({
    verdict: z.enum(["compliant", "not_compliant"]),
    missing: z.array(Text),
    extra: z.array(Text),
    deviations: z.array(Text),
  }),
  quality: z.object({
    verdict: z.enum(["approved", "changes_requested"]),
    issues: z.array(ReviewIssue).max(200),
  }),
});
export type ReviewResult = z.infer<typeof ReviewResult>;

export const SecurityFinding = z.object({
  severity: z.enum(["CRITICAL", "HIGH", "MEDIUM", "LOW"]),
  title: Text,
  file: z.string().min(1).max(500),
  line: z.number().int().nonnegative(),
  description: Text,
  remediation: Text,
});

export const SecurityReviewResult = z.object({
  ...COMMON_RESULT,
  verdict: z.enum(["approved", "changes_requested"]),
  files_reviewed: Paths,
  findings: z.array(SecurityFinding).max(200),
});
export type SecurityReviewResult = z.infer<typeof SecurityReviewResult>;

const STOPPED =
  "Leave the role's own fields out only when status is blocked (then fill `blocked`) or needs_clarification (then fill `questions`).";

/**
 * What a role may hand in: its whole result, or, when it could not go on, the common part that says why, so that
 * nobody has to invent a decision or a verdict. One object without a union at its top: providers of models refuse
 * tool inputs that have one.
 */
export function submissionOf<Shape extends z.ZodRawShape>(result: z.ZodObject<Shape>): z.ZodType {
  const own = Object.keys(result.shape).filter((key) => !(key in COMMON_RESULT));
  const needed = own.filter(
    (key) => !z.safeParse(result.shape[key] as z.ZodType, undefined).success,
  );
  const mask = Object.fromEntries(own.map((key) => [key, true])) as Record<keyof Shape, true>;
  return result
    .partial(mask as never)
    .describe(STOPPED)
    .superRefine((value, context) => {
      for (const { path, message } of missingFields(value, needed))
        context.addIssue({ code: "custom", path: [path], message });
    });
}

function missingFields(
  value: Readonly<Record<string, unknown>>,
  needed: readonly string[],
): { path: string; message: string }[] {
  if (value.status === "blocked")
    return value.blocked === undefined
      ? [{ path: "blocked", message: "is needed when status is blocked" }]
      : [];
  if (value.status === "needs_clarification")
    return Array.isArray(value.questions) && value.questions.length > 0
      ? []
      : [
          {
            path: "questions",
            message: "at least one is needed when status is needs_clarification",
          },
        ];
  return needed
    .filter((key) => value[key] === undefined)
    .map((key) => ({ path: key, message: `is needed when status is ${String(value.status)}` }));
}
