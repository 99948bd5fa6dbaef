import { z } from "zod";
import { Evidence, ServiceEvidence } from "../domain/gate/evidence.ts";
import { type LoopCounters, loopCounters } from "../domain/gate/loops.ts";
import type { RunView, TaskView } from "../domain/run/run.ts";
import { clip } from "./markdown.ts";

/** So many of the latest decisions and errors stand in the details; all of them stand in the ledger. */
const ROWS_KEPT = 100;
const TEXT_KEPT = 500;

const Counters = z.strictObject({
  /** Rounds of implementing, reviewing and testing that a gate sent back. */
  cycles: z.number().int(),
  /** Failures of each pattern since it was last passed. */
  patterns: z.record(z.string(), z.number().int()),
  /** How often each gate failed for the same reason, or was handed the same change, in a row. */
  same_failures: z.record(z.string(), z.number().int()),
  same_changes: z.record(z.string(), z.number().int()),
  /** How often a person let the run go on beyond a limit. */
  continued: z.number().int(),
  /** Attempts of each task that brought no acceptable result. */
  refused_attempts: z.record(z.string(), z.number().int()),
  /** Escalations of each phase. */
  escalations: z.record(z.string(), z.number().int()),
  crashes: z.number().int(),
});

/**
 * The state record of a run, machine-readable extras beside the nine keys; versioned, published as JSON Schema.
 * Version 2 added the state, phases, decisions, what specialists brought, and the counters.
 */
export const RunDetails = z.strictObject({
  version: z.literal(2),
  run: z.string(),
  state: z.enum(["working", "waiting", "complete", "failed", "cancelled", "blocked"]),
  phases: z.array(
    z.strictObject({
      phase: z.string(),
      state: z.string(),
      reason: z.string().nullable(),
      started_at: z.string().nullable(),
      ended_at: z.string().nullable(),
    }),
  ),
  decisions: z.array(
    z.strictObject({
      about: z.string(),
      by: z.string(),
      decided: z.string(),
    }),
  ),
  counters: Counters,
  repository: z.string(),
  issue: z.number().int(),
  base_sha: z.string(),
  head_sha: z.string(),
  definitions_sha: z.string(),
  branches: z.array(z.strictObject({ name: z.string(), sha: z.string() })),
  evidence: z.array(
    Evidence.omit({ outputTail: true, services: true }).extend({
      purpose: z.string(),
      services: z.array(ServiceEvidence.omit({ logTail: true })).optional(),
    }),
  ),
  tasks: z.array(
    z.strictObject({
      id: z.string(),
      phase: z.string(),
      specialist: z.string(),
      mode: z.string().nullable(),
      state: z.string(),
      dispatches: z.number().int(),
      measured_ms: z.number().nullable(),
      sha: z.string().nullable(),
      branch: z.string().nullable(),
      /** What the specialist brought, in its words, once accepted. */
      output: z.string().nullable(),
      problems: z.array(z.string()),
    }),
  ),
  errors: z.array(
    z.strictObject({
      at: z.string(),
      phase: z.string().nullable(),
      agent: z.string().nullable(),
      error: z.string(),
      resolution: z.string(),
    }),
  ),
  usage: z.strictObject({
    calls: z.number(),
    input_tokens: z.number(),
    output_tokens: z.number(),
    usd: z.number().nullable(),
  }),
  mandatory_skills: z.string(),
});
export type RunDetails = z.infer<typeof RunDetails>;

/** The extras of a run; log tails stay out, their digests are in. */
export function runDetails(view: RunView): RunDetails {
  const mandatory = new Set(view.required.flatMap((required) => required.mandatory));
  return {
    version: 2,
    run: view.runId,
    state: view.state,
    phases: view.phases.map(({ phase, state, reason, startedAt, endedAt }) => ({
      phase,
      state,
      reason: reason === undefined ? null : clip(reason, TEXT_KEPT),
      started_at: startedAt ?? null,
      ended_at: endedAt ?? null,
    })),
    decisions: decisionsIn(view),
    counters: countersIn(view),
    repository: `${view.repo.owner}/${view.repo.name}`,
    issue: view.started.issue,
    base_sha: view.started.baseSha,
    head_sha: view.headSha,
    definitions_sha: view.started.definitionsSha,
    branches: [...view.branches].map(([name, sha]) => ({ name, sha })),
    evidence: view.evidence.map(({ purpose, evidence }) => {
      const { outputTail: _tail, services, ...rest } = evidence;
      return {
        ...rest,
        purpose,
        ...(services === undefined ? {} : { services: tailless(services) }),
      };
    }),
    tasks: view.tasks.map(taskRow),
    errors: view.errors
      .slice(-ROWS_KEPT)
      .map(({ at, phase = null, agent = null, error, resolution }) => ({
        at,
        phase,
        agent,
        error: clip(error, TEXT_KEPT),
        resolution,
      })),
    usage: {
      calls: view.usage.calls,
      input_tokens: view.usage.inputTokens,
      output_tokens: view.usage.outputTokens,
      usd: view.usage.usd,
    },
    mandatory_skills: mandatory.size === 0 ? "0 mandatory" : `${mandatory.size} mandatory`,
  };
}

function taskRow(task: TaskView): RunDetails["tasks"][number] {
  return {
    id: task.task.id,
    phase: task.phase,
    specialist: task.task.specialist,
    mode: task.task.mode ?? null,
    state: task.state,
    dispatches: task.dispatches.length,
    measured_ms: task.dispatches.some((d) => d.durationMs !== undefined)
      ? task.dispatches.reduce((sum, d) => sum + (d.durationMs ?? 0), 0)
      : null,
    sha: task.sha ?? null,
    branch: task.branch ?? null,
    output: task.summary === undefined ? null : clip(task.summary, TEXT_KEPT),
    problems: task.problems.map((problem) => clip(problem, TEXT_KEPT)),
  };
}

/** What was decided on the way, by the host, by specialists and by people. */
function decisionsIn(view: RunView): RunDetails["decisions"] {
  const decided: [about: string, by: string, text: string][] = [];
  const { triage } = view;
  if (triage) decided.push(["triage", "backend-orchestrator", `${triage.mode}: ${triage.reason}`]);
  for (const { phase, reason = "", state } of view.phases)
    if (state === "skipped") decided.push([`phase ${phase}`, "plan", `skipped: ${reason}`]);
  for (const { taskId, by, choice } of view.tradeOffs)
    decided.push([`trade-off of ${taskId}`, by, choice]);
  for (const { question, by, answer } of view.clarifications) decided.push([question, by, answer]);
  for (const { question, answer } of view.questions)
    if (answer) decided.push([question.text, answer.by, answer.text]);
  for (const { gate, by, verdict, text } of view.decisions)
    decided.push([`gate ${gate}`, by, `${verdict}: ${text}`]);
  for (const { taskId, by, files } of view.scopeApprovals)
    decided.push([`files of ${taskId}`, by, `let in: ${files.join(", ")}`]);
  return decided.slice(-ROWS_KEPT).map(([about, by, text]) => ({
    about: clip(about, TEXT_KEPT),
    by,
    decided: clip(text, TEXT_KEPT),
  }));
}

function countersIn(view: RunView): RunDetails["counters"] {
  const { cycles, patterns, failures, diffs, granted } = loopCounters(view.loopFacts, {
    continueAdds: 1,
  });
  const dispatches = [...view.planning, ...view.tasks.flatMap((task) => task.dispatches)];
  const refused = view.gates.filter(
    (fact) => fact.type === "gate-failed" && fact.gate === "result",
  );
  return {
    cycles,
    patterns: { ...patterns },
    same_failures: lengths(failures),
    same_changes: lengths(diffs),
    continued: granted,
    refused_attempts: tally(refused.map(({ taskId }) => taskId)),
    escalations: tally(view.escalations.map(({ phase }) => phase)),
    crashes: dispatches.filter(({ status }) => status === "crashed").length,
  };
}

function lengths(streaks: LoopCounters["failures"]): Record<string, number> {
  return Object.fromEntries(Object.entries(streaks).map(([gate, { length }]) => [gate, length]));
}

function tally(names: readonly string[]): Record<string, number> {
  const counted: Record<string, number> = {};
  for (const name of names) counted[name] = (counted[name] ?? 0) + 1;
  return counted;
}

function tailless(services: readonly ServiceEvidence[]): Omit<ServiceEvidence, "logTail">[] {
  return services.map(({ logTail: _tail, ...rest }) => rest);
}
