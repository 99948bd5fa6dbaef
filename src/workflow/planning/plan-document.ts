import { commitMessage } from "../../domain/commit-message.ts";
import type { Plan } from "../../domain/plan/plan.ts";
import type { LedgerEvent, LedgerFact } from "../../domain/run/ledger-event.ts";
import { planNotWritten } from "../../reports/notes.ts";
import { planDocument } from "../../reports/plan-document.ts";
import { othersWrite } from "../../reports/reasons.ts";
import type { RunContext } from "../context.ts";
import { adopt } from "../gates/adopt.ts";

/** So often somebody else may push to the run branch at the very moment at which we do. */
const TRIES = 3;
/** A model's summary in a commit message. */
const SUMMARY_CHARACTERS = 500;

/**
 * Commits the accepted plan to the run branch as its first commit, or over the plan before it. A repository in which it
 * cannot stand (a file where a folder is needed) is told so in a note; the plan is carried out all the same.
 */
export async function writePlan(run: RunContext): Promise<void> {
  const { plan } = run.view;
  if (!plan) return;
  for (let tries = 1; tries <= TRIES; tries++) {
    if ((await writeOnce(run, plan)) !== "moved") return;
    if ((await adopt(run, "somebody")).kind === "lost") break;
  }
  await run.record(`plan not written ${run.nextOrderKey()}`, {
    type: "note",
    text: planNotWritten(othersWrite(run.input.runBranch)),
  });
}

async function writeOnce(run: RunContext, plan: Plan): Promise<"done" | "moved"> {
  const { request, runBranch, runId } = run.input;
  const { workspaces, ledger, status } = run.ports;
  const onto = run.head;
  const expected = run.view.branches.get(runBranch);
  const at = acceptedAt(run.events);
  const time = run.nextOrderKey();
  const written = await run.steps.step(`write the plan ${time}`, async () => {
    const document = await documentFor(run, plan);
    const message = commitMessage({
      subject: `Plan: ${request.issueTitle}`,
      about: [plan.summary.slice(0, SUMMARY_CHARACTERS)],
      runId,
    });
    const made = await workspaces.commitFile(request.repo, { ...document, onto, message, at });
    async function keep(facts: readonly LedgerFact[]): Promise<LedgerEvent[]> {
      const events = [];
      for (const [index, fact] of facts.entries())
        events.push(await ledger.append(runId, `plan-written/${time}#${index}`, fact));
      status.touch(runId);
      return events;
    }
    if (made.kind === "refused") {
      const text = planNotWritten(made.reason);
      return { kind: "done" as const, events: await keep([{ type: "note", text }]) };
    }
    const { sha } = made;
    const pushed = await workspaces.push(request.repo, { branch: runBranch, sha, expected });
    if (pushed.kind === "refused") throw new Error(`Cannot push ${runBranch}: ${pushed.reason}.`);
    if (pushed.kind === "moved") return { kind: "moved" as const, events: [] };
    const events = await keep([
      { type: "plan-written", path: document.path, sha },
      { type: "branch-pushed", branch: runBranch, sha },
    ]);
    return { kind: "done" as const, events };
  });
  run.adopt(written.events);
  return written.kind;
}

/** The document at this run's own path: a plan of another run of the same day and title is never written over. */
async function documentFor(run: RunContext, plan: Plan): Promise<{ path: string; text: string }> {
  const { request, runId, n } = run.input;
  const { workspaces } = run.ports;
  const { started, startedAt, planDocument: before } = run.view;
  const { path, text } = planDocument({
    plan,
    title: request.issueTitle,
    issue: request.issue,
    runId,
    date: startedAt.slice(0, 10),
    commands: await workspaces.commands(request.repo, started.baseSha),
  });
  if (before) return { path: before.path, text };
  const taken = (await workspaces.readFile(request.repo, run.head, path)) !== undefined;
  return { path: taken ? path.replace(/\.md$/, `-r${n}.md`) : path, text };
}

/** The ledger's own time, so that a repeated step makes the same commit. */
function acceptedAt(events: readonly LedgerEvent[]): string {
  const accepted = events.findLast(({ fact }) => fact.type === "plan-accepted");
  if (!accepted) throw new Error("The run has no accepted plan.");
  return accepted.at;
}
