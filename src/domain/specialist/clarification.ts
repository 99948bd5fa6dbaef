import { TaskId } from "../ids.ts";
import type { PlannedTask } from "../plan/plan.ts";
import type { ClarifiedBy } from "../run/method-facts.ts";
import type { RunView } from "../run/run.ts";
import { stems } from "../stems.ts";
import type { QuestionDraft } from "./results.ts";

/** A text that may hold the answer, and what it is called. */
export interface AnswerSource {
  readonly name: string;
  readonly text: string;
}

/** Who answers a specialist's question next, and for the host's own sources also how. */
export type Clarification =
  | { readonly by: "plan" | "research"; readonly answer: string; readonly source: string }
  | { readonly by: "lead"; readonly task: PlannedTask }
  | { readonly by: "user"; readonly why: string };

/** What only people decide: money, law, dates, customers, and what cannot be taken back. */
const FOR_PEOPLE =
  /\b(?:budget|cost|costs|price|prices|pricing|pay|licen[cs]e|legal|gdpr|privacy|compliance|deadline|release date|customers?|users? expect|product decision|breaking change|backwards? compatib\w+|delete (?:data|production)|data loss|retention|who may|policy)\b/i;

/**
 * The order in which a question is answered: from the plan and what was decided so far, from the repository's own
 * words, by the lead, by people. The host answers only when its sources speak for exactly one option; everything that
 * is for people goes straight to them.
 */
export function clarify(
  question: QuestionDraft,
  given: {
    readonly asker: PlannedTask;
    readonly view: RunView;
    /** Profile and documents of the repository at the base commit. */
    readonly research: readonly AnswerSource[];
    /** Who has tried to answer this very question already. */
    readonly tried: readonly ClarifiedBy[];
    readonly roster: readonly string[];
  },
): Clarification {
  const { asker, view, research, tried, roster } = given;
  const repeated = earlierAnswer(question, view);
  if (repeated && !tried.includes("plan")) return { by: "plan", ...repeated };
  if (
    FOR_PEOPLE.test(`${question.text} ${question.options.map((one) => one.consequence).join(" ")}`)
  )
    return { by: "user", why: "it decides about something that only people decide about" };
  const fromPlan = tried.includes("plan") ? undefined : optionIn(question, planSources(view));
  if (fromPlan) return { by: "plan", ...fromPlan };
  const fromResearch = tried.includes("research") ? undefined : optionIn(question, research);
  if (fromResearch) return { by: "research", ...fromResearch };
  if (asker.specialist === "backend-lead") return { by: "user", why: "the lead itself asks" };
  if (tried.includes("lead")) return { by: "user", why: "the lead could not answer it" };
  if (!roster.includes("backend-lead")) return { by: "user", why: "there is no lead to ask" };
  return { by: "lead", task: leadTask(question, asker, view.clarifications.length + 1) };
}

type Found = { readonly answer: string; readonly source: string };

function earlierAnswer(question: QuestionDraft, view: RunView): Found | undefined {
  const wanted = plain(question.text);
  const asked = view.questions.find((one) => one.answer && plain(one.question.text) === wanted);
  if (asked?.answer) return { answer: asked.answer.text, source: `the answer to Q${asked.number}` };
  const clarified = view.clarifications.find((one) => plain(one.question) === wanted);
  return clarified && { answer: clarified.answer, source: "an earlier clarification" };
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** What the plan, the accepted design and people's answers say, in the run so far. */
function planSources(view: RunView): AnswerSource[] {
  const sources: AnswerSource[] = [];
  for (const requirement of view.plan?.requirements ?? [])
    sources.push({ name: `requirement ${requirement.id}`, text: requirement.text });
  for (const task of view.tasks)
    if (task.phase === "architecture" && task.state === "accepted")
      sources.push({ name: `the design of ${task.task.id}`, text: textOf(task.result) });
  for (const question of view.questions)
    if (question.answer)
      sources.push({
        name: `the answer to Q${question.number}`,
        text: `${question.question.text} ${question.answer.text}.`,
      });
  if (view.plan?.architecture) sources.push({ name: "the plan", text: view.plan.architecture });
  return sources;
}

function textOf(value: unknown): string {
  if (typeof value === "string") return `${value}.`;
  if (Array.isArray(value)) return value.map(textOf).join("\n");
  if (typeof value !== "object" || value === null) return "";
  // What was weighed and not chosen must not answer for what was.
  return Object.entries(value)
    .filter(([key]) => key !== "alternatives_considered" && key !== "trade_offs")
    .map(([, inner]) => textOf(inner))
    .join("\n");
}

/** The one option whose label a sentence about the question's subject holds; undefined for none or several. */
function optionIn(question: QuestionDraft, sources: readonly AnswerSource[]): Found | undefined {
  const subject = stems(question.text);
  const found = new Map<string, Found>();
  for (const source of sources)
    for (const sentence of source.text.split(/(?<=[.!?])\s+|\n/)) {
      const words = stems(sentence);
      for (const option of question.options) {
        const label = stems(option.label);
        const holds = label.size > 0 && [...label].every((stem) => words.has(stem));
        const about = [...subject].filter((stem) => words.has(stem) && !label.has(stem)).length;
        if (
          holds &&
          about >= Math.min(2, subject.size) &&
          !/\b(?:not|never|instead of|rather than)\b/i.test(sentence)
        )
          found.set(option.key, {
            answer: `${option.label} (${sentence.trim()})`,
            source: source.name,
          });
      }
    }
  return found.size === 1 ? [...found.values()][0] : undefined;
}

function leadTask(question: QuestionDraft, asker: PlannedTask, n: number): PlannedTask {
  const options = question.options.map((one) => `${one.key}) ${one.label}: ${one.consequence}`);
  return {
    id: TaskId.parse(`clarify-${n}`),
    title: `Answer a question of ${asker.specialist}`.slice(0, 120),
    specialist: "backend-lead",
    mode: "architecture",
    objective:
      `${asker.specialist} asks in task ${asker.id}: ${question.text} Decide, or mark it as a major trade-off for people.`.slice(
        0,
        4_000,
      ),
    inputs: options,
    files: [],
    expected_output: "A decision whose recommendation answers the question.",
    depends_on: [],
  };
}
