import { type Hub, repoPage, repoUrl } from "../context.ts";
import { atLeast } from "../principal.ts";
import type { Repository, Role } from "../store/records.ts";
import { organization, simpleUser } from "./accounts.ts";
import { nodeId } from "./node-id.ts";

const URLS: Readonly<Record<string, string>> = {
  archive_url: "/{archive_format}{/ref}",
  assignees_url: "/assignees{/user}",
  blobs_url: "/git/blobs{/sha}",
  branches_url: "/branches{/branch}",
  collaborators_url: "/collaborators{/collaborator}",
  comments_url: "/comments{/number}",
  commits_url: "/commits{/sha}",
  compare_url: "/compare/{base}...{head}",
  contents_url: "/contents/{+path}",
  contributors_url: "/contributors",
  deployments_url: "/deployments",
  downloads_url: "/downloads",
  events_url: "/events",
  forks_url: "/forks",
  git_commits_url: "/git/commits{/sha}",
  git_refs_url: "/git/refs{/sha}",
  git_tags_url: "/git/tags{/sha}",
  hooks_url: "/hooks",
  issue_comment_url: "/issues/comments{/number}",
  issue_events_url: "/issues/events{/number}",
  issues_url: "/issues{/number}",
  keys_url: "/keys{/key_id}",
  labels_url: "/labels{/name}",
  languages_url: "/languages",
  merges_url: "/merges",
  milestones_url: "/milestones{/number}",
  notifications_url: "/notifications{?since,all,participating}",
  pulls_url: "/pulls{/number}",
  releases_url: "/releases{/id}",
  stargazers_url: "/stargazers",
  statuses_url: "/statuses/{sha}",
  subscribers_url: "/subscribers",
  subscription_url: "/subscription",
  tags_url: "/tags",
  teams_url: "/teams",
  trees_url: "/git/trees{/sha}",
};

/** The embedded form ("minimal-repository"). */
export function minimalRepository(hub: Hub, repo: Repository): Record<string, unknown> {
  const url = repoUrl(hub, repo);
  const urls = Object.entries(URLS).map(([name, path]) => [name, `${url}${path}`]);
  return {
    id: repo.id,
    node_id: nodeId("R", repo.id),
    name: repo.name,
    full_name: hub.store.fullName(repo),
    private: repo.private,
    owner: simpleUser(hub, hub.store.accounts.must(repo.ownerId)),
    html_url: repoPage(hub, repo),
    description: repo.description,
    fork: false,
    url,
    ...Object.fromEntries(urls),
  };
}

/** Everything but the caller's own permissions: webhooks and pull requests carry this form. */
export function repository(hub: Hub, repo: Repository): Record<string, unknown> {
  const page = repoPage(hub, repo);
  const open = hub.store.issues.filter((i) => i.repoId === repo.id && i.state === "open").length;
  return {
    ...minimalRepository(hub, repo),
    created_at: repo.createdAt,
    updated_at: repo.updatedAt,
    pushed_at: repo.pushedAt,
    git_url: `git://${page.replace(/^https?:\/\//, "")}.git`,
    ssh_url: `git@${page.replace(/^https?:\/\//, "")}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    watchers: 0,
    forks_count: 0,
    forks: 0,
    open_issues_count: open,
    open_issues: open,
    default_branch: repo.defaultBranch,
    has_issues: true,
    has_projects: false,
    has_downloads: true,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    archived: repo.archived,
    disabled: false,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repo.private ? "private" : "public",
  };
}

/** What `GET /repos/{owner}/{repo}` answers to someone with this role. */
export function fullRepository(
  hub: Hub,
  repo: Repository,
  role: Role | null,
): Record<string, unknown> {
  const owner = hub.store.accounts.must(repo.ownerId);
  return {
    ...listedRepository(hub, repo, role),
    ...(owner.type === "Organization" ? { organization: simpleUser(hub, owner) } : {}),
    network_count: 0,
    subscribers_count: 0,
  };
}

/** What lists of one's repositories show to someone with this role. */
export function listedRepository(
  hub: Hub,
  repo: Repository,
  role: Role | null,
): Record<string, unknown> {
  return {
    ...repository(hub, repo),
    ...(role === null ? {} : { permissions: rolePermissions(role) }),
    allow_merge_commit: repo.allowMergeCommit,
    allow_squash_merge: repo.allowSquashMerge,
    allow_rebase_merge: repo.allowRebaseMerge,
    allow_auto_merge: false,
    delete_branch_on_merge: repo.deleteBranchOnMerge,
  };
}

export function rolePermissions(role: Role): Record<string, boolean> {
  return {
    admin: atLeast(role, "admin"),
    maintain: atLeast(role, "maintain"),
    push: atLeast(role, "write"),
    triage: atLeast(role, "triage"),
    pull: true,
  };
}

/** The fields that every webhook of a repository carries. */
export function webhookRepository(hub: Hub, repo: Repository): Record<string, unknown> {
  const owner = hub.store.accounts.must(repo.ownerId);
  return {
    repository: repository(hub, repo),
    ...(owner.type === "Organization" ? { organization: organization(hub, owner) } : {}),
  };
}

/** The short form in installation webhooks. */
export function repositoryStub(hub: Hub, repo: Repository): Record<string, unknown> {
  return {
    id: repo.id,
    node_id: nodeId("R", repo.id),
    name: repo.name,
    full_name: hub.store.fullName(repo),
    private: repo.private,
  };
}

export function commitUrl(hub: Hub, repo: Repository, sha: string): string {
  return `${repoUrl(hub, repo)}/commits/${sha}`;
}
