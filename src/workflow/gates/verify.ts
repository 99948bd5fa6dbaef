import type { Evidence } from "../../domain/gate/evidence.ts";
import { type VerifiedCommit, verifyCommit } from "../../domain/gate/verdict.ts";
import type { Sha } from "../../domain/ids.ts";
import type { RunContext } from "../context.ts";

/**
 * Runs the repository's own commands on exactly `sha` in a fresh checkout and records the evidence. The commands are
 * those of the base commit: a specialist cannot weaken them; only a base without any takes them from the change.
 */
export async function verify(
  run: RunContext,
  sha: Sha,
  purpose: string,
): Promise<VerifiedCommit | { readonly problems: readonly string[] }> {
  const { repo } = run.input.request;
  const { workspaces, ledger } = run.ports;
  const { runId } = run.input;
  const baseSha = run.view.started.baseSha;
  // Evidence is fresh each time, also for a commit that was verified before.
  const time = run.nextOrderKey();
  const events = await run.steps.step(`verify ${purpose}`, async (signal) => {
    const fixed = await workspaces.commands(repo, baseSha);
    const commands = fixed.some((command) => command.kind === "test")
      ? fixed
      : (await workspaces.commands(repo, sha)).map((command) => ({
          ...command,
          source: "change" as const,
        }));
    const evidence = await workspaces.run(repo, { runId, sha, commands, signal });
    const stored = [];
    for (const [index, item] of evidence.entries())
      stored.push(
        await ledger.append(runId, `verify/${time}/${sha}#${index}`, {
          type: "evidence",
          purpose,
          evidence: item,
        }),
      );
    run.ports.status.touch(runId);
    return stored;
  });
  run.adopt(events);
  return verifyCommit(events.flatMap(evidenceOf), sha);
}

function evidenceOf(event: { readonly fact: { readonly type: string } }): Evidence[] {
  return "evidence" in event.fact ? [event.fact.evidence as Evidence] : [];
}
