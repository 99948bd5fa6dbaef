const DAY_MS = 24 * 3_600_000;

/** One stretch of waiting for an answer, and how many reminders there have been when it ends without one. */
export interface Stretch {
  readonly ms: number;
  /** 0 for the last stretch: after it nobody is reminded any more, the question is closed. */
  readonly reminder: number;
}

/**
 * How a question's time is divided: a reminder after each of `reminderDays` that lies before `questionDays`, then the
 * rest. A reminder decides nothing, whatever its number.
 */
export function stretches(of: {
  readonly reminderDays: readonly number[];
  readonly questionDays: number;
}): Stretch[] {
  const days = [...new Set(of.reminderDays)]
    .filter((day) => day > 0 && day < of.questionDays)
    .toSorted((a, b) => a - b);
  const ends = [...days, of.questionDays];
  return ends.map((end, index) => ({
    ms: Math.round((end - (ends[index - 1] ?? 0)) * DAY_MS),
    reminder: index < days.length ? index + 1 : 0,
  }));
}
