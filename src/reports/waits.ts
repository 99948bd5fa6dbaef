/** What a run waits for, in the words that stand beside its state. */

export function answerAwaited(number: number): string {
  return `Answer question Q${number} on the issue.`;
}

export function pausedBy(by: string): string {
  return `Paused by ${by}. Comment /orchestrate resume to go on.`;
}

/** Required checks that have not reported yet. */
export function checksAwaited(names: readonly string[]): string {
  return `Required by this repository and not reported yet: ${names.join(", ")}.`;
}

/** The machine that the run is on has run out of disk, memory, files or processes for now. */
export function roomAwaited(reason: string): string {
  return `The machine that this runs on is full for now, and its operator can make room: ${reason}`;
}
