import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";

const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "host",
]);

/** The headers that may be passed on: hop-by-hop ones and those in `without` are left out. */
export function passedOn(
  headers: IncomingHttpHeaders,
  without: readonly string[] = [],
): Record<string, string | string[]> {
  const entries = Object.entries(headers).filter(
    ([name, value]) => value !== undefined && !HOP_BY_HOP.has(name) && !without.includes(name),
  );
  return Object.fromEntries(entries) as Record<string, string | string[]>;
}

/** The whole body; throws above `maxBytes`. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new Error(`The request has more than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Answers with an error in the form that every provider's client library shows as its message. */
export function refuse(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const type = status === 402 ? "budget_exceeded" : "gateway_refused";
  const body = JSON.stringify({ type: "error", error: { type, code: type, message } });
  response.writeHead(status, { "content-type": "application/json", connection: "close" });
  response.end(body);
}
