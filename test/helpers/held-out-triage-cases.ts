import { casesOf, type TriageCase } from "./triage-cases.ts";

/**
 * Labelled before triage was run on them, and never tuned on: whoever changes the words of triage may look at the number
 * of misses here, and not at which ones they are.
 */
const HELD_OUT: Readonly<Record<string, readonly string[]>> = {
  orchestrate: [
    "Let users export their assets as CSV\n\nWe need `GET /api/assets/export`. Please cover it with tests.",
    "Rate limiting\n\nDecide between token bucket and sliding window, then build the winner as middleware.",
    "Asset search is slow\n\n1. Design an index for the asset table\n2. Build it\n3. Prove by a benchmark that search is faster",
    "Password reset by mail\n\nA user who forgot the password gets a link that is valid for one hour.",
    "Move job handling out of the api package into packages of its own, one for scheduling and one for execution",
    "Bulk import\n\n- [ ] endpoint that takes up to 1,000 assets\n- [ ] reject rows that are not valid\n- [ ] integration tests",
    "feat: audit log for every change of a risk, with unit and acceptance tests",
    "Only owners of an asset may delete it. Today anybody can.",
    "Refactor the store so that reading and writing live in separate packages\n\nNo behaviour may change; all callers have to be adapted.",
    "Add pagination to the list endpoint and write the tests for it",
    "Please implement retries for failed jobs. When done, have the code reviewed.",
    "Introduce API keys for machine clients",
    "Split the monolithic handler file by resource across packages and add missing tests",
    "Soft delete\n\nDesign and build soft deletion of assets, including restoring them.",
    "Sessions must expire after 30 minutes without activity",
    "Webhook receiver for scanner results; check the signature of each request and test it against replayed requests",
  ],
  "delegate backend-developer": [
    "Crash when the queue is empty\n\nThe worker panics with index out of range.",
    "Make the health endpoint return the build number",
    "Log the job id in every line the executor writes",
    "Off-by-one in page count\n\nWith 20 assets and a page size of 10 the last page is empty.",
    "fix: the retry counter is never reset",
    "Trim whitespace around asset names before they are stored",
    "Use context deadlines in the store's queries",
    "Remove the deprecated v1 routes",
    "Return 404 instead of 500 when an asset does not exist",
    "Bump the default timeout of jobs to 90 seconds",
    "Sort the list of risks by date",
    "Typo in the error message of the job runner",
    "Timestamps are off by one hour in winter\n@labels bug",
    "Cache the list of countries in memory for a minute",
  ],
  "delegate integration-developer": [
    "Post a message to Slack when a scan finishes",
    "Pull the vulnerability feed of an external provider once a night",
    "Create Jira tickets for new risks",
    "Send invoices through Stripe",
  ],
  "architecture-only backend-lead": [
    "How should we store the history of an asset?",
    "Write an ADR about event sourcing versus plain tables for jobs",
    "We have to choose between SQS and Kafka for the job queue. What do you recommend? No code yet.",
    "Proposal for the data model of findings",
    "Compare ways to shard the asset table and recommend one",
    "Should risk scoring be a service of its own?",
  ],
  "testing-only backend-tester": [
    "The parser has no unit tests",
    "Raise the coverage of the store package to 80 %",
    "Add acceptance tests for the login flow of the command line tool",
    "test: table-driven tests for the duration parser",
    "Integration tests for the repository layer are missing, please write them",
    "Write end-to-end tests that run a job from creation to result",
  ],
  "delegate backend-lead": [
    "Please review the retry logic of the executor",
    "Code review of the new scheduling package before we release it",
  ],
  "delegate backend-security-reviewer": [
    "Security audit of the upload handler",
    "Look for injection vulnerabilities in the search endpoint; report only",
  ],
  "frontend-hand-off": [
    "The sidebar overlaps the table on small screens",
    "Dark mode for the settings page",
    "Replace the icons of the navigation bar",
    "Buttons in the edit dialog are not aligned",
    "Show a spinner while the dashboard loads",
    "Use the new colour palette in the React component library",
  ],
  "full-stack": [
    "Favourite assets\n\nA star on the asset page; the API has to remember it per user.",
    "Show the owner of an asset in the table. The list endpoint must return the owner for that.",
    "Build a page where admins manage tags, with the CRUD endpoints behind it",
    "Let people rename a job: a PATCH endpoint and an inline edit field in the UI",
    "Backend: count open risks per severity. Frontend: a chart of it on the dashboard.",
  ],
};

export const HELD_OUT_CASES: readonly TriageCase[] = casesOf(HELD_OUT);
