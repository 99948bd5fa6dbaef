import { Octokit } from "@octokit/rest";
import { RepoRef, RunId, Sha } from "../../../src/domain/ids.ts";
import { Secret } from "../../../src/domain/secret.ts";
import {
  MemoryEffects,
  MemoryIssuedTokens,
  MemoryRequestCounts,
} from "../../../src/engine/memory/records.ts";
import { appJwt } from "../../../src/github/app-jwt.ts";
import { type Connection, connect } from "../../../src/github/connect.ts";
import type { CheckRunContent, Reaction } from "../../../src/ports/github.ts";
import { REPO, type Stage } from "./stage.ts";

const HEAD = "orchestrate/1-täsk-r1/main";
const REACTIONS: readonly Reaction[] = ["eyes", "rocket", "confused", "+1", "-1"];
const LONG = "ä#`<!-- 𝄞 -->\n".repeat(12_000);

/** What one app instance remembers; a restarted one has forgotten it all but the app's key. */
function connected(stage: Stage, apiUrl: string): Connection {
  return connect({
    app: { id: stage.app.appId, privateKey: new Secret(stage.app.privateKeyPem) },
    client: { apiUrl, log: { info() {}, warn() {}, error() {} } },
    effects: new MemoryEffects(),
    counts: new MemoryRequestCounts(),
    issued: new MemoryIssuedTokens(),
    secrets: [],
  });
}

/**
 * Everything that the app's adapter can do, with ordinary and with extreme texts, once with what it remembers and once
 * after it forgot.
 */
export async function useAdapter(stage: Stage, apiUrl: string): Promise<void> {
  const { hub, repositoryId: id, installationId } = stage;
  const repo = RepoRef.parse({ id, owner: "acme", name: "shop", installationId });
  const { number } = await hub.as("rob").openIssue(REPO, { title: "Wish", body: "Please" });
  const command = await hub.as("wendy").comment(REPO, number, "/orchestrate");
  const said = Array.from({ length: 101 }, (_, i) => `Comment ${i}`);
  for (const body of said) await hub.as("rob").comment(REPO, number, body);
  await hub.as("wendy").pushFile(REPO, { branch: HEAD, path: "made.md", content: "made\n" });
  const headSha = Sha.parse(await hub.code(REPO).resolve(HEAD));
  const first = connected(stage, apiUrl);
  await first.whoAmI();
  await useIssues(first, repo, { number, commentId: command.id });
  const pull = await usePulls(first, repo);
  await useReviews(stage, first, { repo, pull });
  await useRequiredChecks(stage, first, { repo, sha: headSha });
  for (const check of checksOf(repo, headSha)) await first.github.putCheckRun(repo, check);
  const again = connected(stage, apiUrl);
  await again.github.putComment(repo, { number, marker: "orchestrate:status:1", body: "Again" });
  await again.github.openPullRequest(repo, { head: HEAD, base: "main", title: "T", body: "" });
  await again.github.markReady(repo, pull);
  await useReviews(stage, again, { repo, pull });
  for (const check of checksOf(repo, headSha)) await again.github.putCheckRun(repo, check);
  await again.tokens.withToken(repo, { contents: "write", metadata: "read" }, async (token) => {
    await Promise.resolve(token.reveal());
  });
  await Promise.all([first.tokens.close(), again.tokens.close()]);
}

async function useIssues(
  { github }: Connection,
  repo: RepoRef,
  on: { number: number; commentId: number },
): Promise<void> {
  const { number, commentId } = on;
  await github.defaultBranch(repo);
  await github.issue(repo, number);
  for (const login of ["olga", "rob", "helper[bot]", "no-one"]) {
    await github.permissionOf(repo, login);
  }
  for (const reaction of REACTIONS) await github.react(repo, commentId, reaction);
  for (const body of ["Working", "Done", LONG]) {
    await github.putComment(repo, { number, marker: "orchestrate:status:1", body });
  }
  await github.putComment(repo, { number, marker: "orchestrate:question:1", body: "Which one?" });
  await github.commentsByApps(repo, { number, apps: [1] });
  for (const on of [true, true, false, false])
    await github.setLabel(repo, { number, name: `hand-off: ${LONG}`, description: LONG, on });
}

async function usePulls({ github }: Connection, repo: RepoRef): Promise<number> {
  const opening = { head: HEAD, base: "main", title: `Two\nlines ${LONG}`, body: LONG };
  const { number } = await github.openPullRequest(repo, opening);
  await github.openPullRequest(repo, opening);
  await github.issue(repo, number);
  await github.updatePullRequestBody(repo, number, "Better");
  await github.updatePullRequestBody(repo, number, "");
  for (const login of ["wendy", "no-one"]) await github.requestReview(repo, number, login);
  await github.pullRequest(repo, number);
  await github.hasOpenPullRequest(repo, HEAD);
  await github.markReady(repo, number);
  return number;
}

/** A person's review with a line comment: read, answered, its conversation resolved. */
async function useReviews(
  { hub }: Stage,
  { github }: Connection,
  at: { repo: RepoRef; pull: number },
): Promise<void> {
  const { repo, pull: number } = at;
  const wendy = hub.as("wendy");
  const place = { path: "made.md", line: 1, side: "RIGHT" } as const;
  const given = await wendy.review(REPO, number, {
    event: "REQUEST_CHANGES",
    body: "Please",
    comments: [{ ...place, body: "Why?" }],
  });
  const read = await github.review(repo, { number, reviewId: given.id });
  const asked = await github.comment(repo, (await wendy.comment(REPO, number, "Well?")).id);
  if (read === undefined || asked === undefined) throw new Error("What was said cannot be read.");
  const threads = read.comments.map(({ id }) => id);
  // The answer to the first reply is lost on the way, so that it is looked for before it is repeated.
  hub.faults.inject({
    operationId: "pulls/create-reply-for-review-comment",
    when: "after",
    status: 502,
    times: 1,
  });
  for (const thread of threads)
    await github.replyToReview(repo, {
      number,
      thread,
      marker: `orchestrate:reply:${thread}`,
      body: LONG,
    });
  await github.resolveThreads(repo, { number, threads });
}

/** Three required checks: a red job with its log, one red by another app with an annotation, one green by status. */
async function useRequiredChecks(
  stage: Stage,
  { github }: Connection,
  at: { repo: RepoRef; sha: Sha },
): Promise<void> {
  const { hub } = stage;
  const { repo, sha } = at;
  const ci = await anotherApp(stage);
  const red = { name: "ci", head_sha: sha, status: "completed", conclusion: "failure" } as const;
  const annotations = [
    { path: "made.md", start_line: 1, end_line: 1, annotation_level: "failure", message: "No" },
  ] as const;
  await ci.rest.checks.create({
    owner: repo.owner,
    repo: repo.name,
    ...red,
    output: { title: "Red", summary: "One", annotations: [...annotations] },
  });
  const wendy = new Octokit({ baseUrl: hub.url, auth: hub.userToken("wendy") });
  await wendy.rest.repos.createCommitStatus({
    owner: repo.owner,
    repo: repo.name,
    sha,
    state: "success",
    context: "lint",
  });
  await hub.reportCheck(REPO, { name: "build", sha, conclusion: "failure", log: "Not built" });
  hub.protectBranch(REPO, "main", {
    requiredChecks: [
      { context: "build", appId: null },
      { context: "ci", appId: null },
      { context: "lint", appId: null },
    ],
  });
  const checks = await github.requiredChecks(repo, { branch: "main", sha });
  if (checks.length !== 3)
    throw new Error(`Three checks are required, ${checks.length} were found.`);
  hub.protectBranch(REPO, "main", null);
}

async function anotherApp({ hub }: Stage): Promise<Octokit> {
  const ci = hub.createApp({
    slug: "ci",
    owner: "acme",
    permissions: { checks: "write", metadata: "read" },
    events: [],
  });
  const { id } = await hub.install("ci", "acme", ["shop"]);
  const jwt = appJwt({ id: ci.appId, privateKey: new Secret(ci.privateKeyPem) }, Date.now());
  const app = new Octokit({ baseUrl: hub.url, auth: jwt });
  const { data } = await app.rest.apps.createInstallationAccessToken({ installation_id: id });
  return new Octokit({ baseUrl: hub.url, auth: data.token });
}

/** A check run through its life, with every conclusion and more buttons and text than GitHub takes. */
function checksOf(repo: RepoRef, headSha: Sha): CheckRunContent[] {
  const runId = RunId.parse(`${repo.id}-1-r1`);
  const actions = ["retry", "cancel", "more", "most"].map((identifier) => ({
    label: `${identifier} this whole run once again`,
    description: `${identifier}: ${"long ".repeat(20)}`,
    identifier: `${identifier}-with-a-very-long-identifier`,
  }));
  const check = { runId, headSha, title: "Two\nlines", summary: "S", actions };
  const conclusions = ["success", "failure", "neutral", "cancelled", "action_required"] as const;
  return [
    { ...check, status: "queued" },
    { ...check, status: "in_progress", summary: LONG, title: LONG },
    ...conclusions.map((conclusion) => ({
      ...check,
      status: "completed" as const,
      conclusion,
      actions: [],
    })),
  ];
}
