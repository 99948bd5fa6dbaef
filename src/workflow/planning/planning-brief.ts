import type { RepoCommand } from "../../domain/gate/evidence.ts";
import { TaskId } from "../../domain/ids.ts";
import type { PlannedTask } from "../../domain/plan/plan.ts";
import { FINDINGS_KEPT } from "../../domain/specialist/briefing.ts";
import { ORCHESTRATOR_ROLE } from "../../domain/specialist/specialists.ts";
import type { Brief } from "../../ports/agents.ts";
import type { RunContext } from "../context.ts";
import { demandsIn, requestData } from "../request.ts";

/** What the orchestrator agent itself is dispatched for. */
export const PLANNING: PlannedTask = {
  id: TaskId.parse("plan"),
  title: "Plan the run",
  specialist: ORCHESTRATOR_ROLE,
  objective: "Split the request into tasks for specialists, phase by phase.",
  inputs: [],
  files: [],
  expected_output:
    "A plan: summary, concerns, requirements, and the four phases with tasks or a skip_reason each.",
  depends_on: [],
};

/** What the orchestrator agent is told: the request, what the host read in it, and what was wrong with earlier plans. */
export function planningBrief(run: RunContext, commands: readonly RepoCommand[]): Brief {
  const { request } = run.input;
  const { findings, answers } = run.memo(PLANNING.id);
  const phases = request.options.phases;
  return {
    objective: PLANNING.objective,
    context: [
      `Issue #${request.issue} of ${request.repo.owner}/${request.repo.name}, base branch ${run.view.started.baseBranch}.`,
      ...commands.map(
        ({ kind, command, cwd }) =>
          `The host runs the ${kind} command \`${command}\`${cwd === "." ? "" : ` in ${cwd}`} on every result.`,
      ),
    ],
    scope: [
      "Plan only; change nothing and dispatch nobody: the host does both from the accepted plan.",
      ...(phases
        ? [
            `Only these phases were asked for: ${phases.join(", ")}. Skip the others with that reason.`,
          ]
        : []),
    ],
    expected: PLANNING.expected_output,
    findings: findings.slice(-FINDINGS_KEPT),
    answers,
    data: [...requestData(request), ...demands(run), ...setAside(run)],
  };
}

/** The checklist that the host read in the request: the plan keeps it, in these words or better ones. */
function demands(run: RunContext): Brief["data"] {
  const asked = demandsIn(run.input.request).filter((one) => !one.standsIn);
  if (asked.length === 0) return [];
  const text = asked.map((one, index) => `R${index + 1}: ${one.text}`).join("\n");
  return [{ title: "Requirements that the host read in the request", text }];
}

/** A plan that people supplied and that cannot be carried out: the work it describes is still wanted. */
function setAside(run: RunContext): Brief["data"] {
  const { aside } = run.planning;
  return aside === undefined ? [] : [{ title: "The plan that the request brought", text: aside }];
}
