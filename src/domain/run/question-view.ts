import type { LedgerFact } from "./ledger-event.ts";
import type { QuestionView, RunView } from "./run.ts";

type Fact<T extends LedgerFact["type"]> = Extract<LedgerFact, { type: T }>;
type Handler<T extends LedgerFact["type"]> = (
  view: RunView,
  fact: Fact<T>,
  at: string,
) => Partial<RunView>;

/** How each fact about a question changes the view. */
export const QUESTION_HANDLERS: {
  readonly [T in
    | "question-asked"
    | "question-answered"
    | "question-closed"
    | "reminded"]: Handler<T>;
} = {
  "question-asked": (view, fact, at) => ({
    questions: [
      ...view.questions,
      {
        number: fact.number,
        question: fact.question,
        mayAnswer: fact.mayAnswer,
        askedAt: at,
        reminders: 0,
        ...(fact.taskId === undefined ? {} : { taskId: fact.taskId }),
        ...(fact.commentUrl === undefined ? {} : { commentUrl: fact.commentUrl }),
      },
    ],
  }),
  "question-answered": (view, fact) =>
    change(view, fact.number, ({ answer }) => ({
      answer: answer ?? {
        by: fact.by,
        text: fact.answer,
        ...(fact.option === undefined ? {} : { option: fact.option }),
      },
    })),
  "question-closed": (view, { number }) => change(view, number, () => ({ closed: true })),
  reminded: (view, { number, times }) => change(view, number, () => ({ reminders: times })),
};

/** Questions that still want an answer. */
export function openQuestions(view: Pick<RunView, "questions">): readonly QuestionView[] {
  return view.questions.filter((question) => !question.answer && !question.closed);
}

function change(
  view: RunView,
  number: number,
  of: (question: QuestionView) => Partial<QuestionView>,
): Partial<RunView> {
  return {
    questions: view.questions.map((question) =>
      question.number === number ? { ...question, ...of(question) } : question,
    ),
  };
}
