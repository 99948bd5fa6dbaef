import { createHash } from "node:crypto";
import { join } from "node:path";
import { StringDecoder } from "node:string_decoder";
import type { Evidence, RepoCommand } from "../domain/gate/evidence.ts";
import type { Sha } from "../domain/ids.ts";
import type { Jail, JailedProcess, JailLimit, JailSpec } from "../ports/jail.ts";
import { attended, toldBy } from "./services.ts";
import { createTestCounter } from "./test-totals.ts";
import { tailOf, visible } from "./visible-text.ts";

/** The world a command runs in: a checkout of exactly `sha`. */
export interface CommandPlace {
  readonly jail: Jail;
  readonly dir: string;
  readonly sha: Sha;
  readonly spec: Pick<JailSpec, "env" | "readable" | "writable" | "socket">;
  /** Puts what the egress needs inside the jail before the command; the identity when there is no egress. */
  readonly wrap: (argv: readonly string[]) => readonly string[];
  /** Takes secrets out of what will be shown. */
  readonly redact: (text: string) => string;
  readonly now: () => number;
}

const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;
const TAIL = { lines: 80, characters: 8_000 };
const KEPT_CHARACTERS = 64_000;
const KILLED = 137;
const SCRIPT = 'exec 2>&1; exec sh -c "$1"';

/** Runs one command to its end and says what it did. Rejects only when it was aborted or the jail is broken. */
export async function runCommand(
  place: CommandPlace,
  command: RepoCommand,
  signal: AbortSignal,
): Promise<Evidence> {
  signal.throwIfAborted();
  const startedAt = new Date(place.now()).toISOString();
  const began = performance.now();
  const inside = attended(["sh", "-c", SCRIPT, "sh", command.command], command, place.dir);
  const { spec } = place;
  const process = await place.jail.spawn({
    ...spec,
    env: { ...spec.env, ...inside.env },
    readable: [...spec.readable, ...inside.readable],
    argv: place.wrap(inside.argv),
    cwd: join(place.dir, command.cwd),
    wallMs: command.timeoutMs + inside.extraMs,
  });
  process.stdin.end();
  function abort(): void {
    void process.kill();
  }
  signal.addEventListener("abort", abort, { once: true });
  // It may have come while the jail was being made.
  if (signal.aborted) abort();
  try {
    const [output, jailErrors, { code, timedOut, reached }] = await Promise.all([
      readOutput(process),
      readTail(process.stderr),
      process.exited,
    ]);
    signal.throwIfAborted();
    const services = toldBy(jailErrors, command, place.redact);
    const said = output.tail === "" && services === undefined ? jailErrors : output.tail;
    const shown = code === 0 ? said : said + limitWords(reached);
    const { kind, source, cwd } = command;
    const seen = { kind, command: command.command, cwd, source, sha: place.sha, startedAt };
    const tests = kind === "test" ? output.tests : undefined;
    return {
      ...seen,
      exitCode: code ?? KILLED,
      timedOut,
      durationMs: Math.round(performance.now() - began),
      outputDigest: output.digest,
      outputTail: tailOf(visible(place.redact(shown)), TAIL),
      ...(tests === undefined ? {} : { tests }),
      ...(services === undefined ? {} : { services }),
    };
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** Why a command may have failed that its own output does not say. */
function limitWords(reached: readonly JailLimit[] = []): string {
  const words = { memory: "more memory", processes: "more processes", disk: "more disk" } as const;
  return reached.map((limit) => `\n[It wanted ${words[limit]} than it may use.]`).join("");
}

interface Output {
  readonly digest: string;
  readonly tail: string;
  readonly tests: Evidence["tests"];
}

/** Reads everything, keeps only the end; a flood ends the jail. */
async function readOutput(process: JailedProcess): Promise<Output> {
  const hash = createHash("sha256");
  const decoder = new StringDecoder("utf8");
  const counter = createTestCounter();
  let bytes = 0;
  let tail = "";
  let line = "";
  for await (const chunk of process.stdout as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    hash.update(chunk);
    const text = decoder.write(chunk);
    tail = (tail + text).slice(-KEPT_CHARACTERS);
    const parts = (line + text).split("\n");
    line = (parts.pop() ?? "").slice(-KEPT_CHARACTERS);
    for (const part of parts) counter.line(part);
    if (bytes > MAX_OUTPUT_BYTES) {
      tail += `\n[Stopped: more than ${MAX_OUTPUT_BYTES} bytes of output.]\n`;
      await process.kill();
      break;
    }
  }
  counter.line(line);
  return { digest: hash.digest("hex"), tail, tests: counter.totals() };
}

/** The command's own errors go to its output; here only the jail itself speaks, when it cannot start a command. */
async function readTail(stream: NodeJS.ReadableStream): Promise<string> {
  let tail = "";
  for await (const chunk of stream) tail = (tail + String(chunk)).slice(-KEPT_CHARACTERS);
  return tail;
}
