import { describe, expect, test } from "vitest";
import type { RunState } from "../../src/domain/run/run.ts";
import { MemoryEngine } from "../../src/engine/memory/engine.ts";
import type { RunRequest } from "../../src/ports/control.ts";
import { RUN } from "../../src/workflow/orchestrate.ts";
import { FULL_STACK, FULL_STACK_ACTS } from "../helpers/full-stack.ts";
import { goodActs, reviewed } from "../helpers/scripted-acts.ts";
import { type Act, SmallWorld } from "../helpers/small-world.ts";

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

interface End {
  readonly branches: readonly (readonly [string, string])[];
  readonly comments: readonly string[];
  readonly pulls: unknown;
  readonly state: string;
  readonly labels: readonly string[];
  readonly dispatched: readonly string[];
}

interface Played {
  readonly acts: Record<string, Act>;
  readonly request?: Partial<RunRequest>;
  readonly state: RunState;
}

async function play(
  { acts, request }: Played,
  crashAt?: string,
): Promise<{ end: End; points: readonly string[] }> {
  const world = new SmallWorld({ ...goodActs(), ...acts });
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
    dispatched: world.dispatched,
  };
  return { end, points: engine.points };
}

const RUNS: readonly [name: string, played: Played][] = [
  ["the happy run", { acts: {}, state: "complete" }],
  ["a run with one review loop", { acts: LOOP, state: "complete" }],
  [
    "P9: a run that hands its other half over",
    { acts: FULL_STACK_ACTS, request: FULL_STACK, state: "blocked" },
  ],
];

describe.each(RUNS)(
  "K3, RI6: %s, killed at any point and resumed, ends as if it had not been",
  (_name, played) => {
    test("same branches, comments and pull request; nothing finished is dispatched again", async () => {
      const { end, points } = await play(played);
      expect(end.state).toBe(played.state);
      expect(new Set(points).size).toBeGreaterThan(150);
      for (const point of new Set(points)) {
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
