import type { Permission } from "../domain/command/permission.ts";
import type { RepoRef, RunId, Sha } from "../domain/ids.ts";
import type {
  CheckRunContent,
  CommentRef,
  GitHub,
  IssueLabel,
  IssueText,
  PullRequestRef,
  Reaction,
  RequiredCheck,
  ReviewText,
} from "../ports/github.ts";
import { putCheckRun } from "./checks.ts";
import { comment, commentsByApps, putComment, react } from "./comments.ts";
import { setLabel } from "./labels.ts";
import { permissionOf, requestReview } from "./people.ts";
import {
  hasOpenPullRequest,
  markReady,
  openPullRequest,
  pullRequest,
  updatePullRequestBody,
} from "./pulls.ts";
import { requiredChecks } from "./required-checks.ts";
import { replyToReview, review } from "./reviews.ts";
import { Issue, Repository } from "./schemas.ts";
import { resolveThreads } from "./threads.ts";
import { at, type World } from "./world.ts";

/** The `GitHub` port on GitHub's REST API, with one GraphQL mutation. */
export class GitHubAdapter implements GitHub {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  async permissionOf(repo: RepoRef, login: string): Promise<Permission> {
    return await permissionOf(this.#world, repo, login);
  }

  async defaultBranch(repo: RepoRef): Promise<string> {
    const { data } = await this.#world.client(repo).rest.repos.get(at(repo));
    return Repository.parse(data).default_branch;
  }

  async issue(repo: RepoRef, number: number): Promise<IssueText> {
    const { data } = await this.#world
      .client(repo)
      .rest.issues.get({ ...at(repo), issue_number: number });
    const issue = Issue.parse(data);
    return {
      number: issue.number,
      title: issue.title,
      body: issue.body ?? "",
      author: issue.user?.login,
      state: issue.state,
      locked: issue.locked,
      labels: issue.labels.flatMap((label) =>
        typeof label === "string" ? [label] : (label.name ?? []),
      ),
      isPullRequest: issue.pull_request !== undefined,
      url: issue.html_url,
    };
  }

  async react(repo: RepoRef, commentId: number, reaction: Reaction): Promise<void> {
    await react(this.#world, repo, { commentId, reaction });
  }

  async putComment(
    repo: RepoRef,
    comment: { number: number; marker: string; body: string },
  ): Promise<CommentRef> {
    return await putComment(this.#world, repo, comment);
  }

  async openPullRequest(
    repo: RepoRef,
    request: { head: string; base: string; title: string; body: string },
  ): Promise<PullRequestRef> {
    return await openPullRequest(this.#world, repo, request);
  }

  async hasOpenPullRequest(repo: RepoRef, head: string): Promise<boolean> {
    return await hasOpenPullRequest(this.#world, repo, head);
  }

  async pullRequest(repo: RepoRef, number: number): Promise<PullRequestRef> {
    return await pullRequest(this.#world, repo, number);
  }

  async updatePullRequestBody(repo: RepoRef, number: number, body: string): Promise<void> {
    await updatePullRequestBody(this.#world, repo, { number, body });
  }

  async markReady(repo: RepoRef, number: number, known?: PullRequestRef): Promise<void> {
    await markReady(this.#world, repo, { number, known });
  }

  async requestReview(repo: RepoRef, number: number, login: string): Promise<void> {
    await requestReview(this.#world, repo, { number, login });
  }

  async putCheckRun(repo: RepoRef, check: CheckRunContent): Promise<void> {
    await putCheckRun(this.#world, repo, check);
  }

  async review(
    repo: RepoRef,
    wanted: { number: number; reviewId: number },
  ): Promise<ReviewText | undefined> {
    return await review(this.#world, repo, wanted);
  }

  async replyToReview(
    repo: RepoRef,
    reply: { number: number; thread: number; marker: string; body: string },
  ): Promise<CommentRef> {
    return await replyToReview(this.#world, repo, reply);
  }

  async resolveThreads(
    repo: RepoRef,
    wanted: { number: number; threads: readonly number[] },
  ): Promise<readonly number[]> {
    return await resolveThreads(this.#world, repo, wanted);
  }

  async requiredChecks(
    repo: RepoRef,
    where: { branch: string; sha: Sha },
  ): Promise<readonly RequiredCheck[]> {
    return await requiredChecks(this.#world, repo, where);
  }

  async setLabel(repo: RepoRef, label: IssueLabel): Promise<void> {
    await setLabel(this.#world, repo, label);
  }

  async commentsByApps(
    repo: RepoRef,
    on: { readonly number: number; readonly apps: readonly number[] },
  ): Promise<{ appId: number; body: string }[]> {
    return await commentsByApps(this.#world, repo, on);
  }

  async comment(
    repo: RepoRef,
    id: number,
  ): Promise<{ body: string; editor: string | undefined } | undefined> {
    return await comment(this.#world, repo, id);
  }

  async requestCount(
    runId: RunId,
  ): Promise<{ total: number; contentCreating: number; edits: number }> {
    const { content, edit, other } = await this.#world.counts.read(runId);
    return { total: content + edit + other, contentCreating: content, edits: edit };
  }
}
