import { spawn } from "node:child_process";
import { Writable } from "node:stream";
import { exitCode, type Git, gitEnvironment } from "./run.ts";

export interface CgiRequest {
  method: string;
  /** Below the repository: "/info/refs", "/git-upload-pack" or "/git-receive-pack". */
  pathInfo: string;
  query: string;
  contentType: string;
  /** Only when the client sent it: chunked pushes have none. */
  contentLength: string | undefined;
  /** Header `Git-Protocol`: version 2 is asked for with it. */
  protocol: string;
  user: string;
  body: AsyncIterable<Buffer>;
  /** For the update hook. */
  env: Readonly<Record<string, string>>;
}

/** Where the answer goes: a response, or nowhere. */
export type CgiSink = Writable & {
  writeHead(status: number, headers?: Record<string, string>): unknown;
};

/** Takes an answer that nobody is to get (a push whose reply is lost). */
export function nowhere(): CgiSink {
  const sink = new Writable({ write: (_part, _encoding, done) => done() });
  return Object.assign(sink, { writeHead: () => undefined });
}

/** What people may do over HTTP, as on GitHub: partial clones, fetching any sha, checked pushes. */
const POLICY: readonly (readonly [string, string])[] = [
  ["http.receivepack", "true"],
  ["uploadpack.allowFilter", "true"],
  ["uploadpack.allowAnySHA1InWant", "true"],
  ["receive.fsckObjects", "true"],
  ["receive.hideRefs", "refs/pull"],
  ["receive.autogc", "false"],
  ["safe.directory", "*"],
];

function policy(): Record<string, string> {
  const env: Record<string, string> = { GIT_CONFIG_COUNT: String(POLICY.length) };
  for (const [i, [key, value]] of POLICY.entries()) {
    env[`GIT_CONFIG_KEY_${i}`] = key;
    env[`GIT_CONFIG_VALUE_${i}`] = value;
  }
  return env;
}

/**
 * Runs `git http-backend` for one request and pipes both ways. Resolves when git has ended, before the
 * answer is closed: the caller may still let refs settle, so that a client that sees its push done finds
 * everything that follows from it done, too.
 */
export async function runBackend(git: Git, request: CgiRequest, res: CgiSink): Promise<void> {
  const child = spawn("git", ["http-backend"], {
    env: {
      ...gitEnvironment(git.host),
      ...policy(),
      ...request.env,
      GIT_PROJECT_ROOT: git.dir,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: request.pathInfo,
      QUERY_STRING: request.query,
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.contentType,
      ...(request.contentLength === undefined ? {} : { CONTENT_LENGTH: request.contentLength }),
      GIT_PROTOCOL: request.protocol,
      REMOTE_USER: request.user,
      REMOTE_ADDR: "127.0.0.1",
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  // git may end before it has read everything (a refused push): then writing to it fails, harmlessly.
  child.stdin.on("error", () => undefined);
  res.once("close", () => {
    if (!res.writableEnded) child.kill();
  });
  const ended = exitCode(child);
  const fed = feed(child.stdin, request.body);
  await relay(child.stdout, res);
  await Promise.all([ended, fed]);
}

async function feed(stdin: NodeJS.WritableStream, body: AsyncIterable<Buffer>): Promise<void> {
  try {
    for await (const part of body) {
      if (stdin.writable && !stdin.write(part)) await drained(stdin);
    }
  } catch {
    // The client went away; git notices by the end of its input.
  }
  stdin.end();
}

/** CGI output is a head of "Name: value" lines, an empty line, and the body. */
async function relay(stdout: AsyncIterable<Buffer>, res: CgiSink): Promise<void> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const part of stdout) {
    if (head === undefined) {
      await write(res, part);
      continue;
    }
    head = Buffer.concat([head, part]);
    const end = head.indexOf("\r\n\r\n");
    if (end === -1) continue;
    writeHead(res, head.subarray(0, end).toString("latin1"));
    await write(res, head.subarray(end + 4));
    head = undefined;
  }
  if (head !== undefined) res.writeHead(500);
}

function writeHead(res: CgiSink, text: string): void {
  let status = 200;
  const headers: Record<string, string> = {};
  for (const line of text.split("\r\n")) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === "status") status = Number.parseInt(value, 10);
    else headers[name] = value;
  }
  res.writeHead(status, headers);
}

async function write(res: CgiSink, part: Buffer): Promise<void> {
  if (part.length === 0 || res.destroyed) return;
  if (!res.write(part)) await drained(res);
}

/** Resolves when a stream takes more, or will take no more. */
async function drained(stream: NodeJS.WritableStream): Promise<void> {
  await new Promise<void>((resolve) => {
    function done(): void {
      stream.removeListener("drain", done);
      stream.removeListener("close", done);
      resolve();
    }
    stream.once("drain", done);
    stream.once("close", done);
  });
}
