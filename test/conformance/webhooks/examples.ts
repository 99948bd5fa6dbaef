import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

export interface Example {
  readonly event: string;
  readonly payload: Payload;
}

/** As much of a payload as the tests change. */
export interface Payload {
  readonly action?: string;
  readonly installation?: { readonly id: number };
  readonly comment?: { readonly id: number; readonly body?: string };
  readonly [field: string]: unknown;
}

/** GitHub's own payloads, collected by Octokit's community: written by nobody on this team. */
export function examples(): Example[] {
  const file = createRequire(import.meta.url).resolve("@octokit/webhooks-examples");
  const events = JSON.parse(readFileSync(file, "utf8")) as { name: string; examples: Payload[] }[];
  return events.flatMap(({ name, examples: payloads }) =>
    payloads.map((payload) => ({ event: name, payload })),
  );
}

/** Every second of the payloads that name no installation gets one; the others stay as they are. */
export function half(all: readonly Example[]): Example[] {
  let without = 0;
  return all.map(({ event, payload }) => {
    if (payload.installation !== undefined) return { event, payload };
    without += 1;
    return without % 2 === 0 ? { event, payload } : installed({ event, payload });
  });
}

export function installed({ event, payload }: Example): Example {
  return { event, payload: { ...payload, installation: { id: 7_070 } } };
}
