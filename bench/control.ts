import type { LedgerEvent } from "../src/domain/run/ledger-event.ts";
import type { JournalEntry } from "../src/playground/github/http/journal.ts";
import {
  ask,
  bash,
  role,
  script,
  submit,
  type Turn,
} from "../src/playground/scripted-model/script.ts";
import { startScriptedModel } from "../src/playground/scripted-model/server.ts";
import { statusMarkerName } from "../src/reports/status-comment.ts";
import { Happenings } from "./happenings.ts";
import { ms, sampleOf } from "./measure.ts";
import { descendantsOf, lives } from "./processes.ts";
import { countRequests } from "./requests.ts";
import { aim, type Effort, type Part, type Section, sampleRow } from "./section.ts";
import { planFor, SMALL_SERVICE } from "./small-service.ts";
import { type BenchApp, type BenchStage, openStage, type Place, startApp } from "./stage.ts";

export const CONTROL: Part = { name: "control", run: measure };

const PLACES = 8;
/** Three commands each, within the quota of twenty in ten minutes that a person has. */
const STORIES_EACH = 6;
/** How often it is looked whether processes are gone; and, less often because it costs more, whether they are there. */
const LOOK_MS = 2;
const SEARCH_MS = 50;
const STORIES_COUNTED = 8;
const LIMIT_MS = 60_000;
const SLEEPER = "sleep 599";

const MEASURES = {
  reaction: "command to reaction",
  status: "command to first status comment",
  question: "command to question on the issue",
  resumed: "answer to dispatch resumed (in the ledger)",
  working: "answer to first model call of the resumed dispatch",
  cancelled: "cancel command to last child gone",
} as const;
type Times = Readonly<Record<keyof typeof MEASURES, number[]>>;

interface Scene {
  readonly stage: BenchStage;
  readonly app: BenchApp;
  readonly turns: Happenings<Turn>;
  readonly times: Times;
  /** Requests to GitHub of each story. */
  readonly requests: number[];
  /** What the app runs also when no run is live. */
  readonly idle: ReadonlySet<number>;
}

async function measure({ quick, say }: Effort): Promise<Section> {
  const stories = quick ? 3 : 100;
  const peopleEach = Math.ceil((stories / PLACES + 1) / STORIES_EACH);
  const stage = await openStage({ places: PLACES, peopleEach, files: SMALL_SERVICE });
  const turns = new Happenings<Turn>();
  const model = await startScriptedModel({
    script: (turn) => {
      turns.record(turn);
      return STORY(turn);
    },
  });
  try {
    const app = await startApp(stage, { modelUrl: model.url });
    try {
      const idle = new Set(descendantsOf(app.pid).map(({ pid }) => pid));
      say("one story at each place to warm up");
      const warm: Scene = { stage, app, turns, times: noTimes(), requests: [], idle };
      for (let n = 0; n < (quick ? 1 : PLACES); n += 1) await story(warm, n, `Warm-up ${n}.`);
      say(`${stories} stories, one after another`);
      const scene: Scene = { ...warm, times: noTimes(), requests: [] };
      for (let n = 0; n < stories; n += 1) {
        if (n > 0 && n % 25 === 0) say(`${n} told`);
        await story(scene, n, `Story ${n}.`);
      }
      return sectionOf(scene);
    } finally {
      await app.stop();
    }
  } finally {
    await model.close();
    await stage.close();
  }
}

function noTimes(): Times {
  return { reaction: [], status: [], question: [], resumed: [], working: [], cancelled: [] };
}

/**
 * The developer asks at once and, when that was answered, runs a command that never ends. A planner has its say only
 * where the request is not given to the developer directly.
 */
const STORY = script(
  role("backend-orchestrator", [submit(planFor(1))]),
  role("backend-developer", [
    ({ attempt }) => (attempt === 1 ? ask(QUESTION, OPTIONS) : bash(SLEEPER, 600_000)),
  ]),
);
const QUESTION = "Shall the change be one commit or two?";
const OPTIONS = [
  ["a", "one", "everything can be taken back at once"],
  ["b", "two", "each half can be taken back alone"],
] as const;

/** A run that asks, is answered, works, and is cancelled. */
async function story(scene: Scene, n: number, title: string): Promise<void> {
  const { stage, times } = scene;
  const place = stage.places[n % PLACES];
  if (!place) throw new Error("The stage has no place.");
  const person = stage.hub.as(place.people[Math.floor(n / PLACES) % place.people.length] ?? "");
  const { number } = await person.openIssue(place.repository, { title });
  const counted = countRequests(stage);
  async function say(body: string): Promise<{ at: number; id: number }> {
    const at = performance.now();
    const { id } = await person.comment(place?.repository ?? "", number, body);
    return { at, id };
  }
  const start = await say("/orchestrate implement what the story tells");
  const runId = await begun(scene, { start, place, number });
  const answer = await say("/orchestrate answer Q1 a");
  const second = await fact(scene, runId, ({ fact }) => isSecondDispatch(fact));
  times.resumed.push(second - answer.at);
  const turn = await scene.turns.first(
    ({ prompt, attempt }) => attempt > 1 && prompt.includes(title),
    "the resumed dispatch to ask the model",
  );
  times.working.push(turn.at - answer.at);
  const children = await atWork(scene);
  const cancel = await say("/orchestrate cancel");
  times.cancelled.push((await gone(children)) - cancel.at);
  const done = `/issues/comments/${cancel.id}/reactions`;
  await stage.requests.nth(2, ({ method, path }) => method === "POST" && path.endsWith(done), {
    what: "the last reaction to the cancel",
  });
  // Waiting until all is quiet takes longer than a story, and stories send alike.
  if (n < STORIES_COUNTED) scene.requests.push((await counted()).total);
}

/** Waits until the run has asked its question; gives the run's id. */
async function begun(
  scene: Scene,
  of: { start: { at: number; id: number }; place: Place; number: number },
): Promise<string> {
  const { start, place, number } = of;
  const { stage, times, app } = scene;
  const comments = `/repos/${place.repository}/issues/${number}/comments`;
  function ours({ method, actor, path }: JournalEntry, end: string): boolean {
    return method === "POST" && actor === `${stage.slug}[bot]` && path.endsWith(end);
  }
  const reacted = stage.requests.first(
    (entry) => ours(entry, `/issues/comments/${start.id}/reactions`),
    "the reaction to the command",
  );
  const status = stage.requests.first(
    (entry) => ours(entry, comments) && reports(stage, start.id),
    "the status comment",
  );
  const run = await app.facts.first(
    ({ event: { fact } }) => fact.type === "run-started" && fact.commentId === start.id,
    "the run to start",
  );
  times.reaction.push((await reacted).at - start.at);
  times.status.push((await status).at - start.at);
  const { runId } = run.value;
  const asked = await fact(scene, runId, (event) => event.fact.type === "question-asked");
  times.question.push(asked - start.at);
  // An answer counts from when the question is waited for.
  await fact(scene, runId, (event) => event.fact.type === "waiting");
  return runId;
}

/** Whether a status comment stands on the issue of that comment. */
function reports({ hub }: BenchStage, commentId: number): boolean {
  const { issueId } = hub.store.comments.must(commentId);
  const name = statusMarkerName("");
  return hub.store.commentsOf(issueId).some(({ body }) => body.startsWith(`<!-- ${name}`));
}

function isSecondDispatch(fact: LedgerEvent["fact"]): boolean {
  return (
    fact.type === "dispatch-started" && fact.role === "backend-developer" && fact.attempt === 2
  );
}

async function fact(
  { app }: Scene,
  runId: string,
  matches: (event: LedgerEvent) => boolean,
): Promise<number> {
  const found = await app.facts.first(
    (value) => value.runId === runId && matches(value.event),
    `a fact of run ${runId} that ${String(matches)}`,
  );
  return found.at;
}

/** The processes of the dispatch, once its command runs. */
async function atWork({ app, idle }: Scene): Promise<readonly number[]> {
  for (const until = performance.now() + LIMIT_MS; performance.now() < until; ) {
    const children = descendantsOf(app.pid).filter(({ pid }) => !idle.has(pid));
    if (children.some(({ command }) => command === SLEEPER)) return children.map(({ pid }) => pid);
    await pause(SEARCH_MS);
  }
  throw new Error("The dispatch never ran its command.");
}

/** When none of them lives any more. */
async function gone(children: readonly number[]): Promise<number> {
  for (const until = performance.now() + LIMIT_MS; performance.now() < until; ) {
    if (!children.some(lives)) return performance.now();
    await pause(LOOK_MS);
  }
  throw new Error(`Processes ${children.filter(lives).join(", ")} outlived the cancel.`);
}

function pause(forMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, forMs);
  });
}

function sectionOf({ times, requests, app }: Scene): Section {
  const jail = app.jailed ? "in the jail" : "without the jail, which this machine lacks";
  const names = Object.keys(MEASURES) as (keyof typeof MEASURES)[];
  const base = sampleOf(times.reaction);
  const cancelled = sampleOf(times.cancelled);
  return {
    title: "People in control",
    about: `One story after another: a person starts a run whose request goes to the developer directly; the developer (the native agent ${jail}) asks a question, the person answers, the developer is dispatched again with the answer and runs a shell command that would take ten minutes, the person cancels. Every time in ms from the moment the person's comment is sent to the local GitHub, webhook included; "gone" means that no process of the dispatch lives. The ratio is of p50 to the reaction's.`,
    aims: [
      aim("gone within 1,000 ms of the comment in 95 of 100 cancels", [
        { of: "p95", shown: `${ms(cancelled.p95)} ms`, kept: cancelled.p95 <= 1_000 },
      ]),
    ],
    tables: [
      {
        title: "From a person's comment",
        head: ["", "p50", "p95", "n", "ratio"],
        rows: names.map((name) => sampleRow(MEASURES[name], sampleOf(times[name]), base)),
      },
      {
        title: "Requests to GitHub",
        head: ["", "p50", "p95", "n"],
        rows: [sampleRow("of one story, from start to cancelled", sampleOf(requests)).slice(0, 4)],
      },
    ],
  };
}
