import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { AppMessage } from "../../src/cli/demo/app-process.ts";

const ENTRY = fileURLToPath(new URL("../../src/cli/demo-app.ts", import.meta.url));

export interface AppListener {
  message(message: AppMessage): void;
  /** One line that the app wrote to its log, or to standard output. */
  line(line: string): void;
  exited(code: number | null, signal: string | null): void;
}

/** The real app as a process of its own, which a test can kill and start again on the same data. */
export class StageApp {
  readonly #env: Readonly<Record<string, string>>;
  readonly #listener: AppListener;
  #child: ChildProcess | undefined;
  #exit: Promise<number | null> = Promise.resolve(0);

  constructor(env: Readonly<Record<string, string>>, listener: AppListener) {
    this.#env = env;
    this.#listener = listener;
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error("The app is not running.");
    return pid;
  }

  /** Resolves when the app listens; rejects with its reason when it refuses to start. */
  start(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const child = spawn(process.execPath, [ENTRY], {
      env: this.#env,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    child.on("message", (raw) => {
      const message = AppMessage.parse(raw);
      if (message.type === "ready") resolve();
      if (message.type === "refused") reject(new Error(message.reason));
      this.#listener.message(message);
    });
    for (const stream of [child.stdout, child.stderr])
      if (stream) createInterface(stream).on("line", (line) => this.#listener.line(line));
    this.#exit = new Promise((done) => {
      child.once("exit", (code, signal) => {
        reject(new Error(`The app ended before it was ready (${code ?? signal}).`));
        this.#listener.exited(code, signal);
        done(code);
      });
    });
    this.#child = child;
    return promise;
  }

  /** Has the app tell everything of a run again. */
  replay(runId: string): void {
    this.#child?.send({ type: "replay", runId });
  }

  /** As a crash of the machine would: nothing is closed, nothing is said. */
  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#exit;
  }

  /** In order, as an operator stops it; gives the exit code. */
  async stop(): Promise<number | null> {
    this.#child?.kill("SIGTERM");
    return await this.#exit;
  }
}
