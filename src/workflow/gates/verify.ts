import type { Evidence, RepoCommand } from "../../domain/gate/evidence.ts";
import { flakeProblem, flakesIn } from "../../domain/gate/flakes.ts";
import { type VerifiedCommit, verifyCommit } from "../../domain/gate/verdict.ts";
import type { Sha } from "../../domain/ids.ts";
import type { LedgerEvent } from "../../domain/run/ledger-event.ts";
import type { RunContext } from "../context.ts";
import { baseSuite, commandsFor } from "./commands.ts";

/** What the evidence of the run's base commit is recorded for. */
const BASE = "base";

/**
 * Runs the repository's own commands on exactly `sha` in a fresh checkout and records the evidence. The commands are
 * those of the base commit: a specialist cannot weaken them; only a base without any takes them from the change. What
 * ended otherwise on this commit before counts as failed, unless a person has reopened the run since.
 */
export async function verify(
  run: RunContext,
  sha: Sha,
  purpose: string,
): Promise<VerifiedCommit | { readonly problems: readonly string[] }> {
  const earlier = evidenceSinceReopened(run);
  const evidence = await runSuite(run, { sha, purpose, commands: () => commandsFor(run, sha) });
  const flaky = flakesIn(earlier, evidence).map(flakeProblem);
  const verdict = verifyCommit(evidence, sha);
  if (flaky.length === 0) return verdict;
  return { problems: [...("problems" in verdict ? verdict.problems : []), ...flaky] };
}

function evidenceSinceReopened(run: RunContext): Evidence[] {
  const from = run.events.findLastIndex(({ fact }) => fact.type === "reopened");
  return run.events.slice(from + 1).flatMap(evidenceOf);
}

/**
 * The suite of the run's base commit without lint, run once: what was red or counted before the change. Empty when the
 * base has no test command.
 */
export async function baseline(run: RunContext): Promise<readonly Evidence[]> {
  const known = run.view.evidence.filter(({ purpose }) => purpose === BASE);
  if (known.length > 0) return known.map(({ evidence }) => evidence);
  return runSuite(run, {
    sha: run.view.started.baseSha,
    purpose: BASE,
    commands: () => baseSuite(run),
  });
}

interface Suite {
  readonly sha: Sha;
  readonly purpose: string;
  /** Read inside the step. */
  readonly commands: () => Promise<readonly RepoCommand[]>;
}

/** Runs commands on one commit and records the evidence for that purpose, fresh each time. */
export async function runSuite(
  run: RunContext,
  { sha, purpose, commands }: Suite,
): Promise<readonly Evidence[]> {
  const { repo } = run.input.request;
  const { workspaces, ledger } = run.ports;
  const { runId } = run.input;
  // Evidence is fresh each time, also for a commit that was verified before.
  const time = run.nextOrderKey();
  const events = await run.steps.step(`verify ${purpose}`, async (signal) => {
    const wanted = await commands();
    const evidence =
      wanted.length === 0
        ? []
        : await workspaces.run(repo, { runId, sha, commands: wanted, signal });
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
  return events.flatMap(evidenceOf);
}

function evidenceOf({ fact }: LedgerEvent): Evidence[] {
  return fact.type === "evidence" ? [fact.evidence] : [];
}
