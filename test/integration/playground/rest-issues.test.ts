import { afterAll, beforeAll, expect, test } from "vitest";
import { AT, newStage, REPO, refusal, type Stage } from "./stage.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await newStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

test("issues are listed by state, label, person and time; pull requests are among them", async () => {
  const [rob, wendy] = [stage.hub.as("rob"), stage.hub.as("wendy")];
  const first = await rob.openIssue(REPO, { title: "First" });
  const second = await wendy.openIssue(REPO, {
    title: "Second",
    labels: ["bug"],
    assignees: ["wendy"],
  });
  await wendy.pushFile(REPO, { branch: "listed", path: "l.txt", content: "l" });
  const pull = await wendy.openPull(REPO, { title: "Third", head: "listed" });
  await rob.close(REPO, first.number, "not_planned");
  const user = stage.user("rob");
  async function numbers(query: object): Promise<number[]> {
    return (await user.rest.issues.listForRepo({ ...AT, ...query })).data.map((i) => i.number);
  }
  expect(await numbers({})).toEqual([pull.number, second.number]);
  expect(await numbers({ state: "closed" })).toEqual([first.number]);
  expect(await numbers({ labels: "bug" })).toEqual([second.number]);
  expect(await numbers({ creator: "rob", state: "all" })).toEqual([first.number]);
  expect(await numbers({ assignee: "wendy" })).toEqual([second.number]);
  expect(await numbers({ assignee: "none", direction: "asc" })).toEqual([pull.number]);
  expect(await numbers({ since: "2999-01-01T00:00:00Z" })).toEqual([]);
  const pulls = await user.rest.pulls.list({ ...AT, head: "acme:listed", base: "main" });
  expect(pulls.data.map((p) => p.number)).toEqual([pull.number]);
  const closed = await user.rest.issues.get({ ...AT, issue_number: first.number });
  expect(closed.data).toMatchObject({ state_reason: "not_planned", closed_by: { login: "rob" } });
  const again = await rob.reopen(REPO, first.number);
  expect(again).toMatchObject({ state: "open", stateReason: "reopened" });
  const events = await user.rest.issues.listEvents({ ...AT, issue_number: first.number });
  expect(events.data.map((e) => e.event)).toEqual(["closed", "reopened"]);
  const repoEvents = await user.rest.issues.listEventsForRepo(AT);
  const event = await user.rest.issues.getEvent({ ...AT, event_id: repoEvents.data[0]?.id ?? 0 });
  expect(event.data.issue?.number).toBeDefined();
});

test("comments are changed, deleted and listed across the repository since a time", async () => {
  const bot = await stage.bot();
  const issue = await stage.hub.as("rob").openIssue(REPO, { title: "Talk" });
  const at = { ...AT, issue_number: issue.number };
  const { data: one } = await bot.rest.issues.createComment({ ...at, body: "one" });
  const { data: two } = await bot.rest.issues.createComment({ ...at, body: "two" });
  const changed = await bot.rest.issues.updateComment({ ...AT, comment_id: one.id, body: "uno" });
  expect(changed.data).toMatchObject({
    id: one.id,
    body: "uno",
    performed_via_github_app: { slug: "helper" },
  });
  await bot.rest.issues.deleteComment({ ...AT, comment_id: two.id });
  expect(await refusal(bot.rest.issues.getComment({ ...AT, comment_id: two.id }))).toMatchObject({
    status: 404,
  });
  const all = await bot.rest.issues.listCommentsForRepo({ ...AT, since: issue.createdAt });
  expect(all.data.map((c) => c.body)).toEqual(["uno"]);
  const blank = bot.rest.issues.createComment({ ...at, body: " " });
  expect(await refusal(blank)).toMatchObject({ status: 422 });
});

test("labels of a repository and of an issue", async () => {
  const wendy = stage.user("wendy");
  const made = await wendy.rest.issues.createLabel({ ...AT, name: "area: api", color: "00ff00" });
  expect(made.data).toMatchObject({ name: "area: api", color: "00ff00", default: false });
  const twin = wendy.rest.issues.createLabel({ ...AT, name: "Area: API" });
  expect(await refusal(twin)).toMatchObject({ status: 422 });
  await wendy.rest.issues.updateLabel({
    ...AT,
    name: "area: api",
    new_name: "api",
    color: "0000ff",
  });
  expect((await wendy.rest.issues.getLabel({ ...AT, name: "api" })).data.color).toBe("0000ff");
  const issue = await stage.hub.as("rob").openIssue(REPO, { title: "Labelled" });
  const at = { ...AT, issue_number: issue.number };
  await wendy.rest.issues.setLabels({ ...at, labels: ["api", "bug"] });
  await wendy.rest.issues.removeLabel({ ...at, name: "bug" });
  const on = await wendy.rest.issues.listLabelsOnIssue(at);
  expect(on.data.map((l) => l.name)).toEqual(["api"]);
  expect(await refusal(wendy.rest.issues.removeLabel({ ...at, name: "bug" }))).toMatchObject({
    status: 404,
  });
  await wendy.rest.issues.removeAllLabels(at);
  expect((await wendy.rest.issues.get(at)).data.labels).toEqual([]);
  await wendy.rest.issues.deleteLabel({ ...AT, name: "api" });
  const names = (await wendy.rest.issues.listLabelsForRepo(AT)).data.map((l) => l.name);
  expect(names).not.toContain("api");
  expect(names).toContain("good first issue");
});

test("assignees and reactions come and go", async () => {
  const [wendy, rob] = [stage.user("wendy"), stage.user("rob")];
  const issue = await stage.hub.as("wendy").openIssue(REPO, { title: "Mine" });
  const at = { ...AT, issue_number: issue.number };
  const able = await wendy.rest.issues.listAssignees(AT);
  expect(able.data.map((a) => a.login)).toEqual(["olga", "wendy", "rob"]);
  expect((await wendy.rest.issues.checkUserCanBeAssigned({ ...AT, assignee: "rob" })).status).toBe(
    204,
  );
  await wendy.rest.issues.addAssignees({ ...at, assignees: ["rob"] });
  const left = await wendy.rest.issues.removeAssignees({ ...at, assignees: ["rob"] });
  expect(left.data.assignees).toEqual([]);
  const { data: heart } = await rob.rest.reactions.createForIssue({ ...at, content: "heart" });
  expect((await rob.rest.reactions.listForIssue(at)).data).toMatchObject([
    { content: "heart", user: { login: "rob" } },
  ]);
  const theirs = wendy.rest.reactions.deleteForIssue({ ...at, reaction_id: heart.id });
  expect(await refusal(theirs)).toMatchObject({ status: 403 });
  await rob.rest.reactions.deleteForIssue({ ...at, reaction_id: heart.id });
  expect((await rob.rest.reactions.listForIssue(at)).data).toEqual([]);
  const comment = await stage.hub.as("rob").comment(REPO, issue.number, "x");
  const on = { ...AT, comment_id: comment.id };
  const { data: eyes } = await wendy.rest.reactions.createForIssueComment({
    ...on,
    content: "eyes",
  });
  expect(
    (await wendy.rest.reactions.listForIssueComment({ ...on, content: "eyes" })).data,
  ).toHaveLength(1);
  expect(
    (await wendy.rest.reactions.listForIssueComment({ ...on, content: "rocket" })).data,
  ).toEqual([]);
  await wendy.rest.reactions.deleteForIssueComment({ ...on, reaction_id: eyes.id });
});
