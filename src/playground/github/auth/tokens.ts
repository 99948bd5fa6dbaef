import { createHmac, randomBytes } from "node:crypto";
import type { Hub } from "../context.ts";
import { ApiError, unprocessable } from "../errors.ts";
import type { Access, Installation, Permissions, Token } from "../store/records.ts";
import { covers } from "../store/store.ts";

const HOUR_MS = 3_600_000;
const ORDER: readonly Access[] = ["read", "write", "admin"];

export function accessAtLeast(has: Access | undefined, wanted: Access): boolean {
  return has !== undefined && ORDER.indexOf(has) >= ORDER.indexOf(wanted);
}

export interface Narrowing {
  repositoryIds?: readonly number[];
  repositories?: readonly string[];
  permissions?: Permissions;
}

/** A token for one hour, for no more than the installation has. */
export function mintInstallationToken(
  hub: Hub,
  installation: Installation,
  narrowing: Narrowing,
): Token {
  if (installation.suspendedAt !== null) {
    throw new ApiError(403, "This installation has been suspended");
  }
  const seconds = Math.floor(hub.now() / 1000);
  return hub.store.tokens.insert({
    value: installationTokenValue(hub, installation),
    kind: "installation",
    accountId: null,
    installationId: installation.id,
    repositoryIds: narrowRepositories(hub, installation, narrowing),
    permissions: narrowPermissions(installation, narrowing.permissions),
    createdAt: isoSeconds(seconds * 1000),
    expiresAt: isoSeconds(seconds * 1000 + HOUR_MS),
  });
}

function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** "short": `ghs_` and 36 characters; "long": `ghs_APPID_JWT`, about 520 (since April 2026). */
function installationTokenValue(hub: Hub, installation: Installation): string {
  if (hub.tokenForm === "short") return `ghs_${letters(36)}`;
  const seconds = Math.floor(hub.now() / 1000);
  const claims = {
    iss: "local-github",
    aud: "installation",
    sub: String(installation.id),
    iat: seconds,
    exp: seconds + HOUR_MS / 1000,
    jti: randomBytes(180).toString("base64url"),
  };
  const body = [{ alg: "HS256", typ: "JWT" }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  const signature = createHmac("sha256", randomBytes(32)).update(body).digest("base64url");
  return `ghs_${installation.appId}_${body}.${signature}`;
}

/** A person's token. */
export function mintUserToken(hub: Hub, accountId: number): Token {
  return hub.store.tokens.insert({
    value: `ghp_${letters(36)}`,
    kind: "user",
    accountId,
    installationId: null,
    repositoryIds: null,
    permissions: null,
    createdAt: isoSeconds(hub.now()),
    expiresAt: null,
  });
}

function letters(length: number): string {
  return randomBytes(length * 2)
    .toString("base64")
    .replaceAll(/[^A-Za-z0-9]/g, "")
    .slice(0, length)
    .padEnd(length, "0");
}

function narrowRepositories(
  hub: Hub,
  installation: Installation,
  narrowing: Narrowing,
): number[] | null {
  if (narrowing.repositories === undefined && narrowing.repositoryIds === undefined) return null;
  const covered = hub.store.repositories.filter((r) => covers(installation, r));
  const named = (narrowing.repositories ?? []).map(
    // The description: names of repositories, without the owner.
    (name) => covered.find((r) => r.name.toLowerCase() === name.toLowerCase())?.id,
  );
  const byId = (narrowing.repositoryIds ?? []).map((id) => covered.find((r) => r.id === id)?.id);
  const ids = [...named, ...byId].filter((id) => id !== undefined);
  if (ids.length === named.length + byId.length && ids.length > 0) return ids;
  throw unprocessable(
    "There is at least one repository that does not exist or is not accessible to the parent installation.",
  );
}

function narrowPermissions(installation: Installation, wish: Permissions | undefined): Permissions {
  if (wish === undefined) return { ...installation.permissions };
  for (const [name, access] of Object.entries(wish)) {
    if (!accessAtLeast(installation.permissions[name], access)) {
      throw unprocessable("The permissions requested are not granted to this installation.");
    }
  }
  return { metadata: "read", ...wish };
}
