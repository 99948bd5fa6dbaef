import { join } from "node:path";
import type { Completer } from "./description/complete.ts";
import { Git, type GitHost } from "./git/run.ts";
import type { Limits } from "./hub.ts";
import type { Locks } from "./locks.ts";
import type { Author } from "./principal.ts";
import type { Repository } from "./store/records.ts";
import type { Store } from "./store/store.ts";
import type { Emission } from "./webhooks/emission.ts";

/** What the parts of the local GitHub share. */
export interface Hub {
  /** `http://127.0.0.1:PORT` once listening. */
  url: string;
  readonly dataDir: string;
  readonly host: GitHost;
  readonly store: Store;
  readonly limits: Limits;
  readonly tokenForm: "short" | "long";
  readonly completer: Completer;
  /** One at a time per repository: whatever moves refs. */
  readonly locks: Locks;
  /** Where the refs of each repository (by id) stood when last settled. */
  readonly refs: Map<number, Map<string, string>>;
  /** Milliseconds since the epoch. */
  now(): number;
  emit(emission: Emission): void;
  /** Sends a delivery again, without waiting for the answer. */
  redeliver(deliveryId: number): void;
}

/** An act in a repository: where, and by whom. */
export interface Act {
  hub: Hub;
  repo: Repository;
  by: Author;
}

/** The hub's time as GitHub writes it. */
export function stamp(hub: Hub): string {
  return `${new Date(hub.now()).toISOString().slice(0, 19)}Z`;
}

export function gitOf(hub: Hub, repo: Repository): Git {
  return new Git(hub.host, join(hub.dataDir, "repositories", `${repo.id}.git`));
}

/** Where REST lives in the addresses that replies carry (as on a GitHub Enterprise server). */
export function apiUrl(hub: Hub): string {
  return `${hub.url}/api/v3`;
}

export function repoUrl(hub: Hub, repo: Repository): string {
  return `${apiUrl(hub)}/repos/${hub.store.fullName(repo)}`;
}

export function repoPage(hub: Hub, repo: Repository): string {
  return `${hub.url}/${hub.store.fullName(repo)}`;
}
