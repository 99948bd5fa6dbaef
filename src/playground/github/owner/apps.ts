import { randomBytes } from "node:crypto";
import { type Hub, stamp } from "../context.ts";
import type { CreateApp, CreatedApp, InstallationChange } from "../hub.ts";
import { installationReply } from "../render/accounts.ts";
import { repositoryStub } from "../render/repositories.ts";
import type { App, Installation, Repository } from "../store/records.ts";
import { covers } from "../store/store.ts";
import { addAccount, mustAccount, ownerPerson } from "./accounts.ts";
import { keyPair } from "./keys.ts";
import { mustRepository } from "./repositories.ts";

/** Registers a GitHub App and its bot account. The private key is shown here once and not kept. */
export function createApp(hub: Hub, input: CreateApp): CreatedApp {
  if (hub.store.app(input.slug) !== undefined) {
    throw new Error(`Create app ${input.slug}: the name is taken.`);
  }
  const { privateKeyPem, publicKeyPem } = keyPair(hub.store.apps.size);
  const bot = addAccount(hub, { login: `${input.slug}[bot]`, type: "Bot" });
  const firstUser = hub.store.accounts.find((a) => a.type === "User");
  const owner = input.owner === undefined ? (firstUser ?? bot) : mustAccount(hub, input.owner);
  const app = hub.store.apps.insert({
    slug: input.slug,
    name: input.name ?? input.slug,
    ownerId: owner.id,
    botId: bot.id,
    clientId: `Iv23li${randomBytes(7).toString("hex")}`,
    clientSecret: randomBytes(20).toString("hex"),
    publicKeyPem,
    permissions: { metadata: "read", ...input.permissions },
    events: [...input.events],
    webhookUrl: input.webhookUrl ?? null,
    webhookSecret: input.webhookSecret ?? randomBytes(32).toString("hex"),
    createdAt: stamp(hub),
    updatedAt: stamp(hub),
  });
  bot.appId = app.id;
  const { id: appId, slug, clientId, clientSecret } = app;
  return {
    appId,
    slug,
    clientId,
    clientSecret,
    privateKeyPem,
    webhookSecret: app.webhookSecret ?? "",
  };
}

export function mustApp(hub: Hub, slug: string): App {
  const app = hub.store.app(slug);
  if (app === undefined) throw new Error(`Find app ${slug}: it is not registered.`);
  return app;
}

/** Installs an app on repositories of an account ("owner/name" or just the name), or on all of them. */
export function install(
  hub: Hub,
  slug: string,
  on: { owner: string; repos: readonly string[] | "all" },
): Installation {
  const app = mustApp(hub, slug);
  const account = mustAccount(hub, on.owner);
  const known = hub.store.installations.find(
    (i) => i.appId === app.id && i.accountId === account.id,
  );
  if (known !== undefined) {
    throw new Error(`Install ${slug} on ${on.owner}: it is installed; use changeInstallation.`);
  }
  const repos = on.repos === "all" ? [] : on.repos.map((name) => repositoryOf(hub, on.owner, name));
  const installation = hub.store.installations.insert({
    appId: app.id,
    accountId: account.id,
    repositorySelection: on.repos === "all" ? "all" : "selected",
    repositoryIds: repos.map((r) => r.id),
    permissions: { ...app.permissions },
    events: [...app.events],
    suspendedAt: null,
    suspendedById: null,
    createdAt: stamp(hub),
    updatedAt: stamp(hub),
  });
  tell(hub, installation, { action: "created" });
  return installation;
}

function repositoryOf(hub: Hub, owner: string, name: string): Repository {
  return mustRepository(hub, name.includes("/") ? name : `${owner}/${name}`);
}

function tell(
  hub: Hub,
  installation: Installation,
  what: { action: string; extra?: Record<string, unknown>; event?: string },
): void {
  const account = hub.store.accounts.must(installation.accountId);
  const sender = ownerPerson(hub, account);
  const covered = hub.store.repositories.filter((r) => covers(installation, r));
  const event = what.event ?? "installation";
  const whole =
    event === "installation" ? { repositories: covered.map((r) => repositoryStub(hub, r)) } : {};
  hub.emit({
    event,
    action: what.action,
    sender,
    installation,
    payload: {
      installation: installationReply(hub, installation),
      ...whole,
      requester: null,
      ...what.extra,
    },
  });
}

/** What an owner changes on the installation's page. */
export function changeInstallation(hub: Hub, id: number, change: InstallationChange): Installation {
  const installation = hub.store.installations.get(id);
  if (installation === undefined) throw new Error(`Change installation ${id}: there is none.`);
  const account = hub.store.accounts.must(installation.accountId);
  installation.updatedAt = stamp(hub);
  if (change.suspended !== undefined) suspend(hub, installation, change.suspended);
  if (change.permissions !== undefined) {
    installation.permissions = { metadata: "read", ...change.permissions };
    tell(hub, installation, { action: "new_permissions_accepted" });
  }
  const added = (change.add ?? []).map((name) => repositoryOf(hub, account.login, name));
  const removed = (change.remove ?? []).map((name) => repositoryOf(hub, account.login, name));
  if (added.length > 0) tellRepositories(hub, installation, { action: "added", repos: added });
  if (removed.length > 0)
    tellRepositories(hub, installation, { action: "removed", repos: removed });
  return installation;
}

function suspend(hub: Hub, installation: Installation, suspended: boolean): void {
  if ((installation.suspendedAt !== null) === suspended) return;
  const account = hub.store.accounts.must(installation.accountId);
  installation.suspendedAt = suspended ? stamp(hub) : null;
  installation.suspendedById = suspended ? ownerPerson(hub, account).id : null;
  tell(hub, installation, { action: suspended ? "suspend" : "unsuspend" });
}

function tellRepositories(
  hub: Hub,
  installation: Installation,
  what: { action: "added" | "removed"; repos: readonly Repository[] },
): void {
  const ids = what.repos.map((r) => r.id);
  if (installation.repositorySelection === "selected") {
    const others = installation.repositoryIds.filter((id) => !ids.includes(id));
    installation.repositoryIds = what.action === "added" ? [...others, ...ids] : others;
  }
  const stubs = what.repos.map((r) => repositoryStub(hub, r));
  const extra = {
    repository_selection: installation.repositorySelection,
    repositories_added: what.action === "added" ? stubs : [],
    repositories_removed: what.action === "removed" ? stubs : [],
  };
  tell(hub, installation, { event: "installation_repositories", action: what.action, extra });
}

/** Takes an installation away with all its tokens. */
export function uninstall(hub: Hub, id: number): void {
  const installation = hub.store.installations.get(id);
  if (installation === undefined)
    throw new Error(`Uninstall ${id}: there is no such installation.`);
  tell(hub, installation, { action: "deleted" });
  for (const token of hub.store.tokens.filter((t) => t.installationId === id)) {
    hub.store.tokens.delete(token.id);
  }
  hub.store.installations.delete(id);
}
