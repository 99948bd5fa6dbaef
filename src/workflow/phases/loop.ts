import {
  attemptDecision,
  type LoopDecision,
  loopCounters,
  loopDecision,
  loopHistory,
  loopQuestion,
  mayBeAccepted,
  readLoopAnswer,
} from "../../domain/gate/loops.ts";
import type { TaskId } from "../../domain/ids.ts";
import type { Phase } from "../../domain/phase.ts";
import type { Gate, LoopVerdict, RoundGate } from "../../domain/run/method-facts.ts";
import { attemptedFor } from "../../domain/specialist/blocked-routing.ts";
import { loopBlocked } from "../../reports/blocked-words.ts";
import { askedAgain, loopEnded, loopHistoryComment } from "../../reports/loops.ts";
import type { RunContext } from "../context.ts";
import { type AnswerMessage, ask, block } from "../people/escalate.ts";
import { hear } from "../people/heed.ts";
import { givenUp } from "./give-up.ts";

/** A gate that a piece of work did not pass. */
export interface GateFailure {
  readonly gate: RoundGate | "result";
  readonly phase: Phase;
  readonly taskId: TaskId;
  readonly problems: readonly string[];
  /** `errorSignature` of what failed: equal for the same failure. */
  readonly signature: string;
  /** `diffSignature` of the change that was judged. */
  readonly diff?: string;
}

/** What follows a failure: one more attempt (told the person's words, if one decided), or going on, or the end. */
export type Onward =
  | { readonly kind: "again"; readonly told: readonly string[] }
  | { readonly kind: "accepted" }
  | { readonly kind: "blocked" };

const PROBLEMS_KEPT = 50;

/**
 * Records a failed gate and decides by the ledger what follows. Within the limits the work is sent back; beyond them a
 * person decides. Only people accept what is open or begin to count anew.
 */
export async function failGate(run: RunContext, failure: GateFailure): Promise<Onward> {
  const { gate, phase, taskId, signature, diff } = failure;
  await run.record(`gate ${gate} ${taskId} ${run.nextOrderKey()}`, {
    type: "gate-failed",
    gate,
    phase,
    taskId,
    signature,
    problems: failure.problems.slice(0, PROBLEMS_KEPT),
    ...(diff === undefined ? {} : { diff }),
  });
  const decision = decide(run, failure);
  if (decision.kind === "again") return { kind: "again", told: [] };
  await run.record(`escalate ${run.nextOrderKey()}`, {
    type: "escalated",
    phase,
    taskId,
    why: decision.why,
  });
  if (await givenUp(run)) return { kind: "blocked" };
  return letDecide(run, failure, decision.why);
}

function decide(run: RunContext, { gate, taskId }: GateFailure): LoopDecision {
  const { limits } = run.ports;
  if (gate === "result") return attemptDecision(run.facts, taskId, limits);
  return loopDecision(loopCounters(run.facts, limits), gate, limits);
}

/** Records that work has passed gates, which ends their streaks. */
export async function passGates(
  run: RunContext,
  passed: { gates: readonly Gate[]; phase: Phase; taskId: TaskId },
): Promise<void> {
  const { phase, taskId } = passed;
  const facts = passed.gates.map((gate) => ({ type: "gate-passed" as const, gate, phase, taskId }));
  await run.record(`pass ${taskId} ${run.nextOrderKey()}`, ...facts);
}

/** A person lets a run go on that had ended: "continue" adds to the limits, "revise" begins to count anew. */
export async function letGoOn(
  run: RunContext,
  decided: { by: string; verdict: Extract<LoopVerdict, "continue" | "revise">; text: string },
): Promise<void> {
  const failed = run.facts.findLast((fact) => fact.type === "gate-failed");
  if (!failed) return;
  await run.record(`decided ${run.nextOrderKey()}`, {
    type: "loop-decided",
    ...decided,
    gate: failed.gate,
    open: [],
  });
}

/** Asks until an answer decides: the history is shown on request, and what is ambiguous is asked back. */
async function letDecide(run: RunContext, failure: GateFailure, why: string): Promise<Onward> {
  const { gate, taskId } = failure;
  const question = loopQuestion(gate, why, run.ports.limits);
  for (let text = question.text; ; ) {
    const key = `loop ${run.nextOrderKey()}`;
    const answer = await ask(run, key, { question: { ...question, text }, taskId });
    if (!answer) return ended(run, failure, { by: undefined, accepted: false, why });
    const read = readLoopAnswer(gate, answer);
    if (read.kind === "decided") return carryOut(run, failure, { ...read, by: answer.by, why });
    if (read.kind === "history") await showHistory(run, answer);
    text = read.kind === "ask-back" ? askedAgain(question.text, read.missing) : question.text;
  }
}

async function showHistory(run: RunContext, asked: AnswerMessage): Promise<void> {
  const { request, runId } = run.input;
  const marker = `orchestrate:history:${runId}:Q${asked.number}`;
  const body = loopHistoryComment(marker, loopHistory(run.facts));
  await run.steps.step(`show history Q${asked.number}`, async () => {
    await run.ports.github.putComment(request.repo, { number: request.issue, marker, body });
  });
}

async function carryOut(
  run: RunContext,
  failure: GateFailure,
  decided: { by: string; verdict: LoopVerdict; text: string; why: string },
): Promise<Onward> {
  const { gate, problems } = failure;
  const { by, verdict, text, why } = decided;
  await run.record(`decided ${run.nextOrderKey()}`, {
    type: "loop-decided",
    by,
    verdict,
    gate,
    text,
    open: verdict === "accept" ? problems.slice(0, PROBLEMS_KEPT) : [],
  });
  switch (verdict) {
    case "continue":
      return { kind: "again", told: [] };
    case "revise":
      await hear(run, { by, text }, `decision ${run.nextOrderKey()}`);
      return { kind: "again", told: [`${by} decided on a new approach: ${text}`] };
    case "accept":
      return mayBeAccepted(gate)
        ? { kind: "accepted" }
        : ended(run, failure, { by, accepted: true, why });
    case "abort":
      return ended(run, failure, { by, accepted: false, why });
  }
}

async function ended(
  run: RunContext,
  failure: GateFailure,
  how: { by: string | undefined; accepted: boolean; why: string },
): Promise<Onward> {
  await block(
    run,
    loopBlocked(
      loopEnded({ ...how, last: failure.problems[0] }),
      attemptedFor(run.view, failure.taskId),
    ),
  );
  return { kind: "blocked" };
}
