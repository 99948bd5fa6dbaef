/** What somebody measured, as the ledger has it. */
export interface MeasuredDuration {
  readonly what: string;
  readonly durationMs: number;
}

const CUTTING =
  /\b(skip(?:ped|ping|s)?|leav(?:e|ing) out|left out|omit(?:ted|ting)?|cut|drop(?:ped|ping)?|without|no|fewer|instead of|not (?:written|tested|run|done))\b/i;
const TIME =
  /\b(?:no|not enough|little|lack of|for want of|short on|limited|out of|running out of|saves?|to save|insufficient)\s+time\b|\btime (?:constraints?|limits?|pressure|budget|reasons)\b|\b(?:would|will|could) take (?:too long|hours|days|weeks|\d+\s*(?:hours?|days?|weeks?))\b|\btoo (?:slow|time[- ]consuming)\b|\bdeadline\b/i;

/**
 * Why a reason that leaves something out for want of time is not accepted, or undefined. Such a reason stands only
 * with a duration from the ledger; a model's own estimate is none.
 */
export function timeCutProblem(
  reason: string,
  measured: readonly MeasuredDuration[] = [],
): string | undefined {
  const time = TIME.exec(reason)?.[0];
  if (time === undefined || measured.length > 0) return undefined;
  if (!CUTTING.test(reason.replace(time, " ")) && !/^\s*(?:no|not enough)\b/i.test(time))
    return undefined;
  return `"${time}" is no reason to leave work out: the ledger holds no measured duration for it. Do it, or measure it first.`;
}
