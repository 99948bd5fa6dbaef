import type { LedgerEvent, LoadFact } from "../run/ledger-event.ts";
import { ORCHESTRATOR_ROLE } from "../specialist/specialists.ts";
import type { DefinitionSet, RoleContext } from "./definition.ts";
import {
  coreSkills,
  missingNote,
  ORCHESTRATOR_STEP_ONE,
  stepOneNames,
  VERIFICATION,
} from "./protocol.ts";
import { isMandatory, skillOfRoute } from "./routing.ts";

declare const stepOne: unique symbol;
declare const verification: unique symbol;

/** The scope under which the orchestrator's loads stand in the ledger. */
export const RUN_SCOPE = "run";

/**
 * Proof that the ledger holds Step 1 of this run, in order, before anything else was done. Only `proveStepOne` makes
 * one; dispatching a specialist requires it as an argument.
 */
export interface Step1Done {
  readonly [stepOne]: true;
  readonly skills: readonly string[];
  /** Gateways that are missing among the definitions, as the ledger's notes say. */
  readonly missingGateways: readonly string[];
}

/** Proof that verifying-before-completion was loaded in this run. Completing a run requires it as an argument. */
export interface VerificationSkillLoaded {
  readonly [verification]: true;
  readonly sha256: string;
}

export type Proven<T> =
  | { readonly ok: true; readonly proof: T }
  | { readonly ok: false; readonly missing: readonly string[]; readonly reason: string };

/**
 * Reads Step 1 out of a run's ledger: the three skills, loaded from the package in their order, before a plan, a
 * question or a specialist. A gateway may be absent only if a note of the host says that it is missing.
 */
export function proveStepOne(events: readonly LedgerEvent[]): Proven<Step1Done> {
  const missingGateways = ORCHESTRATOR_STEP_ONE.filter(
    (name) => name.startsWith("gateway-") && noted(events, missingNote(name)),
  );
  const wanted = ORCHESTRATOR_STEP_ONE.filter((name) => !missingGateways.includes(name));
  const loaded = coreLoadsOf(events, RUN_SCOPE);
  const first = [...new Set(loaded.map((load) => load.load.name))].slice(0, wanted.length);
  const missing = wanted.filter((name) => !loaded.some((load) => load.load.name === name));
  if (missing.length > 0)
    return refuse(missing, `Step 1 is not complete: load ${missing.join(", ")} first.`);
  if (first.join() !== wanted.join())
    return refuse(
      wanted,
      `Step 1 was loaded as ${first.join(", ")}; its order is ${wanted.join(", ")}.`,
    );
  const done = Math.max(
    ...wanted.map((name) => loaded.find((l) => l.load.name === name)?.seq ?? 0),
  );
  const early = events.find((event) => event.seq < done && isAction(event));
  if (early)
    return refuse(
      wanted,
      `Event ${early.seq} (${early.fact.type}) happened before Step 1 was complete.`,
    );
  const proof = { skills: wanted, missingGateways } as unknown as Step1Done;
  return { ok: true, proof: Object.freeze(proof) };
}

function isAction(event: LedgerEvent): boolean {
  const { fact } = event;
  if (fact.type === "dispatch-started") return fact.role !== ORCHESTRATOR_ROLE;
  return (
    fact.type === "plan-accepted" || fact.type === "question-asked" || fact.type === "phase-started"
  );
}

/** Reads the load of verifying-before-completion out of a run's ledger; only the package's own text counts. */
export function proveVerificationLoaded(
  events: readonly LedgerEvent[],
): Proven<VerificationSkillLoaded> {
  const found = coreLoadsOf(events, RUN_SCOPE).find((event) => event.load.name === VERIFICATION);
  if (!found)
    return refuse(
      [VERIFICATION],
      `A run completes only after ${VERIFICATION} was loaded: load it first.`,
    );
  const proof = { sha256: found.load.sha256 } as unknown as VerificationSkillLoaded;
  return { ok: true, proof: Object.freeze(proof) };
}

function refuse(missing: readonly string[], reason: string): Proven<never> {
  return { ok: false, missing, reason };
}

function noted(events: readonly LedgerEvent[], text: string): boolean {
  return events.some((event) => event.fact.type === "note" && event.fact.text === text);
}

function coreLoadsOf(
  events: readonly LedgerEvent[],
  scope: string,
): { seq: number; load: LoadFact }[] {
  return events.flatMap(({ seq, fact }) =>
    fact.type === "loaded" &&
    fact.scope === scope &&
    fact.load.kind === "core-skill" &&
    fact.load.source === "package"
      ? [{ seq, load: fact.load }]
      : [],
  );
}

/** The loads of one dispatch (or, without an id, of the orchestrator), in ledger order. */
export function loadsOf(events: readonly LedgerEvent[], dispatchId?: string): LoadFact[] {
  return events.flatMap(({ fact }) => {
    if (fact.type !== "loaded") return [];
    const belongs = dispatchId ? fact.dispatchId === dispatchId : fact.scope === RUN_SCOPE;
    return belongs ? [fact.load] : [];
  });
}

/**
 * The skills that a dispatch of this role must hold and does not: Step 1, verification, and the mandatory rows of its
 * gateways. Names for core skills, paths for library skills. What is missing among the definitions is not demanded.
 */
export function missingSkills(
  set: DefinitionSet,
  context: RoleContext,
  loaded: readonly LoadFact[],
): string[] {
  const core = [...stepOneNames(set, context), VERIFICATION].filter(
    (name) => coreSkills(set, name).length > 0,
  );
  const gateways = stepOneNames(set, context);
  const library = set.routes.filter(
    (route) =>
      gateways.includes(route.gateway) && isMandatory(route, context) && skillOfRoute(set, route),
  );
  const names = new Set(loaded.filter((l) => l.kind === "core-skill").map((l) => l.name));
  const paths = new Set(loaded.filter((l) => l.kind === "library-skill").map((l) => l.path));
  return [
    ...core.filter((name) => !names.has(name)),
    ...new Set(library.map((route) => route.path).filter((path) => !paths.has(path))),
  ];
}

/** What follows when a result's dispatch lacked skills: nothing, one more dispatch with the list, or a person. */
export type SkillVerdict =
  | { readonly kind: "ok" }
  | { readonly kind: "redispatch"; readonly missing: readonly string[] }
  | { readonly kind: "escalate"; readonly missing: readonly string[] };

/** Judges `missing` skills: the first time the task is dispatched again, the second time a person is asked. */
export function judgeSkills(missing: readonly string[], earlierRefusals: number): SkillVerdict {
  if (missing.length === 0) return { kind: "ok" };
  return earlierRefusals === 0 ? { kind: "redispatch", missing } : { kind: "escalate", missing };
}

/**
 * Compares the skills that a model says it used with the host's load facts. Names and paths that were not loaded are
 * dropped; only the facts ever reach a report.
 */
export function checkClaims(
  claimed: readonly string[],
  loaded: readonly LoadFact[],
): { kept: string[]; dropped: string[] } {
  const known = new Set(loaded.flatMap((load) => [load.name, load.path]));
  const unique = [...new Set(claimed.map((claim) => claim.trim()))];
  return {
    kept: unique.filter((claim) => known.has(claim)),
    dropped: unique.filter((claim) => !known.has(claim)),
  };
}
