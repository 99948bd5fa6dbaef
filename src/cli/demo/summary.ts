import { openQuestions } from "../../domain/run/question-view.ts";
import type { RunView } from "../../domain/run/run.ts";
import { statusReport } from "../../domain/status-schema.ts";

/** The last line of `--json`: what a machine needs to check the run. Every value is the ledger's. */
export function summaryOf(
  view: RunView,
  context: { address: string; repository: string; requests: object | undefined },
): object {
  return {
    run: view.runId,
    state: view.state,
    repository: context.repository,
    clone_url: `${context.address}/${context.repository}.git`,
    issue: view.started.issue,
    pull_request: view.pullRequest?.number ?? null,
    pull_request_draft: view.pullRequest?.draft ?? null,
    run_branch: view.started.runBranch,
    head_sha: view.headSha,
    branches: [...view.branches.keys()],
    dispatches: view.tasks.flatMap((task) => task.dispatches.map((d) => d.dispatchId)),
    report: statusReport(view),
    evidence: view.evidence.map(({ purpose, evidence: { outputTail: _tail, ...rest } }) => ({
      purpose,
      ...rest,
    })),
    github_requests: context.requests ?? null,
    blocked: view.blocked?.issue ?? view.failure ?? openQuestions(view)[0]?.question.text ?? null,
    duration_ms: Date.parse(view.endedAt ?? view.updatedAt) - Date.parse(view.startedAt),
  };
}
