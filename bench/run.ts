import type { LedgerEvent } from "../src/domain/run/ledger-event.ts";
import type { Turn } from "../src/playground/scripted-model/script.ts";
import { startScriptedModel } from "../src/playground/scripted-model/server.ts";
import { criticalPath, type Stretch, stretchesOf } from "./critical-path.ts";
import { type DispatchCosts, dispatchCosts } from "./dispatches.ts";
import { Happenings } from "./happenings.ts";
import { ms, ratio, seconds } from "./measure.ts";
import type { Requests } from "./requests.ts";
import { aim, type Effort, type Part, type Section, sampleRow, type Table } from "./section.ts";
import { type Pace, SMALL_REQUEST, SMALL_SERVICE, smallScript } from "./small-service.ts";
import { type BenchApp, type BenchStage, openStage, startApp } from "./stage.ts";
import { completeRun } from "./whole-run.ts";

export const RUN: Part = { name: "run", run: measure };

const MOST_TESTERS = 8;

interface Measured {
  readonly testers: number;
  readonly wallMs: number;
  readonly pathMs: number;
  readonly stretches: readonly Stretch[];
  readonly dispatches: DispatchCosts;
  readonly requests: Requests;
}

async function measure({ quick, say }: Effort): Promise<Section> {
  const pace: Pace = quick ? { turns: 4, turnMs: 500 } : { turns: 10, turnMs: 1_000 };
  const stage = await openStage({ places: 1, peopleEach: 1, files: SMALL_SERVICE });
  const turns = new Happenings<Turn>();
  const script = smallScript(pace);
  const model = await startScriptedModel({
    script: (turn) => {
      turns.record(turn);
      return script(turn);
    },
  });
  try {
    const app = await startApp(stage, {
      modelUrl: model.url,
      env: {
        DISPATCHES_PER_WORKER: String(MOST_TESTERS),
        DISPATCHES_PER_REPOSITORY: String(MOST_TESTERS),
      },
    });
    try {
      const measured = [];
      for (const testers of quick ? [1, 4] : [1, 4, MOST_TESTERS]) {
        say(`a run with ${testers} testers side by side`);
        measured.push(await oneRun({ stage, app, turns, testers, pace }));
      }
      return sectionOf(measured, pace);
    } finally {
      await app.stop();
    }
  } finally {
    await model.close();
    await stage.close();
  }
}

async function oneRun(of: {
  stage: BenchStage;
  app: BenchApp;
  turns: Happenings<Turn>;
  testers: number;
  pace: Pace;
}): Promise<Measured> {
  const { stage, app, turns, testers, pace } = of;
  const { title, task, body } = SMALL_REQUEST;
  const asked = turns.all.length;
  const run = await completeRun({ stage, app, title, body: body(testers), task });
  const { facts, wallMs, requests } = run;
  const events = facts.map(({ value }) => value.event);
  const agentMs = pace.turns * pace.turnMs;
  const stretches = stretchesOf(events, agentMs);
  const { turnMs } = pace;
  return {
    testers,
    wallMs,
    pathMs: criticalPath(planOf(events), agentMs),
    stretches,
    dispatches: dispatchCosts({ facts, turns: turns.all.slice(asked), turnMs }),
    requests,
  };
}

function planOf(events: readonly LedgerEvent[]): Parameters<typeof criticalPath>[0] {
  const [plan] = events.flatMap(({ fact }) => (fact.type === "plan-accepted" ? [fact.plan] : []));
  if (!plan) throw new Error("The run has no accepted plan.");
  return plan;
}

function sectionOf(measured: readonly Measured[], { turns, turnMs }: Pace): Section {
  return {
    title: "A run against its critical path",
    about: `One whole run each, by a comment on the local GitHub: plan, one developer, testers side by side, review. Every agent answers ${turns} times, each time after ${turnMs} ms, so an agent takes ${seconds(turns * turnMs)} s and the critical path follows from the accepted plan. Everything else is the app's: jails, clones, pushes, merges, the suite on every integrated commit and on the final one, status comment, pull request. Agents are the jailed native agent, one process each, on this machine's cores.`,
    aims: [
      aimOf(measured, "wall time at most 1.10 of the critical path", {
        shown: ({ wallMs, pathMs }) => ratio(wallMs, pathMs),
        kept: ({ wallMs, pathMs }) => wallMs <= 1.1 * pathMs,
      }),
      aimOf(measured, "at most 60 requests to GitHub", {
        shown: ({ requests }) => String(requests.total),
        kept: ({ requests }) => requests.total <= 60,
      }),
      aimOf(measured, "at most 9 of them content-creating", {
        shown: ({ requests }) => String(requests.content),
        kept: ({ requests }) => requests.content <= 9,
      }),
    ],
    tables: [overview(measured), dispatchTable(measured), ...measured.map(stretchTable)],
  };
}

function aimOf(
  measured: readonly Measured[],
  what: string,
  by: { shown: (run: Measured) => string; kept: (run: Measured) => boolean },
): string {
  return aim(
    what,
    measured.map((run) => ({
      of: `${run.testers} ${run.testers === 1 ? "tester" : "testers"}`,
      shown: by.shown(run),
      kept: by.kept(run),
    })),
  );
}

function overview(measured: readonly Measured[]): Table {
  return {
    title: "Wall time and requests",
    head: [
      "testers",
      "critical path s",
      "wall s",
      "ratio",
      "overhead s",
      "of it the repository's own commands s",
      "ratio with them in the path",
      "requests",
      "content-creating",
      "edits",
      "git",
    ],
    rows: measured.map(({ testers, wallMs, pathMs, stretches, requests }) => {
      const commands = stretches.reduce((sum, { commands }) => sum + commands, 0);
      return [
        String(testers),
        seconds(pathMs),
        seconds(wallMs),
        ratio(wallMs, pathMs),
        seconds(wallMs - pathMs),
        seconds(commands),
        ratio(wallMs, pathMs + commands),
        String(requests.total),
        String(requests.content),
        String(requests.edits),
        String(requests.git),
      ];
    }),
  };
}

function dispatchTable(measured: readonly Measured[]): Table {
  return {
    title: "What a dispatch takes beyond its agent's own time (ms)",
    head: ["testers", "", "p50", "p95", "n"],
    rows: measured.flatMap(({ testers, dispatches }) =>
      [
        sampleRow("start to first model call", dispatches.starting),
        sampleRow("from an answer to the next call", dispatches.betweenTurns),
        sampleRow("last answer to end", dispatches.ending),
      ].map((row) => [String(testers), ...row.slice(0, 4)]),
    ),
  };
}

function stretchTable({ testers, stretches }: Measured): Table {
  return {
    title: `Where the time went with ${testers} testers, by the ledger (ms)`,
    head: ["", "wall", "agents", "dispatching", "gates", "of them own commands"],
    rows: stretches.map(({ name, wall, agents, dispatching, gates, commands }) => [
      name,
      ...[wall, agents, dispatching, gates, commands].map(ms),
    ]),
  };
}
