import { TriageMode } from "../../src/domain/triage/mode.ts";

/** One labelled issue: what a person who knows the method would decide. */
export interface TriageCase {
  readonly row: string;
  readonly title: string;
  readonly body?: string;
  readonly labels?: readonly string[];
  readonly command?: string;
  readonly mode: TriageMode;
  /** The one specialist of a run that is not orchestrated. */
  readonly who?: string;
  /** Exactly these concerns, where the label says so. */
  readonly concerns?: readonly string[];
}

type Rest = Omit<TriageCase, "row" | "title" | "mode" | "who">;

function orchestrated(row: string, title: string, rest: Rest = {}): TriageCase {
  return { row, title, mode: "orchestrate", ...rest };
}

function delegated(who: string): (row: string, title: string, rest?: Rest) => TriageCase {
  return (row, title, rest = {}) => ({ row, title, mode: "delegate", who, ...rest });
}

function of(
  mode: TriageMode,
  who?: string,
): (row: string, title: string, rest?: Rest) => TriageCase {
  return (row, title, rest = {}) => ({ row, title, mode, ...(who ? { who } : {}), ...rest });
}

const developer = delegated("backend-developer");
const integrator = delegated("integration-developer");
const architecture = of("architecture-only", "backend-lead");
const testing = of("testing-only", "backend-tester");
const frontend = of("frontend-hand-off");
const fullStack = of("full-stack");

/** The decision table: the rules were written against these. */
export const TRIAGE_CASES: readonly TriageCase[] = [
  // The seed's own examples.
  orchestrated("A4", "Implement POST /api/assets with validation, DynamoDB storage, and tests", {
    concerns: ["implementation", "testing", "security"],
  }),
  orchestrated("A4", "Add job processing pipeline with unit and acceptance tests", {
    concerns: ["implementation", "testing"],
  }),
  orchestrated("A5", "Refactor the capabilities module - separate integrations from core logic", {
    concerns: ["architecture", "implementation"],
  }),
  developer("A6", "Fix nil check in handler", { concerns: ["implementation"] }),
  developer("A6", "Add one handler for GET /healthz"),

  // Two or more concerns.
  orchestrated("A8", "Implement and test the asset parser", {
    concerns: ["implementation", "testing"],
  }),
  orchestrated("A8", "Design and build a rate limiter for the public API"),
  orchestrated("A8", "implement AND test retry logic in the queue consumer"),
  orchestrated("A8", "Design the schema for scan results, then implement the repository layer"),
  orchestrated("A4", "Export of assets as CSV", {
    body: "Write the exporter in `internal/export`.\n\n## Acceptance criteria\n- [ ] streams rows, no buffering\n- [ ] unit tests cover quoting and empty results",
  }),
  orchestrated("A4", "Fix the off-by-one in pagination and add a regression test"),
  orchestrated("A4", "Speed up the asset list", {
    body: "Propose two alternatives with their trade-offs first, then implement the better one.",
    concerns: ["architecture", "implementation"],
  }),
  orchestrated("A4", "Cache DNS lookups", {
    body: "The resolver is called for every asset.\n\n- implement a cache with a TTL\n- have the code reviewed for races",
    concerns: ["implementation", "review"],
  }),
  orchestrated("A4", "Write the backfill command and cover it with integration tests"),
  orchestrated("A4", "Job retries", { body: "Implement exponential backoff. It must be tested." }),
  orchestrated("A4", "Review the scheduler and fix what you find", {
    concerns: ["implementation", "review"],
  }),
  orchestrated("A4", "Add a soft delete to assets", { labels: ["testing"] }),

  // Several modules, several agents.
  orchestrated("A5", "Split the monolithic store package into reader, writer and index packages"),
  orchestrated("A5", "Migrate persistence from Postgres to DynamoDB"),
  orchestrated("A5", "Move error handling to a common package across all services"),
  orchestrated("A5", "Replace the logger in modules/janus, modules/nebula and modules/chariot"),
  orchestrated("A5", "Extract the notification code into its own service"),
  orchestrated("A5", "Rework the pipeline", {
    body: "This touches `internal/queue/worker.go`, `internal/store/jobs.go` and `cmd/scanner/main.go`.\nRefactor so that the worker no longer knows the store.",
  }),

  // Auth, user input and secrets bring a second specialist.
  orchestrated("F3", "Add login with one-time codes", { concerns: ["implementation", "security"] }),
  orchestrated("F3", "Fix SQL injection in the asset search"),
  orchestrated("F3", "Rotate API keys every 90 days"),
  orchestrated("F3", "Accept file uploads up to 10 MB on PUT /v1/evidence"),
  orchestrated("F3", "Validate user input on the scan endpoint"),
  orchestrated("F3", "Store webhook secrets encrypted"),
  orchestrated("F3", "Access tokens are still valid after logout", { labels: ["bug"] }),

  // One specialist.
  developer("A6", "Nil pointer dereference in asset handler", {
    body: "```\npanic: runtime error: invalid memory address\n handler_test.go:12 design.go:4\n```\nIt happens when the list is empty.",
  }),
  developer("A6", "Rename GetAsst to GetAsset"),
  developer("A6", "Bump the Go version in go.mod to 1.25"),
  developer("A6", "The worker deadlocks when the queue is closed twice", { labels: ["bug"] }),
  developer("A6", "GET /assets returns 500 instead of 404 for unknown ids"),
  developer("A6", "Remove dead code in internal/report/build.go"),
  developer("A6", "fix(store): close rows in ListAssets"),
  developer("A6", "Refactor parseLine to get rid of the duplicated loop"),
  developer("A7", "Implement pagination for GET /api/risks"),
  developer("A7", "Write the Go worker that drains the scan queue"),
  developer("A6", "Return totals with the asset list so that the frontend can show them"),
  developer("A6", "Log the request id in every line", {
    body: "The existing tests must keep passing.",
  }),
  developer("A6", "Correct the timeout", {
    body: "No tests needed, no design needed; one constant is wrong.",
  }),
  developer("A6", "Fix failing unit test TestParseEmpty"),
  developer("A6", "Rename the test environment variable TEST_DB to DATABASE_URL"),
  developer("A6", "Implement the review workflow states of risks", {
    body: "A risk is open, in review or closed. `ReviewState` gets a new value.",
  }),
  developer("A6", "Return reviews sorted by date from GET /api/reviews"),
  developer("A6", "Address the review comments on the exporter"),
  developer("A6", "Support arm64", { body: "The CPU architecture is read from `runtime.GOARCH`." }),
  developer("A6", "Make the token bucket refill every second"),
  developer("A6", "Update the README with the new build command"),
  developer("A6", "Timestamps are, by design, in UTC; print them with a Z"),
  developer("A6", "Add a flag to skip archived assets", {
    body: "Frontend changes are tracked in #77. Tests follow in a separate pull request.",
  }),
  developer("A6", "Add an index on assets.created_at", {
    body: "Do not touch the frontend or the tests.",
  }),
  integrator("F4", "Send scan summaries to Slack"),
  integrator("F4", "Integrate with the PagerDuty Events API"),
  integrator("F4", "Add a client for the third-party risk feed"),
  delegated("backend-lead")("F2", "Please do a code review of internal/scheduler"),
  delegated("backend-security-reviewer")("F2", "Security review of the session package"),
  delegated("backend-security-reviewer")("F2", "Audit our password handling for OWASP problems"),
  orchestrated("F2", "Code review and security review of the payments package"),

  // Only design.
  architecture("A7", "Which service boundaries should the asset store have?"),
  architecture("A7", "Should we store jobs in DynamoDB or in Postgres?"),
  architecture("A7", "Design the data model for scan results"),
  architecture("A7", "Write an ADR about event versioning", {
    body: "We could add a registry or use headers. No code yet.",
  }),
  architecture("A7", "Evaluate alternatives to the current queue", {
    body: "Compare cost and operations. Do not implement anything.",
  }),
  architecture("A7", "How should we split reads and writes of risks?"),
  architecture("A7", "Propose an API contract for bulk import", { labels: ["architecture"] }),

  // Only tests.
  testing("A7", "Add unit tests for the parser"),
  testing("A7", "Acceptance tests for the job pipeline"),
  testing("A7", "The retry package is untested", {
    body: "Write table-driven tests; add a fixture for nested lists.",
  }),
  testing("A7", "Raise test coverage of internal/store to 80 %"),
  testing("A7", "There are no tests for the exporter"),
  testing("A7", "test: cover the empty list in ListAssets"),
  testing("A7", "Flaky integration test TestQueueDrain", { body: "It fails once in twenty runs." }),
  testing("A7", "Add a soft delete to assets", { command: "write only the integration tests" }),
  testing("A7", "Test the login handler end to end"),

  // Frontend.
  frontend("A11", "The button on the settings page is too small"),
  frontend("A11", "Add dark mode to the React app"),
  frontend("A11", "Fix CSS overflow in the sidebar", { labels: ["bug"] }),
  frontend("A11", "Write Storybook stories for the modal dialog"),
  frontend("A11", "Show the asset count in the UI", { labels: ["frontend"] }),
  fullStack("P9", "Add a settings page and the API behind it"),
  fullStack("P9", "Implement bulk delete: DELETE /api/assets and a button in the UI"),
  fullStack("P9", "Full-stack: scan history", {
    body: "- GET /api/scans with paging\n- a React table that shows them",
  }),
  fullStack("P9", "Let users rename assets", {
    body: "Backend: PATCH /api/assets/{id}. Frontend: an edit form.",
  }),
];

/** Cases from "mode who" -> issues; lines after the title are the body, `@labels` and `@command` as they say. */
export function casesOf(byDecision: Readonly<Record<string, readonly string[]>>): TriageCase[] {
  return Object.entries(byDecision).flatMap(([decision, issues]) => {
    const [mode, who] = decision.split(" ");
    return issues.map((issue) => ({
      ...readIssue(issue),
      row: "A4-A11",
      mode: TriageMode.parse(mode),
      ...(who ? { who } : {}),
    }));
  });
}

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
