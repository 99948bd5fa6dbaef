import type { RunId } from "../src/domain/ids.ts";
import type { LedgerEvent, LedgerFact } from "../src/domain/run/ledger-event.ts";
import { type Database, openDatabase } from "../src/engine/database.ts";
import { DbosEngine } from "../src/engine/dbos/engine.ts";
import { PostgresDeliveries } from "../src/engine/deliveries.ts";
import { PostgresRequestCounts } from "../src/engine/github-records.ts";
import { PostgresLedger } from "../src/engine/ledger.ts";
import { PostgresQuestions } from "../src/engine/questions.ts";
import { PostgresRuns } from "../src/engine/runs.ts";
import type { Steps, WorkflowRef } from "../src/ports/engine.ts";
import type { Ledger, Logger } from "../src/ports/stores.ts";
import type { RunInput } from "../src/workflow/context.ts";
import { orchestrate, RUN } from "../src/workflow/orchestrate.ts";
import { dispatch } from "../src/workflow/phases/dispatch.ts";
import { DISPATCH } from "../src/workflow/phases/dispatch-input.ts";
import { CommentPublisher } from "../src/workflow/publish/status.ts";
import { REPO } from "../test/helpers/run-facts.ts";
import { goodActs } from "../test/helpers/scripted-acts.ts";
import { SmallWorld } from "../test/helpers/small-world.ts";
import { Happenings } from "./happenings.ts";

const silent: Logger = { info: () => {}, warn: () => {}, error: () => {} };
const ENDS: readonly string[] = ["run-completed", "run-failed", "blocked"];

export const COUNTING: WorkflowRef<{ key: string; steps: number }, void> = { name: "counting" };
export const LISTENING: WorkflowRef<{ key: string }, void> = { name: "listening" };
const LEAF: WorkflowRef<{ key: string }, void> = { name: "leaf" };

/** Says when a run was closed, which is the last thing but one that a run does. */
class AnnouncedRuns extends PostgresRuns {
  readonly ended = new Happenings<RunId>();

  override async end(id: RunId): Promise<void> {
    await super.end(id);
    this.ended.record(id);
  }
}

/** The real engine and stores with the real workflow in them; GitHub, git and agents take no time. */
export interface EngineWorld {
  readonly database: Database;
  readonly engine: DbosEngine;
  readonly stores: {
    readonly runs: AnnouncedRuns;
    readonly ledger: PostgresLedger;
    readonly questions: PostgresQuestions;
    readonly deliveries: PostgresDeliveries;
    readonly counts: PostgresRequestCounts;
  };
  /** Marks that flows leave while they run. */
  readonly marks: Happenings<string>;
  /** Runs one whole run on a new issue; its ledger. */
  wholeRun(issue: number): Promise<readonly LedgerEvent[]>;
  close(): Promise<void>;
}

export async function openEngineWorld(connection: object): Promise<EngineWorld> {
  const database = await openDatabase({ connection, log: silent });
  const engine = new DbosEngine({ database, log: silent, exclusive: true });
  const stores = {
    runs: new AnnouncedRuns(database),
    ledger: new PostgresLedger(database),
    questions: new PostgresQuestions(database),
    deliveries: new PostgresDeliveries(database),
    counts: new PostgresRequestCounts(database),
  };
  const marks = new Happenings<string>();
  const facts = new Happenings<{ runId: RunId; fact: LedgerFact }>();
  const template = registerRuns(engine, stores, facts);
  registerFlows(engine, marks);
  await engine.launch();
  return {
    database,
    engine,
    stores,
    marks,
    async wholeRun(issue) {
      const input = await inputFor(await template, stores.runs, issue);
      await engine.start(RUN, { key: input.runId, input });
      const ended = await facts.first(
        ({ runId, fact }) => runId === input.runId && ENDS.includes(fact.type),
        `the run on issue ${issue} to end`,
      );
      const { fact } = ended.value;
      if (fact.type !== "run-completed")
        throw new Error(`The run ended as ${JSON.stringify(fact)}`);
      await stores.runs.ended.first((runId) => runId === input.runId, "the run to be closed");
      return await stores.ledger.read(input.runId);
    },
    async close() {
      await engine.close();
      await database.close();
    },
  };
}

/** The workflow on the real stores; gives the input that every run is made from. */
function registerRuns(
  engine: DbosEngine,
  stores: EngineWorld["stores"],
  facts: Happenings<{ runId: RunId; fact: LedgerFact }>,
): Promise<RunInput> {
  const world = new SmallWorld(goodActs());
  const { runs, questions } = stores;
  const ledger: Ledger = {
    read: (runId, after) => stores.ledger.read(runId, after),
    async append(runId, key, fact) {
      const event = await stores.ledger.append(runId, key, fact);
      facts.record({ runId, fact });
      return event;
    },
  };
  const small = world.ports();
  const { github } = small;
  const webUrl = "http://127.0.0.1";
  const status = new CommentPublisher({
    ledger,
    github,
    runs,
    engine,
    log: silent,
    webUrl,
    everyMs: 5_000,
  });
  const ports = { ...small, ledger, runs, questions, status };
  engine.register(RUN, (steps, input) => orchestrate(steps, ports, input));
  engine.register(DISPATCH, (steps, input) => dispatch(steps, ports, input));
  return world.begin();
}

async function inputFor(template: RunInput, runs: PostgresRuns, issue: number): Promise<RunInput> {
  const { run } = await runs.create({
    repo: REPO,
    issue,
    requestedBy: template.requestedBy,
    commentKey: `${REPO.id}:${issue}`,
    runBranch: (n) => `orchestrate/${issue}-bench-r${n}/main`,
  });
  const { runId, n, runBranch } = run;
  const request = { ...template.request, issue, commentId: issue, deliveryId: `d-${issue}` };
  return { ...template, runId, n, runBranch, request };
}

function registerFlows(engine: DbosEngine, marks: Happenings<string>): void {
  engine.register(COUNTING, async (steps: Steps, { key, steps: count }) => {
    marks.record(`${key} begins`);
    for (let n = 0; n < count; n += 1) await steps.step(`step ${n}`, () => Promise.resolve(n));
    marks.record(`${key} ends`);
  });
  engine.register(LISTENING, async (steps: Steps, { key }) => {
    const leaf = await steps.startChild(LEAF, {
      key: `${key}.leaf`,
      input: { key },
      partition: "bench",
    });
    await leaf.result();
    marks.record(`${key} listens`);
    await steps.waitFor("bench", { timeoutMs: 60_000 });
    marks.record(`${key} heard`);
  });
  engine.register(LEAF, (steps: Steps, { key }) =>
    steps.step("leaf", () => Promise.resolve(marks.record(`${key} leaf`))),
  );
}
