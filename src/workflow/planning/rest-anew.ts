import type { TriageMode } from "../../domain/triage/mode.ts";
import { readAnewNote, sourceWords } from "../../reports/supplied-words.ts";
import type { RunContext } from "../context.ts";
import { renewPullRequest } from "../publish/pull-request.ts";
import { approvePlan } from "./approve-plan.ts";
import { writePlan } from "./plan-document.ts";
import { stepTwo } from "./protocol.ts";
import { readAnew } from "./read-supplied.ts";
import { decide, textOf } from "./take-supplied.ts";

/**
 * Reads the supplied plan anew in the middle of the run, because a person wants it changed: what is accepted stays,
 * what is left is carried out as the plan says now, approved where plans are. One that is rejected is read once more;
 * nothing of it is carried out before it is approved.
 */
export async function planRestAnew(run: RunContext): Promise<"go on" | "blocked"> {
  for (let rejected = false; ; rejected = true) {
    const taken = await takeRest(run);
    if (taken === "blocked") return "blocked";
    await noteWhatIsLeft(run, taken === "accepted");
    if (taken === "as before" && !rejected) return "go on";
    run.planning.times += 1;
    await stepTwo(run, `planned anew ${run.nextOrderKey()}`);
    const approval = await approvePlan(run);
    if (approval === "blocked") return "blocked";
    if (approval === "again") continue;
    await writePlan(run);
    await renewPullRequest(run);
    return "go on";
  }
}

async function takeRest(run: RunContext): Promise<"accepted" | "blocked" | "as before"> {
  const before = run.planning.taken;
  const reading = await readAnew(run);
  if (textOf(reading) === before) return "as before";
  const mode: TriageMode = run.planning.found?.mode ?? "orchestrate";
  return decide(run, { reading, mode, otherwise: "as before" });
}

async function noteWhatIsLeft(run: RunContext, changed: boolean): Promise<void> {
  const { supplied, tasks } = run.view;
  if (!supplied) return;
  const built = new Set<string>(supplied.batches.flat());
  const left = tasks.filter(({ task, state }) => built.has(task.id) && state !== "accepted");
  const text = readAnewNote(sourceWords(supplied.source), left.length, changed);
  await run.record(`read anew ${run.nextOrderKey()}`, { type: "note", text });
}
