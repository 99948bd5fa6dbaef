import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { Hub } from "../context.ts";
import type { Permissions } from "../store/records.ts";
import { actingUser } from "./cookie.ts";

/** docs.github.com, "Registering a GitHub App from a manifest". */
export interface Manifest {
  name?: string;
  url: string;
  hook_attributes?: { url?: string; active?: boolean };
  redirect_url?: string;
  public?: boolean;
  default_permissions?: Permissions;
  default_events?: string[];
}

export interface PendingManifest {
  manifest: Manifest;
  ownerLogin: string | undefined;
}

const pending = new WeakMap<Hub, Map<string, PendingManifest>>();

/** Takes the manifest that a code stands for; each code is good once. */
export function takeManifest(hub: Hub, code: string): PendingManifest | undefined {
  const found = pending.get(hub)?.get(code);
  pending.get(hub)?.delete(code);
  return found;
}

/**
 * POST /settings/apps/new (or /organizations/ORG/settings/apps/new) with a form field `manifest`: the
 * person's consent is taken for given, and the browser goes back with a code to be converted.
 */
export async function serveManifest(
  hub: Hub,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<boolean> {
  const url = new URL(req.url ?? "/", "http://localhost");
  const match = /^\/(?:organizations\/([^/]+)\/)?settings\/apps\/new$/.exec(url.pathname);
  if (req.method !== "POST" || match === null) return false;
  const form = new URLSearchParams(await text(req));
  const manifest = JSON.parse(form.get("manifest") ?? "{}") as Manifest;
  const code = randomBytes(20).toString("hex");
  const codes = pending.get(hub) ?? new Map<string, PendingManifest>();
  pending.set(hub, codes);
  codes.set(code, { manifest, ownerLogin: match[1] ?? actingUser(req) });
  const back = new URL(manifest.redirect_url ?? manifest.url);
  back.searchParams.set("code", code);
  const state = url.searchParams.get("state") ?? form.get("state");
  if (state !== null) back.searchParams.set("state", state);
  res.writeHead(302, { location: back.href });
  res.end();
  return true;
}
