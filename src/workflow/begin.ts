import { REPO_CONFIG_PATH } from "../domain/repo-config.ts";
import type { Diagnostic } from "../domain/skill/definition.ts";
import { moreIgnored, profileMistakes } from "../reports/reasons.ts";
import { missingBranch, wrongProfile } from "../reports/replies.ts";
import type { RunContext } from "./context.ts";

/** More notes than this say nothing more to a person. */
const NOTES_KEPT = 10;

/** Fixes what the run starts from: the tips of the base branch and of the definitions, as they are now. */
export async function begin(run: RunContext): Promise<"begun" | "failed"> {
  const { request, runId, n, requestedBy, runBranch, orchestrator } = run.input;
  const { workspaces, ledger, status } = run.ports;
  const baseBranch = request.options.base ?? request.defaultBranch;
  const begun = await run.steps.step("begin", async () => {
    const definitionsSha = await workspaces.fetchBranch(request.repo, request.defaultBranch);
    const baseSha =
      baseBranch === request.defaultBranch
        ? definitionsSha
        : await workspaces.fetchBranch(request.repo, baseBranch);
    if (definitionsSha === undefined || baseSha === undefined)
      return { missing: definitionsSha ? baseBranch : request.defaultBranch };
    const event = await ledger.append(runId, "run-started", {
      type: "run-started",
      runId,
      repo: request.repo,
      issue: request.issue,
      issueTitle: request.issueTitle,
      n,
      task: request.task,
      requestedBy,
      commentId: request.commentId,
      baseBranch,
      baseSha,
      runBranch,
      definitionsSha,
      ...(orchestrator === undefined ? {} : { orchestrator }),
      ...(request.handOff === undefined ? {} : { handOff: request.handOff }),
    });
    status.touch(runId);
    return { event };
  });
  if ("missing" in begun) {
    await run.steps.step("say missing branch", () =>
      sayMissingBranch(run, begun.missing ?? baseBranch),
    );
    return "failed";
  }
  run.adopt([begun.event]);
  return readProfile(run);
}

/**
 * Takes the repository's profile and its definitions as they are at the recorded commit. A wrong profile ends the run
 * with all its problems in one comment: guessing past it could verify the wrong thing. A bad definition never does; it
 * is ignored, and the run says which and why.
 */
async function readProfile(run: RunContext): Promise<"begun" | "failed"> {
  const { request } = run.input;
  const sha = run.view.started.definitionsSha;
  const read = await run.steps.step("read profile", async () => {
    const profile = await run.ports.profiles.read(request.repo, sha);
    const set = await run.ports.definitions.load(request.repo, sha);
    const ignored = set.diagnostics
      .filter((item) => item.severity !== "info")
      .map(describeDiagnostic);
    return { profile, ignored: ignored.slice(0, NOTES_KEPT), more: ignored.length - NOTES_KEPT };
  });
  const { config, problems } = read.profile;
  if (problems !== undefined) {
    await run.steps.step("say wrong profile", () => sayWrongProfile(run, problems));
    await run.record("wrong profile", {
      type: "run-failed",
      reason: profileMistakes(REPO_CONFIG_PATH),
    });
    return "failed";
  }
  run.profile = config;
  const notes = read.more > 0 ? [...read.ignored, moreIgnored(read.more)] : read.ignored;
  if (notes.length > 0)
    await run.record("definition notes", ...notes.map((text) => ({ type: "note" as const, text })));
  return "begun";
}

function describeDiagnostic(item: Diagnostic): string {
  const line = item.line === undefined ? "" : `:${item.line}`;
  return `${item.file}${line}: ${item.message}`;
}

async function sayWrongProfile(run: RunContext, problems: string): Promise<void> {
  const { request, runId } = run.input;
  const marker = `orchestrate:wrong-profile:${runId}`;
  const body = wrongProfile(REPO_CONFIG_PATH, problems);
  await run.ports.github.putComment(request.repo, { number: request.issue, marker, body });
}

async function sayMissingBranch(run: RunContext, branch: string): Promise<void> {
  const { request, runId } = run.input;
  const marker = `orchestrate:missing-branch:${runId}`;
  const body = missingBranch(branch);
  await run.ports.github.putComment(request.repo, { number: request.issue, marker, body });
}
