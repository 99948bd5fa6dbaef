import { createSign } from "node:crypto";
import type { CreatedApp, LocalGitHub } from "../../../src/playground/github/hub.ts";

export interface AppClient {
  /** One REST request below the repository, as the app's installation; throws unless it is accepted. */
  request<T>(method: string, path: string, body?: object): Promise<T>;
}

/** Acts as an app through the hub's own REST, as the real app does. */
export async function appClient(
  hub: LocalGitHub,
  app: CreatedApp,
  at: { installation: number; repo: string },
): Promise<AppClient> {
  const jwt = signedToken(app);
  const { token } = await send<{ token: string }>(hub, {
    method: "POST",
    path: `/app/installations/${at.installation}/access_tokens`,
    token: jwt,
  });
  return {
    request: (method, path, body) =>
      send(hub, { method, path: `/repos/${at.repo}/${path}`, token, ...(body && { body }) }),
  };
}

async function send<T>(
  hub: LocalGitHub,
  { method, path, token, body }: { method: string; path: string; token: string; body?: object },
): Promise<T> {
  const response = await fetch(`${hub.url}/api/v3${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

function signedToken(app: CreatedApp): string {
  const now = Math.floor(Date.now() / 1000);
  const parts = [
    { alg: "RS256", typ: "JWT" },
    { iat: now - 30, exp: now + 300, iss: app.appId },
  ].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
  const signature = createSign("RSA-SHA256").update(parts.join(".")).sign(app.privateKeyPem);
  return `${parts.join(".")}.${signature.toString("base64url")}`;
}
