import { expect } from "vitest";
import { requirementEvidence } from "../../../src/domain/plan/requirement-evidence.ts";
import type { RunView } from "../../../src/domain/run/run.ts";
import type { TestMode } from "../../../src/domain/specialist/results.ts";
import { reportIn, type StageRun } from "../stage-run.ts";

const BOT = "backend-orchestrator[bot]";
const FINAL = [
  ["setup", "go mod download"],
  ["setup", "npm ci --ignore-scripts --no-audit --no-fund"],
  ["build", "go build ./..."],
  ["lint", "go vet ./..."],
  ["test", "go test -v ./..."],
];

/** The run is complete, and everything that says so rests on Go's own commands on the commit that is offered. */
export async function expectComplete(run: StageRun, view: RunView): Promise<void> {
  const [pull, ...more] = run.pulls();
  expect([view.state, pull?.draft, more]).toEqual(["complete", false, []]);
  expect(pull).toMatchObject({ headSha: view.headSha, headRef: view.started.runBranch });
  expect(pull?.life).toContain("ready_for_review");
  expect(await run.code.resolve(view.started.runBranch)).toBe(view.headSha);
  const final = view.evidence.filter(({ purpose }) => purpose === "final");
  expect(final.map(({ evidence }) => [evidence.kind, evidence.command])).toEqual(FINAL);
  for (const { evidence } of final)
    expect(evidence).toMatchObject({ sha: view.headSha, exitCode: 0, source: "base-config" });
  const tests = final.at(-1)?.evidence;
  expect(tests?.tests).toMatchObject({ failed: 0, skipped: 0 });
  expect(tests?.services).toMatchObject([{ name: "dynamodb", exitCode: null }]);
  expect(tests?.services?.[0]?.logTail).toContain("listening");
  expect(reportIn(statusComment(run, view))).toMatchObject({
    status: "complete",
    verification: { all_tests_passed: true, build_success: true },
  });
}

/** Every requirement of the plan has tests of these modes that fail without the change and pass with it. */
export function expectProven(
  run: StageRun,
  view: RunView,
  covered: Readonly<Record<string, readonly TestMode[]>>,
): void {
  const rows = requirementEvidence(view);
  expect(rows.map(({ requirement, gap }) => [requirement.id, gap])).toEqual(
    Object.keys(covered).map((id) => [id, undefined]),
  );
  const comment = statusComment(run, view)?.body ?? "";
  for (const { requirement, tests, evidence } of rows) {
    expect(tests.map(({ mode }) => mode)).toEqual(covered[requirement.id]);
    for (const one of tests) expect(one.proof, one.taskId).toBe("proven");
    expect(evidence).toMatchObject([{ command: "go test -v ./...", sha: view.headSha }]);
    const row = comment.split("\n").find((line) => line.startsWith(`| ✔ **${requirement.id}** `));
    expect(row).toContain(view.headSha.slice(0, 7));
    expect(row).toContain(evidence[0]?.outputDigest.slice(0, 12));
  }
  expect(comment).not.toMatch(/\| ✘ |⚠️/);
}

/** The one wrong attempt of the run: why it was refused, which the comment shows, and what who mends it was told. */
export function expectCaught(
  run: StageRun,
  view: RunView,
  caught: { task: string; because: string; said: string; mendedBy: string },
): void {
  const { task, because, said, mendedBy } = caught;
  const refused = run.facts("task-refused");
  expect(refused.map(({ taskId }) => taskId)).toEqual([task]);
  expect(refused[0]?.problems.join("\n")).toContain(because);
  expect(statusComment(run, view)?.body).toContain("What went wrong on the way (1)");
  const told = run.conversations().filter(({ turn }) => turn.prompt.includes(said));
  expect(told.map(({ turn }) => turn.task)).toContain(mendedBy);
}

/** The run branch is the plan and then these commits, oldest first, all by the app. */
export async function expectHistory(
  run: StageRun,
  view: RunView,
  titles: readonly string[],
): Promise<void> {
  const commits = await run.code.commitsBetween("main", view.started.runBranch);
  const [plan, ...work] = commits;
  const document = await run.code.filesBetween("main", plan?.sha ?? "");
  expect(document.map(({ path, status }) => [path.split("/").slice(0, 2), status])).toEqual([
    [["docs", "plans"], "added"],
  ]);
  expect(work.map(({ message }) => message.split("\n")[0])).toEqual(titles);
  for (const { author, message } of commits) {
    expect(author.name).toBe(BOT);
    expect(message).toContain(run.id());
  }
  for (const { message, parents } of work)
    expect(parents.length, message).toBe(message.startsWith("Integrate ") ? 2 : 1);
}

/** A file as the offered commit has it. */
export async function fileOf(run: StageRun, view: RunView, path: string): Promise<string> {
  return String(await run.code.file(view.headSha, path));
}

function statusComment(run: StageRun, view: RunView) {
  return run
    .comments(view.pullRequest?.number)
    .find(({ body }) => body.includes("orchestrate:status:"));
}
