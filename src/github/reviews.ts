import type { RepoRef } from "../domain/ids.ts";
import type { CommentRef, ReviewCommentText, ReviewText } from "../ports/github.ts";
import { RefusedError } from "./errors.ts";
import { once } from "./once.ts";
import { sanitize } from "./sanitize.ts";
import { Review, ReviewComment } from "./schemas.ts";
import { at, effectKey, named, type World } from "./world.ts";

const STATES = ["approved", "changes_requested", "commented", "dismissed", "pending"] as const;

/** More comments than this of one review are not read. */
const MOST_COMMENTS = 300;

/** A review and its comments with everything taken out that a reader of the page would not see. */
export async function review(
  world: World,
  repo: RepoRef,
  wanted: { number: number; reviewId: number },
): Promise<ReviewText | undefined> {
  const place = { ...at(repo), pull_number: wanted.number, review_id: wanted.reviewId };
  const octokit = world.client(repo);
  try {
    const { data } = await octokit.rest.pulls.getReview(place);
    const found = Review.parse(data);
    const comments: ReviewCommentText[] = [];
    const pages = octokit.paginate.iterator(octokit.rest.pulls.listCommentsForReview, {
      ...place,
      per_page: 100,
    });
    for await (const page of pages) {
      comments.push(...page.data.map((comment) => textOf(ReviewComment.parse(comment))));
      if (comments.length >= MOST_COMMENTS) break;
    }
    return {
      id: found.id,
      author: found.user?.login ?? "ghost",
      state: STATES.find((state) => state === found.state.toLowerCase()) ?? "commented",
      body: sanitize(found.body ?? "").text,
      url: found.html_url,
      comments,
    };
  } catch (error) {
    if (error instanceof RefusedError && error.status === 404) return undefined;
    throw error;
  }
}

function textOf(comment: ReviewComment): ReviewCommentText {
  return {
    id: comment.id,
    thread: comment.in_reply_to_id ?? comment.id,
    path: comment.path,
    line: comment.line ?? comment.original_line ?? undefined,
    body: sanitize(comment.body).text,
    hunk: comment.diff_hunk,
  };
}

/**
 * Answers in a conversation once per marker. What was made is remembered; only a reply whose outcome is not known is
 * looked for at GitHub before it is made again.
 */
export async function replyToReview(
  world: World,
  repo: RepoRef,
  reply: { number: number; thread: number; marker: string; body: string },
): Promise<CommentRef> {
  const { number, thread } = reply;
  const mark = `<!-- ${reply.marker} -->`;
  const where = `reply on ${named(repo, number)}`;
  const body = world.publisher.body(`${mark}\n${reply.body}`, where);
  const key = effectKey(repo, `${number}/${mark}`);
  return await world.exclusively(key, async () => {
    const known = await world.effects.get(key);
    if (known !== undefined && known !== INTENDED) return JSON.parse(known) as CommentRef;
    if (known === undefined) await world.effects.put(key, INTENDED);
    await world.publisher.mayCreate(where);
    const made = await once(world.clock, {
      find: async () => await find(world, repo, { number, thread, mark }),
      create: async () => {
        const { data } = await world.client(repo).rest.pulls.createReplyForReviewComment({
          ...at(repo),
          pull_number: number,
          comment_id: thread,
          body,
        });
        return ReviewComment.parse(data);
      },
      ...(known === undefined ? { known: "nothing" as const } : {}),
    });
    const ref = { id: made.id, url: made.html_url };
    await world.effects.put(key, JSON.stringify(ref));
    return ref;
  });
}

const INTENDED = "intended";

/** A reply of a bot in this conversation that carries the marker. People's comments never count. */
async function find(
  world: World,
  repo: RepoRef,
  wanted: { number: number; thread: number; mark: string },
): Promise<ReviewComment | undefined> {
  const octokit = world.client(repo);
  const pages = octokit.paginate.iterator(octokit.rest.pulls.listReviewComments, {
    ...at(repo),
    pull_number: wanted.number,
    per_page: 100,
  });
  for await (const page of pages) {
    const comments = page.data.map((data) => ReviewComment.parse(data));
    const own = comments.find(
      ({ body, in_reply_to_id: parent, user }) =>
        parent === wanted.thread && user?.type === "Bot" && body.includes(wanted.mark),
    );
    if (own !== undefined) return own;
  }
  return undefined;
}
