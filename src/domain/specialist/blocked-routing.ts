import { TaskId } from "../ids.ts";
import type { PlannedTask, TaskMode } from "../plan/plan.ts";
import type { RunView } from "../run/run.ts";
import { blockedGoesTo } from "../skill/routing.ts";
import {
  ArchitectureResult,
  type BlockedReason,
  SecurityReviewResult,
  TestingResult,
} from "./results.ts";
import { HAND_OFF_TARGETS, ORCHESTRATOR_ROLE, roleFacts } from "./specialists.ts";

/** What a specialist says when it cannot go on. */
export interface Blockage {
  readonly reason: BlockedReason;
  readonly issue: string;
  readonly attempted: readonly string[];
  readonly recommend: string;
}

/** Who looks at a blockage: a specialist by a task of its own, or people. `why` explains a way to people. */
export type BlockedRoute =
  | { readonly kind: "specialist"; readonly task: PlannedTask }
  | { readonly kind: "user"; readonly why: string };

const MODE_OF: Readonly<Record<string, TaskMode>> = {
  "backend-lead": "architecture",
  "backend-security-reviewer": "security",
  "backend-tester": "unit",
};

/**
 * Routes a blockage: security to its reviewer, architecture to the lead, tests to the tester, the rest to people.
 * People are asked only where no specialist can help: the one who would help is blocked itself, is not in the roster,
 * or was asked about the same task and reason before.
 */
export function routeBlocked(
  blocked: Blockage,
  given: {
    readonly task: PlannedTask;
    /** Specialists that have a definition. */
    readonly roster: readonly string[];
    readonly view: Pick<RunView, "routed">;
  },
): BlockedRoute {
  const { task, roster, view } = given;
  const target = blockedGoesTo(blocked.reason);
  const mode = MODE_OF[target];
  if (mode === undefined)
    return { kind: "user", why: `only a person can decide about ${blocked.reason}` };
  if (target === task.specialist)
    return { kind: "user", why: `${target} is the one that is blocked` };
  if (!roster.includes(target)) return { kind: "user", why: `${target} is not available` };
  if (view.routed.some((one) => one.taskId === task.id && one.reason === blocked.reason))
    return { kind: "user", why: `${target} was asked before and could not help` };
  return {
    kind: "specialist",
    task: consultTask(blocked, { task, target, mode, n: view.routed.length + 1 }),
  };
}

function consultTask(
  blocked: Blockage,
  to: { task: PlannedTask; target: string; mode: TaskMode; n: number },
): PlannedTask {
  const { task, target, mode, n } = to;
  return {
    id: TaskId.parse(`consult-${n}`),
    title: `Help ${task.specialist} with ${task.id}`.slice(0, 120),
    specialist: target,
    mode,
    objective:
      `${task.specialist} is blocked in task ${task.id} (${task.title}): ${blocked.issue} Say what it is to do, so that it can go on.`.slice(
        0,
        4_000,
      ),
    inputs: [
      `Attempted: ${blocked.attempted.join("; ")}`.slice(0, 4_000),
      `It recommends: ${blocked.recommend}`.slice(0, 4_000),
    ],
    files: [],
    expected_output: "An answer that removes the blockage, or a statement that only a person can.",
    depends_on: [],
  };
}

/**
 * What the blocked specialist is told from a helper's accepted result. Undefined when the helper says that it is a
 * trade-off for people, or that something blocks which only they can lift.
 */
export function consultAnswer(result: unknown): string | undefined {
  const design = ArchitectureResult.safeParse(result);
  if (design.success) {
    const { recommendation, rationale, contracts, major_trade_off } = design.data.decision;
    if (major_trade_off) return undefined;
    return [recommendation, rationale, ...contracts].join(" ");
  }
  const security = SecurityReviewResult.safeParse(result);
  if (security.success)
    return [
      security.data.summary,
      ...security.data.findings.map(
        (one) => `${one.file}:${one.line}: ${one.title}: ${one.remediation}`,
      ),
    ].join(" ");
  const testing = TestingResult.safeParse(result);
  return testing.success ? testing.data.summary : undefined;
}

/**
 * What was tried for a task, from the ledger: at least one concrete entry, the latest last. For `attempted` in the
 * sentence of an escalation.
 */
export function attemptedFor(view: RunView, taskId: string): string[] {
  const task = view.tasks.find((one) => one.task.id === taskId);
  if (!task || task.dispatches.length === 0) return [`planned task ${taskId}`];
  const dispatches = task.dispatches.map((one) => {
    const end = one.status === undefined ? "under way" : one.status;
    return `dispatched ${one.role} for ${taskId} (attempt ${one.attempt}: ${end})`;
  });
  const routed = view.routed
    .filter((one) => one.taskId === taskId)
    .map((one) => `asked ${one.to} about ${one.reason}`);
  const evidence = view.evidence.at(-1)?.evidence;
  const ran = evidence ? [`ran ${evidence.command} (exit ${evidence.exitCode})`] : [];
  return [...dispatches, ...routed, ...ran];
}

/** What a blocked specialist says it tried; the schema demands an entry, so some say that it was nothing. */
export function triedBy(blocked: Blockage | undefined): string[] {
  return (blocked?.attempted ?? []).filter((entry) => !/^\W*(nothing|none|n\/a)\W*$/i.test(entry));
}

/** A name that a recommendation may give: a specialist, this or another orchestrator, or people. */
export function isTarget(name: string): boolean {
  return (
    name === "user" ||
    name === ORCHESTRATOR_ROLE ||
    HAND_OFF_TARGETS.some((target) => target === name) ||
    roleFacts(name) !== undefined
  );
}
