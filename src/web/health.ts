import type { IncomingMessage, ServerResponse } from "node:http";

/** What readiness asks. */
export interface Health {
  /** Rejects when the database does not answer. */
  database(): Promise<void>;
}

/** Answers `/healthz` (the process lives) and `/readyz` (it can work); false for every other path. */
export async function serveHealth(
  request: IncomingMessage,
  response: ServerResponse,
  health: Health,
): Promise<boolean> {
  const path = request.url?.split("?")[0];
  if (request.method !== "GET" || (path !== "/healthz" && path !== "/readyz")) return false;
  const ready = path === "/healthz" || (await answers(health));
  response.writeHead(ready ? 200 : 503, {
    "content-type": "application/json",
    "cache-control": "no-store",
  });
  response.end(JSON.stringify({ status: ready ? "ok" : "database unreachable" }));
  return true;
}

async function answers(health: Health): Promise<boolean> {
  try {
    await health.database();
    return true;
  } catch {
    return false;
  }
}
