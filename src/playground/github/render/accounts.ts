import { apiUrl, type Hub } from "../context.ts";
import type { Account, App, Installation, Repository } from "../store/records.ts";
import { nodeId } from "./node-id.ts";

const KINDS = { User: "U", Bot: "BOT", Organization: "O" } as const;

/** The embedded form of a user, organization or bot ("simple-user"). */
export function simpleUser(hub: Hub, account: Account): Record<string, unknown> {
  const url = `${apiUrl(hub)}/users/${encodeURIComponent(account.login)}`;
  const page =
    account.type === "Bot" ? `apps/${account.login.replace(/\[bot\]$/, "")}` : account.login;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(KINDS[account.type], account.id),
    avatar_url: `${hub.url}/avatars/${account.id}.svg`,
    gravatar_id: "",
    url,
    html_url: `${hub.url}/${page}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    user_view_type: "public",
    site_admin: false,
  };
}

export function userOrNull(hub: Hub, id: number | null): Record<string, unknown> | null {
  const account = hub.store.accounts.get(id);
  return account === undefined ? null : simpleUser(hub, account);
}

export function userById(hub: Hub, id: number): Record<string, unknown> {
  return simpleUser(hub, hub.store.accounts.must(id));
}

/** A user's own page ("public-user"). */
export function fullUser(hub: Hub, account: Account): Record<string, unknown> {
  const repos = hub.store.repositories.filter((r) => r.ownerId === account.id && !r.private);
  return {
    ...simpleUser(hub, account),
    name: account.name,
    company: null,
    blog: "",
    location: null,
    email: account.email,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: repos.length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: account.createdAt,
    updated_at: account.createdAt,
  };
}

/** The caller's own account ("private-user"). */
export function ownUser(hub: Hub, account: Account): Record<string, unknown> {
  const own = hub.store.repositories.filter((r) => r.ownerId === account.id && r.private);
  return {
    ...fullUser(hub, account),
    private_gists: 0,
    total_private_repos: own.length,
    owned_private_repos: own.length,
    disk_usage: 0,
    collaborators: 0,
    two_factor_authentication: false,
  };
}

export function organization(hub: Hub, account: Account): Record<string, unknown> {
  const url = `${apiUrl(hub)}/orgs/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId("O", account.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${hub.url}/avatars/${account.id}.svg`,
    description: "",
  };
}

/** A GitHub App ("integration"). */
export function appReply(hub: Hub, app: App): Record<string, unknown> {
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId("A", app.id),
    client_id: app.clientId,
    owner: userById(hub, app.ownerId),
    name: app.name,
    description: "",
    external_url: `${hub.url}/apps/${app.slug}`,
    html_url: `${hub.url}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.updatedAt,
    permissions: { ...app.permissions },
    events: [...app.events],
  };
}

export function appOrNull(hub: Hub, appId: number | null): Record<string, unknown> | null {
  const app = hub.store.apps.get(appId);
  return app === undefined ? null : appReply(hub, app);
}

export function installationReply(hub: Hub, record: Installation): Record<string, unknown> {
  const app = hub.store.apps.must(record.appId);
  const account = hub.store.accounts.must(record.accountId);
  const pages =
    account.type === "Organization" ? `organizations/${account.login}/settings` : "settings";
  return {
    id: record.id,
    client_id: app.clientId,
    account: simpleUser(hub, account),
    repository_selection: record.repositorySelection,
    access_tokens_url: `${apiUrl(hub)}/app/installations/${record.id}/access_tokens`,
    repositories_url: `${apiUrl(hub)}/installation/repositories`,
    html_url: `${hub.url}/${pages}/installations/${record.id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: { ...record.permissions },
    events: [...record.events],
    created_at: record.createdAt,
    updated_at: record.updatedAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: userOrNull(hub, record.suspendedById),
    suspended_at: record.suspendedAt,
  };
}

/** How an author stands to a repository (GraphQL enum CommentAuthorAssociation). */
export function association(hub: Hub, repo: Repository, authorId: number): string {
  if (repo.ownerId === authorId) return "OWNER";
  if (hub.store.accounts.must(repo.ownerId).ownerIds.includes(authorId)) return "MEMBER";
  if (repo.collaborators[authorId] !== undefined) return "COLLABORATOR";
  const merged = hub.store.pulls.find(
    (p) =>
      p.repoId === repo.id &&
      p.mergedAt !== null &&
      hub.store.issues.must(p.issueId).authorId === authorId,
  );
  return merged === undefined ? "NONE" : "CONTRIBUTOR";
}
