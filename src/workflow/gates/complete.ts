import { errorSignature } from "../../domain/gate/error-signature.ts";
import type { VerifiedCommit } from "../../domain/gate/verdict.ts";
import { TaskId } from "../../domain/ids.ts";
import type { VerificationSkillLoaded } from "../../domain/skill/protocol-proof.ts";
import {
  branchLost,
  checksMissing,
  headKeptMoving,
  phasesOpen,
} from "../../reports/blocked-words.ts";
import { brokenSince, notVerified as notVerifiedWords } from "../../reports/gate-words.ts";
import { checksFailed, redSince } from "../../reports/reasons.ts";
import type { RunContext } from "../context.ts";
import { block } from "../people/escalate.ts";
import { bothHalves } from "../people/other-half.ts";
import { redSuite } from "../phases/findings.ts";
import { fix } from "../phases/fix.ts";
import { failGate } from "../phases/loop.ts";
import { verificationSkill } from "../planning/protocol.ts";
import { makeReady, openPhases } from "../publish/pull-request.ts";
import { account } from "./account.ts";
import { adopt } from "./adopt.ts";
import { keepMergeable } from "./base.ts";
import { blame } from "./blame.ts";
import { type CiVerdict, requiredChecks } from "./ci.ts";
import { proveDevelopersTests } from "./proof.ts";
import { baseline, verify } from "./verify.ts";

/** So often the branch may change under the final verification before a person is asked. */
const LOOKS = 5;
/** GitHub may show a push a little later than git does. */
const LAG_MS = 2_000;

/** What failed checks are recorded under; they belong to no planned task. */
const REQUIRED_CHECKS = TaskId.parse("required-checks");

/** `again`: something was mended after the reviews, so they are repeated before the run is finished. */
export type Finished = "complete" | "blocked" | "again";

/**
 * Ends a run whose phases are done: fresh evidence on the final commit, then ready, then green required checks, then
 * complete. Or blocked. A head that somebody moves meanwhile is adopted and verified anew.
 */
export async function finish(run: RunContext): Promise<Finished> {
  const skill = await verificationSkill(run);
  const open = openPhases(run);
  if (open.length > 0) return block(run, phasesOpen(open));
  await baseline(run);
  for (let look = 1; look <= LOOKS; look++) {
    const base = await keepMergeable(run);
    if (base === "blocked") return "blocked";
    if (base === "merged") return "again";
    const sha = run.head;
    const verified = await verify(run, sha, "final");
    await account(run, sha);
    if ("problems" in verified) return notVerified(run, verified.problems);
    await proveDevelopersTests(run, sha);
    if (await makeReady(run, verified)) {
      const ci = await requiredChecks(run, verified.sha);
      if (ci.kind === "green") {
        if ((await bothHalves(run)) === "blocked") return "blocked";
        await complete(run, verified, skill);
        return "complete";
      }
      if (ci.kind !== "moved") return notGreen(run, ci);
    }
    const taken = await adopt(run, "somebody");
    if (taken.kind === "lost") return block(run, branchLost(run.input.runBranch, taken.actual));
    if (taken.kind === "same") await run.steps.sleep(LAG_MS);
  }
  return block(run, headKeptMoving(run.input.runBranch, LOOKS));
}

/**
 * A red final commit: the task whose integration broke it is found, and its specialist mends it. Where no task did, a
 * person is asked.
 */
async function notVerified(
  run: RunContext,
  problems: readonly string[],
): Promise<"blocked" | "again"> {
  const suite = redSuite(run, problems);
  const found = await blame(run);
  const told = found.kind === "found" ? brokenSince(found.position) : undefined;
  const taskId = found.kind === "found" ? found.position.taskId : undefined;
  if (taskId === undefined) return block(run, notVerifiedWords(run.head, problems, told));
  const findings = [...(told === undefined ? [] : [told]), ...suite.problems];
  const onward = await failGate(run, { ...suite, phase: "quality", taskId });
  if (onward.kind !== "again") return "blocked";
  const fixed = await fix(run, {
    phase: "quality",
    gate: suite.gate,
    because: redSince(taskId),
    findings: [...findings, ...onward.told],
    of: run.taskView(taskId).task,
  });
  return fixed === "fixed" ? "again" : "blocked";
}

/** A red required check counts more than our own evidence: it goes back to the developer. */
async function notGreen(run: RunContext, ci: CiVerdict): Promise<"blocked" | "again"> {
  if (ci.kind === "red") {
    const because = checksFailed(ci.names);
    const { findings } = ci;
    const onward = await failGate(run, {
      gate: "checks",
      phase: "quality",
      taskId: REQUIRED_CHECKS,
      problems: findings,
      signature: errorSignature(findings.join("\n")),
    });
    if (onward.kind !== "again") return "blocked";
    const fixed = await fix(run, {
      phase: "quality",
      gate: "checks",
      because,
      findings: [...findings, ...onward.told],
    });
    return fixed === "fixed" ? "again" : "blocked";
  }
  if (ci.kind === "closed") return "blocked";
  return block(run, checksMissing(run.ports.limits.ciHours, run.head));
}

/** The only way to `complete`: takes the proof of the evidence and the proof that verification was loaded. */
async function complete(
  run: RunContext,
  proof: VerifiedCommit,
  _skill: VerificationSkillLoaded,
): Promise<void> {
  const summary = run.view.plan?.summary ?? run.view.started.issueTitle;
  await run.record(`run completed ${run.nextOrderKey()}`, {
    type: "run-completed",
    sha: proof.sha,
    summary,
  });
}
