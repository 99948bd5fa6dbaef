import { z } from "zod";
import { type ClassedComment, CommentClass } from "../run/pull-facts.ts";
import type { RunView } from "../run/run.ts";
import { packFindings } from "./briefing.ts";
import { COMMON_RESULT, submissionOf } from "./results.ts";

/** More of one review than this is not worked on at once; its author is told so. */
export const MOST_COMMENTS = 60;

const TEXT_KEPT = 4_000;
const HUNK_LINES = 12;

/** One thing a reviewer said, as it is put before the lead. */
export interface FeedbackItem {
  /** `body` for the review's own text, else `c` and the comment's number. */
  readonly id: string;
  readonly text: string;
  /** The first comment of its conversation; undefined for the review's own text. */
  readonly thread?: number;
  readonly path?: string;
  readonly line?: number;
  readonly hunk?: string;
  /** What was said in this conversation before, oldest first. */
  readonly before: readonly string[];
  /** The reviewer answers where we had contested: then it is a person's decision, and it is done. */
  readonly insisted: boolean;
}

/** What of a review has to be read. */
export interface ReviewToRead {
  readonly state: string;
  readonly body: string;
  readonly comments: readonly {
    readonly id: number;
    readonly thread: number;
    readonly path: string;
    readonly line: number | undefined;
    readonly body: string;
    readonly hunk: string;
  }[];
}

const Text = z.string().trim().min(1).max(8_000);

const Classed = z
  .object({
    id: z.string().max(40),
    class: CommentClass,
    answer: Text.optional().describe("Needed for a question and for what is contested."),
    task: Text.optional().describe("For what is actionable: what exactly is to be changed."),
  })
  .refine(({ class: kind, answer }) => answer !== undefined || !needsAnswer(kind), {
    message: "a question, and what is contested, needs an answer",
    path: ["answer"],
  });

function needsAnswer(kind: CommentClass): boolean {
  return kind === "question" || kind === "contested";
}

/** What the lead hands in about the comments of a review. */
export const FeedbackResult = submissionOf(
  z.object({ ...COMMON_RESULT, comments: z.array(Classed).max(300) }),
);

/** Reads the proposal out of an accepted result; undefined when there is none in it. */
export function proposalIn(result: unknown): readonly z.infer<typeof Classed>[] | undefined {
  const parsed = z.object({ comments: z.array(Classed) }).safeParse(result);
  return parsed.success ? parsed.data.comments : undefined;
}

/** What of a review has to be classed; empty for one that only approves, or says nothing. */
export function feedbackItems(
  review: ReviewToRead,
  view: Pick<RunView, "reviews">,
): FeedbackItem[] {
  const earlier = view.reviews.flatMap((one) => one.comments);
  const items: FeedbackItem[] = review.comments
    .filter(({ body }) => body.trim() !== "")
    .map(({ id, thread, path, line, body, hunk }) => {
      const before = earlier.filter((one) => one.thread === thread);
      return {
        id: `c${id}`,
        text: body.slice(0, TEXT_KEPT),
        thread,
        path,
        ...(line === undefined ? {} : { line }),
        hunk: hunk.split("\n").slice(-HUNK_LINES).join("\n"),
        before: before.flatMap((one) => [one.text, ...(one.answer ? [`We: ${one.answer}`] : [])]),
        insisted: before.some((one) => one.class === "contested"),
      };
    });
  const approves = review.state === "approved" || review.state === "dismissed";
  if (!approves && review.body.trim() !== "")
    items.unshift({
      id: "body",
      text: review.body.slice(0, TEXT_KEPT),
      before: [],
      insisted: false,
    });
  return items;
}

/**
 * The host's judgement of a proposal: ids that nobody wrote are dropped, what was left out is actionable (a writer
 * asked for it), and what a reviewer insists on is not contested a second time.
 */
export function judgeFeedback(
  items: readonly FeedbackItem[],
  proposed: readonly z.infer<typeof Classed>[],
): ClassedComment[] {
  return items.map((item) => {
    const found = proposed.find(({ id }) => id === item.id);
    const contested = found?.class === "contested" && item.insisted;
    const kind = found === undefined || contested ? "actionable" : found.class;
    return {
      id: item.id,
      class: kind,
      text: item.text,
      ...(item.thread === undefined ? {} : { thread: item.thread }),
      ...(item.path === undefined ? {} : { path: item.path }),
      ...(item.line === undefined ? {} : { line: item.line }),
      ...(found?.answer === undefined || !needsAnswer(kind) ? {} : { answer: found.answer }),
      ...(found?.task === undefined || kind !== "actionable" ? {} : { task: found.task }),
    };
  });
}

/** Where a comment stands, as reviewers write it: `src/a.js:3`; empty for the review's own text. */
export function placeOf(comment: Pick<ClassedComment, "path" | "line">): string {
  if (comment.path === undefined) return "";
  return comment.line === undefined ? comment.path : `${comment.path}:${comment.line}`;
}

/** The findings of one fix task: everything actionable, each with its place, as many texts as a brief holds. */
export function feedbackFindings(by: string, comments: readonly ClassedComment[]): string[] {
  const lines = comments.map((comment) => {
    const place = placeOf(comment);
    const task = comment.task === undefined ? "" : ` (to do: ${comment.task})`;
    return `${place === "" ? "" : `${place}: `}${by} asks in a review: ${comment.text}${task}`;
  });
  return packFindings(lines);
}
