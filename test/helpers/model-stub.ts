import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A server on the loopback that writes down what it gets and answers with `answer`. */
export async function startStub(
  answer: (request: Received, response: ServerResponse) => void,
): Promise<{ url: string; port: number; received: Received[]; close(): Promise<void> }> {
  const received: Received[] = [];
  const server = createServer((http, response) => {
    let body = "";
    http.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    http.on("end", () => {
      const entry = { method: http.method ?? "", url: http.url ?? "", headers: http.headers, body };
      received.push(entry);
      answer(entry, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** One request by a unix socket. */
export function askSocket(
  socketPath: string,
  asked: { path: string; method?: string; body?: string; headers?: Record<string, string> },
): Promise<Answer> {
  const { path, body = "", headers = {} } = asked;
  return new Promise((resolve, reject) => {
    const sent = request(
      { socketPath, path, method: asked.method ?? "POST", headers },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        );
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

/** Asks for a tunnel and, when it is open, sends `payload` through it. */
export function askTunnel(
  socketPath: string,
  target: string,
  payload = "",
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, method: "CONNECT", path: target });
    sent.on("error", reject);
    sent.on("connect", (response, socket, head) => {
      let body = head.toString("utf8");
      socket.setEncoding("utf8").on("data", (chunk: string) => {
        body += chunk;
      });
      socket.on("close", () => resolve({ status: response.statusCode ?? 0, body }));
      if (response.statusCode === 200) socket.write(payload);
    });
    sent.end();
  });
}
