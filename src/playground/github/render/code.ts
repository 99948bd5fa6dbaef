import { type Hub, repoPage, repoUrl } from "../context.ts";
import type { CommitInfo, FileDiff, Signature, TreeEntry } from "../git/code-view.ts";
import type { Account, Repository } from "../store/records.ts";
import { simpleUser } from "./accounts.ts";
import { gitNodeId } from "./node-id.ts";

const UNSIGNED = {
  verified: false,
  reason: "unsigned",
  signature: null,
  payload: null,
  verified_at: null,
};

/** The account behind a commit's address, if any. */
export function accountByEmail(hub: Hub, email: string): Account | undefined {
  const noreply = /^(?:\d+\+)?(.+)@users\.noreply\.github\.com$/.exec(email)?.[1];
  if (noreply !== undefined) return hub.store.account(noreply);
  return hub.store.accounts.find((a) => a.email === email);
}

/** The address under which an account commits on GitHub's pages. */
export function noreplyEmail(account: Account): string {
  return `${account.id}+${account.login}@users.noreply.github.com`;
}

function userOfCommit(hub: Hub, who: Signature): Record<string, unknown> | null {
  const account = accountByEmail(hub, who.email);
  return account === undefined ? null : simpleUser(hub, account);
}

/** A commit with its place on GitHub ("commit"). */
export function commitReply(
  hub: Hub,
  repo: Repository,
  commit: CommitInfo,
): Record<string, unknown> {
  const url = repoUrl(hub, repo);
  const page = repoPage(hub, repo);
  return {
    sha: commit.sha,
    node_id: gitNodeId("C", repo.id, commit.sha),
    commit: {
      author: { ...commit.author },
      committer: { ...commit.committer },
      message: commit.message,
      tree: { sha: commit.treeSha, url: `${url}/git/trees/${commit.treeSha}` },
      url: `${url}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: UNSIGNED,
    },
    url: `${url}/commits/${commit.sha}`,
    html_url: `${page}/commit/${commit.sha}`,
    comments_url: `${url}/commits/${commit.sha}/comments`,
    author: userOfCommit(hub, commit.author),
    committer: userOfCommit(hub, commit.committer),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${url}/commits/${sha}`,
      html_url: `${page}/commit/${sha}`,
    })),
  };
}

/** The git object alone ("git-commit"). */
export function gitCommitReply(
  hub: Hub,
  repo: Repository,
  commit: CommitInfo,
): Record<string, unknown> {
  const url = repoUrl(hub, repo);
  return {
    sha: commit.sha,
    node_id: gitNodeId("C", repo.id, commit.sha),
    url: `${url}/git/commits/${commit.sha}`,
    html_url: `${repoPage(hub, repo)}/commit/${commit.sha}`,
    author: { ...commit.author },
    committer: { ...commit.committer },
    tree: { sha: commit.treeSha, url: `${url}/git/trees/${commit.treeSha}` },
    message: commit.message,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${url}/git/commits/${sha}`,
      html_url: `${repoPage(hub, repo)}/commit/${sha}`,
    })),
    verification: UNSIGNED,
  };
}

export function diffEntry(
  hub: Hub,
  repo: Repository,
  at: { file: FileDiff; sha: string },
): Record<string, unknown> {
  const { file, sha } = at;
  const path = file.path.split("/").map(encodeURIComponent).join("/");
  return {
    sha: file.sha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${repoPage(hub, repo)}/blob/${sha}/${path}`,
    raw_url: `${repoPage(hub, repo)}/raw/${sha}/${path}`,
    contents_url: `${repoUrl(hub, repo)}/contents/${path}?ref=${sha}`,
    ...(file.patch === null ? {} : { patch: file.patch }),
    ...(file.previousPath === null ? {} : { previous_filename: file.previousPath }),
  };
}

export function refReply(
  hub: Hub,
  repo: Repository,
  ref: { name: string; sha: string; type: string },
): Record<string, unknown> {
  const kind = ref.type === "tag" ? "tags" : "commits";
  return {
    ref: ref.name,
    node_id: gitNodeId("REF", repo.id, ref.name),
    url: `${repoUrl(hub, repo)}/git/${ref.name}`,
    object: {
      sha: ref.sha,
      type: ref.type,
      url: `${repoUrl(hub, repo)}/git/${kind}/${ref.sha}`,
    },
  };
}

/** One entry of the contents API, without a file's content. */
export function contentEntry(
  hub: Hub,
  repo: Repository,
  at: { entry: TreeEntry; ref: string },
): Record<string, unknown> {
  const { entry, ref } = at;
  const path = entry.path.split("/").map(encodeURIComponent).join("/");
  const folder = entry.type === "tree";
  const url = `${repoUrl(hub, repo)}/contents/${path}?ref=${encodeURIComponent(ref)}`;
  const git = `${repoUrl(hub, repo)}/git/${folder ? "trees" : "blobs"}/${entry.sha}`;
  const html = `${repoPage(hub, repo)}/${folder ? "tree" : "blob"}/${ref}/${path}`;
  // The description: submodules in a folder's listing have the type "file", for compatibility.
  const type = folder ? "dir" : entry.mode === "120000" ? "symlink" : "file";
  return {
    name: entry.name,
    path: entry.path,
    sha: entry.sha,
    size: entry.size ?? 0,
    url,
    html_url: html,
    git_url: git,
    download_url: folder ? null : `${repoPage(hub, repo)}/raw/${ref}/${path}`,
    type,
    _links: { self: url, git, html },
  };
}
