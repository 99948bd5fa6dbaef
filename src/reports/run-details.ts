import { z } from "zod";
import { Evidence, ServiceEvidence } from "../domain/gate/evidence.ts";
import type { RunView } from "../domain/run/run.ts";
import { clip } from "./markdown.ts";

/** Machine-readable extras beside the nine keys; versioned, published as JSON Schema. */
export const RunDetails = z.strictObject({
  version: z.literal(1),
  run: z.string(),
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
    version: 1,
    run: view.runId,
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
    tasks: view.tasks.map((task) => ({
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
    })),
    errors: view.errors.map(({ at, phase = null, agent = null, error, resolution }) => ({
      at,
      phase,
      agent,
      error: clip(error, 500),
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

function tailless(services: readonly ServiceEvidence[]): Omit<ServiceEvidence, "logTail">[] {
  return services.map(({ logTail: _tail, ...rest }) => rest);
}
