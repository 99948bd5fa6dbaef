import type { CheckRun, CheckSuite, CommitStatus } from "./check-records.ts";
import type {
  Comment,
  Issue,
  IssueEvent,
  Label,
  Reaction,
  ReactionSubject,
} from "./issue-records.ts";
import type { Pull, Review, ReviewComment, ReviewThread } from "./pull-records.ts";
import type {
  Account,
  App,
  Delivery,
  Installation,
  Repository,
  RepositoryHook,
  Token,
} from "./records.ts";
import { Table } from "./table.ts";

/** Everything the local GitHub knows except code. Finders return undefined for what is not there. */
export class Store {
  readonly accounts = new Table<Account>(1_001);
  readonly apps = new Table<App>(200_001);
  readonly installations = new Table<Installation>(300_001);
  readonly repositories = new Table<Repository>(400_001);
  readonly issues = new Table<Issue>(5_000_001);
  readonly pulls = new Table<Pull>(6_000_001);
  readonly comments = new Table<Comment>(7_000_001);
  readonly reactions = new Table<Reaction>(8_000_001);
  readonly labels = new Table<Label>(9_000_001);
  readonly reviews = new Table<Review>(10_000_001);
  readonly reviewComments = new Table<ReviewComment>(11_000_001);
  readonly reviewThreads = new Table<ReviewThread>(12_000_001);
  readonly checkSuites = new Table<CheckSuite>(13_000_001);
  readonly checkRuns = new Table<CheckRun>(14_000_001);
  readonly statuses = new Table<CommitStatus>(15_000_001);
  readonly issueEvents = new Table<IssueEvent>(16_000_001);
  readonly hooks = new Table<RepositoryHook>(17_000_001);
  readonly deliveries = new Table<Delivery>(18_000_001);
  readonly tokens = new Table<Token>(19_000_001);

  account(login: string): Account | undefined {
    const wanted = login.toLowerCase();
    return this.accounts.find((a) => a.login.toLowerCase() === wanted);
  }

  app(slug: string): App | undefined {
    return this.apps.find((a) => a.slug === slug);
  }

  /** By "owner/name", in any case. */
  repository(fullName: string): Repository | undefined {
    const wanted = fullName.toLowerCase();
    return this.repositories.find((r) => this.fullName(r).toLowerCase() === wanted);
  }

  fullName(repo: Repository): string {
    return `${this.accounts.must(repo.ownerId).login}/${repo.name}`;
  }

  /** An issue or pull request by its number. */
  issue(repoId: number, number: number): Issue | undefined {
    return this.issues.find((i) => i.repoId === repoId && i.number === number);
  }

  pullOf(issue: Issue): Pull | undefined {
    return this.pulls.get(issue.pullId);
  }

  commentsOf(issueId: number): Comment[] {
    return this.comments.filter((c) => c.issueId === issueId);
  }

  eventsOf(issueId: number): IssueEvent[] {
    return this.issueEvents.filter((e) => e.issueId === issueId);
  }

  reviewsOf(issueId: number): Review[] {
    return this.reviews.filter((r) => r.issueId === issueId);
  }

  threadsOf(issueId: number): ReviewThread[] {
    return this.reviewThreads.filter((t) => t.issueId === issueId);
  }

  /** Oldest first; the first one opened the thread. */
  commentsOfThread(threadId: number): ReviewComment[] {
    return this.reviewComments.filter((c) => c.threadId === threadId);
  }

  reactionsTo(subject: ReactionSubject, subjectId: number): Reaction[] {
    return this.reactions.filter((r) => r.subject === subject && r.subjectId === subjectId);
  }

  labelsOf(issue: Issue): Label[] {
    return issue.labelIds.map((id) => this.labels.must(id));
  }

  label(repoId: number, name: string): Label | undefined {
    const wanted = name.toLowerCase();
    return this.labels.find((l) => l.repoId === repoId && l.name.toLowerCase() === wanted);
  }

  /** Every check run on a commit, oldest first, superseded ones of the same name included. */
  checkRunsOn(repoId: number, sha: string): CheckRun[] {
    return this.checkRuns.filter((r) => r.repoId === repoId && r.headSha === sha);
  }

  /** The newest status of each context on a commit, as GitHub combines them. */
  statusesOn(repoId: number, sha: string): CommitStatus[] {
    const newest = new Map<string, CommitStatus>();
    for (const status of this.statuses.all()) {
      if (status.repoId === repoId && status.sha === sha) newest.set(status.context, status);
    }
    return [...newest.values()];
  }

  /** The installation of an app that reaches a repository, suspended ones included. */
  installationOn(appId: number, repo: Repository): Installation | undefined {
    return this.installations.find((i) => i.appId === appId && covers(i, repo));
  }
}

/** Whether an installation was given this repository. */
export function covers(installation: Installation, repo: Repository): boolean {
  if (installation.accountId !== repo.ownerId) return false;
  return installation.repositorySelection === "all" || installation.repositoryIds.includes(repo.id);
}
