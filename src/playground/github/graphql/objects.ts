import { type Act, type Hub, repoPage } from "../context.ts";
import { association } from "../render/accounts.ts";
import { issuePage } from "../render/issues.ts";
import { nodeId } from "../render/node-id.ts";
import type { Comment, Issue } from "../store/issue-records.ts";
import type { Pull, ReviewComment, ReviewThread } from "../store/pull-records.ts";
import type { Account } from "../store/records.ts";

type Resolved = Record<string, unknown>;

/** What a connection's arguments choose. */
interface Page {
  first?: number;
  last?: number;
  after?: string;
  before?: string;
}

/** A list in GraphQL's form: cursors are positions. */
function connection(nodes: readonly Resolved[]): (page: Page) => Resolved {
  return (page) => {
    const from = page.after === undefined ? 0 : Number(atob(page.after)) + 1;
    const to = page.before === undefined ? nodes.length : Number(atob(page.before));
    let shown = nodes.map((node, i) => ({ node, i })).slice(from, to);
    if (page.first !== undefined) shown = shown.slice(0, page.first);
    if (page.last !== undefined) shown = shown.slice(-page.last);
    const edges = shown.map(({ node, i }) => ({ node, cursor: btoa(String(i)) }));
    const last = shown.at(-1)?.i ?? from - 1;
    return {
      totalCount: nodes.length,
      nodes: shown.map((s) => s.node),
      edges,
      pageInfo: {
        startCursor: edges[0]?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
        hasNextPage: last < nodes.length - 1,
        hasPreviousPage: (shown[0]?.i ?? from) > 0,
      },
    };
  };
}

const TYPES = { User: "User", Bot: "Bot", Organization: "Organization" } as const;
const KINDS = { User: "U", Bot: "BOT", Organization: "O" } as const;

export function accountNode(hub: Hub, account: Account): Resolved {
  return {
    __typename: TYPES[account.type],
    id: nodeId(KINDS[account.type], account.id),
    databaseId: account.id,
    // GraphQL shows a bot's login without "[bot]".
    login: account.login.replace(/\[bot\]$/, ""),
    name: account.name,
    url: `${hub.url}/${account.login}`,
    avatarUrl: `${hub.url}/avatars/${account.id}.svg`,
  };
}

function accountOrNull(hub: Hub, id: number | null): Resolved | null {
  const account = hub.store.accounts.get(id);
  return account === undefined ? null : accountNode(hub, account);
}

export function repositoryNode(act: Act): Resolved {
  const { hub, repo } = act;
  return {
    __typename: "Repository",
    id: nodeId("R", repo.id),
    databaseId: repo.id,
    name: repo.name,
    nameWithOwner: hub.store.fullName(repo),
    isPrivate: repo.private,
    url: repoPage(hub, repo),
    owner: () => accountNode(hub, hub.store.accounts.must(repo.ownerId)),
    defaultBranchRef: { name: repo.defaultBranch },
    pullRequest: ({ number }: { number: number }) => {
      const issue = hub.store.issue(repo.id, number);
      const pull = issue && hub.store.pullOf(issue);
      return pull === undefined ? null : pullNode(act, pull);
    },
    issue: ({ number }: { number: number }) => {
      const issue = hub.store.issue(repo.id, number);
      return issue?.pullId === null ? issueNode(act, issue) : null;
    },
  };
}

function subjectFields(act: Act, issue: Issue): Resolved {
  const { hub, repo } = act;
  return {
    databaseId: issue.id,
    number: issue.number,
    title: issue.title,
    body: issue.body ?? "",
    url: issuePage(hub, repo, issue),
    locked: issue.locked,
    closed: issue.state === "closed",
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    author: accountOrNull(hub, issue.authorId),
    repository: () => repositoryNode(act),
    comments: connection(hub.store.commentsOf(issue.id).map((c) => commentNode(act, c))),
  };
}

export function issueNode(act: Act, issue: Issue): Resolved {
  return {
    __typename: "Issue",
    ...subjectFields(act, issue),
    id: nodeId("I", issue.id),
    state: issue.state.toUpperCase(),
  };
}

export function pullNode(act: Act, pull: Pull): Resolved {
  const { hub } = act;
  const issue = hub.store.issues.must(pull.issueId);
  const state = pull.mergedAt === null ? issue.state.toUpperCase() : "MERGED";
  return {
    __typename: "PullRequest",
    ...subjectFields(act, issue),
    id: nodeId("PR", pull.id),
    databaseId: pull.id,
    state,
    isDraft: pull.draft,
    merged: pull.mergedAt !== null,
    headRefName: pull.headRef,
    headRefOid: pull.headSha,
    baseRefName: pull.baseRef,
    baseRefOid: pull.baseSha,
    reviewThreads: connection(hub.store.threadsOf(pull.issueId).map((t) => threadNode(act, t))),
  };
}

export function commentNode(act: Act, comment: Comment): Resolved {
  const { hub, repo } = act;
  const issue = hub.store.issues.must(comment.issueId);
  return {
    __typename: "IssueComment",
    id: nodeId("IC", comment.id),
    databaseId: comment.id,
    body: comment.body,
    createdAt: comment.createdAt,
    updatedAt: comment.updatedAt,
    author: accountOrNull(hub, comment.authorId),
    editor: accountOrNull(hub, comment.editorId),
    authorAssociation: association(hub, repo, comment.authorId),
    url: `${issuePage(hub, repo, issue)}#issuecomment-${comment.id}`,
    ...minimized(comment),
  };
}

function minimized(comment: { minimizedReason: string | null }): Resolved {
  return {
    isMinimized: comment.minimizedReason !== null,
    minimizedReason: comment.minimizedReason,
  };
}

export function reviewCommentNode(act: Act, comment: ReviewComment): Resolved {
  const { hub, repo } = act;
  const issue = hub.store.issues.must(comment.issueId);
  const thread = hub.store.reviewThreads.must(comment.threadId);
  return {
    __typename: "PullRequestReviewComment",
    id: nodeId("PRRC", comment.id),
    databaseId: comment.id,
    body: comment.body,
    path: thread.path,
    line: thread.line,
    diffHunk: comment.diffHunk,
    outdated: thread.subjectType === "line" && thread.line === null,
    createdAt: comment.createdAt,
    updatedAt: comment.updatedAt,
    author: accountOrNull(hub, comment.authorId),
    authorAssociation: association(hub, repo, comment.authorId),
    url: `${issuePage(hub, repo, issue)}#discussion_r${comment.id}`,
    ...minimized(comment),
  };
}

export function threadNode(act: Act, thread: ReviewThread): Resolved {
  const { hub } = act;
  const comments = hub.store.commentsOfThread(thread.id).map((c) => reviewCommentNode(act, c));
  return {
    __typename: "PullRequestReviewThread",
    id: nodeId("PRRT", thread.id),
    isResolved: thread.resolvedById !== null,
    isOutdated: thread.subjectType === "line" && thread.line === null,
    isCollapsed: thread.resolvedById !== null,
    resolvedBy: accountOrNull(hub, thread.resolvedById),
    path: thread.path,
    line: thread.line,
    startLine: thread.startLine,
    originalLine: thread.originalLine,
    diffSide: thread.side,
    subjectType: thread.subjectType.toUpperCase(),
    comments: connection(comments),
    pullRequest: () => pullNode(act, pullOfThread(act, thread)),
    repository: () => repositoryNode(act),
  };
}

function pullOfThread(act: Act, thread: ReviewThread): Pull {
  const issue = act.hub.store.issues.must(thread.issueId);
  return act.hub.store.pulls.must(issue.pullId ?? 0);
}
