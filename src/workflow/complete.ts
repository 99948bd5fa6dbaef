import type { VerificationSkillLoaded } from "../domain/protocol-proof.ts";
import type { VerifiedCommit } from "../domain/verdict.ts";
import type { RunContext } from "./context.ts";
import { block } from "./escalate.ts";
import { verificationSkill } from "./protocol.ts";
import { makeReady, openPhases } from "./pull-request.ts";
import { verify } from "./verify.ts";

/** Ends a run whose phases are done: fresh evidence on the final commit, then ready, then complete. Or blocked. */
export async function finish(run: RunContext): Promise<"complete" | "blocked"> {
  const skill = await verificationSkill(run);
  const open = openPhases(run);
  if (open.length > 0)
    return block(run, {
      issue: `phases are not finished: ${open.join(", ")}`,
      attempted: ["ran every planned task"],
      recommend: "user",
      capability: "a look at the plan",
    });
  const verified = await verify(run, run.head, "final");
  if ("problems" in verified)
    return block(run, {
      issue: `the final commit ${run.head.slice(0, 7)} is not verified`,
      attempted: verified.problems,
      recommend: "user",
      capability: "a repository whose build and tests pass",
    });
  await complete(run, verified, skill);
  return "complete";
}

/** The only way to `complete`: takes the proof of the evidence and the proof that verification was loaded. */
async function complete(
  run: RunContext,
  proof: VerifiedCommit,
  _skill: VerificationSkillLoaded,
): Promise<void> {
  await makeReady(run, proof);
  const summary = run.view.plan?.summary ?? run.view.started.issueTitle;
  await run.record(`run completed ${run.nextOrderKey()}`, {
    type: "run-completed",
    sha: proof.sha,
    summary,
  });
}
