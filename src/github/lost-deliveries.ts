import type { Octokit } from "@octokit/rest";
import { z } from "zod";
import type { Logger } from "../ports/stores.ts";

/** GitHub keeps deliveries for redelivery this long (docs.github.com, "Redelivering webhooks"). */
const WINDOW_MS = 3 * 24 * 3_600_000;
const MOST_PAGES = 50;

const Deliveries = z.array(
  z.object({
    id: z.number().int(),
    guid: z.string(),
    delivered_at: z.string(),
    status: z.string(),
    event: z.string(),
  }),
);

export interface LostDeliveries {
  /** Asked for again. */
  readonly redelivered: number;
  /** True when `since` lies beyond GitHub's window, so that older ones cannot be had any more. */
  readonly beyondWindow: boolean;
}

/**
 * Asks GitHub to send again what never arrived: deliveries since `since` (milliseconds since 1970) of which no attempt
 * was answered with success. GitHub itself repeats nothing. A redelivery keeps its id, so none counts twice.
 */
export async function redeliverLost(
  app: Octokit,
  options: { since: number; now: number; log: Logger },
): Promise<LostDeliveries> {
  const { since, now, log } = options;
  const from = Math.max(since, now - WINDOW_MS);
  const attempts = await attemptsSince(app, from);
  const arrived = new Set(
    attempts.filter((attempt) => attempt.status === "OK").map((attempt) => attempt.guid),
  );
  const lost = new Map(
    attempts
      .filter((attempt) => !arrived.has(attempt.guid))
      .map((attempt) => [attempt.guid, attempt]),
  );
  const oldestFirst = [...lost.values()].toSorted((a, b) => a.id - b.id);
  for (const { id, guid, event } of oldestFirst) {
    log.info({ delivery: guid, event }, "asking GitHub to redeliver what never arrived");
    await app.request("POST /app/hook/deliveries/{delivery_id}/attempts", { delivery_id: id });
  }
  return { redelivered: oldestFirst.length, beyondWindow: since < now - WINDOW_MS };
}

async function attemptsSince(app: Octokit, from: number): Promise<z.infer<typeof Deliveries>> {
  const found: z.infer<typeof Deliveries> = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const response = await app.request("GET /app/hook/deliveries", {
      per_page: 100,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const deliveries = Deliveries.parse(response.data);
    found.push(...deliveries.filter((delivery) => Date.parse(delivery.delivered_at) >= from));
    cursor = /[?&]cursor=([^&>]+)[^>]*>;\s*rel="next"/.exec(response.headers.link ?? "")?.[1];
    const last = deliveries.at(-1);
    if (cursor === undefined || !last || Date.parse(last.delivered_at) < from) return found;
  }
  return found;
}
