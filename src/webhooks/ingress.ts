import type { IncomingMessage, ServerResponse } from "node:http";
import type { Deliveries, Delivery, Logger } from "../ports/stores.ts";
import { readDelivery } from "./delivery.ts";
import { checkSecrets, SignatureCheck, type SigningSecret } from "./signature.ts";

/** GitHub sends no larger payload. */
const MAX_BYTES = 26_214_400;
const WAITS = { bodyMs: 10_000, storeMs: 8_000 };

/** Limits for the server that this handler runs in: slow senders are closed within 15 seconds. */
export const SERVER_LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: 5_000,
  maxHeaderSize: 16_384,
} as const;

export interface IngressSettings {
  /** The one path deliveries come to, for example `/api/github/webhooks`. */
  readonly path: string;
  readonly secrets: readonly SigningSecret[];
  readonly deliveries: Pick<Deliveries, "store">;
  readonly log: Logger;
  /** Called once for each delivery that was stored for the first time, after the answer was sent. */
  readonly accepted: (delivery: Delivery) => void;
  readonly now?: () => number;
  /** Milliseconds a body may take to arrive (10 s unless told) and the store to keep it (8 s). */
  readonly waits?: { readonly bodyMs: number; readonly storeMs: number };
}

type Answer = readonly [status: number, word: string];

const ANSWERS = {
  stored: [202, "accepted"],
  duplicate: [200, "duplicate"],
  malformed: [400, "malformed delivery"],
  unsigned: [401, "signature missing or wrong"],
  method: [405, "POST only"],
  slow: [408, "too slow"],
  large: [413, "too large"],
  type: [415, "application/json only"],
  unavailable: [503, "try again later"],
} as const satisfies Record<string, Answer>;

export type Ingress = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/**
 * Where deliveries come in: verifies the signature over the raw bytes, stores, answers, and only then lets the
 * delivery be worked on. Answers `false` for a path that is not its own. Throws at once when a secret is unfit.
 */
export function createIngress(settings: IngressSettings): Ingress {
  checkSecrets(settings.secrets);
  return async (request, response) => {
    if (request.url !== settings.path) return false;
    const outcome = await take(request, settings).catch((error: unknown) => {
      settings.log.error({ err: error }, "A delivery could not be stored");
      return "unavailable" as const;
    });
    answer(request, response, typeof outcome === "string" ? ANSWERS[outcome] : ANSWERS.stored);
    if (typeof outcome !== "string") setImmediate(() => settings.accepted(outcome));
    return true;
  };
}

async function take(
  request: IncomingMessage,
  settings: IngressSettings,
): Promise<Delivery | keyof typeof ANSWERS> {
  const { method, headers } = request;
  if (method !== "POST") return "method";
  if (!/^application\/json(?:\s*;.*)?$/i.test(headers["content-type"] ?? "")) return "type";
  if (headers["content-encoding"] !== undefined) return "type";
  if (Number(headers["content-length"] ?? 0) > MAX_BYTES) return "large";
  const now = settings.now ?? Date.now;
  const check = SignatureCheck.begin(headers["x-hub-signature-256"], settings.secrets, now());
  if (check === undefined) return "unsigned";
  const { bodyMs, storeMs } = settings.waits ?? WAITS;
  const body = await readBody(request, check, bodyMs);
  if (typeof body === "string") return body;
  if (!check.end()) return "unsigned";
  const receivedAt = new Date(now()).toISOString();
  const delivery = readDelivery({ headers, body, receivedAt });
  if (delivery === undefined) return "malformed";
  const stored = await within(storeMs, settings.deliveries.store(delivery));
  return stored === "duplicate" ? "duplicate" : delivery;
}

/** The raw bytes, with the signature computed while they arrive. Stops reading at the limit. */
async function readBody(
  request: IncomingMessage,
  check: SignatureCheck,
  bodyMs: number,
): Promise<Buffer | "large" | "slow"> {
  const chunks: Buffer[] = [];
  let size = 0;
  const { promise, resolve } = Promise.withResolvers<Buffer | "large" | "slow">();
  const timer = setTimeout(() => resolve("slow"), bodyMs);
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_BYTES) return resolve("large");
    check.update(chunk);
    chunks.push(chunk);
  });
  request.on("end", () => resolve(Buffer.concat(chunks)));
  request.on("error", () => resolve("slow"));
  request.on("close", () => resolve("slow"));
  const body = await promise;
  clearTimeout(timer);
  request.removeAllListeners("data");
  return body;
}

/** A database that does not answer in time is a failure that GitHub must see. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`The database took over ${ms} ms.`)), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** A constant body, whatever happened. A request that was not read to its end loses its connection. */
function answer(request: IncomingMessage, response: ServerResponse, [status, word]: Answer): void {
  if (response.destroyed) return;
  const unread = !request.complete;
  const body = JSON.stringify(status < 300 ? { status: word } : { error: word });
  response.writeHead(status, {
    "content-type": "application/json",
    ...(status === 405 ? { allow: "POST" } : {}),
    ...(unread ? { connection: "close" } : {}),
  });
  response.end(body);
  if (!unread) return;
  request.resume();
  setTimeout(() => request.destroy(), 500).unref();
}
