import { TaskId } from "../../domain/ids.ts";
import type { PlannedTask } from "../../domain/plan/plan.ts";
import type { ClassedComment } from "../../domain/run/pull-facts.ts";
import { judge } from "../../domain/specialist/acceptance.ts";
import { toldRequirements } from "../../domain/specialist/briefing.ts";
import {
  type FeedbackItem,
  feedbackFindings,
  feedbackItems,
  judgeFeedback,
  MOST_COMMENTS,
  placeOf,
  proposalIn,
} from "../../domain/specialist/feedback.ts";
import { resultSchemaOf } from "../../domain/specialist/specialists.ts";
import type { Brief } from "../../ports/agents.ts";
import type { ReviewText } from "../../ports/github.ts";
import { longReviewNote, reviewNote } from "../../reports/notes.ts";
import { changesAsked, NEXT, PROBLEMS, readingTitle, reviewed } from "../../reports/reasons.ts";
import type { RunContext } from "../context.ts";
import { endOf, startAttempt } from "../phases/attempt.ts";
import { answerQuestions } from "./answer-review.ts";
import type { Order } from "./orders.ts";
import type { Round } from "./standby.ts";

const ATTEMPTS = 2;

/**
 * Takes a person's review in: the lead classes its comments, the host decides, questions and what is contested are
 * answered at once. Gives the round of work on what is actionable; undefined when there is none.
 */
export async function takeIn(
  run: RunContext,
  order: Extract<Order, { kind: "review" }>,
): Promise<Round | undefined> {
  const review = await readReview(run, order);
  if (!review) return undefined;
  const all = feedbackItems(review, run.view);
  const items = all.slice(0, MOST_COMMENTS);
  await run.record(`review ${review.id}`, {
    type: "review-received",
    reviewId: review.id,
    by: review.author,
    state: review.state,
    comments: items.length,
  });
  if (all.length > items.length)
    await run.record(`review cut ${review.id}`, {
      type: "note",
      text: longReviewNote(review.author, items.length, all.length),
    });
  if (items.length === 0) {
    await run.record(`review noted ${review.id}`, {
      type: "note",
      text: reviewNote(review.author, review.state === "approved"),
    });
    return undefined;
  }
  const comments = await classed(run, review, items);
  await run.record(`review classed ${review.id}`, {
    type: "review-classed",
    reviewId: review.id,
    by: review.author,
    comments: [...comments],
  });
  await answerQuestions(run, { reviewId: review.id, by: review.author, comments });
  const actionable = comments.filter((comment) => comment.class === "actionable");
  if (actionable.length === 0) return undefined;
  return {
    kind: "round",
    by: review.author,
    because: changesAsked(review.author),
    findings: feedbackFindings(review.author, actionable),
    review: { id: review.id, comments: actionable },
  };
}

/** The review as GitHub has it, if the one who ordered it wrote it and may still write here. */
async function readReview(
  run: RunContext,
  order: Extract<Order, { kind: "review" }>,
): Promise<ReviewText | undefined> {
  const { pullRequest } = run.view;
  if (!pullRequest) return undefined;
  const { request } = run.input;
  const { reviewId } = order;
  const found = await run.steps.step(`read review ${reviewId}`, async () => {
    const review = await run.ports.github.review(request.repo, {
      number: pullRequest.number,
      reviewId,
    });
    return review ? { review } : {};
  });
  return found.review?.author === order.by ? found.review : undefined;
}

/** The lead's classes as far as the host takes them; everything is actionable when the lead gives none. */
async function classed(
  run: RunContext,
  review: ReviewText,
  items: readonly FeedbackItem[],
): Promise<ClassedComment[]> {
  const task = feedbackTask(review);
  await run.record(`add ${task.id}`, {
    type: "task-added",
    phase: "quality",
    task,
    reason: reviewed(review.author),
  });
  for (let tries = 1; tries <= ATTEMPTS; tries++) {
    const child = await startAttempt(run, {
      licence: run.licence,
      task,
      phase: "quality",
      attempt: run.memo(task.id).nextAttempt(),
      baseSha: run.head,
      brief: feedbackBrief(run, review, { task, items }),
      result: "feedback",
    });
    const { submission } = await endOf(run, child);
    const schema = resultSchemaOf({ role: task.specialist, mode: "review" }, "feedback");
    const judgement = judge(submission, { task, schema, writes: false });
    const proposed = proposalIn(submission.result);
    if (judgement.kind === "accept" && proposed) {
      await run.record(`accept ${task.id}`, {
        type: "task-accepted",
        taskId: task.id,
        phase: "quality",
        summary: judgement.summary,
        sha: run.head,
      });
      return judgeFeedback(items, proposed);
    }
    const problems = "problems" in judgement ? [...judgement.problems] : [PROBLEMS.notClassed];
    await run.record(`refuse ${task.id} ${tries}`, {
      type: "task-refused",
      taskId: task.id,
      phase: "quality",
      problems,
      next: tries < ATTEMPTS ? NEXT.askedAgain : NEXT.everythingToDo,
    });
  }
  return judgeFeedback(items, []);
}

function feedbackTask(review: ReviewText): PlannedTask {
  return {
    id: TaskId.parse(`feedback-${review.id}`),
    title: readingTitle(review.author),
    specialist: "backend-lead",
    mode: "review",
    objective:
      "People have reviewed this run's pull request. Look at the code they speak of and class every comment by its id. " +
      "`actionable`: it asks for a change that is right, or that is theirs to decide; say in `task` what exactly is to be changed. " +
      "`question`: it asks for an explanation; answer it in `answer` from the code. " +
      "`contested`: the change would break a requirement or make the code wrong; say in `answer` why, with the place in the code. " +
      "`remark`: it needs neither. This is not a review of your own.",
    inputs: [],
    files: [],
    expected_output: "`comments`: for every id its class, with `task` or `answer`.",
    depends_on: [],
  };
}

function feedbackBrief(
  run: RunContext,
  review: ReviewText,
  of: { task: PlannedTask; items: readonly FeedbackItem[] },
): Brief {
  const { task, items } = of;
  const { request } = run.input;
  return {
    objective: task.objective,
    context: [`The change that was reviewed: \`git diff ${run.base} HEAD\`.`],
    background: toldRequirements(run.view),
    scope: [
      "Read only; your diff must stay empty. The host posts the answers and has the rest done.",
    ],
    expected: task.expected_output,
    findings: [],
    answers: [],
    data: [
      { title: `Issue #${request.issue}: title`, text: request.issueTitle },
      { title: `Issue #${request.issue}: body`, text: request.issueBody },
      ...items.map((item) => ({ title: titleOf(item, review.author), text: textOf(item) })),
    ],
  };
}

function titleOf(item: FeedbackItem, by: string): string {
  const place = placeOf(item);
  return `Comment ${item.id} by ${by}${place === "" ? "" : ` on ${place}`}`;
}

function textOf(item: FeedbackItem): string {
  const parts = [item.text];
  if (item.before.length > 0) parts.push(`Said there before:\n${item.before.join("\n")}`);
  if (item.hunk) parts.push(`The lines it stands on:\n${item.hunk}`);
  return parts.join("\n\n");
}
