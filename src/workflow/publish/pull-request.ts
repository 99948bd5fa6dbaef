import type { VerifiedCommit } from "../../domain/gate/verdict.ts";
import { PHASES, type Phase } from "../../domain/phase.ts";
import { pullRequestBody, pullRequestTitle } from "../../reports/pull-request-body.ts";
import type { RunContext } from "../context.ts";

/** Opens the run's one draft pull request, or finds it; called when the run branch has its first commit. */
export async function openPullRequest(run: RunContext): Promise<void> {
  if (run.view.pullRequest) return;
  const { request, runBranch, runId } = run.input;
  const { github, runs, ledger, status } = run.ports;
  const view = run.view;
  const events = await run.steps.step("open pull request", async () => {
    const opened = await github.openPullRequest(request.repo, {
      head: runBranch,
      base: view.started.baseBranch,
      title: pullRequestTitle(view),
      body: pullRequestBody(view),
    });
    await runs.setPullRequest(runId, opened.number);
    const { number, url, draft } = opened;
    const event = await ledger.append(runId, "pull-request", {
      type: "pull-request-opened",
      number,
      url,
      draft,
    });
    status.touch(runId);
    return [event];
  });
  run.adopt(events);
}

/** A plan that changed after the pull request was opened stands in its description, too. */
export async function renewPullRequest(run: RunContext): Promise<void> {
  const { pullRequest } = run.view;
  if (!pullRequest) return;
  const { repo } = run.input.request;
  const body = pullRequestBody(run.view);
  await run.steps.step(`renew pull request ${run.nextOrderKey()}`, () =>
    run.ports.github.updatePullRequestBody(repo, pullRequest.number, body),
  );
}

/**
 * Turns the draft into a pull request that is ready for review and asks for that review: the person who asked for the
 * run, later those who reviewed it. Takes the proof that its head is verified; false when GitHub shows another head.
 */
export async function makeReady(run: RunContext, proof: VerifiedCommit): Promise<boolean> {
  const { pullRequest } = run.view;
  if (!pullRequest) return true;
  const { request, requestedBy } = run.input;
  const { number, draft } = pullRequest;
  const reviewers = draft ? [requestedBy] : [...run.reviewers];
  const ready = await run.steps.step("ready for review", async () => {
    const { github } = run.ports;
    const present = await github.pullRequest(request.repo, number);
    if (present.headSha !== proof.sha) return false;
    if (present.draft) await github.markReady(request.repo, number, present);
    for (const login of reviewers) await github.requestReview(request.repo, number, login);
    return true;
  });
  if (!ready) return false;
  run.reviewers.clear();
  if (draft)
    await run.record(`pull-request-ready ${proof.sha}`, {
      type: "pull-request-ready",
      number,
      sha: proof.sha,
    });
  return true;
}

/** Phases that this run has not completed and not skipped with a reason. */
export function openPhases(run: RunContext): Phase[] {
  return PHASES.filter((phase) => {
    const state = run.view.phases.find((p) => p.phase === phase)?.state;
    return state !== "completed" && state !== "skipped";
  });
}
