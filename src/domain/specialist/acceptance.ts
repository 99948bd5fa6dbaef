import type { z } from "zod";
import type { PlannedTask } from "../plan/plan.ts";
import type { DispatchStatus } from "../run/ledger-event.ts";
import type { Gate } from "../run/method-facts.ts";
import { judgeSkills } from "../skill/protocol-proof.ts";
import { type ReviewResult, type SecurityReviewResult, TestingResult } from "./results.ts";

/** What came back from one dispatch, as far as the host established it. */
export interface Submission {
  readonly status: DispatchStatus;
  readonly detail?: string;
  readonly result?: unknown;
  readonly files: readonly string[];
  readonly hasCommit: boolean;
  /** Why the trusted side would not take the agent's commit. */
  readonly refusedBecause: readonly string[];
  /** Skills that the protocol demands for the role and that were not loaded for this dispatch. */
  readonly missingSkills: readonly string[];
}

export interface Finding {
  readonly severity: string;
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly blocking: boolean;
}

const SPEC = "spec";

/** The gates that reviews decide. */
export type ReviewGate = Extract<Gate, "requirements" | "quality" | "security">;

/** The host's judgement of a submission, before anything is integrated. */
export type Judgement =
  | {
      readonly kind: "accept";
      readonly result: unknown;
      readonly summary: string;
      readonly findings: readonly Finding[];
    }
  | {
      readonly kind: "changes";
      /** What the work did not pass; missing requirements come before everything else that was found. */
      readonly gate: ReviewGate;
      readonly result: unknown;
      readonly summary: string;
      readonly findings: readonly Finding[];
    }
  | { readonly kind: "redo"; readonly problems: readonly string[] }
  | { readonly kind: "escalate"; readonly problems: readonly string[]; readonly result: unknown };

/** What a task's submission is held to. */
export interface Expected {
  readonly task: PlannedTask;
  readonly schema: z.ZodType;
  /** Whether the role edits. */
  readonly writes: boolean;
  /** How often this task was refused for skills that were not loaded. */
  readonly earlierSkillRefusals?: number;
}

/**
 * Judges a submission against its task: no accepted result, a claim without a diff, a reviewer that edited, a wrong
 * test mode or a reviewer without a verdict never pass. `schema` is the role's result schema, `writes` whether the
 * role edits.
 */
export function judge(submission: Submission, expected: Expected): Judgement {
  const { task, schema, writes } = expected;
  if (submission.missingSkills.length > 0)
    return withoutSkills(submission, expected.earlierSkillRefusals ?? 0);
  if (submission.status !== "submitted")
    return { kind: "redo", problems: [unsubmitted(submission)] };
  const parsed = schema.safeParse(submission.result);
  if (!parsed.success)
    return {
      kind: "redo",
      problems: [`The result does not have its role's shape: ${firstIssues(parsed.error)}`],
    };
  const result = parsed.data as { status: string; summary: string };
  if (submission.refusedBecause.length > 0)
    return { kind: "redo", problems: submission.refusedBecause };
  if (!writes && submission.hasCommit)
    return {
      kind: "redo",
      problems: [
        `A ${task.mode ?? "read-only"} task changed files (${submission.files.slice(0, 5).join(", ")}); its diff must be empty.`,
      ],
    };
  if (result.status === "blocked" || result.status === "needs_clarification")
    return { kind: "escalate", problems: [result.summary], result };
  if (writes && !submission.hasCommit)
    return { kind: "redo", problems: ["The result says complete, but git shows no change."] };
  const wrongMode = testModeProblem(result, task);
  if (wrongMode) return { kind: "redo", problems: [wrongMode] };
  return withDoubt(verdictOf(result), result);
}

/** Work that its author wants looked at is taken in, and the doubt stays visible to reviewers and in the report. */
function withDoubt(
  judgement: Judgement,
  result: { readonly status: string; readonly summary: string },
): Judgement {
  if (result.status !== "needs_review" || judgement.kind !== "accept") return judgement;
  const doubt = {
    severity: "needs_review",
    file: "",
    line: 0,
    text: result.summary,
    blocking: false,
  };
  return { ...judgement, findings: [...judgement.findings, doubt] };
}

/** The first time the task is dispatched again with the list; the second time a person is asked. */
function withoutSkills(submission: Submission, earlier: number): Judgement {
  const problems = [`The dispatch lacked required skills: ${submission.missingSkills.join(", ")}.`];
  if (judgeSkills(submission.missingSkills, earlier).kind === "redispatch")
    return { kind: "redo", problems };
  return { kind: "escalate", problems, result: {} };
}

function unsubmitted(submission: Submission): string {
  const detail = submission.detail ? ` (${submission.detail})` : "";
  return `The specialist ended without an accepted result: ${submission.status}${detail}.`;
}

function firstIssues(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join(".") || "result"}: ${issue.message}`)
    .join("; ");
}

function testModeProblem(result: object, task: PlannedTask): string | undefined {
  const testing = TestingResult.safeParse(result);
  if (!testing.success || testing.data.test_mode === task.mode) return undefined;
  return `The task's test mode is ${task.mode ?? "(none)"}, the result says ${testing.data.test_mode}.`;
}

function verdictOf(result: { summary: string }): Judgement {
  const { summary } = result;
  if (isReview(result)) return reviewVerdict(result);
  if (isSecurityReview(result)) return securityVerdict(result);
  return { kind: "accept", result, summary, findings: [] };
}

function isReview(result: object): result is ReviewResult {
  return "spec" in result && "quality" in result;
}

function isSecurityReview(result: object): result is SecurityReviewResult {
  return "findings" in result && "files_reviewed" in result;
}

function reviewVerdict(result: ReviewResult): Judgement {
  const gaps = [
    ...result.spec.missing.map((text) => specFinding(`missing: ${text}`)),
    ...result.spec.extra.map((text) => specFinding(`not asked for: ${text}`)),
    ...result.spec.deviations.map((text) => specFinding(`deviates: ${text}`)),
  ];
  const issues = result.quality.issues.map((issue) => ({
    severity: issue.severity,
    file: issue.file,
    line: issue.line,
    text: `${issue.description} (${issue.fix})`,
    blocking: issue.severity !== "minor",
  }));
  const findings = [...gaps, ...issues];
  const compliant = result.spec.verdict === "compliant" && gaps.length === 0;
  const approved = result.spec.verdict === "compliant" && result.quality.verdict === "approved";
  const gate = compliant ? "quality" : "requirements";
  return decide({ gate, approved, findings, result, summary: result.summary });
}

function specFinding(text: string): Finding {
  return { severity: SPEC, file: "", line: 0, text, blocking: true };
}

function securityVerdict(result: SecurityReviewResult): Judgement {
  const findings = result.findings.map((finding) => ({
    severity: finding.severity,
    file: finding.file,
    line: finding.line,
    text: `${finding.title}: ${finding.description} (${finding.remediation})`,
    blocking: finding.severity === "CRITICAL" || finding.severity === "HIGH",
  }));
  return decide({
    gate: "security",
    approved: result.verdict === "approved",
    findings,
    result,
    summary: result.summary,
  });
}

/** Severities decide, and they decide against the reviewer's word when they are worse than it. */
function decide(review: {
  gate: ReviewGate;
  approved: boolean;
  findings: readonly Finding[];
  result: unknown;
  summary: string;
}): Judgement {
  const { gate, approved, findings, result, summary } = review;
  const blocking = findings.some((finding) => finding.blocking);
  if (approved && !blocking) return { kind: "accept", result, summary, findings };
  if (!blocking && findings.length === 0)
    return { kind: "redo", problems: ["The reviewer asked for changes without naming a finding."] };
  return {
    kind: "changes",
    gate,
    result,
    summary,
    findings: approved ? findings : findings.map((f) => ({ ...f, blocking: true })),
  };
}

/**
 * What the developer is sent back with. Where requirements are not met only these: quality is looked at once the right
 * thing is built.
 */
export function changesWanted(judgement: Judgement & { kind: "changes" }): string[] {
  const blocking = judgement.findings.filter((finding) => finding.blocking);
  const gaps = blocking.filter((finding) => finding.severity === SPEC);
  const wanted = judgement.gate === "requirements" && gaps.length > 0 ? gaps : blocking;
  return wanted.map(findingLine);
}

/** One finding in a line, with its place where it has one. */
export function findingLine(finding: Finding): string {
  return finding.file === "" ? finding.text : `${finding.file}:${finding.line}: ${finding.text}`;
}
