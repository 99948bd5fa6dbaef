import { passed } from "../../domain/gate/evidence.ts";
import type { LedgerEvent } from "../../domain/run/ledger-event.ts";
import { duration, shortSha } from "../../reports/words.ts";

/** One line of the terminal for an event of a run; undefined for what a person watching does not need. */
export function progressLine(event: LedgerEvent, startedAt: number): string | undefined {
  const text = describe(event);
  if (text === undefined) return undefined;
  const elapsed = duration(Math.max(0, Date.parse(event.at) - startedAt)).padStart(8);
  return `${elapsed}  ${text}`;
}

function describe({ fact }: LedgerEvent): string | undefined {
  switch (fact.type) {
    case "run-started":
      return `run ${fact.runId} for @${fact.requestedBy} from ${fact.baseBranch}@${shortSha(fact.baseSha)}`;
    case "plan-refused":
      return `  plan refused: ${fact.problems[0] ?? ""}`;
    case "plan-accepted":
      return `plan accepted: ${fact.plan.phases.reduce((sum, phase) => sum + phase.tasks.length, 0)} tasks`;
    case "phase-started":
      return `■ ${fact.phase}`;
    case "phase-skipped":
      return `□ ${fact.phase} skipped: ${fact.reason}`;
    case "dispatch-started":
      return `  ▶ ${fact.role}${fact.mode ? ` (${fact.mode})` : ""} on ${fact.taskId}, attempt ${fact.attempt}`;
    case "dispatch-ended":
      return `  ■ ${fact.role} on ${fact.taskId}: ${fact.status} in ${duration(fact.durationMs)}${fact.files.length > 0 ? `, ${fact.files.length} files` : ""}`;
    case "task-refused":
      return `  ↻ ${fact.taskId} refused: ${(fact.problems[0] ?? "").split("\n")[0]}`;
    case "branch-pushed":
      return `  ↑ ${fact.branch} at ${shortSha(fact.sha)}`;
    case "evidence":
      return `  ${passed(fact.evidence) ? "✔" : "✘"} ${fact.evidence.command} on ${shortSha(fact.evidence.sha)}: exit ${fact.evidence.exitCode}`;
    case "pull-request-opened":
      return `pull request #${fact.number} opened (draft)`;
    case "pull-request-ready":
      return `pull request #${fact.number} is ready for review`;
    case "question-asked":
      return `❓ Q${fact.number}: ${fact.question.text}`;
    case "blocked":
      return `⛔ blocked: ${fact.issue}`;
    case "run-completed":
      return `✅ complete at ${shortSha(fact.sha)}`;
    case "run-failed":
      return `❌ failed: ${fact.reason}`;
    case "run-cancelled":
      return `🚫 cancelled by ${fact.by}`;
    default:
      return undefined;
  }
}
