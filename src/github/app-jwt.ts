import { createSign } from "node:crypto";
import type { Secret } from "../domain/secret.ts";

/** The GitHub App itself: what proves that we are it. */
export interface AppIdentity {
  readonly id: number;
  readonly privateKey: Secret;
}

/** A token that proves to be the app for nine minutes; dated a minute back, for clocks that differ. */
export function appJwt(app: AppIdentity, nowMs: number): string {
  const now = Math.floor(nowMs / 1_000);
  const claims = { iat: now - 60, exp: now + 480, iss: String(app.id) };
  const unsigned = `${base64url({ alg: "RS256", typ: "JWT" })}.${base64url(claims)}`;
  const signature = createSign("RSA-SHA256").update(unsigned).sign(app.privateKey.reveal());
  return `${unsigned}.${signature.toString("base64url")}`;
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
