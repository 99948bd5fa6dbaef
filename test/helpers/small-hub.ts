import type { Permission } from "../../src/domain/command/permission.ts";
import type {
  CheckRunContent,
  CommentRef,
  GitHub,
  IssueLabel,
  IssueText,
  PullRequestRef,
  RequiredCheck,
  ReviewText,
} from "../../src/ports/github.ts";
import type { SmallGit } from "./small-git.ts";

/** A GitHub that remembers what was written to it, for whole runs in memory. */
export class SmallHub implements GitHub {
  readonly comments = new Map<string, string>();
  readonly pulls: { number: number; head: string; draft: boolean }[] = [];
  /** Reviews that people gave, by id. */
  readonly reviews = new Map<number, ReviewText>();
  /** Replies in review conversations, by the conversation's first comment. */
  readonly replies = new Map<number, string[]>();
  readonly resolved: number[] = [];
  readonly reviewers: string[] = [];
  readonly checkRuns: CheckRunContent[] = [];
  /** As "<issue> <name>". */
  readonly labels = new Set<string>();
  /** What the base branch requires, by commit and in general. */
  required: (sha: string) => readonly RequiredCheck[] = () => [];
  permission: Permission = "write";
  readonly #git: SmallGit;
  readonly #markers = new Set<string>();

  constructor(git: SmallGit) {
    this.#git = git;
  }

  permissionOf(): Promise<Permission> {
    return Promise.resolve(this.permission);
  }

  defaultBranch(): Promise<string> {
    return Promise.resolve("main");
  }

  /** The issue as it stands now; a run takes it from its trigger until somebody has it read anew. */
  body: string | undefined;

  async issue(_repo: unknown, number: number): Promise<IssueText> {
    if (this.body === undefined) throw new Error("a run takes the issue from its trigger");
    const { body } = this;
    const people = { author: "alice", labels: [], isPullRequest: false };
    const state = { state: "open" as const, locked: false };
    return { number, title: "", body, ...people, ...state, url: `http://127.0.0.1/${number}` };
  }

  react(): Promise<void> {
    return Promise.resolve();
  }

  async putComment(
    _repo: unknown,
    { number, marker, body }: { number: number; marker: string; body: string },
  ): Promise<CommentRef> {
    this.comments.set(`${number} ${marker}`, body);
    return { id: this.comments.size, url: `http://127.0.0.1/c/${this.comments.size}` };
  }

  async openPullRequest(_repo: unknown, { head }: { head: string }): Promise<PullRequestRef> {
    const known = this.pulls.find((pull) => pull.head === head);
    const pull = known ?? { number: 100 + this.pulls.length, head, draft: true };
    if (!known) this.pulls.push(pull);
    return this.#ref(pull);
  }

  async hasOpenPullRequest(_repo: unknown, head: string): Promise<boolean> {
    return this.pulls.some((pull) => pull.head === head);
  }

  async pullRequest(_repo: unknown, number: number): Promise<PullRequestRef> {
    const pull = this.pulls.find((candidate) => candidate.number === number);
    if (!pull) throw new Error(`no pull request ${number}`);
    return this.#ref(pull);
  }

  updatePullRequestBody(): Promise<void> {
    return Promise.resolve();
  }

  async markReady(_repo: unknown, number: number): Promise<void> {
    for (const pull of this.pulls) if (pull.number === number) pull.draft = false;
  }

  async requestReview(_repo: unknown, _number: number, login: string): Promise<void> {
    this.reviewers.push(login);
  }

  async putCheckRun(_repo: unknown, check: CheckRunContent): Promise<void> {
    this.checkRuns.push(check);
  }

  async review(
    _repo: unknown,
    { reviewId }: { reviewId: number },
  ): Promise<ReviewText | undefined> {
    return this.reviews.get(reviewId);
  }

  async replyToReview(
    _repo: unknown,
    { thread, marker, body }: { thread: number; marker: string; body: string },
  ): Promise<CommentRef> {
    const ref = { id: thread, url: `http://127.0.0.1/r/${thread}` };
    if (this.#markers.has(marker)) return ref;
    this.#markers.add(marker);
    this.replies.set(thread, [...(this.replies.get(thread) ?? []), body]);
    return ref;
  }

  async resolveThreads(
    _repo: unknown,
    { threads }: { threads: readonly number[] },
  ): Promise<readonly number[]> {
    for (const thread of threads) if (!this.resolved.includes(thread)) this.resolved.push(thread);
    return threads;
  }

  async requiredChecks(
    _repo: unknown,
    { sha }: { sha: string },
  ): Promise<readonly RequiredCheck[]> {
    return this.required(sha);
  }

  async setLabel(_repo: unknown, { number, name, on }: IssueLabel): Promise<void> {
    this.labels.delete(`${number} ${name}`);
    if (on) this.labels.add(`${number} ${name}`);
  }

  async commentsByApps(): Promise<never[]> {
    return [];
  }

  async comment(): Promise<undefined> {
    return undefined;
  }

  async requestCount(): Promise<{ total: number; contentCreating: number; edits: number }> {
    return { total: 0, contentCreating: 0, edits: 0 };
  }

  #ref(pull: SmallHub["pulls"][number]): PullRequestRef {
    const headSha = this.#git.branches.get(pull.head) ?? "";
    const [onto, head] = [this.#git.branches.get("main"), this.#git.branches.get(pull.head)];
    return {
      number: pull.number,
      url: "http://127.0.0.1/p",
      draft: pull.draft,
      state: "open",
      headSha,
      nodeId: "n",
      ...(onto && head ? { mergeable: this.#git.conflicts(onto, head).length === 0 } : {}),
    };
  }
}
