import { createHmac } from "node:crypto";
import type { Hub } from "../context.ts";
import type { Delivery } from "../store/records.ts";

/** docs.github.com, "Best practices for using webhooks": answered within 10 seconds or failed. */
const PATIENCE_MS = 10_000;

/** Makes one attempt and writes down how it went; never throws. */
export async function send(hub: Hub, delivery: Delivery, stop: AbortSignal): Promise<void> {
  const { body, headers } = request(hub, delivery);
  delivery.requestHeaders = headers;
  const begun = performance.now();
  try {
    const response = await fetch(delivery.url, {
      method: "POST",
      headers,
      body,
      redirect: "manual",
      signal: AbortSignal.any([stop, AbortSignal.timeout(PATIENCE_MS)]),
    });
    delivery.responseBody = (await response.text()).slice(0, 65_536);
    delivery.responseHeaders = Object.fromEntries(response.headers);
    delivery.statusCode = response.status;
    delivery.status = response.ok ? "OK" : `Invalid HTTP Response: ${response.status}`;
  } catch (error) {
    const late = error instanceof DOMException && error.name === "TimeoutError";
    delivery.statusCode = late ? 504 : 502;
    delivery.status = late ? "timed out" : "failed to connect to host";
  }
  delivery.durationSeconds = Math.round(performance.now() - begun) / 1000;
}

function request(hub: Hub, delivery: Delivery): { body: string; headers: Record<string, string> } {
  const hook = hub.store.hooks.get(delivery.hookId);
  const app = hub.store.apps.get(delivery.appId);
  const form = hook?.contentType === "form";
  const body = form
    ? new URLSearchParams({ payload: delivery.requestBody }).toString()
    : delivery.requestBody;
  const secret = hook === undefined ? app?.webhookSecret : hook.secret;
  const targetId = hook === undefined ? delivery.appId : delivery.repoId;
  return {
    body,
    headers: {
      accept: "*/*",
      "content-type": form ? "application/x-www-form-urlencoded" : "application/json",
      "user-agent": "GitHub-Hookshot/local",
      "x-github-delivery": delivery.guid,
      "x-github-event": delivery.event,
      "x-github-hook-id": String(delivery.hookId ?? delivery.appId),
      "x-github-hook-installation-target-id": String(targetId),
      "x-github-hook-installation-target-type": hook === undefined ? "integration" : "repository",
      ...(secret ? signatures(secret, body) : {}),
    },
  };
}

/** docs.github.com, "Validating webhook deliveries": HMAC of the raw body; SHA-1 for old receivers. */
function signatures(secret: string, body: string): Record<string, string> {
  return {
    "x-hub-signature": `sha1=${createHmac("sha1", secret).update(body).digest("hex")}`,
    "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
  };
}
