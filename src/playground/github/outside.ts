import { actorOf } from "./actor-of.ts";
import { reportCheck } from "./checks/reported.ts";
import { gitOf, type Hub, stamp } from "./context.ts";
import { codeOf } from "./git/repository-code.ts";
import type { Servers } from "./http/server.ts";
import type { LocalGitHub } from "./hub.ts";
import { addAccount, createOrganization, mustAccount, setCollaborator } from "./owner/accounts.ts";
import { changeInstallation, createApp, install, mustApp, uninstall } from "./owner/apps.ts";
import { createHook } from "./owner/hooks.ts";
import {
  createRepository,
  deleteRepository,
  mustRepository,
  protectBranch,
  renameRepository,
} from "./owner/repositories.ts";
import type { WebhookEngine } from "./webhooks/engine.ts";

export interface Inside {
  hub: Hub;
  webhooks: WebhookEngine;
  servers: Servers;
  newUserToken: (accountId: number) => string;
  save: () => Promise<void>;
  close: () => Promise<void>;
}

type Running = Pick<LocalGitHub, "url" | "store" | "faults" | "webhooks" | "journal" | "limits">;
type Owning = Omit<
  LocalGitHub,
  keyof Running | "inventedFields" | "save" | "close" | "as" | "code"
>;

/** The hub as its owner (a test, the demo, the pages) sees it. */
export function outsideOf(inside: Inside): LocalGitHub {
  const { hub, webhooks, servers } = inside;
  return {
    url: hub.url,
    store: hub.store,
    faults: servers.faults,
    webhooks,
    journal: servers.journal,
    limits: hub.limits,
    ...accountsAndRepositories(hub, inside),
    ...apps(hub),
    as: (login) => actorOf(hub, mustAccount(hub, login).login),
    code: (repo) => codeOf(gitOf(hub, mustRepository(hub, repo))),
    inventedFields: () => hub.completer.invented(),
    save: inside.save,
    close: inside.close,
  };
}

type AppActs = "createApp" | "updateApp" | "install" | "changeInstallation" | "uninstall";

function accountsAndRepositories(hub: Hub, inside: Inside): Omit<Owning, AppActs> {
  return {
    createUser: (input) => addAccount(hub, { ...input, type: "User" }),
    createOrganization: (input) => createOrganization(hub, input),
    createRepository: (input) => createRepository(hub, input),
    renameRepository: async (repo, name) => renameRepository(hub, repo, name),
    deleteRepository: (repo) => deleteRepository(hub, repo),
    setCollaborator: (repo, login, role) => setCollaborator(hub, { repo, login, role }),
    protectBranch: (repo, branch, rules) => protectBranch(mustRepository(hub, repo), branch, rules),
    createRepositoryHook: (repo, input) => createHook(hub, mustRepository(hub, repo), input),
    reportCheck: (repo, check) => reportCheck(hub, mustRepository(hub, repo), check),
    userToken: (login) => inside.newUserToken(mustAccount(hub, login).id),
  };
}

function apps(hub: Hub): Pick<Owning, AppActs> {
  return {
    createApp: (input) => createApp(hub, input),
    updateApp: (slug, change) =>
      Object.assign(mustApp(hub, slug), change, { updatedAt: stamp(hub) }),
    install: async (slug, owner, repos) => install(hub, slug, { owner, repos }),
    changeInstallation: async (id, change) => changeInstallation(hub, id, change),
    uninstall: async (id) => uninstall(hub, id),
  };
}
