import { fullName } from "../ids.ts";
import type { HandOffView } from "../run/method-view.ts";
import type { RunView } from "../run/run.ts";
import { ArchitectureResult } from "../specialist/results.ts";
import { HAND_OFF_TARGETS, ORCHESTRATOR_ROLE } from "../specialist/specialists.ts";
import type { HandOff } from "./hand-off.ts";
import { FRONTEND } from "./words.ts";

const [FRONTEND_ORCHESTRATOR] = HAND_OFF_TARGETS;
const MOST_LINES = 50;
/** Characters of a whole record. */
const MOST_TEXT = 24_000;

/** Why work goes to the other side: all of the request does, its frontend half, or what a specialist found. */
export type HandOffCause = "whole" | "half" | "found";

const REASONS: Readonly<Record<HandOffCause, string>> = {
  whole: "The request concerns the frontend only; backend specialists do not work on it.",
  half: "The request concerns backend and frontend; the backend half is done here.",
  found: "The backend change needs something of the frontend that its request does not name.",
};

/**
 * The record for frontend-orchestrator. Of a frontend-only request it asks for everything; of a full-stack one for the
 * requirements that speak of the frontend and for what specialists found, with the contracts that the accepted design
 * has agreed. `asked` are the request's requirements in its own words. What only a specialist found is not required: no
 * model's word keeps a run from being complete.
 */
export function frontendHandOff(
  view: RunView,
  given: { readonly cause: HandOffCause; readonly asked: readonly string[] },
): HandOff {
  return fitting({
    version: 1,
    from: view.started.orchestrator ?? ORCHESTRATOR_ROLE,
    to: FRONTEND_ORCHESTRATOR,
    run: view.runId,
    repository: fullName(view.repo),
    issue: view.started.issue,
    branch: view.started.runBranch,
    reason: REASONS[given.cause],
    wanted: wantedOf(view, given).slice(0, MOST_LINES).map(short),
    contracts: agreedContracts(view).slice(0, 100).map(short),
    context: contextOf(view).slice(0, 100).map(short),
    required: given.cause !== "found",
  });
}

/** A record small enough to stand in one comment beside its own words: what is said last goes first. */
function fitting(record: HandOff): HandOff {
  const { context, contracts, wanted } = record;
  if (JSON.stringify(record).length <= MOST_TEXT) return record;
  if (context.length > 0) return fitting({ ...record, context: context.slice(0, -1) });
  if (contracts.length > 1) return fitting({ ...record, contracts: contracts.slice(0, -1) });
  return wanted.length > 1 ? fitting({ ...record, wanted: wanted.slice(0, -1) }) : record;
}

function wantedOf(
  view: RunView,
  { cause, asked }: { readonly cause: HandOffCause; readonly asked: readonly string[] },
): string[] {
  const found = frontendNeeds(view);
  if (cause === "found") return found;
  const theirs = cause === "whole" ? asked : asked.filter(ofFrontend);
  if (theirs.length > 0) return [...theirs, ...found];
  const title = view.started.issueTitle.trim() || `Issue ${view.started.issue}`;
  return [cause === "whole" ? title : `The frontend half of: ${title}`, ...found];
}

/** True for a requirement of a full-stack request that the other half brings about. */
export function ofFrontend(requirement: string): boolean {
  return FRONTEND.test(requirement.toLowerCase());
}

function short(text: string): string {
  return text.trim().slice(0, 4_000);
}

/** What specialists say the frontend has to change, from their accepted results; each thing once. */
export function frontendNeeds(view: RunView): string[] {
  const all = view.tasks.flatMap((task) => {
    const { frontend_needed: needed } = (task.result ?? {}) as { frontend_needed?: unknown };
    return task.state === "accepted" && Array.isArray(needed) ? needed : [];
  });
  return [...new Set(all.filter((one) => typeof one === "string").map(short))];
}

/** The API contracts of the accepted designs of a run. */
export function agreedContracts(view: RunView): string[] {
  return designs(view).flatMap((design) => design.decision.contracts);
}

function contextOf(view: RunView): string[] {
  return designs(view).flatMap(({ decision }) => [
    `Decision: ${decision.recommendation}`,
    ...decision.schema.map((line) => `Schema: ${line}`),
    ...decision.boundaries.map((line) => `Boundary: ${line}`),
  ]);
}

function designs(view: RunView): ArchitectureResult[] {
  return view.tasks.flatMap((task) => {
    if (task.phase !== "architecture" || task.state !== "accepted") return [];
    const parsed = ArchitectureResult.safeParse(task.result);
    return parsed.success ? [parsed.data] : [];
  });
}

/**
 * Why the implementation of a full-stack run may not begin yet: the API contract comes first. Undefined when it may,
 * and for every other kind of run.
 */
export function contractFirst(view: RunView): string | undefined {
  if (view.triage?.mode !== "full-stack" || agreedContracts(view).length > 0) return undefined;
  return "the API contract between backend and frontend is not agreed: the design names none in `contracts`";
}

/** The required halves of a request that others have not completed; the run is not complete before they are. */
export function openHalves(view: RunView): HandOffView[] {
  return view.handOffs.filter((one) => one.record.required && one.state !== "complete");
}

/**
 * What keeps a full-stack run from being called complete, as sentences; empty when nothing does. A run that should
 * have handed over and has not is kept, too.
 */
export function halvesProblems(view: RunView): string[] {
  const mode = view.triage?.mode;
  if (mode === "full-stack" && view.handOffs.length === 0)
    return [`the frontend half was not handed to ${FRONTEND_ORCHESTRATOR}`];
  return openHalves(view).map(
    (one) =>
      `the half of ${one.record.to} is ${one.state === "declined" ? "declined" : "not complete"}`,
  );
}

/** The other side that a run waits for with its own half verified; undefined when it waits for none. */
export function awaitedHalf(view: RunView): HandOffView | undefined {
  if (view.state !== "blocked" || view.plan === undefined) return undefined;
  return openHalves(view).find((one) => one.record.to === view.blocked?.recommend);
}
