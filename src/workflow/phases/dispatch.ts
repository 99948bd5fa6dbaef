import { z } from "zod";
import { commitMessage } from "../../domain/commit-message.ts";
import type { Sha } from "../../domain/ids.ts";
import type { LedgerEvent } from "../../domain/run/ledger-event.ts";
import { workshopNote } from "../../domain/specialist/workshop.ts";
import type { AgentHooks, AgentOutcome, AgentRequest, Instructed } from "../../ports/agents.ts";
import { type Steps, WorkflowCancelled } from "../../ports/engine.ts";
import type { Clone, Collected } from "../../ports/workspaces.ts";
import { onlyWorkflowFiles } from "../../reports/gate-words.ts";
import type { RunPorts } from "../context.ts";
import { patient } from "../patience.ts";
import type { DispatchInput, DispatchOutput } from "./dispatch-input.ts";
import { News } from "./news.ts";
import { Scribe } from "./scribe.ts";

/** Runs one dispatch: instruct, run the agent in a fresh clone, collect its commit, push its branch. */
export async function dispatch(
  steps: Steps,
  ports: RunPorts,
  input: DispatchInput,
): Promise<DispatchOutput> {
  const patiently = patient(steps, ports, input);
  const output = await patiently.step("work", (signal) => work(ports, input, signal));
  if (output.sha !== undefined)
    await patiently.step("push", () => pushBranch(ports, input, output.sha));
  return output;
}

/** Runs at least once: a repetition starts again from a fresh clone, and its facts have the same keys. */
async function work(
  ports: RunPorts,
  input: DispatchInput,
  signal: AbortSignal,
): Promise<DispatchOutput> {
  const scribe = new Scribe(ports, input);
  const { dispatchId, task, phase, attempt, baseSha } = input;
  const started = await scribe.note("started", {
    type: "dispatch-started",
    dispatchId,
    taskId: task.id,
    role: task.specialist,
    attempt,
    baseSha,
    ...(task.mode === undefined ? {} : { mode: task.mode }),
    ...(phase === undefined ? {} : { phase }),
  });
  const news = new News(ports, input, scribe);
  await news.briefed();
  const instructed = await instruct(ports, input, scribe);
  try {
    const clone = await openClone(ports, input, { instructed, signal });
    try {
      const outcome = await ports.agents.run(
        agentRequest(ports, input, { instructed, clone }),
        { ...hooks(instructed, scribe), news: () => news.take() },
        personal(signal),
      );
      const collected = await collect(ports, input, { clone, outcome, signal });
      return await conclude({ input, scribe, started, instructed, outcome, collected });
    } finally {
      await ports.workspaces.removeClone(clone);
    }
  } finally {
    // Whoever cancelled has removed what there was then; a clone that was half made is there now.
    if (signal.reason instanceof WorkflowCancelled) await ports.workspaces.removeRun(input.runId);
  }
}

/** Who writes and runs commands gets the world in which its commit will be verified. */
async function openClone(
  ports: RunPorts,
  input: DispatchInput,
  given: { instructed: Instructed; signal: AbortSignal },
): Promise<Clone> {
  const { workspaces } = ports;
  const { repo, runId, dispatchId, baseSha, suiteSha = baseSha } = input;
  const { writes, tools } = given.instructed;
  const request = { dispatchId, sha: baseSha, writable: writes };
  if (!writes || !tools.includes("bash")) return workspaces.openClone(repo, request);
  const fixed = await workspaces.commands(repo, suiteSha);
  const hasTests = fixed.some(({ kind }) => kind === "test");
  const commands = hasTests ? fixed : await workspaces.commands(repo, baseSha);
  const prepare = { runId, commands, signal: given.signal };
  return workspaces.openClone(repo, { ...request, prepare });
}

/** Who cancels is a person that waits: the agent gets less time to end by itself than in a shutdown. */
function personal(signal: AbortSignal): AbortSignal {
  const controller = new AbortController();
  function abort(): void {
    const cancelled = signal.reason instanceof WorkflowCancelled;
    controller.abort(cancelled ? "person" : signal.reason);
  }
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
  return controller.signal;
}

async function instruct(
  ports: RunPorts,
  input: DispatchInput,
  scribe: Scribe,
): Promise<Instructed> {
  const { repo, definitionsSha, dispatchId, task, phase, attempt, brief, routing } = input;
  const instructed = await ports.instructor.instruct({
    repo,
    definitionsSha,
    dispatchId,
    role: task.specialist,
    task,
    attempt,
    brief,
    routing,
    ...(phase === undefined ? {} : { phase }),
    ...(input.result === undefined ? {} : { result: input.result }),
  });
  for (const load of instructed.loads) await scribe.loaded(load);
  const { mandatory, missingGateways } = instructed.required;
  await scribe.note("required", {
    type: "skills-required",
    scope: task.specialist,
    dispatchId,
    mandatory: [...mandatory],
    missingGateways: [...missingGateways],
  });
  return instructed;
}

function agentRequest(
  ports: RunPorts,
  input: DispatchInput,
  given: { instructed: Instructed; clone: Clone },
): AgentRequest {
  const { instructed, clone } = given;
  const { wallMs, idleMs, maxTurns } = ports.limits;
  const { maxUsd } = input;
  return {
    dispatchId: input.dispatchId,
    runId: input.runId,
    clone,
    role: input.task.specialist,
    model: instructed.model,
    systemPrompt: instructed.systemPrompt,
    prompt: instructed.prompt + (clone.world ? workshopNote(clone.world) : ""),
    tools: instructed.tools,
    catalogue: instructed.catalogue,
    resultSchema: z.toJSONSchema(instructed.resultSchema, { target: "draft-7", io: "input" }),
    limits: {
      wallMs,
      idleMs,
      maxTurns,
      maxTokens: input.maxTokens,
      ...(maxUsd === undefined ? {} : { maxUsd }),
    },
  };
}

function hooks(instructed: Instructed, scribe: Scribe): AgentHooks {
  async function load(
    kind: "core-skill" | "library-skill",
    name: string,
  ): Promise<{ text: string } | { refused: string }> {
    const found = instructed.load({ kind, name });
    if ("refused" in found) return found;
    await scribe.loaded(found.load);
    return { text: found.text };
  }
  return {
    submit(result) {
      const parsed = instructed.resultSchema.safeParse(result);
      if (parsed.success) return Promise.resolve(undefined);
      return Promise.resolve(z.prettifyError(parsed.error));
    },
    loadSkill: (name) => load("core-skill", name),
    readLibrarySkill: (path) => load("library-skill", path),
    progress: () => scribe.progressed(),
  };
}

async function collect(
  ports: RunPorts,
  input: DispatchInput,
  done: { clone: Clone; outcome: AgentOutcome; signal: AbortSignal },
): Promise<Collected> {
  if (done.outcome.status !== "submitted" || done.signal.aborted) return { kind: "unchanged" };
  const { task, phase, dispatchId } = input;
  const about = [`Task: ${task.id} (${phase ?? "planning"}) by ${task.specialist}`];
  const message = commitMessage({ subject: task.title, about, runId: input.runId, dispatchId });
  return ports.workspaces.collect(input.repo, done.clone, { message });
}

async function conclude(end: {
  input: DispatchInput;
  scribe: Scribe;
  started: LedgerEvent;
  instructed: Instructed;
  outcome: AgentOutcome;
  collected: Collected;
}): Promise<DispatchOutput> {
  const { input, scribe, started, instructed, outcome, collected } = end;
  const files = collected.kind === "commit" ? [...collected.files] : [];
  const sha = collected.kind === "commit" && instructed.writes ? collected.sha : undefined;
  await scribe.dropClaims(outcome.result);
  const aside = await noteSetAside(scribe, input, collected);
  const summary = z.object({ summary: z.string() }).safeParse(outcome.result);
  const ended = await scribe.note("ended", {
    type: "dispatch-ended",
    dispatchId: input.dispatchId,
    taskId: input.task.id,
    role: input.task.specialist,
    status: outcome.status,
    files,
    usage: outcome.usage,
    durationMs: outcome.durationMs,
    ...(outcome.detail === undefined ? {} : { detail: outcome.detail }),
    ...(summary.success ? { summary: summary.data.summary } : {}),
    ...(sha === undefined ? {} : { headSha: sha }),
  });
  return {
    dispatchId: input.dispatchId,
    tokens: outcome.usage.inputTokens + outcome.usage.outputTokens,
    events: [started, ended],
    submission: {
      status: outcome.status,
      files,
      hasCommit: collected.kind === "commit",
      missingSkills: instructed.missing,
      refusedBecause: collected.kind === "refused" ? collected.problems : aside,
      ...(outcome.detail === undefined ? {} : { detail: outcome.detail }),
      ...(outcome.result === undefined ? {} : { result: outcome.result }),
    },
    ...(sha === undefined ? {} : { sha }),
    ...(outcome.question === undefined ? {} : { question: outcome.question }),
  };
}

/**
 * What was taken out of the change stands in the ledger as a patch for a person. A change that was nothing else is a
 * problem: nothing of it can be integrated.
 */
async function noteSetAside(
  scribe: Scribe,
  { dispatchId, task }: DispatchInput,
  collected: Collected,
): Promise<readonly string[]> {
  if (collected.kind === "refused" || !collected.setAside?.length) return [];
  const { setAside, setAsidePatch: patch = "" } = collected;
  const files = setAside.slice(0, 500);
  await scribe.note("set-aside", { type: "set-aside", taskId: task.id, dispatchId, files, patch });
  return collected.kind === "unchanged" ? [onlyWorkflowFiles(files)] : [];
}

async function pushBranch(
  ports: RunPorts,
  input: DispatchInput,
  sha: Sha | undefined,
): Promise<void> {
  if (sha === undefined) return;
  const { repo, branch, runId, task, dispatchId } = input;
  const pushed = await ports.workspaces.push(repo, { branch, sha, expected: undefined });
  if (pushed.kind !== "pushed") {
    const why = pushed.kind === "moved" ? "somebody moved it" : pushed.reason;
    throw new Error(`Cannot push ${branch} to ${sha}: ${why}.`);
  }
  await ports.ledger.append(runId, `${dispatchId}/pushed`, {
    type: "branch-pushed",
    branch,
    sha,
    taskId: task.id,
  });
}
