import type { Sha } from "../../domain/ids.ts";
import type { ClassedComment } from "../../domain/run/pull-facts.ts";
import {
  addressedReply,
  answerReply,
  contestedReply,
  elsewhereReply,
  reviewAnswer,
} from "../../reports/review-replies.ts";
import type { RunContext } from "../context.ts";

/** So many conversations are answered one by one; the others in one comment on the pull request. */
const SINGLE_REPLIES = 15;

interface Answering {
  readonly reviewId: number;
  readonly comments: readonly ClassedComment[];
}

/** Answers questions and says why something is contested, where it was said. */
export async function answerQuestions(
  run: RunContext,
  of: Answering & { readonly by: string },
): Promise<void> {
  const answers = of.comments.filter(({ answer }) => answer !== undefined);
  if (answers.length === 0) return;
  await run.steps.step(`answer review ${of.reviewId}`, async () => {
    const replies = answers.map((comment) => ({
      comment,
      body:
        comment.class === "contested"
          ? contestedReply(comment.answer ?? "")
          : answerReply(comment.answer ?? ""),
    }));
    await post(run, { reviewId: of.reviewId, kind: "answer", replies });
  });
}

/**
 * Names the verified commit in every conversation that asked for a change, and resolves those whose file the commit
 * touches: whether anything else settles them is for the reviewer to say.
 */
export async function answerThreads(
  run: RunContext,
  of: Answering & { readonly before: Sha },
): Promise<void> {
  const { request } = run.input;
  const { pullRequest } = run.view;
  if (!pullRequest) return;
  const sha = run.head;
  const done = await run.steps.step(`answer conversations ${of.reviewId}`, async () => {
    const { workspaces, github } = run.ports;
    const range = { base: of.before, head: sha };
    const touched = new Set(await workspaces.changedFiles(request.repo, range));
    const replies = of.comments.map((comment) => ({
      comment,
      body: isAddressed(comment, touched)
        ? addressedReply(sha, comment.task)
        : elsewhereReply(sha, comment.task),
    }));
    const replied = await post(run, { reviewId: of.reviewId, kind: "commit", replies });
    const threads = of.comments
      .filter((comment) => isAddressed(comment, touched))
      .flatMap(({ thread }) => thread ?? []);
    const resolved = await github.resolveThreads(request.repo, {
      number: pullRequest.number,
      threads: [...new Set(threads)],
    });
    return { replied, resolved: [...resolved] };
  });
  await run.record(`review answered ${of.reviewId}`, {
    type: "review-answered",
    reviewId: of.reviewId,
    sha,
    ...done,
  });
}

function isAddressed(comment: ClassedComment, touched: ReadonlySet<string>): boolean {
  return comment.path !== undefined && touched.has(comment.path);
}

interface Posting {
  readonly reviewId: number;
  readonly kind: "answer" | "commit";
  readonly replies: readonly { readonly comment: ClassedComment; readonly body: string }[];
}

/** Each reply once, in its conversation; the rest and what has no conversation in one comment. Gives the conversations. */
async function post(run: RunContext, posting: Posting): Promise<number[]> {
  const { request, runId } = run.input;
  const { github } = run.ports;
  const number = run.view.pullRequest?.number;
  if (number === undefined) return [];
  const { reviewId, kind, replies } = posting;
  const replied: number[] = [];
  const rest: Posting["replies"][number][] = [];
  for (const reply of replies) {
    const { thread, id } = reply.comment;
    if (thread === undefined || replied.length >= SINGLE_REPLIES) {
      rest.push(reply);
      continue;
    }
    const marker = `orchestrate:review:${runId}:${reviewId}:${id}:${kind}`;
    await github.replyToReview(request.repo, { number, thread, marker, body: reply.body });
    replied.push(thread);
  }
  if (rest.length > 0)
    await github.putComment(request.repo, {
      number,
      marker: `orchestrate:review:${runId}:${reviewId}:${kind}`,
      body: reviewAnswer(rest),
    });
  return replied;
}
