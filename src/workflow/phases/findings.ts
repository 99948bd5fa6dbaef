import { passed } from "../../domain/gate/evidence.ts";
import type { RunContext } from "../context.ts";

const TAIL_CHARACTERS = 3_000;

/** What a failed verification tells the specialist: each problem, and the end of the output of what failed. */
export function failureFindings(run: RunContext, problems: readonly string[]): string[] {
  const failed = run.view.evidence
    .map((item) => item.evidence)
    .filter((item) => item.sha === run.head && !passed(item))
    .slice(-2);
  return [
    ...problems,
    ...failed.map(
      (item) =>
        `Output of \`${item.command}\` (exit ${item.exitCode}):\n${item.outputTail.slice(-TAIL_CHARACTERS)}`,
    ),
  ];
}
