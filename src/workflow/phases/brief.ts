import { countLines } from "../../domain/plan/counting.ts";
import type { TaskView } from "../../domain/run/run.ts";
import {
  background,
  contextLines,
  FINDINGS_KEPT,
  reReviewLines,
  scopeLines,
  type Told,
  toldInputs,
  toldToReviewers,
} from "../../domain/specialist/briefing.ts";
import type { Brief } from "../../ports/agents.ts";
import type { RunContext } from "../context.ts";
import { requestData } from "../request.ts";

/** The four-part brief of a task: objective, context of earlier phases, scope limits, expected output. */
export function taskBrief(run: RunContext, view: TaskView): Brief {
  const { task } = view;
  const memo = run.memo(task.id);
  const review = reviewOf(run, view);
  return {
    objective: task.objective,
    context: [
      ...countLines(run.view.plan?.requirements ?? []),
      ...contextLines(run.view),
      ...review.lines,
    ],
    background: background(run.view),
    told: [...toldInputs(task.inputs), ...review.told],
    scope: scopeLines(run.view, view),
    expected: task.expected_output,
    findings: memo.findings.slice(-FINDINGS_KEPT),
    answers: memo.answers,
    data: [...requestData(run.input.request), ...authored(run, task.id)],
  };
}

/** A task of a supplied plan in its author's words, which its objective only begins. */
function authored(run: RunContext, taskId: string): Brief["data"] {
  const text = run.planning.texts.get(taskId);
  return text === undefined ? [] : [{ title: "This task in the supplied plan", text }];
}

/** What a review looks at: the whole change at first, then its findings and what mended them. */
function reviewOf(run: RunContext, { task }: TaskView): { lines: string[]; told: Told[] } {
  if (task.mode !== "review" && task.mode !== "security") return { lines: [], told: [] };
  const { reviewed } = run.memo(task.id);
  // A diff over a merge of the base branch would show the work of others.
  const again = reviewed?.base === run.base ? reviewed : undefined;
  const lines = again
    ? reReviewLines({ from: again.sha, to: run.head })
    : [`Review the change from ${run.base} to HEAD: \`git diff ${run.base} HEAD\`.`];
  return { lines, told: toldToReviewers(run.view, again?.findings ?? []) };
}
