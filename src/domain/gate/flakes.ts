import { type Evidence, passed } from "./evidence.ts";

/** One command that ended differently on one and the same commit. */
export interface Flake {
  readonly before: Evidence;
  readonly now: Evidence;
}

/**
 * Commands of `now` that passed and failed on the same commit. Nothing is ever run again to make it green, so a
 * different end says that the command cannot be relied on: it counts as failed, whichever end came last.
 */
export function flakesIn(earlier: readonly Evidence[], now: readonly Evidence[]): Flake[] {
  return now.flatMap((item) => {
    const before = earlier.findLast((one) => sameRun(one, item) && passed(one) !== passed(item));
    return before === undefined ? [] : [{ before, now: item }];
  });
}

function sameRun(one: Evidence, other: Evidence): boolean {
  return (
    one.sha === other.sha &&
    one.kind === other.kind &&
    one.cwd === other.cwd &&
    one.command === other.command
  );
}

/** A flake in words for whoever has to mend it. */
export function flakeProblem({ before, now }: Flake): string {
  const [first, then] = passed(now) ? ["failed", "passed"] : ["passed", "failed"];
  const where = now.cwd === "." ? "" : ` in ${now.cwd}`;
  return `\`${now.command}\`${where} is flaky: on the same commit ${now.sha.slice(0, 7)} it ${first} at ${before.startedAt} and ${then} at ${now.startedAt}. That counts as a failure; make it end the same way every time.`;
}
