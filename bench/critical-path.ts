import { PHASE_ORDER_OF_TASKS } from "../src/domain/phase.ts";
import type { Plan, PlannedPhase } from "../src/domain/plan/plan.ts";
import type { LedgerEvent } from "../src/domain/run/ledger-event.ts";

/**
 * Milliseconds that a run must take when every agent takes `agentMs` and all else takes none: the planner, then phase
 * after phase; tasks of a parallel phase side by side as far as they do not depend on each other.
 */
export function criticalPath(plan: Plan, agentMs: number): number {
  return agentMs + plan.phases.reduce((sum, phase) => sum + phasePath(phase) * agentMs, 0);
}

/** The longest chain of dispatches in a phase. */
export function phasePath({ phase, tasks }: PlannedPhase): number {
  if (PHASE_ORDER_OF_TASKS[phase] === "sequential") return tasks.length;
  const depths = new Map<string, number>();
  function depthOf(id: string): number {
    const task = tasks.find((candidate) => candidate.id === id);
    if (!task) return 0;
    const known = depths.get(id);
    if (known !== undefined) return known;
    const depth = 1 + Math.max(0, ...task.depends_on.map(depthOf));
    depths.set(id, depth);
    return depth;
  }
  return Math.max(0, ...tasks.map((task) => depthOf(task.id)));
}

/** Where the time of one stretch of a run went, in milliseconds. */
export interface Stretch {
  readonly name: string;
  readonly wall: number;
  /** What the agents took by their script, along the longest chain. */
  readonly agents: number;
  /** Time with a dispatch open, beyond what its agent took: instructions, clone, jail, start of the agent, collecting. */
  readonly dispatching: number;
  /** Time without any dispatch: plan check, integration, verification, ledger. */
  readonly gates: number;
  /** Of the gates, the repository's own commands. */
  readonly commands: number;
}

/** The stretches of a finished run, from its ledger's own times. */
export function stretchesOf(events: readonly LedgerEvent[], agentMs: number): Stretch[] {
  const plan = events.flatMap(({ fact }) => (fact.type === "plan-accepted" ? [fact.plan] : []))[0];
  if (!plan) throw new Error("The run has no accepted plan.");
  const begun = timeOf(events, "run-started");
  const planned = timeOf(events, "plan-accepted");
  const stretches = [
    stretch(events, { name: "planning", from: begun, to: planned, agents: agentMs }),
  ];
  let last = planned;
  for (const phase of plan.phases) {
    if (phase.tasks.length === 0) continue;
    const to = timeOf(events, "phase-completed", phase.phase);
    const agents = phasePath(phase) * agentMs;
    stretches.push(stretch(events, { name: phase.phase, from: last, to, agents }));
    last = to;
  }
  const to = timeOf(events, "run-completed");
  return [...stretches, stretch(events, { name: "completion", from: last, to, agents: 0 })];
}

function stretch(
  events: readonly LedgerEvent[],
  of: { name: string; from: number; to: number; agents: number },
): Stretch {
  const { name, from, to, agents } = of;
  let open = 0;
  let since = from;
  let busy = 0;
  let commands = 0;
  for (const { fact, at } of events) {
    const time = Date.parse(at);
    if (time < from || time > to) continue;
    if (fact.type === "evidence") commands += fact.evidence.durationMs;
    if (fact.type === "dispatch-started") {
      if (open === 0) since = time;
      open += 1;
    }
    if (fact.type === "dispatch-ended") {
      open -= 1;
      if (open === 0) busy += time - since;
    }
  }
  const wall = to - from;
  return { name, wall, agents, dispatching: busy - agents, gates: wall - busy, commands };
}

function timeOf(events: readonly LedgerEvent[], type: string, phase?: string): number {
  const found = events.find(
    ({ fact }) =>
      fact.type === type && (phase === undefined || ("phase" in fact && fact.phase === phase)),
  );
  if (!found) throw new Error(`The run's ledger has no ${type} ${phase ?? ""}.`);
  return Date.parse(found.at);
}
