import type { Stage } from "../stage.ts";
import { numberAt, READERS, sceneOn } from "./scene.ts";

/** Issues from opening to locking; returns the number of one. */
export async function playIssues(stage: Stage): Promise<number> {
  const { call, each } = sceneOn(stage);
  const first = await call("bot issues/create", { title: "From the app", body: "Text" });
  const second = await call("rob issues/create", { title: "From a reader" });
  await call("wendy issues/create", {
    title: "With all",
    body: "- [ ] a box",
    labels: ["bug", "fresh"],
    assignees: ["wendy"],
  });
  await call("rob issues/create", { body: "no title" }, { expect: 422 });
  await call("nobody issues/create", { title: "Who am I" }, { expect: 401 });
  const issue_number = numberAt(first, "number");
  const other = numberAt(second, "number");
  await each([...READERS, "nobody"], "issues/get", { issue_number });
  await call("rob issues/get", { issue_number: 9_999 }, { expect: 404 });
  await call("bot issues/update", { issue_number, title: "Renamed", body: "Other text" });
  await call("rob issues/update", { issue_number, title: "Robbed" }, { expect: 403 });
  await call("wendy issues/update", {
    issue_number: other,
    state: "closed",
    state_reason: "not_planned",
  });
  await each(READERS, "issues/get", { issue_number: other });
  await call("wendy issues/update", { issue_number: other, state: "open" });
  await each(READERS, "issues/list-for-repo", { state: "all", per_page: 2, sort: "updated" });
  await call("rob issues/list-for-repo", { labels: "bug", assignee: "wendy" });
  await call("wendy issues/lock", { issue_number: other, lock_reason: "off-topic" });
  await call("rob issues/create-comment", { issue_number: other, body: "Shut?" }, { expect: 403 });
  await call("wendy issues/unlock", { issue_number: other });
  await call("rob issues/lock", { issue_number: other }, { expect: 403 });
  await each(READERS, "issues/list-assignees");
  await call("bot issues/check-user-can-be-assigned", { assignee: "wendy" });
  await call("rob issues/check-user-can-be-assigned", { assignee: "no-one" }, { expect: 404 });
  await call("wendy issues/add-assignees", { issue_number, assignees: ["wendy", "olga"] });
  await call("bot issues/remove-assignees", { issue_number, assignees: ["olga"] });
  return issue_number;
}

export async function playLabels(stage: Stage, issue_number: number): Promise<void> {
  const { call, each } = sceneOn(stage);
  await call("wendy issues/create-label", {
    name: "ünusual name",
    color: "00ff00",
    description: "Green",
  });
  const twin = { name: "ünusual name", color: "00ff00" };
  await call("wendy issues/create-label", twin, { expect: 422 });
  await call("rob issues/create-label", { name: "robs" }, { expect: 403 });
  await each(READERS, "issues/get-label", { name: "ünusual name" });
  await call("rob issues/get-label", { name: "none" }, { expect: 404 });
  await call("bot issues/update-label", {
    name: "ünusual name",
    new_name: "usual",
    description: "Green, still",
  });
  await each(READERS, "issues/list-labels-for-repo", { per_page: 3 });
  await call("bot issues/add-labels", { issue_number, labels: ["usual", "bug"] });
  await call("wendy issues/add-labels", { issue_number, labels: [{ name: "question" }] });
  await call("bot issues/set-labels", { issue_number, labels: ["usual", "wontfix"] });
  await each(READERS, "issues/list-labels-on-issue", { issue_number });
  await call("wendy issues/remove-label", { issue_number, name: "wontfix" });
  await call("wendy issues/remove-label", { issue_number, name: "bug" }, { expect: 404 });
  await call("bot issues/remove-all-labels", { issue_number });
  await call("wendy issues/delete-label", { name: "usual" });
}

export async function playComments(stage: Stage, issue_number: number): Promise<void> {
  const { call, each } = sceneOn(stage);
  const ours = await call("bot issues/create-comment", { issue_number, body: "- [ ] box" });
  const theirs = await call("rob issues/create-comment", { issue_number, body: "Hm." });
  await call("rob issues/create-comment", { issue_number, body: "" }, { expect: 422 });
  await call("rob issues/create-comment", { issue_number: 9_999, body: "x" }, { expect: 404 });
  const comment_id = numberAt(ours, "id");
  await each(READERS, "issues/get-comment", { comment_id });
  await call("bot issues/update-comment", { comment_id, body: "- [ ] box\n- [ ] other" });
  await call("rob issues/update-comment", { comment_id, body: "Robbed" }, { expect: 403 });
  await stage.hub.as("wendy").tickCheckbox("acme/shop", { commentId: comment_id, index: 1 });
  for (const body of ["One.", "Two.", "Three."]) {
    await call("wendy issues/create-comment", { issue_number, body });
  }
  await each(READERS, "issues/list-comments", { issue_number, per_page: 2 });
  await each(READERS, "issues/list-comments-for-repo", { sort: "updated", direction: "desc" });
  await playReactions(stage, { issue_number, comment_id });
  await call("rob issues/delete-comment", { comment_id: numberAt(theirs, "id") });
  await call("rob issues/get-comment", { comment_id: numberAt(theirs, "id") }, { expect: 404 });
}

async function playReactions(
  stage: Stage,
  on: { issue_number: number; comment_id: number },
): Promise<void> {
  const { call, each } = sceneOn(stage);
  const { issue_number, comment_id } = on;
  const heart = await call("rob reactions/create-for-issue", { issue_number, content: "heart" });
  await call("rob reactions/create-for-issue", { issue_number, content: "heart" });
  await each(READERS, "reactions/list-for-issue", { issue_number });
  const eyes = { comment_id, content: "eyes" };
  const seen = await call("bot reactions/create-for-issue-comment", eyes, { expect: 201 });
  await call("bot reactions/create-for-issue-comment", eyes, { expect: 200 });
  await call("rob reactions/create-for-issue-comment", { comment_id, content: "+1" });
  const odd = { comment_id, content: "shrug" };
  await call("rob reactions/create-for-issue-comment", odd, { expect: 422 });
  await each(READERS, "reactions/list-for-issue-comment", { comment_id });
  await each(READERS, "issues/get-comment", { comment_id });
  const reaction_id = numberAt(seen, "id");
  await call("bot reactions/delete-for-issue-comment", { comment_id, reaction_id });
  await call("rob reactions/delete-for-issue", {
    issue_number,
    reaction_id: numberAt(heart, "id"),
  });
}

/** What happened to issues and pull requests, once much has. */
export async function playTimeline(stage: Stage, numbers: readonly number[]): Promise<void> {
  const { call, each } = sceneOn(stage);
  for (const issue_number of numbers) {
    await each(READERS, "issues/list-events", { issue_number, per_page: 100 });
    await each(READERS, "issues/list-events-for-timeline", { issue_number, per_page: 100 });
  }
  await each(READERS, "issues/list-events-for-repo", { per_page: 100 });
  const events = await call("bot issues/list-events-for-repo", { per_page: 1 });
  await each(READERS, "issues/get-event", { event_id: numberAt(events, "0.id") });
  await call("rob issues/get-event", { event_id: 99_999_999 }, { expect: 404 });
}
