/** A small app on the real engine, to be killed by tests. Commands come and go by IPC; effects go to a file. */
import { appendFileSync } from "node:fs";
import type { PoolConfig } from "pg";
import { openDatabase } from "../../../src/engine/database.ts";
import { DbosEngine } from "../../../src/engine/dbos/engine.ts";
import { startEmbeddedPostgres } from "../../../src/engine/postgres/embedded.ts";
import type { Engine, Steps } from "../../../src/ports/engine.ts";
import type { Logger } from "../../../src/ports/stores.ts";

interface Options {
  readonly effects: string;
  /** Embedded server's directory, or a server to connect to. */
  readonly dataDir?: string;
  readonly connection?: PoolConfig;
  readonly frozenAfterMs?: number;
}

interface Command {
  readonly id: number;
  readonly call: "start" | "send" | "cancel" | "state" | "ended" | "open" | "stop";
  readonly args: readonly string[];
}

const options = JSON.parse(process.argv[2] ?? "{}") as Options;
const open = Promise.withResolvers<void>();
const logged: string[] = [];

const log: Logger = {
  info: (_fields, message) => logged.push(`info ${message}`),
  warn: (_fields, message) => logged.push(`warn ${message}`),
  error: (fields, message) => logged.push(`error ${message} ${JSON.stringify(fields)}`),
};

function effect(line: string): void {
  appendFileSync(options.effects, `${line}\n`);
  process.send?.({ effect: line });
}

async function hold(signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<never>();
  signal.addEventListener("abort", () => aborted.reject(signal.reason as Error));
  await Promise.race([open.promise, aborted.promise]);
}

async function child(steps: Steps, input: { key: string }): Promise<string> {
  await steps.step("child", async (signal) => {
    effect(`${input.key} child begun`);
    await hold(signal).catch((error: Error) => {
      effect(`${input.key} child stopped: ${error.name}`);
      throw error;
    });
    effect(`${input.key} child done`);
  });
  return "from the child";
}

/** A step, a queued child that holds until told, a wait for an answer, a last step. */
async function flow(steps: Steps, input: { key: string }): Promise<void> {
  const { key } = input;
  await steps.step("first", () => Promise.resolve(effect(`${key} first`)));
  const begun = await steps.startChild(
    { name: "child" },
    { key: `${key}/child`, input, partition: "repository" },
  );
  const result = await begun.result();
  await steps.step("between", () => Promise.resolve(effect(`${key} got ${String(result)}`)));
  effect(`${key} waits`);
  const answer = await steps.waitFor<string>("answers", { timeoutMs: 600_000 });
  await steps.step("last", () => Promise.resolve(effect(`${key} answered ${answer}`)));
}

/** Ten steps and nothing else. */
async function brief(steps: Steps, input: { key: string }): Promise<void> {
  for (let n = 1; n <= 10; n += 1) {
    await steps.step(`step ${n}`, () => Promise.resolve(effect(`${input.key} ${n}`)));
  }
}

async function obey(engine: Engine, { call, args }: Command): Promise<unknown> {
  const [key = "", second = "", third = ""] = args;
  switch (call) {
    case "start":
      return engine.start({ name: second }, { key, input: { key } });
    case "send":
      return engine.send({ key, topic: "answers", body: second, idempotencyKey: third });
    case "cancel":
      return engine.cancel(key);
    case "state":
      return engine.state(key);
    case "ended":
      return engine.ended(key);
    case "open":
      return open.resolve();
    case "stop":
      return logged;
  }
}

const begunAt = performance.now();
try {
  const server = options.dataDir
    ? await startEmbeddedPostgres({ dataDir: options.dataDir, log })
    : undefined;
  const connection = server?.connection ?? options.connection ?? {};
  const database = await openDatabase({ connection, log });
  const engine = new DbosEngine({
    database,
    log,
    exclusive: server !== undefined,
    ...(options.frozenAfterMs === undefined ? {} : { frozenAfterMs: options.frozenAfterMs }),
  });
  engine.register({ name: "flow" }, flow);
  engine.register({ name: "child" }, child);
  engine.register({ name: "brief" }, brief);
  await engine.launch();
  const readyMs = performance.now() - begunAt;
  process.on("message", (command: Command) => {
    obey(engine, command)
      .then(async (value) => {
        process.send?.({ id: command.id, value });
        if (command.call !== "stop") return;
        await engine.close();
        await database.close();
        await server?.stop();
        process.disconnect();
      })
      .catch((error: Error) => {
        process.send?.({ id: command.id, error: error.message });
      });
  });
  process.send?.({ ready: { ms: readyMs, adopted: server?.adopted ?? false, connection } });
} catch (error) {
  process.send?.({ refused: (error as Error).message });
  process.disconnect();
}
