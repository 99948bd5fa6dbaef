/** Why a run ends blocked, as the parts of the one sentence that says so. What has a page of its own is not here. */
import type { Phase } from "../domain/phase.ts";
import type { BlockedView } from "../domain/run/run.ts";
import { givenUpWords } from "./loops.ts";
import { count, shortSha } from "./words.ts";

type Blocked = Omit<BlockedView, "type">;

/** No plan passed the host's judgement; `wrong` is what the last one lacked. */
export function noSoundPlan(attempts: number, wrong: readonly string[]): Blocked {
  return {
    issue: "no sound plan was proposed",
    attempted: [`asked for a plan ${count(attempts, "time")}`, ...wrong],
    recommend: "user",
    capability: "a description of the task in smaller pieces; then comment /orchestrate retry",
  };
}

/** The orchestrator agent itself says that it cannot plan this. */
export function cannotPlan(said: {
  readonly summary: string;
  readonly issue?: string | undefined;
  readonly attempted?: readonly string[] | undefined;
  readonly recommend?: string | undefined;
}): Blocked {
  return {
    issue: said.issue ?? said.summary,
    attempted: [...(said.attempted ?? ["asked the orchestrator for a plan"])],
    recommend: "user",
    capability: said.recommend ?? "what is missing",
  };
}

/** A request for one specialist that the roster cannot serve. */
export function noDelegate(problems: readonly string[]): Blocked {
  return {
    issue: `this request cannot be given to one specialist: ${problems[0] ?? ""}`,
    attempted: ["planned it for that specialist alone", ...problems.slice(1)],
    recommend: "user",
    capability: "the specialist's definition, or a request that names more",
  };
}

/** The work outgrew its request, and `by` stopped it, or nobody said how to go on. */
export function tooLarge(larger: string, by: string | undefined): Blocked {
  return {
    issue: `the work is larger than it looked: ${larger}`,
    attempted: [
      by === undefined
        ? "asked how to go on and waited"
        : `asked how to go on, and ${by} stopped it`,
    ],
    recommend: "user",
    capability: "a request of the size that is wanted",
  };
}

/** The ledger says that going on is no use; `attempts` are the latest dispatches. */
export function givenUp(why: string, attempts: readonly string[]): Blocked {
  return {
    issue: givenUpWords(why),
    attempted: [...attempts],
    recommend: "user",
    capability: "a look at what happened; /orchestrate retry goes on from there",
  };
}

/** A loop has used up its limit and was ended; `issue` says by whom and why. */
export function loopBlocked(issue: string, attempted: readonly string[]): Blocked {
  return {
    issue,
    attempted: [...attempted],
    recommend: "user",
    capability: "another approach; /orchestrate retry goes on from there",
  };
}

/** Tasks wait for others that never come. */
export function nobodyCanStart(phase: Phase, tasks: readonly string[]): Blocked {
  return {
    issue: `no task of phase ${phase} can start: ${tasks.join(", ")}`,
    attempted: ["waited for the tasks they depend on"],
    recommend: "user",
    capability: "a plan whose dependencies can be met",
  };
}

/** A person closed the pull request while work went on: that is a decision against it. */
export function pullRequestClosed(): Blocked {
  return {
    issue: "the pull request was closed",
    attempted: ["kept its branches as they are"],
    recommend: "user",
    capability: "a new /orchestrate if the work is still wanted",
  };
}

/** Phases were left open that nobody skipped. */
export function phasesOpen(phases: readonly Phase[]): Blocked {
  return {
    issue: `phases are not finished: ${phases.join(", ")}`,
    attempted: ["ran every planned task"],
    recommend: "user",
    capability: "a look at the plan",
  };
}

/** Somebody pushed again and again while the end was verified. */
export function headKeptMoving(branch: string, looks: number): Blocked {
  return {
    issue: `the head of ${branch} kept changing while the suite ran on it`,
    attempted: [`ran the suite on it ${count(looks, "time")}`],
    recommend: "user",
    capability: "a branch that nobody pushes to for a while; then comment /orchestrate retry",
  };
}

/** Checks that the repository requires never reported. */
export function checksMissing(hours: number, sha: string): Blocked {
  return {
    issue: "required checks of this repository did not report",
    attempted: [`waited ${count(hours, "hour")} for them on ${shortSha(sha)}`],
    recommend: "user",
    capability: "checks that run; then comment /orchestrate retry",
  };
}

/** The run branch does not hold the run's commits any more; `actual` is where it stands, if it stands at all. */
export function branchLost(branch: string, actual: string | undefined): Blocked {
  const what = actual
    ? `was moved to ${shortSha(actual)} by somebody else, without the commits of this run`
    : "was deleted by somebody else";
  return {
    issue: `branch ${branch} ${what}`,
    attempted: ["kept it as it is; nothing is ever forced over it"],
    recommend: "user",
    capability: "a decision whose work to keep",
  };
}
