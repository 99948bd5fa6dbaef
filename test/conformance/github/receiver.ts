import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Received {
  readonly event: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Whether both signatures are those of the raw bytes. */
  readonly signed: boolean;
}

export interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly received: Received[];
}

/** A webhook's other end on loopback, which checks signatures as GitHub's documentation tells receivers to. */
export async function openReceiver(secret: string): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void text(request).then((raw) => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      received.push({
        event: headers["x-github-event"] ?? "",
        headers,
        payload: JSON.parse(raw) as Record<string, unknown>,
        signed:
          headers["x-hub-signature-256"] === digest("sha256", secret, raw) &&
          headers["x-hub-signature"] === digest("sha1", secret, raw),
      });
      response.writeHead(202).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    received,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function digest(algorithm: "sha1" | "sha256", secret: string, raw: string): string {
  return `${algorithm}=${createHmac(algorithm, secret).update(raw).digest("hex")}`;
}
