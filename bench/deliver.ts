import { createHmac } from "node:crypto";
import { request } from "node:http";
import type { Delivery } from "../src/playground/github/store/records.ts";

/** Sends a delivery as GitHub does, on a connection of its own; milliseconds until it was answered by a 2xx. */
export function deliver(delivery: Delivery, secret: string): Promise<number> {
  const body = Buffer.from(delivery.requestBody);
  const signature = createHmac("sha256", secret).update(body).digest("hex");
  const headers = {
    accept: "*/*",
    "content-type": "application/json",
    "content-length": body.length,
    "user-agent": "GitHub-Hookshot/local",
    "x-github-delivery": delivery.guid,
    "x-github-event": delivery.event,
    "x-hub-signature-256": `sha256=${signature}`,
  };
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const sent = request(delivery.url, { method: "POST", headers, agent: false }, (response) => {
      const took = performance.now() - begun;
      const status = response.statusCode ?? 0;
      response.resume();
      if (status >= 200 && status < 300) resolve(took);
      else reject(new Error(`The delivery to ${delivery.url} was answered ${status}.`));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
