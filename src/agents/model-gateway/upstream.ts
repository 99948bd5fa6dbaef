import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { request as httpsRequest } from "node:https";
import { passedOn, readBody, refuse } from "./http.ts";
import type { Meter } from "./meter.ts";
import { KEY_HEADERS, type ModelAccount, upstreamUrl, wireFacts } from "./provider.ts";
import { FrameReader } from "./usage-frames.ts";

const MAX_REQUEST_BYTES = 64_000_000;
const MAX_COMPLAINT_CHARS = 4_000;

/** What the gateway learns from its model calls. */
export interface ModelCalls {
  readonly account: ModelAccount;
  readonly meter: Meter;
  /** A call was refused for want of budget. */
  overBudget(message: string): void;
  /** The provider did not answer a call with success; a sentence without the key. */
  failed(message: string): void;
  counted(): void;
  active(): void;
}

/**
 * Passes one call on to the provider with the real key, and its answer back byte for byte while counting its usage.
 * `path` is what stands behind the base URL.
 */
export async function callModel(
  calls: ModelCalls,
  path: string,
  http: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const { request, response } = http;
  const target = targetOf(calls.account, path);
  if (request.method !== "POST" || !target) {
    refuse(response, 403, `Not allowed: ${request.method} ${path} is no model call.`);
    return;
  }
  const refusal = calls.meter.refusal();
  if (refusal) {
    calls.overBudget(refusal);
    refuse(response, 402, refusal);
    return;
  }
  const body = withUsage(await readBody(request, MAX_REQUEST_BYTES), target.pathname);
  await forward(calls, { ...http, target, body });
}

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: URL;
  readonly body: { readonly bytes: Buffer; readonly model: string };
}

function forward(calls: ModelCalls, call: Call): Promise<void> {
  const { request, response, target, body } = call;
  const send = target.protocol === "https:" ? httpsRequest : httpRequest;
  const key = calls.account.apiKey?.reveal();
  const headers = {
    ...passedOn(request.headers, [...KEY_HEADERS, "accept-encoding", "content-length"]),
    ...(key !== undefined && wireFacts(calls.account.provider).auth(key)),
    "accept-encoding": "identity",
    "content-length": body.bytes.byteLength,
  };
  return new Promise((resolve) => {
    const upstream = send(target, { method: "POST", headers }, (answer) => {
      void relay(calls, call, answer).finally(resolve);
    });
    upstream.on("error", (error) => {
      const message = `The model provider at ${target.host} cannot be reached: ${error.message}`;
      calls.failed(message);
      refuse(response, 502, message);
      resolve();
    });
    response.on("close", () => upstream.destroy());
    upstream.end(body.bytes);
  });
}

async function relay(calls: ModelCalls, call: Call, answer: IncomingMessage): Promise<void> {
  const status = answer.statusCode ?? 502;
  const reader = new FrameReader(answer.headers["content-type"]);
  let complaint = "";
  call.response.writeHead(status, passedOn(answer.headers));
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      calls.active();
      if (status < 400) reader.push(chunk);
      else if (complaint.length < MAX_COMPLAINT_CHARS) complaint += chunk.toString("utf8");
      call.response.write(chunk);
    }
    call.response.end();
  } catch {
    call.response.destroy();
  }
  if (status >= 400) {
    calls.failed(
      `The model provider answered ${status}${reason(calls.account, status, complaint)}`,
    );
    return;
  }
  const { bytes, ...seen } = reader.end();
  if (!call.target.pathname.match(/count_?tokens$/i)) {
    const { model } = call.body;
    calls.meter.count(seen, { model, requestBytes: call.body.bytes.length, responseBytes: bytes });
    calls.counted();
  }
}

/** What the provider says is wrong; nothing when the key itself is the matter, since providers quote parts of it. */
function reason(account: ModelAccount, status: number, complaint: string): string {
  if (status === 401 || status === 403) return ": it refuses the key.";
  const said = /"message"\s*:\s*"((?:[^"\\]|\\.){1,400})/.exec(complaint)?.[1];
  if (!said) return ".";
  const key = account.apiKey?.reveal();
  return `: ${key ? said.replaceAll(key, "[secret]") : said}`;
}

/** The address of an allowed call. Clients that put the version before the path, as the base URL does, are understood. */
function targetOf(account: ModelAccount, path: string): URL | undefined {
  const base = upstreamUrl(account);
  const asked = new URL(path, "http://inside");
  const version = base.slice(base.lastIndexOf("/"));
  const pathname = asked.pathname.startsWith(`${version}/`)
    ? asked.pathname.slice(version.length)
    : asked.pathname;
  if (!wireFacts(account.provider).paths.test(pathname)) return undefined;
  asked.searchParams.delete("key");
  return new URL(`${base}${pathname}${asked.search}`);
}

/** The body as it will be sent: a streamed chat completion is made to report its usage, everything else is untouched. */
function withUsage(bytes: Buffer, pathname: string): { bytes: Buffer; model: string } {
  const inPath = /\/models\/([^:/]+):/.exec(pathname)?.[1];
  let json: Record<string, unknown>;
  try {
    json = Object(JSON.parse(bytes.toString("utf8")));
  } catch {
    return { bytes, model: inPath ?? "" };
  }
  const model = inPath ?? (typeof json["model"] === "string" ? json["model"] : "");
  const silent = json["stream"] === true && json["stream_options"] === undefined;
  if (!pathname.endsWith("/chat/completions") || !silent) return { bytes, model };
  const asking = { ...json, stream_options: { include_usage: true } };
  return { bytes: Buffer.from(JSON.stringify(asking)), model };
}
