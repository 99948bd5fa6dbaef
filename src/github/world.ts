import type { Octokit } from "@octokit/rest";
import { fullName, type RepoRef } from "../domain/ids.ts";
import type { CommentRef } from "../ports/github.ts";
import type { Effects, Logger, RequestCounts } from "../ports/stores.ts";
import { type AppIdentity } from "./app-jwt.ts";
import { type ClientSettings, createClient } from "./client.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type GateLimits, InstallationGate } from "./gate.ts";
import { API_PERMISSIONS, WRITER_PERMISSIONS } from "./permissions.ts";
import type { Publisher } from "./publish.ts";
import type { Tokens } from "./tokens.ts";

export interface WorldSettings {
  readonly client: ClientSettings;
  readonly app: AppIdentity;
  readonly tokens: Tokens;
  readonly publisher: Publisher;
  readonly effects: Effects;
  readonly counts: RequestCounts;
  readonly gateLimits?: GateLimits;
}

/** What every part of the adapter stands on: one client per repository, one gate per installation. */
export class World {
  readonly clock: Clock;
  readonly log: Logger;
  readonly appId: number;
  readonly publisher: Publisher;
  readonly effects: Effects;
  readonly counts: RequestCounts;
  /** For addresses that GitHub names outside its API. Sends no token. */
  readonly fetch: typeof fetch;
  /** What each comment of ours says, as far as this process wrote it. */
  readonly written = new Map<string, { readonly ref: CommentRef; readonly body: string }>();
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #settings: WorldSettings;
  readonly #gates = new Map<number, InstallationGate>();
  readonly #clients = new Map<string, Octokit>();

  constructor(settings: WorldSettings) {
    this.#settings = settings;
    this.clock = settings.client.clock ?? systemClock;
    this.log = settings.client.log;
    this.appId = settings.app.id;
    this.publisher = settings.publisher;
    this.effects = settings.effects;
    this.counts = settings.counts;
    this.fetch = settings.client.fetch ?? fetch;
  }

  client(repo: RepoRef): Octokit {
    const key = `${repo.installationId}/${repo.id}`;
    const known = this.#clients.get(key);
    if (known !== undefined) return known;
    const { client, tokens } = this.#settings;
    const auth = {
      header: async () => `Bearer ${(await tokens.kept(repo, API_PERMISSIONS)).reveal()}`,
      renew: () => tokens.renew(repo),
    };
    const made = createClient(client, auth, this.#gate(repo.installationId));
    this.#clients.set(key, made);
    return made;
  }

  /** A client that may also write contents, with a token of its own that is revoked afterwards. */
  async asWriter<T>(repo: RepoRef, use: (client: Octokit) => Promise<T>): Promise<T> {
    const { client, tokens } = this.#settings;
    return await tokens.withToken(repo, WRITER_PERMISSIONS, async (token) => {
      const auth = { header: async () => `Bearer ${token.reveal()}` };
      return await use(createClient(client, auth, this.#gate(repo.installationId)));
    });
  }

  /** Runs work on one thing one after another within this process. */
  async exclusively<T>(key: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(key) ?? Promise.resolve()).then(work, work);
    const settled = turn.catch(() => undefined);
    this.#turns.set(key, settled);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(key) === settled) this.#turns.delete(key);
    }
  }

  #gate(installationId: number): InstallationGate {
    const known = this.#gates.get(installationId);
    if (known !== undefined) return known;
    const gate = new InstallationGate(this.clock, this.#settings.gateLimits);
    this.#gates.set(installationId, gate);
    return gate;
  }
}

/** `owner` and `repo` as Octokit names them. */
export function at(repo: RepoRef): { owner: string; repo: string } {
  return { owner: repo.owner, repo: repo.name };
}

/** The key under which an effect in this repository is remembered. */
export function effectKey(repo: RepoRef, name: string): string {
  return `${repo.id}/${name}`;
}

/** Names a thing of a repository for people: `owner/name#12`. */
export function named(repo: RepoRef, number: number): string {
  return `${fullName(repo)}#${number}`;
}
