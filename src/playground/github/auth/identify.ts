import type { Hub } from "../context.ts";
import { ApiError } from "../errors.ts";
import type { Principal } from "../principal.ts";
import type { Token } from "../store/records.ts";
import { appByJwt } from "./jwt.ts";

/** Who an Authorization header speaks for; throws 401 for a token that is not (or no more) good. */
export function identify(hub: Hub, authorization: string | undefined): Principal {
  const secret = secretOf(authorization);
  if (secret === undefined) return { kind: "anonymous" };
  const token = hub.store.tokens.find((t) => t.value === secret);
  if (token !== undefined) return principalOf(hub, token);
  const isJwt = /^[\w-]+\.[\w-]+\.[\w-]+$/.test(secret) && !secret.startsWith("gh");
  if (isJwt) return { kind: "app", app: appByJwt(hub, secret) };
  throw badCredentials();
}

/** Bearer, token and Basic (any name, the token as password), as GitHub takes them. */
function secretOf(authorization: string | undefined): string | undefined {
  if (authorization === undefined || authorization === "") return undefined;
  const [scheme = "", rest = ""] = authorization.split(/\s+/);
  if (/^(bearer|token)$/i.test(scheme)) return rest;
  if (!/^basic$/i.test(scheme)) throw badCredentials();
  const pair = Buffer.from(rest, "base64").toString("utf8");
  const password = pair.slice(pair.indexOf(":") + 1);
  return password === "" || password === "x-oauth-basic" ? pair.split(":")[0] : password;
}

function badCredentials(): ApiError {
  return new ApiError(401, "Bad credentials");
}

function principalOf(hub: Hub, token: Token): Principal {
  if (token.expiresAt !== null && Date.parse(token.expiresAt) <= hub.now()) throw badCredentials();
  if (token.kind === "user") {
    return { kind: "user", account: hub.store.accounts.must(token.accountId ?? 0) };
  }
  const installation = hub.store.installations.get(token.installationId);
  if (installation === undefined) throw badCredentials();
  if (installation.suspendedAt !== null) {
    throw new ApiError(403, "This installation has been suspended");
  }
  const app = hub.store.apps.must(installation.appId);
  return {
    kind: "installation",
    account: hub.store.accounts.must(app.botId),
    app,
    installation,
    token,
  };
}
