import type { Sha } from "../ids.ts";
import type { RunView } from "../run/run.ts";
import { type Evidence, passed } from "./evidence.ts";

/** What the commands of a repository said about one commit; null means that no such command was run. */
export interface Verification {
  readonly all_tests_passed: boolean | null;
  readonly build_success: boolean | null;
}

/** Computes the verdict from the latest run of each command on exactly `sha`. Evidence of other commits is stale. */
export function verificationOf(evidence: readonly Evidence[], sha: Sha): Verification {
  const latest = new Map<string, Evidence>();
  for (const item of evidence)
    if (item.sha === sha) latest.set(`${item.kind} ${item.cwd} ${item.command}`, item);
  function of(kind: Evidence["kind"]): Evidence[] {
    return [...latest.values()].filter((item) => item.kind === kind);
  }
  const tests = of("test");
  const builds = [...of("setup"), ...of("build")];
  return {
    all_tests_passed: tests.length === 0 ? null : tests.every(passed),
    build_success: builds.length === 0 ? null : builds.every(passed),
  };
}

/** The verdict on the run branch's present head. */
export function runVerification(view: RunView): Verification {
  return verificationOf(
    view.evidence.map((e) => e.evidence),
    view.headSha,
  );
}

declare const verified: unique symbol;

/** Proof that build and tests passed on this commit; only `verifyCommit` makes one. */
export interface VerifiedCommit {
  readonly [verified]: true;
  readonly sha: Sha;
  readonly evidence: readonly Evidence[];
}

/**
 * The proof that `sha` is verified, or the reasons why not. Tests must have run and passed; a build that exists must
 * have passed; a repository with nothing to run proves nothing.
 */
export function verifyCommit(
  evidence: readonly Evidence[],
  sha: Sha,
): VerifiedCommit | { readonly problems: readonly string[] } {
  const fresh = evidence.filter((item) => item.sha === sha);
  const verdict = verificationOf(fresh, sha);
  const problems = fresh.filter((item) => !passed(item)).map(describeFailure);
  if (verdict.all_tests_passed === null && problems.length === 0)
    problems.push(
      `No test command ran on ${sha.slice(0, 7)}: declare commands.test in .github/orchestrator.yml.`,
    );
  if (problems.length > 0) return { problems };
  const proof: unknown = Object.freeze({ sha, evidence: fresh });
  return proof as VerifiedCommit;
}

/** One failed command in words: command, where, how it ended. */
function describeFailure(evidence: Evidence): string {
  const where = evidence.cwd === "." ? "" : ` in ${evidence.cwd}`;
  const how = evidence.timedOut
    ? `ran out of time after ${Math.round(evidence.durationMs / 1000)} s`
    : evidence.exitCode !== 0
      ? `exited with ${evidence.exitCode}`
      : `reported ${evidence.tests?.failed ?? 0} failed tests`;
  return `${evidence.kind} command \`${evidence.command}\`${where} ${how}`;
}
