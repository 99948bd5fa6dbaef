import type { RunView } from "../domain/run/run.ts";
import { inert } from "./markdown.ts";

const MODE: Readonly<Record<string, string>> = {
  orchestrate: "several specialists, coordinated",
  delegate: "one specialist, directly",
  "architecture-only": "a design decision, no code",
  "testing-only": "tests only",
  "frontend-hand-off": "handed to frontend-orchestrator",
  "full-stack": "backend here, frontend handed over, contract first",
};

/** The result of triage and its reason, for the first comment of a run; undefined before triage. */
export function triageLines(view: RunView): string | undefined {
  const { triage } = view;
  if (!triage) return undefined;
  const phases = triage.phases ?? [];
  return [
    `**Approach:** ${MODE[triage.mode] ?? inert(triage.mode)} (${inert(triage.mode)})`,
    `**Concerns:** ${triage.concerns.map(inert).join(", ") || "none"}${phases.length > 0 ? ` · **Phases:** ${phases.join(", ")}` : ""}`,
    inert(triage.reason),
  ].join("\n");
}
