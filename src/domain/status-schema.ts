import { z } from "zod";
import { clip } from "../reports/markdown.ts";
import { runVerification } from "./gate/verdict.ts";
import { PHASES, Phase } from "./phase.ts";
import { openQuestions } from "./run/question-view.ts";
import type { RunView } from "./run/run.ts";
import { findingLine } from "./specialist/acceptance.ts";
import { ORCHESTRATOR_ROLE } from "./specialist/specialists.ts";

/** The report's nine keys, exactly. `verification` is boolean, or null for "not run" (the one widening). */
export const StatusReport = z.strictObject({
  status: z.enum(["complete", "in_progress", "blocked"]),
  summary: z.string().min(1),
  skills_invoked: z.array(z.string()),
  library_skills_read: z.array(z.string()),
  gateway_mandatory_skills_read: z.boolean(),
  phases_completed: z.array(Phase),
  agents_spawned: z.array(z.string()),
  verification: z.strictObject({
    all_tests_passed: z.boolean().nullable(),
    build_success: z.boolean().nullable(),
  }),
  next_steps: z.array(z.string()),
});
export type StatusReport = z.infer<typeof StatusReport>;

/** The report stands in a comment that holds 65,536 characters. */
const SUMMARY_SHOWN = 4_000;
const STEPS_SHOWN = 30;
const STEP_SHOWN = 500;

/** Computes the nine-key report; every value comes from the ledger. */
export function statusReport(view: RunView): StatusReport {
  return {
    status: reportStatus(view),
    summary: clip(summaryOf(view), SUMMARY_SHOWN),
    skills_invoked: unique(view.loads.filter((l) => l.kind === "core-skill").map((l) => l.name)),
    library_skills_read: unique(
      view.loads.filter((l) => l.kind === "library-skill").map((l) => l.path),
    ),
    gateway_mandatory_skills_read: mandatoryRead(view),
    phases_completed: PHASES.filter((phase) =>
      view.phases.some((p) => p.phase === phase && p.state === "completed"),
    ),
    agents_spawned: agentsSpawned(view),
    verification: runVerification(view),
    next_steps: nextSteps(view)
      .slice(0, STEPS_SHOWN)
      .map((step) => clip(step, STEP_SHOWN)),
  };
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}

function reportStatus(view: RunView): StatusReport["status"] {
  if (view.state === "complete") return "complete";
  if (view.state === "working") return "in_progress";
  if (view.state === "waiting")
    return view.wait?.for === "person" || view.wait?.for === "budget" ? "blocked" : "in_progress";
  return "blocked";
}

function mandatoryRead(view: RunView): boolean {
  return view.required.every((required) =>
    required.mandatory.every((path) =>
      view.loads.some((load) => load.path === path && load.scope === required.scope),
    ),
  );
}

function agentsSpawned(view: RunView): string[] {
  const dispatches = view.tasks.flatMap((t) => t.dispatches);
  const inOrder = [...dispatches].sort((a, b) => a.startedAt.localeCompare(b.startedAt));
  return unique(inOrder.map((d) => d.role)).filter((role) => role !== ORCHESTRATOR_ROLE);
}

function summaryOf(view: RunView): string {
  const what = view.plan?.summary ?? view.started.issueTitle;
  switch (view.state) {
    case "complete":
      return view.summary ?? what;
    case "blocked":
      return `Blocked: ${view.blocked?.issue ?? "a person is needed"} (${what})`;
    case "failed":
      return `Failed: ${view.failure ?? "unknown reason"} (${what})`;
    case "cancelled":
      return `Cancelled: ${view.failure ?? ""} (${what})`;
    case "waiting":
      return `Waiting for ${view.wait?.for ?? "something"}: ${view.wait?.detail ?? ""} (${what})`;
    case "working":
      return `In progress: ${what}`;
  }
}

function nextSteps(view: RunView): string[] {
  const steps: string[] = [];
  if (view.blocked) steps.push(view.blocked.recommend);
  if (view.wait) steps.push(view.wait.detail);
  for (const question of openQuestions(view)) steps.push(`Answer question Q${question.number}.`);
  if (view.state === "working")
    for (const phase of view.phases)
      if (phase.state === "pending" || phase.state === "running")
        steps.push(`Finish phase ${phase.phase}.`);
  if (view.state === "failed" || view.state === "cancelled")
    steps.push("Comment /orchestrate to start again.");
  for (const { record, state } of view.handOffs)
    if (state !== "complete")
      steps.push(`${record.to}: ${record.wanted.join("; ").slice(0, 500)} (${state}).`);
  for (const finding of view.findings) if (!finding.blocking) steps.push(findingLine(finding));
  for (const decision of view.decisions)
    for (const issue of decision.open)
      steps.push(`Known issue, accepted by ${decision.by} (${decision.text}): ${issue}`);
  if (view.state === "complete" && view.pullRequest)
    steps.push(`Review and merge pull request #${view.pullRequest.number}.`);
  return unique(steps);
}
