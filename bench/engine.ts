import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client, type PoolConfig } from "pg";
import { demoFolder } from "../src/cli/demo/preflight.ts";
import { startEmbeddedPostgres } from "../src/engine/postgres/embedded.ts";
import { REPO } from "../test/helpers/run-facts.ts";
import type { Asked, Figures } from "./engine-child.ts";
import { ms, percent, ratio, sampleOf, within } from "./measure.ts";
import { type Aimed, aim, type Effort, type Part, type Section } from "./section.ts";
import { copyRun } from "./seed-runs.ts";

export const ENGINE: Part = { name: "engine", run: measure };

const ENDED_ISSUE = 12;
const LIMIT_MS = 10 * 60_000;
const silent = { info: () => {}, warn: () => {}, error: () => {} };

type Name = "empty" | "full";

interface Measured {
  readonly empty: Figures;
  readonly full: Figures;
  readonly runs: number;
  readonly rows: string;
}

async function measure({ quick, say }: Effort): Promise<Section> {
  const folder = await demoFolder(undefined);
  const server = await startEmbeddedPostgres({ dataDir: join(folder.path, "pg"), log: silent });
  try {
    const engines = {
      empty: await openEngine(server.connection, "bench_empty"),
      full: await openEngine(server.connection, "bench_full"),
    };
    try {
      const runs = quick ? 500 : 10_000;
      for (const engine of Object.values(engines)) await engine.call(asking("prepare", 0));
      say(`${runs} finished runs are put into one of two databases`);
      const rows = await fill(server.connection, runs);
      say(`rounds on both, in turns (${rows})`);
      const measured = { empty: {}, full: {}, runs, rows };
      // The first round warms both up and is not counted.
      const warm = { ...measured, empty: {}, full: {} };
      await measureRounds(engines, { into: warm, rounds: 1, from: 0 });
      await measureRounds(engines, { into: measured, rounds: quick ? 2 : 12, from: 1 });
      return sectionOf(measured);
    } finally {
      for (const engine of Object.values(engines)) await engine.close();
    }
  } finally {
    await server.stop();
    await folder.remove();
  }
}

async function measureRounds(
  engines: Readonly<Record<Name, EngineProcess>>,
  of: { into: Measured; rounds: number; from: number },
): Promise<void> {
  for (let round = of.from; round < of.from + of.rounds; round += 1) {
    const order: Name[] = round % 2 === 0 ? ["empty", "full"] : ["full", "empty"];
    for (const name of order) {
      const figures = await engines[name].call(asking("measure", round));
      for (const [what, values] of Object.entries(figures))
        of.into[name][what] = [...(of.into[name][what] ?? []), ...values];
    }
  }
}

function asking(call: Asked["call"], round: number): Asked {
  return { call, round, ended: ENDED_ISSUE, repeats: 20 };
}

async function fill(connection: PoolConfig, runs: number): Promise<string> {
  const client = new Client({ ...connection, database: "bench_full" });
  await client.connect();
  try {
    await copyRun(client, `${REPO.id}-${ENDED_ISSUE}-r1`, runs);
    const { rows } = await client.query<{ text: string }>(
      "select (select count(*) from orchestrator.ledger) || ' ledger events, ' || (select count(*) from dbos.workflow_status) || ' workflows, ' || (select count(*) from dbos.operation_outputs) || ' steps, ' || pg_size_pretty(pg_database_size(current_database())) as text",
    );
    return rows[0]?.text ?? "";
  } finally {
    await client.end();
  }
}

interface EngineProcess {
  call(asked: Asked): Promise<Figures>;
  close(): Promise<void>;
}

/** A fresh database with an engine on it, in a process of its own. */
async function openEngine(connection: PoolConfig, database: string): Promise<EngineProcess> {
  const client = new Client(connection);
  await client.connect();
  await client.query(`create database ${database}`);
  await client.end();
  const entry = fileURLToPath(new URL("engine-child.ts", import.meta.url));
  const child = spawn(process.execPath, [entry, JSON.stringify({ ...connection, database })], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await figuresFrom(child);
  return {
    async call(asked) {
      const figures = figuresFrom(child);
      child.send(asked);
      return await figures;
    },
    async close() {
      if (child.connected) child.send(asking("close", 0));
      await within(gone, "an engine to close", 30_000).catch(() => child.kill("SIGKILL"));
    },
  };
}

function figuresFrom(child: ChildProcess): Promise<Figures> {
  const told = new Promise<Figures>((resolve, reject) => {
    function ended(): void {
      reject(new Error("The process with the engine ended."));
    }
    child.once("exit", ended);
    child.once("message", ({ figures, failed }: { figures?: Figures; failed?: string }) => {
      child.off("exit", ended);
      if (figures) resolve(figures);
      else reject(new Error(failed));
    });
  });
  return within(told, "the engine's figures", LIMIT_MS);
}

function sectionOf({ empty, full, runs, rows }: Measured): Section {
  function growth(what: string): Aimed {
    const grown = sampleOf(full[what] ?? []).p50 / sampleOf(empty[what] ?? []).p50 - 1;
    return { of: what, shown: percent(grown), kept: grown < 0.1 };
  }
  return {
    title: "Engine and lists with many finished runs",
    about: `Two databases on one embedded Postgres, each with an engine in a process of its own: one holds a single finished run, the other ${runs.toLocaleString("en")} (copies of a real one: ${rows}). Rounds alternate between them. "run" is a whole run whose GitHub, git and agents take no time, so what is left is the cost of planning and gates per phase, queues included. Times in ms.`,
    aims: [aim("p50 grows by less than 10 %", Object.keys(empty).map(growth))],
    tables: [
      {
        title: "With 1 and with many finished runs",
        head: [
          "",
          "p50 few",
          "p95 few",
          "p50 many",
          "p95 many",
          "n",
          "ratio of p50",
          "growth",
          "growth ms",
        ],
        rows: Object.keys(empty)
          .toSorted((a, b) => a.localeCompare(b))
          .map((what) => rowOf(what, { few: empty[what] ?? [], many: full[what] ?? [] })),
      },
    ],
  };
}

function rowOf(what: string, of: { few: readonly number[]; many: readonly number[] }): string[] {
  const few = sampleOf(of.few);
  const many = sampleOf(of.many);
  return [
    what,
    ...[few.p50, few.p95, many.p50, many.p95].map(ms),
    String(many.n),
    ratio(many.p50, few.p50),
    percent(many.p50 / few.p50 - 1),
    (many.p50 - few.p50).toFixed(2),
  ];
}
