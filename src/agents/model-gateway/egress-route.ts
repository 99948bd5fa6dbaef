import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Endpoint } from "../egress/egress.ts";
import { passedOn, refuse } from "./http.ts";

const CONNECT_TIMEOUT_MS = 15_000;
const IDLE_TIMEOUT_MS = 120_000;

/** The proxy part of the gateway: package registries by exact host and port, nothing else. */
export class EgressProxy {
  readonly #allowed: ReadonlySet<string>;
  readonly #refused: (target: string) => void;
  readonly #tunnels = new Set<Socket>();

  constructor(allowed: readonly Endpoint[], refused: (target: string) => void) {
    this.#allowed = new Set(allowed.map(({ host, port }) => `${host.toLowerCase()}:${port}`));
    this.#refused = refused;
  }

  /** Answers `CONNECT host:port`. */
  tunnel(request: IncomingMessage, client: Duplex, head: Buffer): void {
    client.on("error", () => client.destroy());
    const target = parseAuthority(request.url ?? "");
    if (!target || !this.#allows(target)) {
      this.#refused(request.url ?? "");
      client.end(plainRefusal(refusalText(request.url ?? "")));
      return;
    }
    const outside = connect(target);
    this.#tunnels.add(outside);
    outside.setTimeout(CONNECT_TIMEOUT_MS, () => outside.destroy(new Error("timed out")));
    outside.once("connect", () => {
      outside.setTimeout(IDLE_TIMEOUT_MS);
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      outside.write(head);
      client.pipe(outside).pipe(client);
    });
    outside.once("error", () =>
      client.end("HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\n\r\n"),
    );
    outside.once("close", () => {
      this.#tunnels.delete(outside);
      client.destroy();
    });
    client.once("close", () => outside.destroy());
  }

  /** Answers `GET http://host/path`: plain HTTP to an allowed mirror. */
  forward(request: IncomingMessage, response: ServerResponse): void {
    const url = parseUrl(request.url ?? "");
    const target = url && { host: url.hostname, port: Number(url.port || 80) };
    if (!url || !target || !this.#allows(target)) {
      const asked = url ? `${url.hostname}:${url.port || 80}` : (request.url ?? "");
      this.#refused(asked);
      refuse(response, 403, refusalText(asked));
      return;
    }
    const headers = { ...passedOn(request.headers), host: url.host };
    const outside = httpRequest(url, { method: request.method ?? "GET", headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, passedOn(answer.headers));
      answer.pipe(response);
      answer.on("error", () => response.destroy());
    });
    outside.setTimeout(IDLE_TIMEOUT_MS, () => outside.destroy(new Error("timed out")));
    outside.on("error", (error) => refuse(response, 502, `${url.host}: ${error.message}`));
    response.on("close", () => outside.destroy());
    request.pipe(outside);
  }

  close(): void {
    for (const tunnel of this.#tunnels) tunnel.destroy();
  }

  #allows(target: Endpoint): boolean {
    return this.#allowed.has(`${target.host.toLowerCase().replace(/\.$/, "")}:${target.port}`);
  }
}

function parseAuthority(text: string): Endpoint | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[^:/@\s]+):(\d{1,5})$/i.exec(text);
  if (!match?.[1]) return undefined;
  return { host: match[1].replace(/^\[|\]$/g, ""), port: Number(match[2]) };
}

function parseUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === "http:" && !url.username && !url.password ? url : undefined;
}

function refusalText(target: string): string {
  return (
    `Not allowed: ${target.slice(0, 200)} is not one of the package registries this machine is configured for. ` +
    "There is no other network here."
  );
}

function plainRefusal(text: string): string {
  const head = ["HTTP/1.1 403 Forbidden", "content-type: text/plain; charset=utf-8"];
  const length = `content-length: ${Buffer.byteLength(text)}`;
  return [...head, length, "connection: close", "", text].join("\r\n");
}
