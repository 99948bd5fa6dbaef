import { REPO, type Stage } from "../stage.ts";
import { numberAt, READERS, type Scene, sceneOn, textAt } from "./scene.ts";

/** Reviews, review comments, replies, reactions and threads on one pull request. */
export async function playReviews(stage: Stage, pull_number: number): Promise<void> {
  const scene = sceneOn(stage);
  const { call, each } = scene;
  const approved = await call("wendy pulls/create-review", { pull_number, event: "APPROVE" });
  const asked = await call("olga pulls/create-review", {
    pull_number,
    event: "REQUEST_CHANGES",
    body: "Please change",
    comments: [{ path: "src/a.js", line: 3, side: "RIGHT", body: "Why?" }],
  });
  await call(
    "bot pulls/create-review",
    { pull_number, event: "APPROVE", body: "Mine is good" },
    { expect: 422 },
  );
  await call("bot pulls/create-review", { pull_number, event: "COMMENT", body: "A remark" });
  const review_id = numberAt(asked, "id");
  await each(READERS, "pulls/list-reviews", { pull_number });
  await each(READERS, "pulls/get-review", { pull_number, review_id });
  await call("rob pulls/get-review", { pull_number, review_id: 99_999_999 }, { expect: 404 });
  await each(READERS, "pulls/list-comments-for-review", { pull_number, review_id });
  await call("olga pulls/update-review", { pull_number, review_id, body: "Please change it" });
  const old = { pull_number, review_id: numberAt(approved, "id"), message: "Stale" };
  await call("rob pulls/dismiss-review", old, { expect: 403 });
  await call("olga pulls/dismiss-review", old);
  await playPending(scene, pull_number);
  await playReviewComments(scene, pull_number);
}

async function playPending({ call }: Scene, pull_number: number): Promise<void> {
  const comments = [{ path: "src/a.js", line: 4, body: "Pending" }];
  const pending = await call("rob pulls/create-review", { pull_number, comments });
  const review_id = numberAt(pending, "id");
  await call("rob pulls/list-comments-for-review", { pull_number, review_id });
  await call("rob pulls/submit-review", {
    pull_number,
    review_id,
    event: "COMMENT",
    body: "So",
  });
  const late = { pull_number, review_id, event: "COMMENT", body: "Again" };
  await call("rob pulls/submit-review", late, { expect: 422 });
  const other = await call("rob pulls/create-review", { pull_number, body: "Unsent" });
  await call("rob pulls/delete-pending-review", {
    pull_number,
    review_id: numberAt(other, "id"),
  });
}

async function playReviewComments(scene: Scene, pull_number: number): Promise<void> {
  const { call, each, stage } = scene;
  const pull = await call("bot pulls/get", { pull_number });
  const commit_id = textAt(pull, "head.sha");
  const place = { pull_number, commit_id, path: "src/a.js" };
  const made = await call("bot pulls/create-review-comment", {
    ...place,
    body: "Two lines",
    start_line: 3,
    start_side: "RIGHT",
    line: 4,
    side: "RIGHT",
  });
  const far = { ...place, body: "Where?", line: 900 };
  await call("bot pulls/create-review-comment", far, { expect: 422 });
  await call("rob pulls/create-review-comment", {
    ...place,
    body: "On the file",
    subject_type: "file",
  });
  const comment_id = numberAt(made, "id");
  const reply = await call("rob pulls/create-reply-for-review-comment", {
    pull_number,
    comment_id,
    body: "Because",
  });
  await call("bot pulls/create-review-comment", {
    ...place,
    body: "I see",
    in_reply_to: comment_id,
  });
  await each(READERS, "pulls/list-review-comments", { pull_number, per_page: 2 });
  await each(READERS, "pulls/list-review-comments-for-repo", { sort: "updated" });
  await each(READERS, "pulls/get-review-comment", { comment_id });
  await call("rob pulls/get-review-comment", { comment_id: 99_999_999 }, { expect: 404 });
  await call("bot pulls/update-review-comment", { comment_id, body: "Two lines here" });
  await playReviewReactions(scene, comment_id);
  await call("rob pulls/delete-review-comment", { comment_id: numberAt(reply, "id") });
  const thread = stage.hub.store.reviewComments.must(comment_id).threadId;
  await stage.hub.as("wendy").resolveThread(REPO, thread);
  await stage.hub.as("wendy").unresolveThread(REPO, thread);
}

async function playReviewReactions({ call, each }: Scene, comment_id: number): Promise<void> {
  const reaction = await call("rob reactions/create-for-pull-request-review-comment", {
    comment_id,
    content: "hooray",
  });
  await call("bot reactions/create-for-pull-request-review-comment", {
    comment_id,
    content: "eyes",
  });
  await each(READERS, "reactions/list-for-pull-request-review-comment", { comment_id });
  await call("rob reactions/delete-for-pull-request-comment", {
    comment_id,
    reaction_id: numberAt(reaction, "id"),
  });
}
