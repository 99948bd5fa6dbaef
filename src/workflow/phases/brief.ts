import { requirementLines } from "../../domain/plan/counting.ts";
import type { TaskView } from "../../domain/run/run.ts";
import {
  acceptedLines,
  contextLines,
  FINDINGS_KEPT,
  reReviewLines,
  scopeLines,
} from "../../domain/specialist/briefing.ts";
import type { Brief } from "../../ports/agents.ts";
import type { RunContext } from "../context.ts";
import { requestData } from "../request.ts";

/** The four-part brief of a task: objective, context of earlier phases, scope limits, expected output. */
export function taskBrief(run: RunContext, view: TaskView): Brief {
  const { task } = view;
  const memo = run.memo(task.id);
  const requirements = requirementLines(run.view.plan?.requirements ?? []);
  const inputs = task.inputs.map((input) => `Input: ${input}`);
  return {
    objective: task.objective,
    context: [...requirements, ...contextLines(run.view), ...inputs, ...reviewLines(run, view)],
    scope: scopeLines(run.view, view),
    expected: task.expected_output,
    findings: memo.findings.slice(-FINDINGS_KEPT),
    answers: memo.answers,
    data: requestData(run.input.request),
  };
}

/** What a review looks at: the whole change at first, then its findings and what mended them. */
function reviewLines(run: RunContext, { task }: TaskView): string[] {
  if (task.mode !== "review" && task.mode !== "security") return [];
  const { reviewed } = run.memo(task.id);
  // A diff over a merge of the base branch would show the work of others.
  const range =
    reviewed?.base === run.base
      ? reReviewLines({ findings: reviewed.findings, from: reviewed.sha, to: run.head })
      : [`Review the change from ${run.base} to HEAD: \`git diff ${run.base} HEAD\`.`];
  return [...range, ...acceptedLines(run.view)];
}
