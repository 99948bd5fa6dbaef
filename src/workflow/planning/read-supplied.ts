import { fullName, type Sha } from "../../domain/ids.ts";
import { type PlanSource, planMention } from "../../domain/plan/plan-source.ts";
import { missingPlan, noPlanLeft, severalPlans } from "../../reports/supplied-words.ts";
import type { RunContext } from "../context.ts";

/** What stands where a request brings a plan: its text, or why there is none. */
export type Reading =
  | { readonly kind: "text"; readonly source: PlanSource; readonly text: string }
  | { readonly kind: "none"; readonly where: string; readonly problem: string };

/** What is looked through for a plan, and the commit at which documents are read. */
interface Texts {
  readonly command: string;
  readonly issue: string;
  readonly sha: Sha;
}

/**
 * The plan that the request brings, as it was when the run was asked for; a document at the run's base commit. Undefined
 * when it brings none.
 */
export async function lookForPlan(run: RunContext): Promise<Reading | undefined> {
  const { task, issueBody } = run.input.request;
  const texts = { command: task, issue: issueBody, sha: run.view.started.baseSha };
  if (!planMention(texts, repoUrl(run))) return undefined;
  return run.steps.step("look for a supplied plan", () => read(run, texts));
}

/**
 * The plan as it stands now, because a person who may decide said that it is to be read anew: the command's comment,
 * the issue, and documents at the tip of the base branch. Never the run branch: agents write there.
 */
export async function readAnew(run: RunContext): Promise<Reading> {
  const { request } = run.input;
  const { baseBranch, baseSha } = run.view.started;
  const { github, workspaces } = run.ports;
  return run.steps.step(`read the plan anew ${run.nextOrderKey()}`, async () => {
    const comment = await github.comment(request.repo, request.commentId);
    // What another orchestrator handed over stands in the place of the issue's text.
    const issue = request.handOff
      ? request.issueBody
      : (await github.issue(request.repo, request.issue)).body;
    const sha = (await workspaces.fetchBranch(request.repo, baseBranch)) ?? baseSha;
    const command = comment?.body ?? request.task;
    const found = await read(run, { command, issue, sha });
    return found ?? { kind: "none", where: request.issueTitle, problem: noPlanLeft() };
  });
}

/** Part of a step. Several links are for people to sort out; nothing is guessed from their order. */
async function read(run: RunContext, texts: Texts): Promise<Reading | undefined> {
  const mention = planMention(texts, repoUrl(run));
  if (!mention) return undefined;
  if (mention.from !== "file")
    return { kind: "text", source: { from: mention.from }, text: mention.text };
  const [path = "", ...others] = mention.paths;
  if (others.length > 0) return { kind: "none", where: path, problem: severalPlans(mention.paths) };
  const { sha } = texts;
  const text = await run.ports.workspaces.readFile(run.input.request.repo, sha, path);
  return text === undefined
    ? { kind: "none", where: path, problem: missingPlan(path, sha.slice(0, 7)) }
    : { kind: "text", source: { from: "file", path, sha }, text };
}

/** Where people read the repository, as the command's own comment has it; undefined when it says nothing of it. */
function repoUrl(run: RunContext): string | undefined {
  const { commentUrl, repo } = run.input.request;
  const name = `/${fullName(repo)}/`;
  const at = commentUrl.indexOf(name);
  return at === -1 ? undefined : commentUrl.slice(0, at + name.length - 1);
}
