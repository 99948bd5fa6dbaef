import { reaches } from "../auth/roles.ts";
import { mintInstallationToken, type Narrowing } from "../auth/tokens.ts";
import type { Hub } from "../context.ts";
import { ApiError, notFound, unprocessable } from "../errors.ts";
import {
  appOf,
  type Call,
  created,
  type Handlers,
  idParam,
  list,
  noContent,
  ok,
  param,
  type Reply,
  repoOf,
} from "../http/call.ts";
import { takeManifest } from "../http/serve-manifest.ts";
import { changeInstallation, createApp, uninstall } from "../owner/apps.ts";
import { appReply, installationReply, simpleUser } from "../render/accounts.ts";
import { listedRepository } from "../render/repositories.ts";
import type { Account, Installation, Permissions } from "../store/records.ts";
import { covers } from "../store/store.ts";

export const APPS: Handlers = {
  "apps/get-authenticated": (call) => {
    const app = appOf(call);
    const count = call.hub.store.installations.filter((i) => i.appId === app.id).length;
    return ok({ ...appReply(call.hub, app), installations_count: count });
  },
  "apps/get-by-slug": (call) => {
    const app = call.hub.store.app(param(call, "app_slug"));
    if (app === undefined) throw notFound();
    return ok(appReply(call.hub, app));
  },
  "apps/list-installations": (call) => {
    const app = appOf(call);
    const mine = call.hub.store.installations.filter((i) => i.appId === app.id);
    return list(mine, (i) => installationReply(call.hub, i));
  },
  "apps/get-installation": (call) => ok(installationReply(call.hub, ownInstallation(call))),
  "apps/delete-installation": (call) => {
    uninstall(call.hub, ownInstallation(call).id);
    return noContent();
  },
  "apps/suspend-installation": (call) => {
    changeInstallation(call.hub, ownInstallation(call).id, { suspended: true });
    return noContent();
  },
  "apps/unsuspend-installation": (call) => {
    changeInstallation(call.hub, ownInstallation(call).id, { suspended: false });
    return noContent();
  },
  "apps/get-repo-installation": (call) => {
    const app = appOf(call);
    const installation = call.hub.store.installationOn(app.id, repoOf(call));
    if (installation === undefined) throw notFound();
    return ok(installationReply(call.hub, installation));
  },
  "apps/get-org-installation": (call) => ok(installationOfAccount(call, param(call, "org"))),
  "apps/get-user-installation": (call) => ok(installationOfAccount(call, param(call, "username"))),
  "apps/create-installation-access-token": createToken,
  "apps/revoke-installation-access-token": (call) => {
    if (call.by.kind !== "installation") throw new ApiError(401, "Bad credentials");
    call.hub.store.tokens.delete(call.by.token.id);
    return noContent();
  },
  "apps/list-repos-accessible-to-installation": listRepositories,
  "apps/create-from-manifest": convertManifest,
};

function ownInstallation(call: Call): Installation {
  const app = appOf(call);
  const installation = call.hub.store.installations.get(idParam(call, "installation_id"));
  if (installation?.appId !== app.id) throw notFound();
  return installation;
}

function installationOfAccount(call: Call, login: string): Record<string, unknown> {
  const app = appOf(call);
  const account = call.hub.store.account(login);
  const installation = call.hub.store.installations.find(
    (i) => i.appId === app.id && i.accountId === account?.id,
  );
  if (installation === undefined) throw notFound();
  return installationReply(call.hub, installation);
}

interface TokenWish {
  repositories?: string[];
  repository_ids?: number[];
  permissions?: Permissions;
}

function createToken(call: Call): Reply {
  const { hub } = call;
  const installation = ownInstallation(call);
  const wish = call.body as TokenWish;
  const narrowing: Narrowing = {
    ...(wish.repositories === undefined ? {} : { repositories: wish.repositories }),
    ...(wish.repository_ids === undefined ? {} : { repositoryIds: wish.repository_ids }),
    ...(wish.permissions === undefined ? {} : { permissions: wish.permissions }),
  };
  const token = mintInstallationToken(hub, installation, narrowing);
  const ids = token.repositoryIds;
  const selection = ids === null ? installation.repositorySelection : "selected";
  const repositories = ids?.map((id) =>
    listedRepository(hub, hub.store.repositories.must(id), null),
  );
  return created({
    token: token.value,
    expires_at: token.expiresAt,
    permissions: token.permissions,
    repository_selection: selection,
    ...(repositories === undefined ? {} : { repositories }),
  });
}

function listRepositories(call: Call): Reply {
  const { by, hub } = call;
  if (by.kind !== "installation")
    throw new ApiError(
      403,
      "You must authenticate with an installation access token in order to list repositories.",
    );
  const selection = by.installation.repositorySelection;
  const mine = hub.store.repositories.filter((r) => covers(by.installation, r) && reaches(by, r));
  return list(
    mine,
    (r) => listedRepository(hub, r, null),
    (repositories, total) => ({
      total_count: total,
      repository_selection: selection,
      repositories,
    }),
  );
}

/** The end of registering an app from a manifest: the only time that its secrets are told. */
function convertManifest(call: Call): Reply {
  const { hub } = call;
  const pending = takeManifest(hub, param(call, "code"));
  if (pending === undefined) throw notFound();
  const { manifest } = pending;
  const name = manifest.name ?? `app-${hub.store.apps.size + 1}`;
  const slug = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  if (slug === "" || hub.store.app(slug) !== undefined)
    throw unprocessable("Name is already taken");
  const owner = ownerOf(hub, pending.ownerLogin);
  const app = createApp(hub, {
    slug,
    name,
    owner: owner.login,
    permissions: manifest.default_permissions ?? {},
    events: manifest.default_events ?? [],
    ...(manifest.hook_attributes?.url === undefined
      ? {}
      : { webhookUrl: manifest.hook_attributes.url }),
  });
  return created({
    ...appReply(hub, hub.store.apps.must(app.appId)),
    owner: simpleUser(hub, owner),
    client_id: app.clientId,
    client_secret: app.clientSecret,
    webhook_secret: app.webhookSecret,
    pem: app.privateKeyPem,
  });
}

function ownerOf(hub: Hub, login: string | undefined): Account {
  const named = login === undefined ? undefined : hub.store.account(login);
  const owner = named ?? hub.store.accounts.find((a) => a.type === "User");
  if (owner === undefined) throw unprocessable("There is no user to own the app.");
  return owner;
}
