import type { Phase } from "../phase.ts";
import type { TestMode } from "../specialist/results.ts";
import { HAND_OFF_TARGETS } from "../specialist/specialists.ts";
import { Concern, type Delegate, type FoundConcern, type Triage, type TriageMode } from "./mode.ts";

const [FRONTEND_ORCHESTRATOR] = HAND_OFF_TARGETS;
const ACCEPTANCE_ENGINEER = "acceptance-test-engineer";
const WORDS_KEPT = 5;

/** Concerns that are work of a phase of their own; the others say how that work is to be done. */
const CORE: readonly Concern[] = ["architecture", "implementation", "testing", "review"];

/** What a request says about the tests it wants. */
interface Tests {
  readonly testModes: readonly TestMode[];
  readonly wholeSystem: boolean;
}

/** The decision table of triage: from the concerns (each with the words that gave it) to mode, phases and reason. */
export function decideMode(words: ReadonlyMap<Concern, ReadonlySet<string>>, tests: Tests): Triage {
  const concerns = Concern.options
    .filter((concern) => words.has(concern))
    .map((concern) => ({ concern, words: [...(words.get(concern) ?? [])].slice(0, WORDS_KEPT) }));
  const named = new Set(concerns.map((one) => one.concern));
  const mode = modeOf(named);
  const delegates = delegatesOf(mode, named, tests);
  return {
    mode,
    concerns,
    delegates,
    phases: phasesOf(mode, named),
    reason: reasonOf(mode, concerns, delegates),
  };
}

function modeOf(named: ReadonlySet<Concern>): TriageMode {
  const core = CORE.filter((concern) => named.has(concern));
  if (named.has("frontend"))
    return core.length > 0 || named.has("security") ? "full-stack" : "frontend-hand-off";
  // Work on auth, input or secrets brings the security reviewer, and so does a review beside an audit.
  if (core.length >= 2 || (core.length === 1 && named.has("security"))) return "orchestrate";
  if (named.has("architecture")) return "architecture-only";
  if (named.has("testing")) return "testing-only";
  return "delegate";
}

function delegatesOf(
  mode: TriageMode,
  named: ReadonlySet<Concern>,
  { testModes, wholeSystem }: Tests,
): Delegate[] {
  if (mode === "architecture-only") return [{ specialist: "backend-lead", mode: "architecture" }];
  if (mode === "testing-only")
    return testModes.map((one) => ({
      // The tester does acceptance tests, too; the engineer only what needs the whole system and real services.
      specialist: wholeSystem && one === "acceptance" ? ACCEPTANCE_ENGINEER : "backend-tester",
      mode: one,
    }));
  if (mode !== "delegate") return [];
  if (named.has("review")) return [{ specialist: "backend-lead", mode: "review" }];
  if (!named.has("implementation"))
    return [{ specialist: "backend-security-reviewer", mode: "security" }];
  const specialist = named.has("integration") ? "integration-developer" : "backend-developer";
  return [{ specialist, mode: "implementation" }];
}

function phasesOf(mode: TriageMode, named: ReadonlySet<Concern>): Phase[] {
  if (mode === "frontend-hand-off") return [];
  const writes = named.has("implementation");
  const whole = mode === "orchestrate" || mode === "full-stack";
  const wanted: readonly (readonly [Phase, boolean])[] = [
    ["architecture", named.has("architecture") || mode === "full-stack"],
    ["implementation", writes],
    ["testing", named.has("testing") || (whole && writes)],
    ["quality", named.has("review") || (named.has("security") && !writes) || (whole && writes)],
  ];
  return wanted.filter(([, holds]) => holds).map(([phase]) => phase);
}

function reasonOf(
  mode: TriageMode,
  concerns: readonly FoundConcern[],
  delegates: readonly Delegate[],
): string {
  const list = sentenceList(concerns.map(quoted));
  const who = [...new Set(delegates.map((one) => one.specialist))].join(", ");
  switch (mode) {
    case "orchestrate":
      return `The request concerns ${list}: several specialists are coordinated, phase by phase.`;
    case "full-stack":
      return `The request concerns ${list}: the API contract is agreed first, the backend half is done here, and the frontend half is handed to ${FRONTEND_ORCHESTRATOR}.`;
    case "frontend-hand-off":
      return `The request concerns only ${list}: nothing is done here; it belongs to ${FRONTEND_ORCHESTRATOR}.`;
    default:
      return `The request concerns only ${list}: ${who} does it directly, without the other phases; Step 1 and the verification still apply.`;
  }
}

function quoted({ concern, words }: FoundConcern): string {
  return words.length === 0
    ? concern
    : `${concern} (${words.map((word) => `"${word}"`).join(", ")})`;
}

function sentenceList(parts: readonly string[]): string {
  return parts.length < 2
    ? parts.join("")
    : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1) ?? ""}`;
}
