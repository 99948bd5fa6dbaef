import type { RepoRef } from "../domain/ids.ts";
import type { Secret } from "../domain/secret.ts";

export type Permissions = Readonly<Record<string, "read" | "write">>;

/** A token as GitHub gave it, and what undoes its record here. */
export interface Minted {
  readonly id: string;
  readonly token: Secret;
  readonly mintedAtMs: number;
  readonly expiresAtMs: number;
  readonly forget: () => void;
}

export interface LeaseSettings {
  mint(repo: RepoRef, permissions: Permissions): Promise<Minted>;
  /** Never rejects. */
  revoke(minted: Minted): Promise<void>;
  /** True while the token is good for a whole use. */
  fresh(minted: Minted): boolean;
  /** Milliseconds that an unused token waits for its next use before it is revoked; 0 revokes it at once. */
  readonly idleMs: number;
}

interface Lease {
  readonly minted: Promise<Minted>;
  users: number;
  /** A use failed: nobody else gets this token. */
  spoiled: boolean;
  timer?: NodeJS.Timeout;
}

/**
 * Lends out tokens: uses of one repository with the same permissions that overlap or follow each other closely share a
 * token, so that a round of pushes costs two requests and not two for each. Revoked after its last use.
 */
export class TokenLeases {
  readonly #settings: LeaseSettings;
  readonly #leases = new Map<string, Lease>();
  #closed = false;

  constructor(settings: LeaseSettings) {
    this.#settings = settings;
  }

  /** Gives `use` a token. When it rejects, the token is not lent again: it may be the reason. */
  async lend<T>(
    repo: RepoRef,
    permissions: Permissions,
    use: (token: Secret) => Promise<T>,
  ): Promise<T> {
    const key = keyOf(repo, permissions);
    const lease = await this.#open(key, () => this.#settings.mint(repo, permissions));
    try {
      return await use((await lease.minted).token);
    } catch (error) {
      lease.spoiled = true;
      throw error;
    } finally {
      lease.users -= 1;
      if (lease.users === 0) await this.#rest(key, lease);
    }
  }

  /** Revokes what waits for a next use; what is in use is revoked when its use ends, without waiting for another. */
  async close(): Promise<void> {
    this.#closed = true;
    const waiting = [...this.#leases].filter(([, lease]) => lease.users === 0);
    await Promise.all(waiting.map(async ([key, lease]) => await this.#end(key, lease)));
  }

  async #open(key: string, mint: () => Promise<Minted>): Promise<Lease> {
    const known = this.#leases.get(key);
    if (known && !known.spoiled) {
      known.users += 1;
      clearTimeout(known.timer);
      const minted = await known.minted.catch(() => undefined);
      if (minted && this.#settings.fresh(minted)) return known;
      known.users -= 1;
      known.spoiled = true;
      if (known.users === 0) await this.#end(key, known);
    }
    if (this.#leases.get(key)?.spoiled) this.#leases.delete(key);
    const meanwhile = this.#leases.get(key);
    if (meanwhile) return await this.#open(key, mint);
    const lease: Lease = { minted: mint(), users: 1, spoiled: false };
    lease.minted.catch(() => {});
    this.#leases.set(key, lease);
    return lease;
  }

  async #rest(key: string, lease: Lease): Promise<void> {
    const { idleMs } = this.#settings;
    const last = this.#closed || idleMs === 0 || lease.spoiled || this.#leases.get(key) !== lease;
    if (last) return await this.#end(key, lease);
    lease.timer = setTimeout(() => void this.#end(key, lease), idleMs);
    lease.timer.unref();
  }

  async #end(key: string, lease: Lease): Promise<void> {
    clearTimeout(lease.timer);
    if (this.#leases.get(key) === lease) this.#leases.delete(key);
    const minted = await lease.minted.catch(() => undefined);
    if (minted) await this.#settings.revoke(minted);
  }
}

function keyOf(repo: RepoRef, permissions: Permissions): string {
  return JSON.stringify([
    repo.installationId,
    repo.id,
    Object.entries(permissions).toSorted(byName),
  ]);
}

function byName([one]: [string, string], [other]: [string, string]): number {
  return one < other ? -1 : 1;
}
