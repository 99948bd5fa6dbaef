import { TriageMode } from "../../src/domain/triage/mode.ts";
import type { TriageCase } from "./triage-cases.ts";

/**
 * Written and labelled in three lots before the rules saw them; what they taught went into the rules afterwards. The
 * first line of an issue is its title, the rest its body; lines with @ give labels and the command's text.
 */
const BY_DECISION: Readonly<Record<string, readonly string[]>> = {
  "delegate backend-developer": [
    "Add rate limiting middleware",
    "Users report that scans hang forever\n\nThe scanner waits on a channel that nobody closes.\n@labels bug",
    "Make ListRisks stable\n\nSort by id. No need to change the tests.",
    "Typo in log message",
    "Config: support YAML anchors",
    "Race in scheduler\n\n`go test -race` reports a data race:\n```\nWARNING: DATA RACE\n```\n@labels bug",
    "Please fix the crash when the input file is empty",
    "Drop support for Go 1.22",
    "Risk scoring\n\nImplement the scoring from docs/scoring.md. Frontend work is out of scope.",
    "Create endpoint GET /api/stats and document it",
    "Test helper leaks goroutines\n@labels bug",
    "The latest build is slow; speed it up",
    "Add a CLI command to list risks",
    "Goroutine leak in poller\n\nEvery reconnect leaks one goroutine. The poller should stop the old one.",
    "Memory grows without bound in aggregator\n@labels bug",
    "Delete expired jobs nightly\n\nNo UI changes. No new tests required; the existing suite covers it.",
    "Implement the design from docs/plans/queue.md",
    "Compute checksums of artifacts and compare them on download",
    "Tokenizer drops the last word",
    "Change the default page size to 100",
    "Refactor HTTP handlers to return typed errors",
    "/health should report the git revision",
    "Do it",
    "Investigate why nightly scans time out",
    "Reduce allocations in the JSON encoder",
    "Expose Prometheus metrics on /metrics",
    "Parser panics on tabs\n\nSteps:\n1. run the CLI\n2. feed a tab\n\nExpected: an error message.\n@labels bug",
    "Update dependencies\n@labels dependencies",
    "Audit logging for deletions\n\nEvery deletion must write an audit record.",
    "Document the job API",
    "Kubernetes: liveness probe fails",
    "Replace panics by errors in internal/config",
    "Extract retry logic to a helper function",
  ],
  orchestrate: [
    "Introduce feature flags\n\nWe need a small feature flag store, wired into the config loader. Please include unit tests.",
    "Add OAuth login with GitHub",
    "Password reset emails are sent twice",
    "Break up the god object `Manager`\n\nIt lives in `internal/manager/manager.go`. Break it into three packages.",
    "Implement job cancellation\n\n## Acceptance criteria\n- [ ] DELETE /api/jobs/{id} stops the job\n- [ ] running workers stop within 5 s\n- [ ] covered by unit and integration tests",
    "Bulk import of assets\n\nDesign the import format, build the importer and test it with 1M rows.",
    "Ensure that only admins can delete assets",
    "API returns secrets in error messages\n@labels bug",
    "Consolidate duplicate HTTP clients across modules",
    "Add end-to-end encryption for backups",
    "Batch writes\n\nWrites go one by one today. Batch them by 25 and retry unprocessed items. Cover this with unit tests.",
    "Support API keys for machine users",
    "Unify pagination across handlers and services",
    "Add retries\n\n- exponential backoff\n- at most 5 tries\n- tests",
    "Sessions are not invalidated when a password changes",
    "Storage layer: architecture and implementation",
    "Use prepared statements in search to stop SQL injection",
    "New endpoint POST /v1/scans\n\nBody: target and profile. Returns 202.",
    "Rename field and add tests",
    "Add GraphQL resolver for assets and test it",
    "Prevent path traversal in the artifact download",
    "Webhook receiver for Stripe events",
    "Separate read and write models into two services",
    "Users cannot log in after the upgrade\n@labels bug",
    "Fix bug\n@command implement the fix and add unit tests",
    "Add a new risk type\n\n## Tasks\n- [ ] model\n- [ ] handler\n- [ ] unit tests\n- [ ] code review",
    "Security: SSRF in the URL fetcher",
    "Limit scan concurrency per tenant\n\nImplement a semaphore per tenant.\n\n### Testing\nUnit tests for fairness.",
  ],
  "testing-only backend-tester": [
    "Write benchmarks and tests for the tokenizer",
    "Improve test coverage for the billing package\n\nCurrently at 41 %.",
    "E2E tests against the staging cluster",
    "Add tests\n\nThe `handlers` package has none.",
    "Contract tests for the payments client",
    "Missing tests for date parsing",
    "Write acceptance tests for job scheduling with a real queue",
    "Tests for webhook signature check",
    "Increase coverage of edge cases in the CIDR parser",
    "Write integration tests for the S3 repository and the SQS consumer",
    "Test plan for the migration",
    "Load test the ingest path",
    "Handler tests are slow",
  ],
  "architecture-only backend-lead": [
    "What is the best way to version our events?",
    "Compare gRPC and REST for the agent protocol\n\nList pros and cons and recommend one option.",
    "Plan the move from cron to a queue",
    "How do we want to store scan artefacts?\n\nOptions: S3, database, disk.",
    "RFC: multi-region storage",
    "Decide between SQS and Kafka for scan events\n\nWrite down what we lose with each.",
    "Explain how leader election should work\n\nWe need a proposal with two alternatives before anyone writes code.",
    "Which queue should we use for long-running scans?\n\nWe have three candidates.",
    "Design doc: sharding of the asset table",
    "We need a decision on the ID format",
  ],
  "frontend-hand-off": [
    "Dropdown in filter bar shows stale values",
    "Colour of the badge is wrong in dark mode",
    "Form validation messages overlap on the login page",
    "Modal does not close on escape",
    "Restyle the settings form",
    "Tooltip text is cut off\n@labels bug",
    "Landing page redesign",
  ],
  "full-stack": [
    "Dashboard: add chart of open risks, backed by a new /api/risks/summary endpoint",
    "Provide GET /api/me and show the user name in the navbar",
    "Asset tags\n\nBackend must store tags (PATCH /api/assets/{id}).\nThe asset page must show them as chips.",
    "Add a page for admins and the backend for it",
    "Make the table sortable in the UI; needs `sort` parameter in GET /api/assets",
  ],
  "delegate integration-developer": [
    "Sync tickets to Jira",
    "Send a weekly digest through SendGrid",
    "Notify on-call in PagerDuty when a job fails",
  ],
  "delegate backend-lead": [
    "Review PR #12 for correctness",
    "Design review of the new storage layer",
    "Could you review the error handling in internal/queue?",
  ],
  "delegate backend-security-reviewer": [
    "Check the auth module for vulnerabilities",
    "Threat model for the agent tunnel",
  ],
};

export const MORE_TRIAGE_CASES: readonly TriageCase[] = Object.entries(BY_DECISION).flatMap(
  ([decision, issues]) => {
    const [mode, who] = decision.split(" ");
    return issues.map((issue) => ({
      ...readIssue(issue),
      row: "A4-A11",
      mode: TriageMode.parse(mode),
      ...(who ? { who } : {}),
    }));
  },
);

function readIssue(
  issue: string,
): Pick<TriageCase, "title" | "body" | "labels" | "command"> & { title: string } {
  const [title = "", ...rest] = issue.split("\n");
  const labels =
    rest
      .find((line) => line.startsWith("@labels "))
      ?.slice(8)
      .split(",") ?? [];
  const command = rest.find((line) => line.startsWith("@command "))?.slice(9) ?? "";
  return { title, body: rest.filter((line) => !line.startsWith("@")).join("\n"), labels, command };
}
