import { z } from "zod";
import { Phase } from "../phase.ts";
import type { Plan, PlannedTask, TaskMode } from "../plan/plan.ts";
import type { RunView, TaskView } from "../run/run.ts";

/** Kinds of work that people and models take differently long for. */
export const TaskType = z.enum([
  "research",
  "test-writing",
  "implementation",
  "review",
  "simple",
  "unknown",
]);
export type TaskType = z.infer<typeof TaskType>;

/** What one finished task took, all its attempts together. */
export const HistoryRecord = z.object({
  repositoryId: z.number().int(),
  specialist: z.string(),
  phase: Phase,
  taskType: TaskType,
  durationMs: z.number().nonnegative(),
  tokens: z.number().int().nonnegative(),
  /** US dollars; null when a price was not known. */
  usd: z.number().nonnegative().nullable(),
});
export type HistoryRecord = z.infer<typeof HistoryRecord>;

/** What is to be estimated. */
export interface EstimateQuery {
  readonly repositoryId: number;
  readonly specialist: string;
  readonly phase: Phase;
  readonly taskType: TaskType;
  /** Minutes that a person would need, as the plan says. */
  readonly humanMinutes?: number;
}

/** `measured` comes from at least five finished tasks; everything else is a `prior` and must be called one. */
export const Estimate = z.discriminatedUnion("basis", [
  z.object({
    basis: z.literal("measured"),
    n: z.number().int().positive(),
    medianMs: z.number().nonnegative(),
    p90Ms: z.number().nonnegative(),
    /** This repository's own tasks, or all of the installation's. */
    from: z.enum(["repository", "everywhere"]),
  }),
  z.object({
    basis: z.literal("prior"),
    ms: z.number().nonnegative(),
    humanMinutes: z.number().nonnegative(),
    divisor: z.number().positive(),
  }),
]);
export type Estimate = z.infer<typeof Estimate>;

/** Measurements that outweigh a prior. */
export const ENOUGH = 5;

/** A prior, not a finding: how many times longer people are said to take. Measurements replace it. */
const DIVISOR: Readonly<Record<TaskType, number>> = {
  research: 24,
  "test-writing": 20,
  implementation: 12,
  review: 8,
  simple: 3,
  unknown: 15,
};

/** Minutes by hand where the plan gives none. */
const USUAL_MINUTES: Readonly<Record<TaskType, number>> = {
  research: 120,
  "test-writing": 120,
  implementation: 240,
  review: 60,
  simple: 30,
  unknown: 120,
};

/** Tokens of one task where none were measured. */
const USUAL_TOKENS: Readonly<Record<TaskType, number>> = {
  research: 150_000,
  "test-writing": 250_000,
  implementation: 400_000,
  review: 150_000,
  simple: 80_000,
  unknown: 200_000,
};

const TYPE_OF_MODE: Readonly<Record<TaskMode, TaskType>> = {
  architecture: "research",
  implementation: "implementation",
  unit: "test-writing",
  integration: "test-writing",
  acceptance: "test-writing",
  review: "review",
  security: "review",
};

/** The kind of a task; a round of fixing that the host added is a simple change. */
export function taskTypeOf(task: Pick<PlannedTask, "mode">, addedByHost = false): TaskType {
  if (addedByHost) return "simple";
  return task.mode === undefined ? "unknown" : TYPE_OF_MODE[task.mode];
}

/** What a run's accepted tasks took, for the history. */
export function historyOf(view: RunView): HistoryRecord[] {
  return view.tasks
    .filter(
      (task) =>
        task.state === "accepted" && task.dispatches.some((d) => d.durationMs !== undefined),
    )
    .map((task) => recordOf(view, task));
}

function recordOf(view: RunView, task: TaskView): HistoryRecord {
  const prices = task.dispatches.map((dispatch) => dispatch.usage?.usd ?? null);
  return {
    repositoryId: view.repo.id,
    specialist: task.task.specialist,
    phase: task.phase,
    taskType: taskTypeOf(task.task, task.addedBecause !== undefined),
    durationMs: sum(task.dispatches.map((dispatch) => dispatch.durationMs ?? 0)),
    tokens: sum(
      task.dispatches.map((d) => (d.usage?.inputTokens ?? 0) + (d.usage?.outputTokens ?? 0)),
    ),
    usd: addPrices(prices),
  };
}

/** Records of the same specialist, phase and kind: this repository's if there are enough, else everybody's. */
function comparable(
  history: readonly HistoryRecord[],
  query: EstimateQuery,
): { records: readonly HistoryRecord[]; from: "repository" | "everywhere" } {
  const same = history.filter(
    (record) =>
      record.specialist === query.specialist &&
      record.phase === query.phase &&
      record.taskType === query.taskType,
  );
  const here = same.filter((record) => record.repositoryId === query.repositoryId);
  return here.length >= ENOUGH
    ? { records: here, from: "repository" }
    : { records: same, from: "everywhere" };
}

/** How long a task will take: measured when at least five comparable ones are known, else the divided prior. */
export function estimateTime(history: readonly HistoryRecord[], query: EstimateQuery): Estimate {
  const { records, from } = comparable(history, query);
  if (records.length >= ENOUGH) {
    const times = records.map((record) => record.durationMs);
    return { basis: "measured", n: times.length, medianMs: median(times), p90Ms: p90(times), from };
  }
  const humanMinutes = query.humanMinutes ?? USUAL_MINUTES[query.taskType];
  const divisor = DIVISOR[query.taskType];
  return { basis: "prior", ms: (humanMinutes * 60_000) / divisor, humanMinutes, divisor };
}

/** The middle value; of an even number of values the mean of the middle two. Throws without values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  if (low === undefined || high === undefined) throw new Error("There is no median of nothing.");
  return (low + high) / 2;
}

/** The smallest value that at least nine tenths of the values do not exceed. Throws without values. */
export function p90(values: readonly number[]): number {
  const found = values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.9) - 1];
  if (found === undefined) throw new Error("There is no percentile of nothing.");
  return found;
}

/** The sum of prices; one unknown price makes it unknown, and it never becomes zero. */
export function addPrices(prices: readonly (number | null)[]): number | null {
  return prices.reduce(
    (total, price) => (total === null || price === null ? null : total + price),
    0,
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** What a plan will take. `usd` is null when a price is unknown. */
export const Forecast = z.object({
  ms: z.number().nonnegative(),
  tokens: z.number().nonnegative(),
  usd: z.number().nonnegative().nullable(),
  basis: z.enum(["measured", "prior", "mixed"]),
  /** Tasks whose time was measured, of how many. */
  measuredTasks: z.number().int().nonnegative(),
  tasks: z.number().int().nonnegative(),
  /** The time of each task, by its id. */
  times: z.record(z.string(), Estimate).default({}),
});
export type Forecast = z.infer<typeof Forecast>;

/** US dollars for that many tokens of a specialist's model; null when the table of prices has no entry. */
export type PriceOf = (work: { specialist: string; tokens: number }) => number | null;

/**
 * Forecasts a plan before it starts. Phases follow one another; within the testing phase tasks run together, so that
 * the longest chain of dependencies counts; elsewhere their times add up.
 */
export function forecastPlan(
  plan: Plan,
  history: readonly HistoryRecord[],
  given: { readonly repositoryId: number; readonly priceOf: PriceOf },
): Forecast {
  const rows = plan.phases.flatMap((phase) =>
    phase.tasks.map((task) => forecastTask(task, { phase: phase.phase, history, ...given })),
  );
  const times = new Map(rows.map((row) => [row.id, row.ms]));
  const measuredTasks = rows.filter((row) => row.measured).length;
  return {
    ms: sum(plan.phases.map((phase) => phaseTime(phase.phase, phase.tasks, times))),
    tokens: sum(rows.map((row) => row.tokens)),
    usd: addPrices(rows.map((row) => row.usd)),
    basis: measuredTasks === 0 ? "prior" : measuredTasks === rows.length ? "measured" : "mixed",
    measuredTasks,
    tasks: rows.length,
    times: Object.fromEntries(rows.map((row) => [row.id, row.time])),
  };
}

function forecastTask(
  task: PlannedTask,
  given: {
    readonly phase: Phase;
    readonly history: readonly HistoryRecord[];
    readonly repositoryId: number;
    readonly priceOf: PriceOf;
  },
): {
  id: string;
  time: Estimate;
  ms: number;
  tokens: number;
  usd: number | null;
  measured: boolean;
} {
  const { phase, history, repositoryId, priceOf } = given;
  const { specialist, human_minutes } = task;
  const taskType = taskTypeOf(task);
  const query = { repositoryId, specialist, phase, taskType };
  const time = estimateTime(
    history,
    human_minutes === undefined ? query : { ...query, humanMinutes: human_minutes },
  );
  const { records } = comparable(history, query);
  const measured = records.length >= ENOUGH;
  const tokens = measured ? median(records.map((record) => record.tokens)) : USUAL_TOKENS[taskType];
  const prices = records.map((record) => record.usd).filter((price) => price !== null);
  return {
    id: task.id,
    time,
    ms: time.basis === "measured" ? time.medianMs : time.ms,
    tokens,
    // Only complete measurements make a price; a median over the known ones would flatter.
    usd:
      measured && prices.length === records.length
        ? median(prices)
        : priceOf({ specialist, tokens }),
    measured,
  };
}

function phaseTime(
  phase: Phase,
  tasks: readonly PlannedTask[],
  times: ReadonlyMap<string, number>,
): number {
  if (phase !== "testing") return sum(tasks.map((task) => times.get(task.id) ?? 0));
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const ends = new Map<string, number>();
  function endOf(task: PlannedTask): number {
    const known = ends.get(task.id);
    if (known !== undefined) return known;
    ends.set(task.id, 0);
    const before = task.depends_on.map((id) => byId.get(id)).filter((one) => one !== undefined);
    const end = Math.max(0, ...before.map(endOf)) + (times.get(task.id) ?? 0);
    ends.set(task.id, end);
    return end;
  }
  return Math.max(0, ...tasks.map(endOf));
}
