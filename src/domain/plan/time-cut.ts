import { estimateWords } from "../../reports/estimate.ts";
import { duration } from "../../reports/words.ts";
import { type Estimate, estimateTime, type HistoryRecord, taskTypeOf } from "../budget/estimate.ts";
import type { Phase } from "../phase.ts";
import { worksIn } from "../specialist/specialists.ts";

type Measured = Extract<Estimate, { basis: "measured" }>;

/** What the ledger knows that could show a want of time. */
export interface TimeEvidence {
  /** How long the work that is left out takes, as it was measured; absent: nobody measured it. */
  readonly measured?: Measured;
  /** Milliseconds that the run may still take; absent: it has no limit of time. */
  readonly leftMs?: number;
}

/** The kinds of work that a phase can hold, in one repository. */
export function worksOfPhase(
  phase: Phase,
  repositoryId: number,
): Pick<HistoryRecord, "repositoryId" | "specialist" | "phase" | "taskType">[] {
  return worksIn(phase).map(({ specialist, mode }) => ({
    repositoryId,
    specialist,
    phase,
    taskType: taskTypeOf({ mode }),
  }));
}

/** What a phase's quickest kind of work takes, as measured; undefined when none of them was measured. */
export function measuredPhase(
  phase: Phase,
  history: readonly HistoryRecord[],
  repositoryId: number,
): Measured | undefined {
  return worksOfPhase(phase, repositoryId)
    .map((work) => estimateTime(history, work))
    .filter((estimate) => estimate.basis === "measured")
    .toSorted((one, other) => one.medianMs - other.medianMs)[0];
}

const CUTTING =
  /\b(skip(?:ped|ping|s)?|leav(?:e|ing) out|left out|omit(?:ted|ting)?|cut|drop(?:ped|ping)?|without|no|fewer|instead of|not (?:written|tested|run|done))\b/i;
const TIME =
  /\b(?:no|not enough|little|lack of|for want of|short on|limited|out of|running out of|saves?|to save|insufficient)\s+time\b|\btime (?:constraints?|limits?|pressure|budget|reasons)\b|\b(?:would|will|could) take (?:too long|hours|days|weeks|\d+\s*(?:hours?|days?|weeks?))\b|\btoo (?:slow|time[- ]consuming)\b|\bdeadline\b/i;

/**
 * Why a reason that leaves something out for want of time is not accepted, or undefined. Such a reason stands only
 * where a measured duration shows that the work does not fit into the time that the run has left; a model's own
 * estimate shows nothing.
 */
export function timeCutProblem(reason: string, evidence: TimeEvidence = {}): string | undefined {
  const time = timeIn(reason);
  if (time === undefined || backing(evidence)) return undefined;
  const { measured, leftMs } = evidence;
  const no = `"${time}" is no reason to leave work out:`;
  if (!measured)
    return `${no} the ledger holds no measured duration for it. Do it, or measure it first.`;
  const takes = `such work takes ${estimateWords(measured)}`;
  return leftMs === undefined
    ? `${no} ${takes}, and this run has no limit of time. Do it.`
    : `${no} ${takes}, and this run has ${duration(leftMs)} left. Do it.`;
}

/** What backs a cut for want of time, for the record; undefined where the reason is another or nothing backs it. */
export function timeCutBacking(reason: string, evidence: TimeEvidence): string | undefined {
  const backed = timeIn(reason) === undefined ? undefined : backing(evidence);
  return (
    backed &&
    `such work takes ${estimateWords(backed.measured)}, and the run had ${duration(backed.leftMs)} left`
  );
}

function backing({
  measured,
  leftMs,
}: TimeEvidence): { readonly measured: Measured; readonly leftMs: number } | undefined {
  if (!measured || leftMs === undefined || measured.medianMs <= leftMs) return undefined;
  return { measured, leftMs };
}

/** The words in a reason that leave something out for want of time. */
function timeIn(reason: string): string | undefined {
  const time = TIME.exec(reason)?.[0];
  if (time === undefined) return undefined;
  const cuts = CUTTING.test(reason.replace(time, " ")) || /^\s*(?:no|not enough)\b/i.test(time);
  return cuts ? time : undefined;
}
