import type { ProofKind, TestCounts } from "../run/method-facts.ts";
import { type Evidence, passed } from "./evidence.ts";
import { failuresIn } from "./failures.ts";
import { isTestFile } from "./test-files.ts";

/** Whether new tests fail without the change, and why this is known or not. */
export interface TestProof {
  readonly kind: ProofKind;
  readonly detail: string;
}

/**
 * Decides from two runs whether new tests show anything: `onBase` is the suite of the run's base commit, `withTests`
 * the same with only the new and changed test files laid over it. `production` are the other files that the run has
 * changed; without any there is nothing that the tests could miss.
 */
export function proofOf(runs: {
  readonly onBase: readonly Evidence[];
  readonly withTests: readonly Evidence[];
  readonly testFiles: readonly string[];
  readonly production: readonly string[];
}): TestProof {
  const { onBase, withTests, testFiles, production } = runs;
  if (testFiles.length === 0) return cannot("no test file is new or changed");
  if (production.length === 0) return cannot("the run changed nothing but tests");
  const before = onBase.find((item) => !passed(item));
  if (before)
    return cannot(`the base is red already: \`${before.command}\` exited with ${before.exitCode}`);
  if (!withTests.some((item) => item.kind === "test" || item.kind === "build"))
    return cannot("no build or test command could be run");
  const failed = withTests.find((item) => !passed(item));
  if (failed === undefined)
    return { kind: "passes-without", detail: "the new tests pass on the base, without the change" };
  return fromFailure(failed, testFiles);
}

function fromFailure(failed: Evidence, testFiles: readonly string[]): TestProof {
  const what = `\`${failed.command}\``;
  if (failed.timedOut) return cannot(`${what} ran out of time on the base`);
  if (failed.kind === "setup" || failed.kind === "lint")
    return cannot(`${what} failed on the base`);
  const elsewhere = failuresIn([failed]).filter(
    (failure) =>
      failure.file !== undefined && !testFiles.some((file) => samePlace(file, failure.file ?? "")),
  );
  const all = failuresIn([failed]);
  if (all.length > 0 && elsewhere.length === all.length)
    return cannot(`${what} failed on the base, but not in the new tests`);
  return failed.kind === "build"
    ? { kind: "proven", detail: `with the new tests, ${what} does not build without the change` }
    : {
        kind: "proven",
        detail: `${what} fails on the base with the new tests (exit ${failed.exitCode})`,
      };
}

/** Go names a file by its package, others by its path in the repository. */
function samePlace(file: string, place: string): boolean {
  return (
    file === place ||
    place.endsWith(`/${file}`) ||
    file.endsWith(`/${place}`) ||
    samePackage(file, place)
  );
}

function samePackage(file: string, place: string): boolean {
  const [a, b] = [file.split("/"), place.split("/")];
  return (
    a.at(-1) === b.at(-1) &&
    a.at(-1)?.endsWith(".go") === true &&
    (a.at(-2) ?? "") === (b.at(-2) ?? "")
  );
}

function cannot(detail: string): TestProof {
  return { kind: "not-feasible", detail };
}

/** What a tester is told whose new tests pass without the change. */
export function vacuousTests(files: readonly string[]): string {
  const shown = files.slice(0, 5).join(", ");
  return `The new tests (${shown}) pass on the base commit too, without the change, so they show nothing about it. Make them fail without it: assert what the change adds or mends.`;
}

/** Test files that a change adds, changes and deletes. */
export interface TestFileChanges {
  readonly added: string[];
  readonly changed: string[];
  readonly deleted: string[];
}

/** Sorts the changed files of a range by what happened to the test files among them. */
export function testFileChanges(range: {
  readonly baseFiles: readonly string[];
  readonly headFiles: readonly string[];
  readonly changed: readonly string[];
}): TestFileChanges {
  const [base, head] = [new Set(range.baseFiles), new Set(range.headFiles)];
  const tests = range.changed.filter(isTestFile);
  return {
    added: tests.filter((file) => !base.has(file) && head.has(file)),
    changed: tests.filter((file) => base.has(file) && head.has(file)),
    deleted: tests.filter((file) => base.has(file) && !head.has(file)),
  };
}

/** The tests of all test commands together, as the host counted them; null when no runner's totals were recognised. */
export function testCounts(evidence: readonly Evidence[]): TestCounts | null {
  const latest = new Map<string, Evidence>();
  for (const item of evidence)
    if (item.kind === "test") latest.set(`${item.cwd} ${item.command}`, item);
  const counted = [...latest.values()].flatMap((item) => item.tests ?? []);
  if (counted.length === 0) return null;
  return counted.reduce((a, b) => ({
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
  }));
}

/**
 * What people should look at in the tests of a change: deleted test files, fewer tests than before, more skipped ones,
 * and fewer new tests than a specialist says it wrote.
 */
export function testWarnings(compared: {
  readonly before: TestCounts | null;
  readonly after: TestCounts | null;
  readonly files: TestFileChanges;
  /** New tests by the testers' own words. */
  readonly claimed: number;
}): string[] {
  const { before, after, files, claimed } = compared;
  const warnings: string[] = [];
  if (files.deleted.length > 0)
    warnings.push(`Test files were deleted: ${files.deleted.slice(0, 10).join(", ")}.`);
  if (!before || !after) return warnings;
  const [old, now] = [total(before), total(after)];
  if (now < old) warnings.push(`There are fewer tests than before: ${now} instead of ${old}.`);
  if (after.skipped > before.skipped)
    warnings.push(
      `More tests are skipped than before: ${after.skipped} instead of ${before.skipped}.`,
    );
  if (claimed > 0 && now - old < claimed)
    warnings.push(
      `The testers say ${claimed} new tests, the host counts ${Math.max(0, now - old)}.`,
    );
  return warnings;
}

function total(counts: TestCounts): number {
  return counts.passed + counts.failed + counts.skipped;
}
