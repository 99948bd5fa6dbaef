import { createPublicKey, verify } from "node:crypto";
import type { Hub } from "../context.ts";
import { ApiError } from "../errors.ts";
import type { App } from "../store/records.ts";

/** docs.github.com, "Generating a JSON Web Token for a GitHub App": at most 10 minutes ahead. */
const MAX_AHEAD_SECONDS = 600;
/** Clocks differ a little; GitHub advises callers to date `iat` a minute back. */
const DRIFT_SECONDS = 60;

interface Claims {
  iss?: number | string;
  iat?: number;
  exp?: number;
}

/** The app that signed a JSON Web Token; throws 401 (or 404 for an unknown app) as GitHub does. */
export function appByJwt(hub: Hub, token: string): App {
  const [header = "", payload = "", signature = ""] = token.split(".");
  const head = decode(header) as { alg?: string } | undefined;
  const claims = decode(payload) as Claims | undefined;
  if (head?.alg !== "RS256" || claims === undefined) throw undecodable();
  const issuer = String(claims.iss);
  const app = hub.store.apps.find((a) => String(a.id) === issuer || a.clientId === issuer);
  if (app === undefined) throw new ApiError(404, "Integration not found");
  const signed = Buffer.from(`${header}.${payload}`);
  const key = createPublicKey(app.publicKeyPem);
  if (!verify("RSA-SHA256", signed, key, Buffer.from(signature, "base64url"))) throw undecodable();
  checkTimes(claims, Math.floor(hub.now() / 1000));
  return app;
}

function checkTimes(claims: Claims, now: number): void {
  if (typeof claims.iat !== "number" || claims.iat > now + DRIFT_SECONDS) {
    throw new ApiError(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  }
  if (typeof claims.exp !== "number" || claims.exp <= now) {
    throw new ApiError(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (claims.exp > now + MAX_AHEAD_SECONDS + DRIFT_SECONDS) {
    throw new ApiError(401, "'Expiration time' claim ('exp') is too far in the future");
  }
}

function decode(part: string): unknown {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function undecodable(): ApiError {
  return new ApiError(401, "A JSON web token could not be decoded");
}
