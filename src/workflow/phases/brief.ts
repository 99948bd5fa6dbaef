import { requirementLines } from "../../domain/plan/counting.ts";
import type { TaskView } from "../../domain/run/run.ts";
import { contextLines, FINDINGS_KEPT, scopeLines } from "../../domain/specialist/briefing.ts";
import type { Brief } from "../../ports/agents.ts";
import type { RunContext } from "../context.ts";

/** The four-part brief of a task: objective, context of earlier phases, scope limits, expected output. */
export function taskBrief(run: RunContext, view: TaskView): Brief {
  const { request } = run.input;
  const { task } = view;
  const memo = run.memo(task.id);
  const requirements = requirementLines(run.view.plan?.requirements ?? []);
  const inputs = task.inputs.map((input) => `Input: ${input}`);
  const base = run.view.mergedBase ?? run.view.started.baseSha;
  const range =
    task.mode === "review" || task.mode === "security"
      ? [`Review the change from ${base} to HEAD: \`git diff ${base} HEAD\`.`]
      : [];
  return {
    objective: task.objective,
    context: [
      ...run.instructions.map(({ by, text }) => `${by} says, while this run goes on: ${text}`),
      ...requirements,
      ...contextLines(run.view),
      ...inputs,
      ...range,
    ],
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
