/** One engine on one database, measured by commands from the bench: DBOS allows one engine per process. */
import { RunId } from "../src/domain/ids.ts";
import { REPO } from "../test/helpers/run-facts.ts";
import { stretchesOf } from "./critical-path.ts";
import { COUNTING, type EngineWorld, LISTENING, openEngineWorld } from "./engine-world.ts";

export interface Asked {
  readonly call: "measure" | "prepare" | "close";
  /** Which round this is; makes every issue and key unique. */
  readonly round: number;
  /** A run that has ended. */
  readonly ended: number;
  readonly repeats: number;
}

/** Milliseconds by what was measured. */
export type Figures = Record<string, number[]>;

const STEPS = 100;
const TALKS = 5;
const world = await openEngineWorld(JSON.parse(process.argv[2] ?? "{}") as object);

async function timed(figures: Figures, name: string, work: () => Promise<unknown>): Promise<void> {
  const begun = performance.now();
  await work();
  add(figures, name, performance.now() - begun);
}

function add(figures: Figures, name: string, took: number): void {
  figures[name] = [...(figures[name] ?? []), took];
}

async function measure(asked: Asked): Promise<Figures> {
  const figures: Figures = {};
  const { round, repeats } = asked;
  await steps(figures, `steps-${round}`);
  for (let n = 0; n < TALKS; n += 1) await talk(figures, `talk-${round}-${n}`);
  for (const { name, wall } of stretchesOf(await world.wholeRun(2_000_000 + round), 0))
    add(figures, `run: ${name}`, wall);
  for (let n = 0; n < repeats; n += 1) await lists(figures, asked, n);
  return figures;
}

async function steps(figures: Figures, key: string): Promise<void> {
  const { engine, marks } = world;
  await engine.start(COUNTING, { key, input: { key, steps: STEPS } });
  const begun = await marks.first((mark) => mark === `${key} begins`, "steps to begin");
  const ended = await marks.first((mark) => mark === `${key} ends`, "steps to end");
  add(figures, "engine: one step", (ended.at - begun.at) / STEPS);
}

async function talk(figures: Figures, key: string): Promise<void> {
  const { engine, marks } = world;
  const started = performance.now();
  await engine.start(LISTENING, { key, input: { key } });
  const leaf = await marks.first((mark) => mark === `${key} leaf`, "the child to begin");
  add(figures, "engine: a queued child begins", leaf.at - started);
  await marks.first((mark) => mark === `${key} listens`, "the flow to listen");
  const sent = performance.now();
  await engine.send({ key, topic: "bench", body: 1, idempotencyKey: key });
  const heard = await marks.first((mark) => mark === `${key} heard`, "the message");
  add(figures, "engine: a message is heard", heard.at - sent);
}

async function lists(figures: Figures, asked: Asked, n: number): Promise<void> {
  const { runs, ledger, questions, deliveries, counts } = world.stores;
  const { round, ended } = asked;
  const run = RunId.parse(`${REPO.id}-${ended}-r1`);
  const own = RunId.parse(`${REPO.id}-${2_000_000 + round}-r1`);
  const id = `bench-${round}-${n}`;
  const stored = { id, event: "issue_comment", action: "created", payload: '{"bench":true}' };
  await timed(figures, "list: deliveries, store one", () =>
    deliveries.store({ ...stored, receivedAt: new Date().toISOString(), contentKey: id }),
  );
  await timed(figures, "list: deliveries not worked on", () => deliveries.pending(1_000, 0));
  await timed(figures, "list: deliveries, finish one", () =>
    deliveries.finish(id, { state: "done", reason: "bench" }),
  );
  await timed(figures, "list: live run of an issue", () => runs.live(REPO.id, ended));
  await timed(figures, "list: latest run of an issue", () => runs.latest(REPO.id, ended));
  await timed(figures, "list: all live runs", () => runs.allLive());
  await timed(figures, "list: ledger of a run", () => ledger.read(run));
  await timed(figures, "list: open questions of a run", () => questions.open(run));
  await timed(figures, "list: requests of a run", () => counts.read(run));
  await timed(figures, "list: state of a run in the engine", () => world.engine.state(run));
  await timed(figures, "ledger: append one fact", () =>
    ledger.append(own, id, { type: "note", text: "bench" }),
  );
}

/** One whole run, from which the others are copied. */
async function prepare(world: EngineWorld, { ended }: Asked): Promise<Figures> {
  await world.wholeRun(ended);
  return {};
}

async function obey(asked: Asked): Promise<Figures> {
  if (asked.call === "measure") return await measure(asked);
  if (asked.call === "prepare") return await prepare(world, asked);
  await world.close();
  return {};
}

process.on("message", (asked: Asked) => {
  obey(asked).then(
    (figures) => {
      process.send?.({ figures });
      if (asked.call === "close") process.disconnect();
    },
    (error: unknown) => process.send?.({ failed: String((error as Error).stack ?? error) }),
  );
});
process.send?.({ figures: {} });
