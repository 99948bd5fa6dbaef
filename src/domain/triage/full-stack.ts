import { fullName } from "../ids.ts";
import type { HandOffView } from "../run/method-view.ts";
import type { RunView } from "../run/run.ts";
import { ArchitectureResult } from "../specialist/results.ts";
import { HAND_OFF_TARGETS } from "../specialist/specialists.ts";
import type { HandOff } from "./hand-off.ts";
import type { TriageMode } from "./mode.ts";
import { FRONTEND } from "./words.ts";

const [FRONTEND_ORCHESTRATOR] = HAND_OFF_TARGETS;
const MOST_LINES = 50;

/**
 * The record for frontend-orchestrator. Of a frontend-only request it asks for everything; of a full-stack one for the
 * requirements that speak of the frontend, with the contracts that the accepted design has agreed. `wanted` are the
 * request's requirements in its own words.
 */
export function frontendHandOff(
  view: RunView,
  given: { readonly mode: TriageMode; readonly wanted: readonly string[] },
): HandOff {
  const { mode, wanted } = given;
  const whole = mode === "frontend-hand-off";
  const theirs = whole ? wanted : wanted.filter((text) => FRONTEND.test(text.toLowerCase()));
  const title = view.started.issueTitle.trim() || `Issue ${view.started.issue}`;
  const fallback = whole ? title : `The frontend half of: ${title}`;
  return {
    version: 1,
    from: "backend-orchestrator",
    to: FRONTEND_ORCHESTRATOR,
    run: view.runId,
    repository: fullName(view.repo),
    issue: view.started.issue,
    branch: view.started.runBranch,
    reason: whole
      ? "The request concerns the frontend only; backend specialists do not work on it."
      : "The request concerns backend and frontend; the backend half is done here.",
    wanted: theirs.length > 0 ? theirs.slice(0, MOST_LINES).map(short) : [short(fallback)],
    contracts: agreedContracts(view).slice(0, 100).map(short),
    context: contextOf(view).slice(0, 100).map(short),
    required: true,
  };
}

function short(text: string): string {
  return text.trim().slice(0, 4_000);
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
