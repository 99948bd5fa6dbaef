import { type Evidence, passed } from "../gate/evidence.ts";
import type { MethodView } from "../run/method-view.ts";
import type { RunView, TaskView } from "../run/run.ts";
import { TestingResult, type TestMode } from "../specialist/results.ts";
import { requirementsOf } from "./lint.ts";
import type { Requirement } from "./plan.ts";

/** Tests that cover a requirement, as accepted from one tester. */
export interface CoveringTests {
  readonly taskId: string;
  readonly mode: TestMode;
  readonly files: readonly string[];
  readonly proof?: MethodView["proofs"][number]["kind"];
}

/** What proves one requirement, or what is missing for it. */
export interface RequirementEvidence {
  readonly requirement: Requirement;
  /** Tasks that worked on it and were accepted. */
  readonly tasks: readonly string[];
  readonly tests: readonly CoveringTests[];
  /** The latest run of each test command on the present head. */
  readonly evidence: readonly Evidence[];
  readonly counted?: {
    readonly found: readonly string[];
    readonly wanted: number;
    readonly unit: string;
  };
  /** Why the requirement is not proven; absent when it is. */
  readonly gap?: string;
}

/** Requirement -> tests -> commit -> command -> exit code -> digest, for every requirement of the accepted plan. */
export function requirementEvidence(view: RunView): RequirementEvidence[] {
  const evidence = freshTests(view);
  return (view.plan?.requirements ?? []).map((requirement) => {
    const tests = coveringTests(view, requirement.id);
    const counted = countedOf(view, requirement);
    const row = {
      requirement,
      tasks: view.tasks.filter((task) => worksOn(task, requirement.id)).map((task) => task.task.id),
      tests,
      evidence: tests.length > 0 ? evidence : [],
      ...(counted === undefined ? {} : { counted }),
    };
    const gap = gapOf(view, row, evidence);
    return gap === undefined ? row : { ...row, gap };
  });
}

/** The requirements that nothing proves, each with the reason. */
export function requirementGaps(view: RunView): string[] {
  return requirementEvidence(view).flatMap(({ requirement, gap }) =>
    gap === undefined ? [] : [`${requirement.id}: ${gap}`],
  );
}

function worksOn(task: TaskView, id: string): boolean {
  return task.state === "accepted" && requirementsOf(task.task).includes(id);
}

function freshTests(view: RunView): Evidence[] {
  const latest = new Map<string, Evidence>();
  for (const { evidence } of view.evidence)
    if (evidence.kind === "test" && evidence.sha === view.headSha)
      latest.set(`${evidence.cwd} ${evidence.command}`, evidence);
  return [...latest.values()];
}

function coveringTests(view: RunView, id: string): CoveringTests[] {
  return view.tasks.flatMap((task) => {
    if (task.state !== "accepted") return [];
    const result = TestingResult.safeParse(task.result);
    if (!result.success || !result.data.covers.includes(id)) return [];
    const proof = view.proofs.find((one) => one.taskId === task.task.id)?.kind;
    return [
      {
        taskId: task.task.id,
        mode: result.data.test_mode,
        files: result.data.test_files,
        ...(proof === undefined ? {} : { proof }),
      },
    ];
  });
}

function countedOf(view: RunView, { id, count }: Requirement): RequirementEvidence["counted"] {
  if (count === undefined) return undefined;
  const counted = view.counted.find((one) => one.requirement === id && one.unit === count.unit);
  return counted && { found: counted.found, wanted: count.n, unit: count.unit };
}

function gapOf(
  view: RunView,
  row: RequirementEvidence,
  evidence: readonly Evidence[],
): string | undefined {
  const { requirement, tests, tasks, counted } = row;
  const { count } = requirement;
  const handed = view.handOffs.find((one) => one.record.wanted.includes(requirement.text));
  if (handed && tests.length === 0) return `handed to ${handed.record.to}: ${handed.state}`;
  if (tests.length === 0)
    return tasks.length > 0
      ? `no test names it; it was worked on in ${tasks.join(", ")}`
      : "no accepted task worked on it";
  if (tests.every((one) => one.proof === "passes-without"))
    return "its tests pass without the change, so they show nothing";
  if (evidence.length === 0) return `its tests were not run on ${view.headSha.slice(0, 7)}`;
  const failed = evidence.find((item) => !passed(item));
  if (failed) return `\`${failed.command}\` failed on ${failed.sha.slice(0, 7)}`;
  if (count === undefined) return undefined;
  const unit = `${count.unit}${count.n === 1 ? "" : "s"}`;
  if (counted === undefined) return `${count.n} ${unit} are asked for and were not counted`;
  const found = counted.found.length;
  return found < count.n ? `${found} of ${count.n} ${unit} were found` : undefined;
}
