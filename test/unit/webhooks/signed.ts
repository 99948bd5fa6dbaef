import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { Secret } from "../../../src/domain/secret.ts";
import { MemoryDeliveries } from "../../../src/engine/memory/records.ts";
import type { Delivery } from "../../../src/ports/stores.ts";
import {
  createIngress,
  type IngressSettings,
  SERVER_LIMITS,
} from "../../../src/webhooks/ingress.ts";

export const SECRET = "0123456789abcdef0123456789abcdef";
export const PATH = "/api/github/webhooks";

export function sign(body: string | Buffer, secret = SECRET): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

export interface Door {
  readonly url: string;
  readonly port: number;
  readonly accepted: Delivery[];
  readonly errors: unknown[];
  readonly deliveries: MemoryDeliveries;
  post(body: string | Buffer, headers?: Record<string, string>): Promise<Response>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The ingress on a free port with stores in memory. */
export async function openDoor(more: Partial<IngressSettings> = {}): Promise<Door> {
  const deliveries = new MemoryDeliveries();
  const accepted: Delivery[] = [];
  const errors: unknown[] = [];
  const ingress = createIngress({
    path: PATH,
    secrets: [{ secret: new Secret(SECRET) }],
    deliveries,
    log: { info: nothing, warn: nothing, error: (fields) => errors.push(fields) },
    accepted: (delivery) => accepted.push(delivery),
    ...more,
  });
  const server = createServer(SERVER_LIMITS, (request, response) => {
    void ingress(request, response).then((mine) => {
      if (!mine) response.writeHead(404).end();
    });
  });
  await listen(server);
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}${PATH}`;
  return {
    url,
    port,
    accepted,
    errors,
    deliveries,
    post: async (body, headers = {}) =>
      await fetch(url, {
        method: "POST",
        body: new Uint8Array(Buffer.from(body)),
        headers: {
          "content-type": "application/json",
          "x-github-event": "ping",
          "x-github-delivery": "d-1",
          "x-hub-signature-256": sign(body),
          ...headers,
        },
      }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listen(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
}

function nothing(): void {}

/** Sends raw bytes and gives the first line of the answer, or what closed the connection. */
export async function raw(
  port: number,
  head: string,
  write: (send: (chunk: Buffer) => Promise<boolean>) => Promise<void>,
): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let got = "";
  let open = true;
  socket.on("data", (data) => (got += data.toString()));
  const closed = new Promise<void>((resolve) => {
    socket.on("close", () => {
      open = false;
      resolve();
    });
    socket.on("error", () => (open = false));
  });
  socket.write(head);
  await write(async (chunk) => {
    if (!open) return false;
    if (!socket.write(chunk))
      await Promise.race([new Promise((resolve) => socket.once("drain", resolve)), closed]);
    return open;
  });
  await closed;
  return got.split("\r\n")[0] ?? "";
}
