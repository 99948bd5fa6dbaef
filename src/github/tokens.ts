import { randomUUID } from "node:crypto";
import { WorldError } from "../domain/failure.ts";
import { fullName, type RepoRef } from "../domain/ids.ts";
import { Secret } from "../domain/secret.ts";
import type { TokenSource } from "../ports/github.ts";
import type { IssuedTokens } from "../ports/stores.ts";
import { type AppIdentity, appJwt } from "./app-jwt.ts";
import { type ClientSettings, createClient } from "./client.ts";
import { systemClock } from "./clock.ts";
import { RefusedError, UncertainError } from "./errors.ts";
import { InstallationGate } from "./gate.ts";
import { type Minted, type Permissions, TokenLeases } from "./leases.ts";
import type { LiveSecrets } from "./live-secrets.ts";
import { InstallationToken } from "./schemas.ts";
import { Seal } from "./seal.ts";

export interface TokenSettings {
  readonly client: ClientSettings;
  readonly app: AppIdentity;
  readonly issued: IssuedTokens;
  readonly live: LiveSecrets;
  /** Milliseconds that a lent token waits for its next use before it is revoked; 0 (the default) revokes it at once. */
  readonly idleMs?: number;
}

type Revocable = Pick<Minted, "id" | "token"> & Partial<Minted>;

const MINT_ATTEMPTS = 3;
const RENEW_BEFORE_MS = 5 * 60_000;
/** Younger than what another replica's sweep takes for left behind. */
const LENT_FOR_MS = 5 * 60_000;
const HOUR = 3_600_000;

/**
 * Mints tokens for one repository with exactly the permissions asked for, records them sealed, and revokes them after
 * use: git operations that follow each other closely share one. Only the API client's tokens are kept for their hour;
 * `release` and `close` revoke those.
 */
export class Tokens implements TokenSource {
  readonly #settings: TokenSettings;
  readonly #clock;
  readonly #app;
  readonly #seal: Seal;
  readonly #kept = new Map<number, Promise<Minted>>();
  readonly #leases: TokenLeases;
  /** Revocations under way, whoever asked for them. */
  readonly #revoking = new Set<Promise<void>>();

  constructor(settings: TokenSettings) {
    this.#settings = settings;
    this.#clock = settings.client.clock ?? systemClock;
    this.#seal = new Seal(settings.app.privateKey);
    const jwt = { header: async () => `Bearer ${appJwt(settings.app, this.#clock.now())}` };
    this.#app = createClient(settings.client, jwt, new InstallationGate(this.#clock));
    this.#leases = new TokenLeases({
      mint: (repo, permissions) => this.#mint(repo, permissions),
      revoke: (minted) => this.#revoke(minted),
      fresh: ({ mintedAtMs }) => this.#clock.now() - mintedAtMs < LENT_FOR_MS,
      idleMs: settings.idleMs ?? 0,
    });
  }

  /** The app's own client, for what the app asks as itself. */
  get appClient(): ReturnType<typeof createClient> {
    return this.#app;
  }

  async withToken<T>(
    repo: RepoRef,
    permissions: Permissions,
    use: (token: Secret) => Promise<T>,
  ): Promise<T> {
    return await this.#leases.lend(repo, permissions, use);
  }

  /** The API client's token for this repository, minted anew shortly before it expires. */
  async kept(repo: RepoRef, permissions: Permissions): Promise<Secret> {
    const known = this.#kept.get(repo.id);
    const current = await known?.catch(() => undefined);
    if (current && this.#fresh(current)) return current.token;
    if (known !== undefined && this.#kept.get(repo.id) === known) this.#kept.delete(repo.id);
    const minting = this.#kept.get(repo.id) ?? this.#mint(repo, permissions);
    this.#kept.set(repo.id, minting);
    return (await minting).token;
  }

  /** Forgets the kept token, because GitHub refused it. */
  renew(repo: RepoRef): void {
    const known = this.#kept.get(repo.id);
    this.#kept.delete(repo.id);
    void known?.then(async (minted) => await this.#revoke(minted)).catch(() => undefined);
  }

  /** Revokes the kept token of a repository that nothing works on any more. */
  async release(repo: Pick<RepoRef, "id">): Promise<void> {
    const known = await this.#kept.get(repo.id)?.catch(() => undefined);
    this.#kept.delete(repo.id);
    if (known !== undefined) await this.#revoke(known);
  }

  /** Revokes every token that is kept or waits for its next use, and waits for what is being revoked already. */
  async close(): Promise<void> {
    const kept = [...this.#kept.keys()].map(async (id) => await this.release({ id }));
    await Promise.all([...kept, this.#leases.close()]);
    await Promise.all(this.#revoking);
  }

  /** Revokes recorded tokens that a crash left behind and that are at least `olderThanMs` old. */
  async sweep(olderThanMs: number): Promise<number> {
    let swept = 0;
    for (const { id, at, sealed } of await this.#settings.issued.outstanding()) {
      const age = this.#clock.now() - Date.parse(at);
      const token = sealed === undefined ? undefined : this.#seal.open(sealed);
      if (age < olderThanMs || (token === undefined && age < HOUR)) continue;
      swept += 1;
      if (token === undefined) await this.#settings.issued.revoked(id);
      else await this.#revoke({ id, token });
    }
    return swept;
  }

  #fresh(minted: Minted): boolean {
    return minted.expiresAtMs - this.#clock.now() > RENEW_BEFORE_MS;
  }

  async #mint(repo: RepoRef, permissions: Permissions): Promise<Minted> {
    const { issued, live } = this.#settings;
    const id = randomUUID();
    const mintedAtMs = this.#clock.now();
    const at = new Date(mintedAtMs).toISOString();
    await issued.intend({ id, repository: fullName(repo), at });
    const answer = await this.#ask(repo, permissions).catch(async (error: unknown) => {
      if (!(error instanceof UncertainError)) await issued.revoked(id);
      throw mintFailure(repo, permissions, error);
    });
    const token = new Secret(answer.token);
    const forget = live.add(token);
    await issued.issued(id, { sealed: this.#seal.close(token), expiresAt: answer.expires_at });
    return { id, token, mintedAtMs, expiresAtMs: Date.parse(answer.expires_at), forget };
  }

  /** A mint whose answer was lost is repeated: the lost token dies by its own hour. */
  async #ask(repo: RepoRef, permissions: Permissions): Promise<InstallationToken> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { data } = await this.#app.rest.apps.createInstallationAccessToken({
          installation_id: repo.installationId,
          repository_ids: [repo.id],
          permissions: { ...permissions },
        });
        return InstallationToken.parse(data);
      } catch (error) {
        if (!(error instanceof UncertainError) || attempt >= MINT_ATTEMPTS) throw error;
        await this.#clock.sleep(500 * 3 ** attempt);
      }
    }
  }

  /** Never rejects: a timer that asks for it has nobody to tell, and the next sweep tries again. */
  #revoke(minted: Revocable): Promise<void> {
    const { log } = this.#settings.client;
    const revoking = this.#revokeNow(minted).catch((error: unknown) => {
      log.warn({ token: minted.id, err: error }, "That a token is revoked could not be recorded");
    });
    this.#revoking.add(revoking);
    return revoking.finally(() => this.#revoking.delete(revoking));
  }

  async #revokeNow(minted: Revocable): Promise<void> {
    const { client, issued } = this.#settings;
    const auth = { header: async () => `Bearer ${minted.token.reveal()}` };
    const own = createClient(client, auth, new InstallationGate(this.#clock));
    try {
      await own.rest.apps.revokeInstallationAccessToken();
    } catch (error) {
      const dead = error instanceof RefusedError && (error.status === 401 || error.status === 404);
      if (!dead) {
        client.log.warn({ token: minted.id }, "A token could not be revoked; the next sweep tries");
        return;
      }
    } finally {
      minted.forget?.();
    }
    await issued.revoked(minted.id);
  }
}

function mintFailure(repo: RepoRef, permissions: Permissions, error: unknown): unknown {
  if (!(error instanceof RefusedError)) return error;
  const name = fullName(repo);
  if (error.status === 422 || (error.status === 403 && !/suspended/i.test(error.message))) {
    const asked = Object.entries(permissions).map(([key, level]) => `${key}: ${level}`);
    const text = `The app may not have ${asked.join(", ")} on ${name}. An owner must grant it in the installation's settings, and the repository must be selected there.`;
    return new WorldError(text, "escalate", error);
  }
  if (error.status === 404 || /suspended/i.test(error.message)) {
    return new WorldError(
      `The app no longer has access to ${name}: its installation was removed or suspended.`,
      "stop",
      error,
    );
  }
  return error;
}
