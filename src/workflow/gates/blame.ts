import { isGreen, type Position, positionsOf, probe, searched } from "../../domain/gate/bisect.ts";
import { type Evidence, passed } from "../../domain/gate/evidence.ts";
import type { Sha } from "../../domain/ids.ts";
import type { RunContext } from "../context.ts";
import { commandsFor } from "./commands.ts";
import { baseline, runSuite } from "./verify.ts";

/** Since when the suite is red: the state of the run branch that broke it, or already the base. */
export type Blame =
  | { readonly kind: "base" }
  | { readonly kind: "found"; readonly position: Position };

/**
 * Finds which integration, or whose push, made the suite of the run branch red: the states since the last one that is
 * known to be green are run by halves. To be called when the head is red; what is found is recorded.
 */
export async function blame(run: RunContext): Promise<Blame> {
  const { baseSha } = run.view.started;
  const positions = positionsOf(run.facts, { baseSha, head: run.head });
  const evidence = run.view.evidence.map((item) => item.evidence);
  const { known, suspects: all } = searched(positions, evidence);
  let runs = 0;
  if (known !== "green") {
    // Nothing that is known helps: the base decides whether this run is to blame at all.
    const base = known === "outdated" ? await again(run, baseSha) : await baseline(run);
    runs += known === "outdated" ? 1 : 0;
    if (!base.every(passed)) return { kind: "base" };
  }
  let suspects = all;
  for (let at = probe(suspects); at !== undefined; at = probe(suspects)) {
    const { sha } = suspects[at] ?? { sha: baseSha };
    runs += 1;
    const green = isGreen(sha, await again(run, sha));
    suspects = green ? suspects.slice(at + 1) : suspects.slice(0, at + 1);
  }
  const [position] = suspects;
  if (position === undefined) return { kind: "base" };
  const key = `broken by ${position.sha} ${run.nextOrderKey()}`;
  await run.record(key, { type: "suite-broken-by", head: run.head, runs, ...position });
  return { kind: "found", position };
}

function again(run: RunContext, sha: Sha): Promise<readonly Evidence[]> {
  return runSuite(run, { sha, purpose: "bisect", commands: () => commandsFor(run, sha) });
}
