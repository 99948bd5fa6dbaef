import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isOwnBranch } from "../../src/domain/branch-name.ts";
import { verifyCommit } from "../../src/domain/gate/verdict.ts";
import { PHASES } from "../../src/domain/phase.ts";
import { applyEvent, foldRun } from "../../src/domain/run/fold.ts";
import type { LedgerEvent, LedgerFact } from "../../src/domain/run/ledger-event.ts";
import { StatusReport, statusReport } from "../../src/domain/status-schema.ts";
import { statusComment } from "../../src/reports/status-comment.ts";
import { mends } from "../helpers/loop-acts.ts";
import { runWith } from "../helpers/play-run.ts";
import { goodActs, securityReviewed } from "../helpers/scripted-acts.ts";
import type { Act, SmallWorld } from "../helpers/small-world.ts";

const RUNS = process.env["FULL"] ? 2_000 : 60;
const TASKS = [
  "handler",
  "unit",
  "integration",
  "acceptance",
  "review",
  "security",
  "fix",
] as const;

/** Ways in which an attempt can go wrong. The last one is no mistake. */
const MISCHIEF = [
  "no-result",
  "crashed",
  "claims",
  "breaks",
  "edits",
  "objects",
  "garbage",
  "is-blocked",
  "breaks-three",
  "well",
] as const;
type Mischief = (typeof MISCHIEF)[number];

function misbehave(good: Act, script: readonly Mischief[]): Act {
  return (work) => {
    const kind = script[work.attempt - 1] ?? "well";
    const result = kind === "well" ? undefined : wrong(kind, work);
    return result ?? good(work);
  };
}

function wrong(kind: Mischief, work: Parameters<Act>[0]): ReturnType<Act> | undefined {
  switch (kind) {
    case "no-result":
    case "crashed":
      return { status: kind };
    case "claims":
      return {
        result: {
          status: "complete",
          summary: "all done, trust me",
          files_modified: [],
          notes: [],
        },
      };
    case "garbage":
      return { result: "done" };
    case "breaks":
      work.files["src/probe.js"] = "BROKEN";
      return undefined;
    case "is-blocked":
      return { result: { status: "blocked", summary: "stuck", blocked: BLOCKED } };
    case "breaks-three":
      for (const part of PARTS) work.files[`src/${part}.js`] = `BROKEN ${part} is not there`;
      return undefined;
    case "edits":
      work.files["src/sneaky.js"] = "x";
      return undefined;
    default:
      return undefined;
  }
}

const PARTS = ["api", "queue", "store"] as const;
const BLOCKED = { reason: "security", issue: "no way on", attempted: ["x"], recommend: "help" };

/** What people say when a loop has used up its limit. */
const decisions = fc.constantFrom(
  { option: "a", text: "Continue" },
  { option: "b", text: "b: we live with it for now" },
  { text: "revise: do it in another way" },
  { option: "d", text: "Abort" },
);

const scripts = fc.record(
  Object.fromEntries(
    TASKS.map((task) => [task, fc.array(fc.constantFrom(...MISCHIEF), { maxLength: 4 })]),
  ),
);

async function played(
  script: Record<string, readonly Mischief[]>,
  decision: { option?: string; text: string },
): Promise<{ world: SmallWorld; events: LedgerEvent[] }> {
  const good = goodActs();
  const acts = Object.fromEntries(
    TASKS.map((task) => {
      const act = good[task];
      if (!act) throw new Error(`no act for ${task}`);
      return [task, misbehave(mending(task, act), script[task] ?? [])];
    }),
  );
  const helpers = { find: mends, consult: () => ({ result: securityReviewed("approved") }) };
  const { world } = await runWith(
    { ...acts, ...helpers },
    {
      answering: ({ question }) =>
        question.text.includes("The run is stuck") ? decision : undefined,
    },
  );
  return { world, events: await world.ledger.read((await world.view()).runId) };
}

/** A fix that works takes the planted breakage away. */
function mending(task: string, act: Act): Act {
  if (task !== "fix" && task !== "handler") return act;
  return (work) => {
    delete work.files["src/probe.js"];
    for (const part of PARTS) delete work.files[`src/${part}.js`];
    work.files[`src/${task}-${work.attempt}.js`] = "ok";
    return act(work);
  };
}

function facts<T extends LedgerFact["type"]>(
  events: readonly LedgerEvent[],
  type: T,
): Extract<LedgerFact, { type: T }>[] {
  return events
    .map((event) => event.fact)
    .filter((fact): fact is Extract<LedgerFact, { type: T }> => fact.type === type);
}

/** E1, E4: phases begin in canonical order, each only after the one before has ended. */
function phasesInOrder(events: readonly LedgerEvent[]): void {
  const begun = facts(events, "phase-started").map((fact) => PHASES.indexOf(fact.phase));
  expect(begun).toEqual(begun.toSorted((a, b) => a - b));
  let open: string | undefined;
  for (const { fact } of events) {
    if (fact.type === "phase-started") {
      expect(open).toBeUndefined();
      open = fact.phase;
    }
    if (fact.type === "phase-completed" || fact.type === "phase-failed") open = undefined;
    if (fact.type !== "dispatch-started" || !fact.phase) continue;
    // What a person said too late for a phase is worked on between two of them.
    if (open === undefined) expect(fact.taskId).toMatch(/^(?:fix|find|consult)-/);
    else expect(fact.phase).toBe(open);
  }
}

/** L2: a task is at work before it is done, and done only by what its own dispatch brought. */
function tasksMoveAlongTheirEdges(events: readonly LedgerEvent[]): void {
  const states = new Map<string, string>();
  for (const { fact } of events) {
    if (fact.type === "dispatch-started") states.set(fact.taskId, "running");
    if (fact.type === "task-accepted") {
      expect(states.get(fact.taskId), `${fact.taskId} was accepted`).toBe("running");
      states.set(fact.taskId, "accepted");
    }
    if (fact.type === "task-refused")
      expect(states.get(fact.taskId), `${fact.taskId} was refused`).toBe("running");
  }
}

/** K1, O1: after every single event the record is whole: the nine keys are valid and the comment can be rendered. */
function everyPrefixCanBeShown(events: readonly LedgerEvent[]): void {
  events.forEach((event, index) => expect(event.seq).toBe(index + 1));
  const [first, ...rest] = events;
  if (!first) throw new Error("an empty ledger");
  let view = foldRun([first]);
  for (const event of rest) {
    view = applyEvent(view, event);
    expect(StatusReport.safeParse(statusReport(view)).success).toBe(true);
  }
  expect(statusComment(view, { webUrl: "http://127.0.0.1" })).toContain("Status report (JSON)");
}

/** N1: complete means fresh proof on the pull request's head; anything else leaves it a draft. */
function completeOnlyWithProof(world: SmallWorld, events: readonly LedgerEvent[]): void {
  const view = foldRun(events);
  const evidence = facts(events, "evidence").map((fact) => fact.evidence);
  if (view.state !== "complete") {
    expect(world.pulls.every((pull) => pull.draft)).toBe(true);
    expect(view.state).toBe("blocked");
    return;
  }
  expect(verifyCommit(evidence, view.headSha)).toHaveProperty("sha", view.headSha);
  expect(world.git.branches.get(view.started.runBranch)).toBe(view.headSha);
  for (const task of view.tasks)
    if (!task.addedBecause && (task.task.mode === "review" || task.task.mode === "security"))
      expect(task.sha).toBe(view.headSha);
}

/** SI3: nothing but the run's own branches is ever written. */
function ownBranchesOnly(world: SmallWorld): void {
  for (const { branch } of world.git.pushes) expect(isOwnBranch(branch)).toBe(true);
}

describe("the run machine", () => {
  test("E1, E4, G6, K1, L2, N1, SI3: whatever specialists do, a run keeps its rules and comes to an end", async () => {
    const ends = new Set<string>();
    await fc.assert(
      fc.asyncProperty(scripts, decisions, async (script, decision) => {
        const { world, events } = await played(script, decision);
        phasesInOrder(events);
        tasksMoveAlongTheirEdges(events);
        everyPrefixCanBeShown(events);
        completeOnlyWithProof(world, events);
        ownBranchesOnly(world);
        expect(world.dispatched.length).toBeLessThanOrEqual(80);
        expect(world.mostAtWork).toBeLessThanOrEqual(3);
        ends.add(foldRun(events).state);
      }),
      { numRuns: RUNS },
    );
    expect(ends).toEqual(new Set(["complete", "blocked"]));
  });
});
