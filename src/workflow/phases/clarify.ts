import type { Phase } from "../../domain/phase.ts";
import type { PlannedTask } from "../../domain/plan/plan.ts";
import { profileLines } from "../../domain/repo-config.ts";
import type { ClarifiedBy } from "../../domain/run/method-facts.ts";
import { type AnswerSource, clarify } from "../../domain/specialist/clarification.ts";
import type { QuestionDraft } from "../../domain/specialist/results.ts";
import { clarifiedBy, noAnswer, questionOf } from "../../reports/consulting.ts";
import type { RunContext } from "../context.ts";
import { ask, block } from "../people/escalate.ts";
import { consult, rosterNames } from "./consult.ts";

const DOCUMENTS = /^(?:(?:README|CONTRIBUTING|ARCHITECTURE|AGENTS)(?:\.\w+)?|docs\/[\w./-]+\.md)$/i;
const MOST_DOCUMENTS = 20;
const DOCUMENT_CHARACTERS = 20_000;

/** A specialist with more questions than this in one task is answered by people. */
const MOST_ANSWERS = 5;

/**
 * Answers a specialist's question from the plan, from the repository's own words, by the lead, or by people, in that
 * order; the answer goes into the brief of the next attempt at the same task. Asked again, the next one answers.
 */
export async function answerFor(
  run: RunContext,
  asker: { readonly task: PlannedTask; readonly phase: Phase; readonly key: string },
  question: QuestionDraft,
): Promise<"settled" | "blocked"> {
  const { task, phase, key } = asker;
  const earlier = run.view.clarifications.filter(
    (one) => one.taskId === task.id && one.question === question.text,
  );
  const answered = run.view.clarifications.filter((one) => one.taskId === task.id).length;
  if (answered >= MOST_ANSWERS) return byPeople(run, asker, question);
  const tried: ClarifiedBy[] = earlier.map((one) => one.by);
  const roster = await rosterNames(run, `for ${key}`);
  const research = await documents(run, key);
  for (;;) {
    const next = clarify(question, { asker: task, view: run.view, research, tried, roster });
    if (next.by === "user") return byPeople(run, asker, question);
    const answer =
      next.by === "lead"
        ? await consult(run, { phase, task: next.task, because: questionOf(task) })
        : next.answer;
    if (answer !== undefined) {
      const by = clarifiedBy(next.by, "source" in next ? next.source : undefined);
      await note(run, asker, { question: question.text, answer, by: next.by });
      run.memo(task.id).answers.push({ question: question.text, answer, by });
      return "settled";
    }
    tried.push(next.by);
  }
}

async function byPeople(
  run: RunContext,
  asker: { readonly task: PlannedTask; readonly key: string },
  question: QuestionDraft,
): Promise<"settled" | "blocked"> {
  const { task, key } = asker;
  const answer = await ask(run, key, { question, taskId: task.id });
  if (!answer) return block(run, noAnswer(question.text));
  const { text, by } = answer;
  await note(run, asker, { question: question.text, answer: text, by: "user" });
  run.memo(task.id).answers.push({ question: question.text, answer: text, by });
  return "settled";
}

function note(
  run: RunContext,
  { task, key }: { readonly task: PlannedTask; readonly key: string },
  clarified: { question: string; answer: string; by: ClarifiedBy },
): Promise<void> {
  return run.record(`clarified ${key}`, { type: "clarified", taskId: task.id, ...clarified });
}

/** What the repository says about itself at the commit that the run started from. */
async function documents(run: RunContext, key: string): Promise<AnswerSource[]> {
  const { repo } = run.input.request;
  const { baseSha } = run.view.started;
  const { workspaces } = run.ports;
  const profile = run.profile ? profileLines(run.profile).join("\n") : "";
  const read = await run.steps.step(`read the documents for ${key}`, async () => {
    const files = (await workspaces.listFiles(repo, baseSha)).filter((path) =>
      DOCUMENTS.test(path),
    );
    const found: AnswerSource[] = [];
    for (const name of files.toSorted().slice(0, MOST_DOCUMENTS)) {
      const text = (await workspaces.readFile(repo, baseSha, name)) ?? "";
      found.push({ name, text: text.slice(0, DOCUMENT_CHARACTERS) });
    }
    return found;
  });
  return [{ name: "the repository's profile", text: profile }, ...read];
}
