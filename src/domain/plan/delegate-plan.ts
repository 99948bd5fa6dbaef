import { TaskId } from "../ids.ts";
import { PHASES, type Phase } from "../phase.ts";
import type { QuestionDraft } from "../specialist/results.ts";
import type { Delegate, Triage } from "../triage/mode.ts";
import type { Plan, PlannedPhase, PlannedTask, Requirement, TaskMode } from "./plan.ts";

const PHASE_OF: Readonly<Record<TaskMode, Phase>> = {
  architecture: "architecture",
  implementation: "implementation",
  unit: "testing",
  integration: "testing",
  acceptance: "testing",
  review: "quality",
  security: "quality",
};

const EXPECTED: Readonly<Record<TaskMode, string>> = {
  architecture:
    "One decision with at least two alternatives, their trade-offs, the rationale, boundaries, schema and contracts.",
  implementation:
    "The change with the basic tests that prove it; the repository's build and tests exit with 0.",
  unit: "Unit tests, each of which would fail without what it checks; their files and their number.",
  integration:
    "Integration tests across one real boundary; their files and their number; the suite exits with 0.",
  acceptance:
    "Acceptance tests of the service from outside; their files and their number; the suite exits with 0.",
  review: "A spec verdict, then a quality verdict, with every issue's severity, file and line.",
  security: "A verdict, and every finding with severity, file, line and remedy.",
};

/**
 * The plan of a run that triage gave to one specialist. The host writes it, no model does; the phases that it leaves
 * out carry the reason. Throws when triage asked for coordination or for a hand-off.
 */
export function delegatePlan(
  triage: Triage,
  request: { readonly title: string; readonly requirements: readonly Requirement[] },
): Plan {
  if (triage.delegates.length === 0)
    throw new Error(`A run in mode ${triage.mode} has no single specialist.`);
  const title = request.title.replace(/\s+/g, " ").trim().slice(0, 1_000) || "The request as given";
  const requirements =
    request.requirements.length > 0 ? [...request.requirements] : [{ id: "R1", text: title }];
  const tasks = triage.delegates.map((delegate) => taskOf(delegate, title, requirements));
  const phases = PHASES.map((phase) => phaseOf(phase, tasks, triage));
  return {
    summary: title.length < 3 ? `Do: ${title}` : title,
    concerns: triage.concerns.map((found) => found.concern),
    requirements,
    phases,
  };
}

function taskOf(
  delegate: Delegate,
  title: string,
  requirements: readonly Requirement[],
): PlannedTask {
  const { specialist, mode } = delegate;
  return {
    id: TaskId.parse(mode === "implementation" ? "do-it" : `${mode}-task`),
    title: `${TITLE[mode]}: ${title}`.slice(0, 120),
    specialist,
    mode,
    objective: `${TITLE[mode]} as the issue asks: ${title}`.slice(0, 4_000),
    inputs: [],
    files: [],
    expected_output: EXPECTED[mode],
    depends_on: [],
    requirements: requirements.map((requirement) => requirement.id),
  };
}

const TITLE: Readonly<Record<TaskMode, string>> = {
  architecture: "Decide",
  implementation: "Implement",
  unit: "Write unit tests",
  integration: "Write integration tests",
  acceptance: "Write acceptance tests",
  review: "Review the code",
  security: "Review for security",
};

function phaseOf(phase: Phase, all: readonly PlannedTask[], triage: Triage): PlannedPhase {
  const tasks = all.filter((task) => task.mode !== undefined && PHASE_OF[task.mode] === phase);
  return tasks.length > 0
    ? { phase, tasks }
    : { phase, tasks: [], skip_reason: skipReason(phase, triage) };
}

function skipReason(phase: Phase, { delegates }: Triage): string {
  const who = delegates[0]?.specialist ?? "one specialist";
  const why = `${who} does this request directly`;
  if (phase === "testing" && delegates.some((one) => one.mode === "implementation"))
    return `${why}; the host runs the repository's whole build and tests on the result`;
  return `${why}; nothing in the request asks for this phase`;
}

/**
 * The question to people when the work turned out much larger than triage took it for. `why` is what the specialist,
 * or the host from the diff, says about it.
 */
export function scopeQuestion(why: string): QuestionDraft {
  return {
    text: `The work is larger than it looked: ${why} How shall it go on?`,
    options: [
      {
        key: "a",
        label: "Plan it anew",
        consequence: "the run is planned as work for several specialists; what is done is kept",
      },
      {
        key: "b",
        label: "Keep to the request",
        consequence: "the specialist does only what was asked and lists the rest",
      },
      { key: "c", label: "Stop", consequence: "the run ends; its branches stay" },
    ],
    recommended: "a",
  };
}
