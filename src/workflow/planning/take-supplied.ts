import { type JudgedPlan, judgeSupplied, phasesOver } from "../../domain/plan/judge-supplied.ts";
import { rosterOf } from "../../domain/specialist/specialists.ts";
import type { Triage, TriageMode } from "../../domain/triage/mode.ts";
import {
  type Onward,
  sourceWords,
  suppliedPlanBlocks,
  suppliedPlanQuestion,
  tasksLeftNote,
} from "../../reports/supplied-words.ts";
import type { RunContext } from "../context.ts";
import { ask, block } from "../people/escalate.ts";
import { hear } from "../people/heed.ts";
import { plan } from "./plan.ts";
import { stepTwo } from "./protocol.ts";
import { type Reading, readAnew } from "./read-supplied.ts";

/** A plan that is faulty after so many readings is for another run. */
const MOST_READINGS = 10;

/**
 * Takes the plan that the request brings, once it can be carried out; people decide about one that cannot. A plan that
 * was rejected or outgrown is read anew, and one that has not changed since is not taken a second time: then the
 * orchestrator plans.
 */
export async function takeSuppliedPlan(
  run: RunContext,
  found: Triage,
): Promise<"accepted" | "blocked"> {
  const { planning } = run;
  const known = planning.reading;
  const reading = planning.fresh && known ? known : await readAnew(run);
  const same = planning.taken !== undefined && textOf(reading) === planning.taken;
  if (same && !planning.fresh) return planHere(run, found.mode);
  const taken = await decide(run, { reading, mode: found.mode, otherwise: "plan here" });
  return taken === "plan here" ? planHere(run, found.mode) : taken;
}

async function planHere(run: RunContext, mode: TriageMode): Promise<"accepted" | "blocked"> {
  run.planning.aside = textOf(run.planning.reading);
  run.planning.reading = undefined;
  await stepTwo(run, `planning here ${run.nextOrderKey()}`);
  return plan(run, mode);
}

/** What a plan says; the same text at another commit is the same plan. */
export function textOf(reading: Reading | undefined): string | undefined {
  return reading?.kind === "text" ? reading.text : undefined;
}

type Otherwise = Extract<Onward, "plan here" | "as before">;

/**
 * Judges what was read, and accepts it; where something speaks against it a person decides, with `otherwise` as the way
 * without it. Read again as often as people want.
 */
export async function decide<Way extends Otherwise>(
  run: RunContext,
  of: { reading: Reading; mode: TriageMode; otherwise: Way },
): Promise<"accepted" | "blocked" | Way> {
  let { reading } = of;
  for (let time = 1; ; time++) {
    run.planning.fresh = false;
    run.planning.reading = reading;
    const where = reading.kind === "text" ? sourceWords(reading.source) : reading.where;
    const judged = await judge(run, reading, of.mode);
    if (judged.made && judged.concerns.length === 0) return accept(run, reading, judged.made);
    const ways: Onward[] = [
      "read again",
      of.otherwise,
      ...(judged.made ? (["as it is"] as const) : []),
      "stop",
    ];
    const question = suppliedPlanQuestion(where, judged.concerns, ways);
    const key = run.nextOrderKey();
    const answer =
      time < MOST_READINGS ? await ask(run, `supplied plan ${key}`, { question }) : undefined;
    const index = question.options.findIndex((option) => option.key === answer?.option);
    // Whoever answers in words of their own says what is different.
    const way = answer && (ways[index] ?? "read again");
    if (!answer || way === undefined || way === "stop")
      return block(run, suppliedPlanBlocks(where, judged.concerns));
    if (index === -1 || answer.text.includes(": "))
      await hear(run, { by: answer.by, text: answer.text }, `supplied plan ${key}`);
    if (way === "as it is" && judged.made) return accept(run, reading, judged.made);
    if (way === of.otherwise) return of.otherwise;
    reading = await readAnew(run);
  }
}

async function judge(run: RunContext, reading: Reading, mode: TriageMode): Promise<JudgedPlan> {
  if (reading.kind === "none") return { concerns: [reading.problem] };
  const { repo, issueTitle: title, issueBody: body, task: command, options } = run.input.request;
  const { supplied, tasks, phases } = run.view;
  const authored = new Set<string>(supplied?.tasks);
  return run.steps.step(`judge the supplied plan ${run.nextOrderKey()}`, async () => {
    const set = await run.ports.definitions.load(repo, run.view.started.definitionsSha);
    return judgeSupplied(reading.text, reading.source, {
      request: { title, body, command },
      mode,
      roster: rosterOf(set),
      ...(options.phases === undefined ? {} : { phases: options.phases }),
      ...(supplied === undefined
        ? {}
        : {
            before: {
              supplied,
              tasks: tasks.filter(({ task }) => authored.has(task.id)),
              over: phasesOver(phases),
            },
          }),
    });
  });
}

async function accept(
  run: RunContext,
  reading: Reading,
  made: NonNullable<JudgedPlan["made"]>,
): Promise<"accepted"> {
  const { plan: accepted, supplied, notes, leftOut, texts } = made;
  for (const [taskId, text] of texts) if (text !== "") run.planning.texts.set(taskId, text);
  run.planning.taken = textOf(reading);
  await run.record(
    `supplied plan accepted ${run.nextOrderKey()}`,
    { type: "plan-accepted", plan: accepted, supplied },
    ...[...notes, ...(leftOut.length > 0 ? [tasksLeftNote(leftOut)] : [])].map((text) => ({
      type: "note" as const,
      text,
    })),
  );
  return "accepted";
}
