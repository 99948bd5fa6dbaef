import { extractRequirements } from "../domain/plan/requirements.ts";
import type { Brief } from "../ports/agents.ts";
import type { RunRequest } from "../ports/control.ts";

/** Everything that a person wrote to ask for the run: the issue and the command. */
export function requestText({ issueTitle, issueBody, task }: RunRequest): string {
  return [issueTitle, issueBody, task].join("\n");
}

/** The checklist that the host reads in a request. */
export function demandsIn(request: RunRequest): ReturnType<typeof extractRequirements> {
  const { issueTitle: title, issueBody: body, task: command } = request;
  return extractRequirements({ title, body, command });
}

/** The request as data of a brief. */
export function requestData({ issue, issueTitle, issueBody, task }: RunRequest): Brief["data"] {
  return [
    { title: `Issue #${issue}: title`, text: issueTitle },
    { title: `Issue #${issue}: body`, text: issueBody },
    ...(task === "" ? [] : [{ title: "Instruction in the command", text: task }]),
  ];
}
