import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, openSync, writeSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";

/** What `ATTEND` holds, as JSON: the services in the order in which they are started. */
interface Service {
  readonly name: string;
  readonly command: string;
  readonly ready: string;
  readonly cwd: string;
  readonly readyMs: number;
}

/** One service as it is told to the host at the end. */
interface Attended {
  readonly name: string;
  readonly readyMs: number | null;
  readonly exitCode: number | null;
  readonly logDigest: string;
  readonly logTail: string;
}

const TAIL = 8_000;
const STOP_MS = 2_000;
/** The ready check is repeated whenever the service says something, and at least this often. */
const LOOK_MS = 100;
const NOT_READY = 69;
/** Characters of one service's log that are kept for an agent to read. */
const LOG_LIMIT = 1_000_000;

/**
 * `node attend.ts -- command args...`: starts the services, each when the one before is ready, then the command, and
 * ends with its exit code and every service stopped. A service that is not ready in time ends it before the command
 * runs. What the services said goes to standard error as the last line, one JSON object.
 *
 * `node attend.ts --beside DIR -- command args...`: the command is started at once and the services beside it. What
 * they say goes to DIR/NAME.log and nothing to this program's own output, which is the command's alone.
 */
async function main(argv: readonly string[]): Promise<void> {
  const beside = argv[0] === "--beside" ? argv[1] : undefined;
  const [dashes, command, ...args] = beside === undefined ? argv : argv.slice(2);
  const services = JSON.parse(process.env["ATTEND"] ?? "[]") as Service[];
  delete process.env["ATTEND"];
  if (dashes !== "--" || !command) {
    process.stderr.write("Usage: attend.ts [--beside DIR] -- command [args...]\n");
    process.exit(64);
  }
  if (beside !== undefined) return await runBeside(services, beside, [command, ...args]);
  const running: Running[] = [];
  let code = 0;
  for (const service of services) {
    const one = new Running(service);
    running.push(one);
    if (await one.becomesReady()) continue;
    code = NOT_READY;
    process.stdout.write(one.complaint());
    break;
  }
  if (code === 0) code = await runCommand(command, args, running);
  const attended: Attended[] = [];
  for (const one of running.toReversed()) attended.unshift(await one.stop());
  await written(process.stderr, `\n${JSON.stringify({ attended })}\n`);
  await written(process.stdout, "");
  process.exit(code);
}

async function runBeside(
  services: readonly Service[],
  logs: string,
  [command = "", ...args]: readonly string[],
): Promise<void> {
  const running: Running[] = [];
  const child = runCommand(command, args, []);
  // The agent does without what cannot be started; the brief tells how to look.
  startOneAfterAnother(services, logs, running).catch(() => undefined);
  const code = await child;
  for (const one of running) one.kill();
  process.exit(code);
}

async function startOneAfterAnother(
  services: readonly Service[],
  logs: string,
  running: Running[],
): Promise<void> {
  mkdirSync(logs, { recursive: true });
  for (const service of services) {
    const one = new Running(service, openSync(join(logs, `${service.name}.log`), "a"));
    running.push(one);
    if (!(await one.becomesReady())) return one.note(one.complaint());
    one.onEarlyEnd((text) => one.note(text));
  }
}

async function runCommand(
  command: string,
  args: readonly string[],
  running: readonly Running[],
): Promise<number> {
  const child = spawn(command, args, { stdio: "inherit" });
  for (const one of running) one.onEarlyEnd((text) => void process.stdout.write(text));
  const { promise, resolve } = Promise.withResolvers<number>();
  child.once("error", (error) => {
    process.stdout.write(`Cannot start ${command}: ${error.message}\n`);
    resolve(127);
  });
  child.once("exit", (code, signal) =>
    resolve(code ?? 128 + constants.signals[signal ?? "SIGKILL"]),
  );
  return await promise;
}

/** A service from its start to its end: what it says is counted whole and kept at its end. */
class Running {
  readonly #service: Service;
  readonly #child: ChildProcess;
  readonly #hash = createHash("sha256");
  readonly #closed: Promise<unknown>;
  readonly #log: number | undefined;
  #logged = 0;
  #tail = "";
  #readyMs: number | null = null;
  #stopping = false;
  #news = Promise.withResolvers<void>();

  /** `log` is an open file to which everything is written that the service says, up to a limit. */
  constructor(service: Service, log?: number) {
    this.#service = service;
    this.#log = log;
    const shell = ["-c", `exec 2>&1; ${service.command}`];
    const stdio = ["ignore", "pipe", "ignore"] as const;
    this.#child = spawn("sh", shell, { cwd: service.cwd, stdio: [...stdio], detached: true });
    this.#child.on("error", (error) => this.#hear(Buffer.from(String(error))));
    this.#child.stdout?.on("data", (chunk: Buffer) => this.#hear(chunk));
    this.#child.once("exit", () => this.#news.resolve());
    this.#closed = once(this.#child, "close").catch(() => undefined);
  }

  /** True once the ready check ends with 0; false when the time is over or the service ended. */
  async becomesReady(): Promise<boolean> {
    const began = performance.now();
    const { readyMs } = this.#service;
    for (;;) {
      if (this.#ended()) return false;
      const left = readyMs - (performance.now() - began);
      if (left <= 0) return false;
      this.#news = Promise.withResolvers<void>();
      if (await this.#check(left)) {
        this.#readyMs = Math.round(performance.now() - began);
        return !this.#ended();
      }
      await this.#newsOr(Math.min(LOOK_MS, left));
    }
  }

  /** Why it is not ready, with the end of its log. */
  complaint(): string {
    const { name, ready, readyMs } = this.#service;
    const { exitCode } = this.#child;
    const why = this.#ended()
      ? `ended with ${exitCode ?? "a signal"} before it was ready`
      : `was not ready within ${Math.round(readyMs / 1_000)} s: \`${ready}\` did not end with 0`;
    return `The service ${name} ${why}. The end of its log:\n${this.#tail}\n`;
  }

  onEarlyEnd(tell: (text: string) => void): void {
    this.#child.once("exit", (code) => {
      if (!this.#stopping)
        tell(`\nThe service ${this.#service.name} ended with ${code ?? "a signal"} meanwhile.\n`);
    });
  }

  async stop(): Promise<Attended> {
    const early = this.#ended();
    this.#stopping = true;
    const timer = setTimeout(() => {
      this.#signal("SIGKILL");
      // Who has left the group may hold the pipe open for ever; it ends with the jail.
      this.#child.stdout?.destroy();
    }, STOP_MS);
    this.#signal("SIGTERM");
    await this.#closed;
    clearTimeout(timer);
    return {
      name: this.#service.name,
      readyMs: this.#readyMs,
      exitCode: early ? this.#child.exitCode : null,
      logDigest: this.#hash.digest("hex"),
      logTail: this.#tail,
    };
  }

  #ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null || !this.#child.pid;
  }

  /** Adds a line of ours to the log. */
  note(text: string): void {
    if (this.#log !== undefined) writeSync(this.#log, `${text.trim()}\n`);
  }

  kill(): void {
    this.#stopping = true;
    this.#signal("SIGKILL");
  }

  #hear(chunk: Buffer): void {
    if (this.#log !== undefined && this.#logged < LOG_LIMIT) writeSync(this.#log, chunk);
    this.#logged += chunk.length;
    this.#hash.update(chunk);
    this.#tail = (this.#tail + chunk.toString("utf8")).slice(-TAIL);
    this.#news.resolve();
  }

  async #check(withinMs: number): Promise<boolean> {
    const { ready, cwd } = this.#service;
    const check = spawn("sh", ["-c", ready], { cwd, stdio: "ignore", detached: true });
    const timer = setTimeout(() => killGroup(check, "SIGKILL"), withinMs);
    const [code] = (await once(check, "exit").catch(() => [1])) as [number | null];
    clearTimeout(timer);
    return code === 0;
  }

  async #newsOr(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    await Promise.race([promise, this.#news.promise]);
    clearTimeout(timer);
  }

  #signal(signal: NodeJS.Signals): void {
    killGroup(this.#child, signal);
  }
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid) process.kill(-child.pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}

function written(stream: NodeJS.WritableStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    stream.write(text, () => resolve());
  });
}

await main(process.argv.slice(2));
