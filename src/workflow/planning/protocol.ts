import { situationOf } from "../../domain/plan/step-two.ts";
import type { LedgerFact } from "../../domain/run/ledger-event.ts";
import { protocolLoads } from "../../domain/skill/protocol.ts";
import {
  loadsOf,
  proveStepOne,
  proveVerificationLoaded,
  RUN_SCOPE,
  type Step1Done,
  type VerificationSkillLoaded,
} from "../../domain/skill/protocol-proof.ts";
import { ORCHESTRATOR_ROLE } from "../../domain/specialist/specialists.ts";
import type { RunContext } from "../context.ts";
import { requestText } from "../request.ts";

/** Loads Step 1 into the run's ledger, before anything else is done, and gives the proof that dispatching needs. */
export async function stepOne(run: RunContext): Promise<Step1Done> {
  await loadSkills(run, "step 1", undefined);
  const proven = proveStepOne(run.events);
  if (!proven.ok) throw new Error(proven.reason);
  return proven.proof;
}

/**
 * Loads what Step 2 demands in the run's present situation; `when` names the moment, once each. `independentFailures`
 * is the number of groups of failures that are about to be looked into.
 */
export function stepTwo(run: RunContext, when: string, independentFailures = 0): Promise<void> {
  return loadSkills(run, `step 2 ${when}`, { finishing: false, independentFailures });
}

/** Loads the verification skill, as before every completion, and gives the proof that completing needs. */
export async function verificationSkill(run: RunContext): Promise<VerificationSkillLoaded> {
  await loadSkills(run, `step 2 finishing ${run.nextOrderKey()}`, {
    finishing: true,
    independentFailures: 0,
  });
  const proven = proveVerificationLoaded(run.events);
  if (!proven.ok) throw new Error(proven.reason);
  return proven.proof;
}

async function loadSkills(
  run: RunContext,
  key: string,
  moment: { readonly finishing: boolean; readonly independentFailures: number } | undefined,
): Promise<void> {
  const { request, runId } = run.input;
  const { facts } = run;
  const text = requestText(request);
  const events = await run.steps.step(key, async () => {
    const set = await run.ports.definitions.load(request.repo, run.view.started.definitionsSha);
    const planned = protocolLoads(set, {
      role: ORCHESTRATOR_ROLE,
      text,
      labels: request.labels,
      paths: [],
      alreadyLoaded: loadsOf(run.events),
      ...(moment === undefined
        ? {}
        : {
            situation: situationOf(facts, {
              ...moment,
              planSupplied: run.planning.reading !== undefined,
            }),
          }),
    });
    const found: LedgerFact[] = [
      ...planned.warnings.map((warning) => ({ type: "note" as const, text: warning })),
      ...planned.loads.map((load) => ({
        type: "loaded" as const,
        scope: RUN_SCOPE,
        load: load.fact,
      })),
    ];
    const stored = [];
    for (const [index, fact] of found.entries())
      stored.push(await run.ports.ledger.append(runId, `${key}#${index}`, fact));
    return stored;
  });
  run.adopt(events);
}
