import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
  request as send,
} from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** One request as it went over the wire, and its answer. */
export interface Passed {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** undefined: there was no body. */
  readonly body: unknown;
  readonly status: number;
  readonly replyType: string | undefined;
  readonly reply: unknown;
}

export interface Proxy extends AsyncDisposable {
  readonly url: string;
  readonly passed: Passed[];
}

/** Stands between an application and a GitHub and writes down what passes, byte for byte unchanged. */
export async function openProxy(target: string): Promise<Proxy> {
  const passed: Passed[] = [];
  const server = createServer((request, response) => {
    pass({ target, passed }, request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function pass(
  proxy: { target: string; passed: Passed[] },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = "GET", url = "/", headers } = request;
  const body = await buffer(request);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    send(proxy.target + url, { method, headers }, resolve)
      .on("error", reject)
      .end(body);
  });
  const reply = await buffer(answer);
  proxy.passed.push({
    method,
    url: new URL(url, proxy.target),
    headers: Object.fromEntries(Object.entries(headers).map(([n, v]) => [n, v?.toString()])),
    body: body.length === 0 ? undefined : JSON.parse(body.toString()),
    status: answer.statusCode ?? 0,
    replyType: reply.length === 0 ? undefined : (answer.headers["content-type"] ?? ""),
    reply: reply.length === 0 ? undefined : JSON.parse(reply.toString()),
  });
  response.writeHead(answer.statusCode ?? 502, answer.headers);
  response.end(reply);
}
