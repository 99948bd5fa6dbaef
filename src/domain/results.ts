import { z } from "zod";

/** What a specialist submits. The shapes are published to the models as JSON Schema by `submit_result`. */

const Text = z.string().trim().min(1).max(8_000);
const Paths = z.array(z.string().min(1).max(500)).max(300);

export const QuestionOption = z.object({
  key: z.string().regex(/^[a-z]$/, "expected one lower-case letter"),
  label: Text,
  consequence: Text,
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

const common = {
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
};

export const ArchitectureResult = z.object({
  ...common,
  decision: z.object({
    recommendation: Text,
    alternatives_considered: z.array(z.object({ name: Text, summary: Text })).min(2),
    trade_offs: z.object({ gains: z.array(Text).min(1), loses: z.array(Text).min(1) }),
    rationale: Text,
    boundaries: z.array(Text),
    schema: z.array(Text),
    contracts: z.array(Text),
    major_trade_off: z.boolean(),
  }),
});
export type ArchitectureResult = z.infer<typeof ArchitectureResult>;

export const ImplementationResult = z.object({
  ...common,
  files_modified: Paths,
  notes: z.array(Text).max(50).default([]),
});
export type ImplementationResult = z.infer<typeof ImplementationResult>;

export const TestMode = z.enum(["unit", "integration", "acceptance"]);
export type TestMode = z.infer<typeof TestMode>;

export const TestingResult = z.object({
  ...common,
  test_mode: TestMode,
  test_files: Paths,
  test_count: z.number().int().nonnegative(),
  covers: z.array(z.string().max(20)).max(100).default([]),
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
  ...common,
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
  ...common,
  verdict: z.enum(["approved", "changes_requested"]),
  files_reviewed: Paths,
  findings: z.array(SecurityFinding).max(200),
});
export type SecurityReviewResult = z.infer<typeof SecurityReviewResult>;
