import { matchesGlob } from "../glob.ts";
import type { PlannedTask } from "../plan/plan.ts";
import { TestMode } from "../specialist/results.ts";
import { type Guard, guardOf } from "./guarded.ts";
import { isTestFile } from "./test-files.ts";

/** What a task's commit touched beyond what it declared. */
export interface ScopeVerdict {
  /** Files outside the declared scope and files that need a person, to be flagged in the report. */
  readonly flagged: readonly string[];
  /** True when the work cannot be taken in as it is. */
  readonly rejected: boolean;
  /** What the specialist is told, one sentence for each kind of violation. */
  readonly problems: readonly string[];
  /** What only a person may let in. Nothing of the commit is integrated before. */
  readonly approval: readonly GuardedFile[];
}

export interface GuardedFile {
  readonly file: string;
  readonly guard: Guard;
}

const CODE =
  /\.(?:[cm]?[jt]sx?|go|py|rs|java|kt|cs|rb|php|swift|scala|c|cc|cpp|h|hpp|exs?|sql|vue|svelte)$/;

/** Files that tools write when the first one changes. */
const COMPANIONS: readonly (readonly [manifest: RegExp, lock: RegExp])[] = [
  [
    /(?:^|\/)package\.json$/,
    /(?:^|\/)(?:package-lock\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?)$/,
  ],
  [/(?:^|\/)go\.mod$/, /(?:^|\/)go\.sum$/],
  [/(?:^|\/)Cargo\.toml$/, /(?:^|\/)Cargo\.lock$/],
  [/(?:^|\/)pyproject\.toml$/, /(?:^|\/)(?:poetry\.lock|uv\.lock|pdm\.lock)$/],
  [/(?:^|\/)Gemfile$/, /(?:^|\/)Gemfile\.lock$/],
  [/(?:^|\/)composer\.json$/, /(?:^|\/)composer\.lock$/],
];

/**
 * Compares what a task changed with what it declared. Outside files are flagged; they reject the work when others
 * worked at the same time, when another task owns the file, and when a tester changed production code. A task that
 * declared nothing is held to the last two only. Protected paths, CI, owners, definitions and tests that disappear
 * without being declared need a person, whoever changed them.
 */
export function scopeVerdict(work: {
  readonly task: PlannedTask;
  readonly changed: readonly string[];
  /** Tasks dispatched in the same round, this one not included. */
  readonly beside: readonly PlannedTask[];
  /** Globs from the repository's profile that nobody may change without a person. */
  readonly protectedPaths?: readonly string[];
  /** Those of `changed` that do not exist any more. */
  readonly deleted?: readonly string[];
}): ScopeVerdict {
  const { task, changed, beside } = work;
  const outside =
    task.files.length === 0 ? [] : changed.filter((file) => !inScope(file, task, changed));
  const owned = changed.flatMap((file) => {
    const owner = beside.find((other) => other.files.includes(file));
    return owner && !task.files.includes(file) ? [{ file, owner: owner.id }] : [];
  });
  const approval = changed.flatMap((file) => {
    const guard = guardedBy(file, work);
    return guard === undefined ? [] : [{ file, guard }];
  });
  const production = isTester(task)
    ? changed.filter((file) => isProduction(file) && !task.files.includes(file))
    : [];
  const problems = [
    ...(beside.length > 0 && outside.length > 0
      ? [
          `Others work at the same time; leave ${list(outside)} as it was: only ${list(task.files)} is yours.`,
        ]
      : []),
    ...owned.map(({ file, owner }) => `${file} belongs to task ${owner}: leave it as it was.`),
    ...(production.length > 0
      ? [
          `A tester changes no production code; leave ${list(production)} as it was and report what is wrong with it.`,
        ]
      : []),
  ];
  const flagged = [
    ...new Set([...outside, ...[...owned, ...approval].map((one) => one.file), ...production]),
  ];
  return { flagged, rejected: problems.length > 0, problems, approval };
}

function guardedBy(
  file: string,
  work: Pick<Parameters<typeof scopeVerdict>[0], "task" | "protectedPaths" | "deleted">,
): Guard | undefined {
  const guard = guardOf(file);
  if (guard !== undefined) return guard;
  if (work.protectedPaths?.some((glob) => matchesGlob(file, glob))) return "protected";
  const gone = work.deleted?.includes(file) === true && isTestFile(file);
  return gone && !work.task.files.includes(file) ? "deleted-tests" : undefined;
}

/** What a specialist is told when a person did not let its change of guarded files in. */
export function guardedProblem(files: readonly GuardedFile[], said: string): string {
  const names = list(files.map((one) => one.file));
  return `A person did not approve the change of ${names}; leave it as it was. They say: ${said}`;
}

function inScope(file: string, task: PlannedTask, changed: readonly string[]): boolean {
  if (task.files.includes(file)) return true;
  // Basic tests belong to the code, and a lock file to its manifest.
  if (!isTester(task) && isTestFile(file)) return true;
  return COMPANIONS.some(
    ([manifest, lock]) =>
      lock.test(file) && task.files.some((own) => manifest.test(own) && changed.includes(own)),
  );
}

function isTester(task: PlannedTask): boolean {
  return TestMode.options.some((mode) => mode === task.mode);
}

function isProduction(file: string): boolean {
  return (
    CODE.test(file) &&
    !isTestFile(file) &&
    !/(?:^|\/)[\w.-]*(?:config|setup)\.[cm]?[jt]s$/.test(file)
  );
}

function list(files: readonly string[]): string {
  const shown = files.slice(0, 10).join(", ");
  return files.length > 10 ? `${shown} and ${files.length - 10} more` : shown;
}
