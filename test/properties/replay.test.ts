import { describe, expect, test } from "vitest";
import type { RunState } from "../../src/domain/run/run.ts";
import { MemoryEngine } from "../../src/engine/memory/engine.ts";
import type { RunRequest } from "../../src/ports/control.ts";
import { RUN } from "../../src/workflow/orchestrate.ts";
import { FULL_STACK, FULL_STACK_ACTS } from "../helpers/full-stack.ts";
import { breaks, leaves, mends } from "../helpers/loop-acts.ts";
import { goodActs, reviewed, securityReviewed, writes } from "../helpers/scripted-acts.ts";
import { type Act, type Answering, SmallWorld } from "../helpers/small-world.ts";
import { editPlan, LINKING, listActs, listsPlan } from "../helpers/supplied-plan.ts";

const KEY = "7-12-r1";
const FINDING = {
  severity: "important",
  file: "src/handler.js",
  line: 1,
  description: "no check",
  fix: "check it",
};

/** Runs with one review loop: the review asks for changes until the developer has fixed the handler. */
const LOOP: Record<string, Act> = {
  review: ({ files }) => ({
    result: files["src/handler.js"]?.includes("fixed")
      ? reviewed("approved")
      : reviewed("changes_requested", [FINDING]),
  }),
};

/** A developer that breaks the suite until a person decides on another approach. */
const QUESTION: Record<string, Act> = {
  handler: (work) =>
    work.prompt.includes("use a queue") ? writes("src/handler.js", "queue")(work) : breaks(work),
};

function revises({ question }: Parameters<Answering>[0]): ReturnType<Answering> {
  if (question.text.startsWith("Batch 1 of 2")) return { option: "b", text: "Change the plan" };
  return question.text.includes("The run is stuck")
    ? { text: "revise: use a queue instead" }
    : undefined;
}

/** Three independent failures, each looked into by a specialist of its own. */
const INVESTIGATION: Record<string, Act> = {
  handler: leaves("api", "queue", "store"),
  find: mends,
};

/** A developer that is blocked until the security reviewer has helped it. */
const CONSULTATION: Record<string, Act> = {
  handler: (work) => {
    if (work.prompt.includes("no way on: ")) return writes("src/handler.js", "ok")(work);
    const blocked = { reason: "security", issue: "no way on", attempted: ["x"], recommend: "help" };
    return { result: { status: "blocked", summary: "stuck", blocked } };
  },
  consult: () => ({ result: securityReviewed("approved") }),
};

/** A supplied plan in two batches: at the checkpoint a person has it read anew, and it has changed since. */
const CHANGED = listsPlan(4).replace("### Task 4: Add list 4", "### Task 4: Add a map");
const IN_BATCHES: Record<string, Act> = {
  ...listActs(4),
  "task-4-v2": writes("src/map.js", "export const map = {};"),
};

/** Of runs with more turns a part of the points is tried, every one by `npm run test:full`. */
const PART = process.env["FULL"] ? 1 : 9;

function suppliesLists(world: SmallWorld): void {
  world.planApproval = "large";
  world.hub.body = LINKING.issueBody;
  editPlan(world, listsPlan(4));
  const { answering } = world;
  world.answering = (asked) => {
    editPlan(world, CHANGED);
    return answering(asked);
  };
}

interface End {
  readonly branches: readonly (readonly [string, string])[];
  readonly comments: readonly string[];
  readonly pulls: unknown;
  readonly state: string;
  readonly labels: readonly string[];
  /** I7: what the counters of loops are folded from. */
  readonly gates: readonly string[];
  readonly dispatched: readonly string[];
}

interface Played {
  readonly acts: Record<string, Act>;
  readonly request?: Partial<RunRequest>;
  /** Prepares the world before anything happens in it. */
  readonly made?: (world: SmallWorld) => void;
  readonly state: RunState;
  /** One point of so many is tried; default: every one. */
  readonly part?: number;
}

async function play(
  { acts, request, made }: Played,
  crashAt?: string,
): Promise<{ end: End; points: readonly string[] }> {
  const world = new SmallWorld({ ...goodActs(), ...acts });
  world.answering = revises;
  made?.(world);
  let crashed = false;
  const engine = new MemoryEngine({
    crashAt: (point) => {
      if (crashed || point !== crashAt) return false;
      crashed = true;
      return true;
    },
  });
  world.register(engine);
  await engine.launch();
  await engine.start(RUN, { key: KEY, input: await world.begin(request) });
  if (crashAt) {
    await engine.crashed;
    await engine.restart();
  }
  await engine.ended(KEY);
  const view = await world.view();
  await engine.close();
  const end = {
    branches: [...world.git.branches].sort(([a], [b]) => a.localeCompare(b)),
    comments: [...world.comments.keys()].toSorted(),
    pulls: world.pulls,
    state: view.state,
    labels: [...world.hub.labels],
    gates: [...view.gates, ...view.decisions].map((fact) => `${fact.type} ${fact.gate}`),
    dispatched: world.dispatched,
  };
  return { end, points: engine.points };
}

const RUNS: readonly [name: string, played: Played][] = [
  ["the happy run", { acts: {}, state: "complete" }],
  ["a run with one review loop", { acts: LOOP, state: "complete" }],
  ["a run with a question about its loop", { acts: QUESTION, state: "complete", part: PART }],
  ["a run with three investigators", { acts: INVESTIGATION, state: "complete", part: PART }],
  ["a run with a consultation", { acts: CONSULTATION, state: "complete", part: PART }],
  [
    "C4: a supplied plan that is changed between its batches",
    { acts: IN_BATCHES, request: LINKING, made: suppliesLists, state: "complete", part: PART },
  ],
  [
    "P9: a run that hands its other half over",
    { acts: FULL_STACK_ACTS, request: FULL_STACK, state: "blocked" },
  ],
];

describe.each(RUNS)(
  "K3, RI6, I7: %s, killed at any point and resumed, ends as if it had not been",
  (_name, played) => {
    test("same branches, comments and pull request; nothing finished is dispatched again", async () => {
      const { end, points } = await play(played);
      expect(end.state).toBe(played.state);
      expect(new Set(points).size).toBeGreaterThanOrEqual(200);
      const { part = 1 } = played;
      const tried = [...new Set(points)].filter((_point, index) => index % part === 0);
      for (const point of tried) {
        const again = await play(played, point);
        const { dispatched, ...rest } = again.end;
        const { dispatched: once, ...expected } = end;
        expect(rest, point).toEqual(expected);
        expect(new Set(dispatched), point).toEqual(new Set(once));
        // Only what was under way may run again: at most the three testers, who work together.
        expect(dispatched.length - once.length, point).toBeLessThanOrEqual(3);
      }
    }, 240_000);
  },
);
