import type { Sha } from "../../domain/ids.ts";
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

/** The four-part brief of a task: objective, context of earlier phases, scope limits, expected output. */
export function taskBrief(run: RunContext, view: TaskView): Brief {
  const { request } = run.input;
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
    data: [
      { title: `Issue #${request.issue}: title`, text: request.issueTitle },
      { title: `Issue #${request.issue}: body`, text: request.issueBody },
      ...(request.task === "" ? [] : [{ title: "Instruction in the command", text: request.task }]),
    ],
  };
}

/** What a review looks at: the whole change at first, then its findings and what mended them. */
function reviewLines(run: RunContext, { task }: TaskView): string[] {
  if (task.mode !== "review" && task.mode !== "security") return [];
  const { reviewed } = run.memo(task.id);
  const base = baseOf(run);
  // A diff over a merge of the base branch would show the work of others.
  const range =
    reviewed?.base === base
      ? reReviewLines({ findings: reviewed.findings, from: reviewed.sha, to: run.head })
      : [`Review the change from ${base} to HEAD: \`git diff ${base} HEAD\`.`];
  return [...range, ...acceptedLines(run.view)];
}

/** The commit of the base branch that the change is compared with. */
export function baseOf(run: RunContext): Sha {
  return run.view.mergedBase ?? run.view.started.baseSha;
}
