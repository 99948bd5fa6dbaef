import { afterAll, beforeAll, expect, test } from "vitest";
import { AT, newStage, REPO, refusal, type Stage } from "./stage.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await newStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

test("reviews: states, own pull requests, replies, threads settled by GraphQL", async () => {
  const [olga, bot] = [stage.user("olga"), await stage.bot()];
  const wendy = stage.hub.as("wendy");
  await wendy.pushFile(REPO, { branch: "reviewed", path: "src/b.js", content: "a\nb\nc\n" });
  const { number } = await wendy.openPull(REPO, { title: "Reviewed", head: "reviewed" });
  const at = { ...AT, pull_number: number };
  const own = stage.user("wendy").rest.pulls.createReview({ ...at, event: "APPROVE" });
  expect(await refusal(own)).toMatchObject({
    status: 422,
    message: "Can not approve your own pull request",
  });
  await bot.rest.pulls.requestReviewers({ ...at, reviewers: ["olga"] });
  await stage.hub.webhooks.idle();
  stage.heard.length = 0;
  const { data: review } = await olga.rest.pulls.createReview({
    ...at,
    event: "REQUEST_CHANGES",
    body: "Please",
    comments: [{ path: "src/b.js", line: 2, body: "why b?" }],
  });
  await stage.hub.webhooks.idle();
  expect(stage.names()).toEqual([
    "pull_request_review.submitted",
    "pull_request_review_comment.created",
  ]);
  expect(stage.heard[0]?.body).toMatchObject({ review: { state: "changes_requested" } });
  const asked = await bot.rest.pulls.listRequestedReviewers(at);
  expect(asked.data.users).toEqual([]);
  const comments = await bot.rest.pulls.listCommentsForReview({ ...at, review_id: review.id });
  const [first] = comments.data;
  const reply = await bot.rest.pulls.createReplyForReviewComment({
    ...at,
    comment_id: first?.id ?? 0,
    body: "Done",
  });
  expect(reply.data).toMatchObject({
    in_reply_to_id: first?.id,
    path: "src/b.js",
    user: { login: "helper[bot]" },
  });
  const found = await bot.graphql<{
    repository: {
      pullRequest: {
        reviewThreads: {
          nodes: { id: string; isResolved: boolean; comments: { totalCount: number } }[];
        };
      };
    };
  }>(
    'query($n: Int!) { repository(owner: "acme", name: "shop") { pullRequest(number: $n) { reviewThreads(first: 10) { nodes { id isResolved comments(first: 5) { totalCount } } } } } }',
    { n: number },
  );
  const [thread] = found.repository.pullRequest.reviewThreads.nodes;
  expect(thread).toMatchObject({ isResolved: false, comments: { totalCount: 2 } });
  await bot.graphql(
    "mutation($id: ID!) { resolveReviewThread(input: {threadId: $id}) { thread { isResolved } } }",
    { id: thread?.id },
  );
  await stage.hub.webhooks.idle();
  expect(stage.names()).toContain("pull_request_review_thread.resolved");
  const dismissed = await olga.rest.pulls.dismissReview({
    ...at,
    review_id: review.id,
    message: "fixed",
  });
  expect(dismissed.data.state).toBe("DISMISSED");
});
