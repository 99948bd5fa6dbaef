import { diffSignature, errorSignature } from "../../domain/gate/error-signature.ts";
import { type Evidence, passed } from "../../domain/gate/evidence.ts";
import type { Sha } from "../../domain/ids.ts";
import type { RoundGate } from "../../domain/run/method-facts.ts";
import type { RunContext } from "../context.ts";

const TAIL_CHARACTERS = 3_000;
const DIFF_BYTES = 200_000;

/** What a failed verification tells the specialist: each problem, and the end of the output of what failed. */
function failureFindings(run: RunContext, problems: readonly string[]): string[] {
  return [
    ...problems,
    ...failedOnHead(run)
      .slice(-2)
      .map(
        (item) =>
          `Output of \`${item.command}\` (exit ${item.exitCode}):\n${item.outputTail.slice(-TAIL_CHARACTERS)}`,
      ),
  ];
}

/** The latest evidence of every command that does not pass on the present head. */
export function failedOnHead(run: RunContext): Evidence[] {
  const latest = new Map<string, Evidence>();
  for (const { evidence } of run.view.evidence)
    if (evidence.sha === run.head)
      latest.set(`${evidence.kind} ${evidence.cwd} ${evidence.command}`, evidence);
  return [...latest.values()].filter((item) => !passed(item));
}

/** The gate that a red suite failed, its problems and the failure's signature. */
export function redSuite(
  run: RunContext,
  problems: readonly string[],
): { gate: RoundGate; problems: string[]; signature: string } {
  const failed = failedOnHead(run);
  const onlyTests = failed.every((item) => item.kind === "test");
  const output = failed.map((item) => item.outputTail).join("\n");
  return {
    gate: onlyTests ? "tests" : "build",
    problems: failureFindings(run, problems),
    signature: errorSignature(output === "" ? problems.join("\n") : output),
  };
}

/** The signature of a change; undefined when it changes no line of text, which says nothing about its being the same. */
export async function signatureOf(
  run: RunContext,
  change: { base: Sha; head: Sha; of: string },
): Promise<string | undefined> {
  const { base, head, of } = change;
  const { repo } = run.input.request;
  const signature = await run.steps.step(`sign the change of ${of}`, async () =>
    diffSignature(await run.ports.workspaces.diff(repo, { base, head, maxBytes: DIFF_BYTES })),
  );
  return signature === "empty" ? undefined : signature;
}
