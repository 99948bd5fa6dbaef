import type { RunView } from "../domain/run/run.ts";
import { clip, code, fit, inert, unreferring } from "./markdown.ts";

/** The title of a run's pull request, at most 120 characters, one line. */
export function pullRequestTitle(view: RunView): string {
  const title = unreferring(view.started.issueTitle).replace(/\s+/g, " ").trim();
  return clip(title === "" ? `Issue ${view.started.issue}` : title, 120);
}

/** A half of a request does not close its issue: the other half may still be open when this one is merged. */
function issueLine(view: RunView): string {
  const half = view.triage?.mode === "full-stack" || view.started.handOff !== undefined;
  return `${half ? "Part of" : "Closes"} #${view.started.issue}`;
}

/** The body of a run's pull request: the plan and the linked issue. What happened stands in the status comment. */
export function pullRequestBody(view: RunView): string {
  const plan = view.plan;
  const requirements =
    plan?.requirements.map((r) => `- **${r.id}** ${inert(r.text)}`).join("\n") ?? "";
  const phases = (plan?.phases ?? []).map((phase) => {
    const tasks = phase.tasks.map(
      (t) => `  - ${inert(t.title)} (${code(t.specialist)}${t.mode ? `, ${t.mode}` : ""})`,
    );
    const skipped = phase.skip_reason ? ` — skipped: ${inert(phase.skip_reason)}` : "";
    return [`- **${phase.phase}**${skipped}`, ...tasks].join("\n");
  });
  return fit([
    {
      text: `<!-- orchestrate:pull-request:${view.runId} -->\n${issueLine(view)}`,
      importance: 0,
    },
    { text: inert(plan?.summary ?? view.started.task), importance: 0 },
    { text: `### Requirements\n\n${requirements}`, importance: 2 },
    { text: `### Plan\n\n${phases.join("\n")}`, importance: 1 },
    {
      text: `Made by specialist agents on branches of their own, coordinated for ${inert(view.started.requestedBy)}. It stays a draft until the build and the tests of this repository have passed on its head; the evidence stands in the status comment below.`,
      importance: 0,
    },
  ]);
}
