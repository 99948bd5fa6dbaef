import { apiUrl } from "../context.ts";
import { forbidden, notFound } from "../errors.ts";
import { authorOf, type Call, type Handlers, list, ok, param, type Reply } from "../http/call.ts";
import { fullUser, organization, ownUser, simpleUser } from "../render/accounts.ts";

export const USERS: Handlers = {
  "users/get-authenticated": (call) => {
    const by = authorOf(call.by);
    // x-github.enabledForGitHubApps is false for it: apps have no user.
    if (by.kind !== "user") throw forbidden("Resource not accessible by integration");
    return ok(ownUser(call.hub, by.account));
  },
  "users/get-by-username": (call) => {
    const account = call.hub.store.account(param(call, "username"));
    if (account === undefined) throw notFound();
    return ok(fullUser(call.hub, account));
  },
  "users/get-by-id": (call) => {
    const account = call.hub.store.accounts.get(Number(param(call, "account_id")));
    if (account === undefined) throw notFound();
    return ok(fullUser(call.hub, account));
  },
  "users/list": (call) => list(call.hub.store.accounts.all(), (a) => simpleUser(call.hub, a)),
  "orgs/get": (call) => {
    const account = call.hub.store.account(param(call, "org"));
    if (account?.type !== "Organization") throw notFound();
    return ok({
      ...organization(call.hub, account),
      type: "Organization",
      name: account.name ?? account.login,
      html_url: `${call.hub.url}/${account.login}`,
      created_at: account.createdAt,
      updated_at: account.createdAt,
      archived_at: null,
    });
  },
  "rate-limit/get": rateLimit,
  "meta/root": root,
  "meta/get": (call) =>
    ok({ verifiable_password_authentication: false, domains: { website: [call.hub.url] } }),
};

function rateLimit(call: Call): Reply {
  const core = { ...call.limits.state(call.by), resource: "core" };
  const { limit, remaining, used, reset } = core;
  const rate = { limit, remaining, used, reset };
  return ok({ resources: { core: rate, search: rate, graphql: rate }, rate });
}

/** The addresses a client may start from. */
function root(call: Call): Reply {
  const api = apiUrl(call.hub);
  return ok({
    current_user_url: `${api}/user`,
    issues_url: `${api}/issues`,
    issue_search_url: `${api}/search/issues?q={query}{&page,per_page,sort,order}`,
    rate_limit_url: `${api}/rate_limit`,
    repository_url: `${api}/repos/{owner}/{repo}`,
    user_url: `${api}/users/{user}`,
    organization_url: `${api}/orgs/{org}`,
  });
}
