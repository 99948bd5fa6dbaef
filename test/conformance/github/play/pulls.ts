import { REPO, type Stage } from "../stage.ts";
import { numberAt, READERS, type Scene, sceneOn } from "./scene.ts";

const CHANGED = "one\ntwo\nTHREE\nFOUR\nfive\nsix\nseven\neight\nnine\nten\neleven\n";

/** A branch with a change of src/a.js and of a file of its own. */
async function branch(stage: Stage, name: string): Promise<void> {
  const wendy = stage.hub.as("wendy");
  await wendy.createBranch(REPO, name);
  await wendy.pushFile(REPO, { branch: name, path: "src/a.js", content: CHANGED });
  await wendy.pushFile(REPO, { branch: name, path: `notes/${name}.md`, content: `${name}\n` });
}

/** Pull requests from opening to merging; returns the number of the one that is left open. */
export async function playPulls(stage: Stage): Promise<number> {
  const scene = sceneOn(stage);
  const { call, each } = scene;
  for (const name of ["first", "second", "third", "fourth"]) await branch(stage, name);
  const opened = await call("bot pulls/create", {
    title: "By the app",
    head: "first",
    base: "main",
    body: "Closes nothing",
    draft: true,
  });
  const pull_number = numberAt(opened, "number");
  const again = { title: "Again", head: "first", base: "main" };
  await call("bot pulls/create", again, { expect: 422 });
  await call("rob pulls/create", { ...again, head: "second" }, { expect: 403 });
  await call("bot pulls/create", { ...again, head: "none" }, { expect: 422 });
  await each([...READERS, "nobody"], "pulls/get", { pull_number });
  await call("rob pulls/get", { pull_number: 9_999 }, { expect: 404 });
  for (const media of ["diff", "patch"]) {
    const headers = { accept: `application/vnd.github.${media}` };
    await call("bot pulls/get", { pull_number }, { headers });
  }
  await each(READERS, "issues/get", { issue_number: pull_number });
  await each(READERS, "pulls/list", { state: "all", head: "acme:first" });
  await call("bot pulls/update", { pull_number, title: "By the app, renamed", body: "Text" });
  await call("rob pulls/update", { pull_number, title: "Robbed" }, { expect: 403 });
  await each(READERS, "pulls/list-commits", { pull_number, per_page: 1 });
  await each(READERS, "pulls/list-files", { pull_number, per_page: 1 });
  await call("wendy pulls/merge", { pull_number }, { expect: 405 });
  await call("rob pulls/check-if-merged", { pull_number }, { expect: 404 });
  await playReviewers(scene, pull_number);
  await playPeopleOfPull(stage, pull_number);
  await playMerges(scene);
  return pull_number;
}

async function playReviewers({ call, each }: Scene, pull_number: number): Promise<void> {
  await call("bot pulls/request-reviewers", { pull_number, reviewers: ["wendy", "olga"] });
  const stranger = { pull_number, reviewers: ["sam"] };
  await call("bot pulls/request-reviewers", stranger, { expect: 422 });
  await each(READERS, "pulls/list-requested-reviewers", { pull_number });
  await each(READERS, "pulls/get", { pull_number });
  await call("wendy pulls/remove-requested-reviewers", { pull_number, reviewers: ["olga"] });
}

/** What has no REST form, and what people do to a pull request as to an issue. */
async function playPeopleOfPull(stage: Stage, number: number): Promise<void> {
  const wendy = stage.hub.as("wendy");
  await wendy.markReady(REPO, number);
  await wendy.convertToDraft(REPO, number);
  await wendy.markReady(REPO, number);
  await wendy.label(REPO, number, ["bug"]);
  await wendy.unlabel(REPO, number, "bug");
  await wendy.assign(REPO, number, ["olga"]);
  const { call } = sceneOn(stage);
  await call("wendy issues/remove-assignees", { issue_number: number, assignees: ["olga"] });
  await wendy.lock(REPO, number);
  await wendy.unlock(REPO, number);
  await call("wendy pulls/update", { pull_number: number, state: "closed" });
  await call("wendy pulls/update", { pull_number: number, state: "open" });
  await wendy.comment(REPO, number, "A comment on a pull request");
  await stage.hub.as("rob").react(REPO, { number }, "rocket");
}

async function playMerges({ call, each, stage }: Scene): Promise<void> {
  const second = await call("wendy pulls/create", {
    title: "Second",
    head: "second",
    base: "main",
  });
  const third = await call("wendy pulls/create", {
    title: "Third",
    head: "third",
    base: "main",
  });
  const pull_number = numberAt(third, "number");
  await call("wendy pulls/update", { pull_number, base: "topic/by-hand" });
  await call("wendy pulls/update", { pull_number, base: "main" });
  await call("wendy pulls/update-branch", { pull_number }, { expect: 422 });
  const merged = { pull_number: numberAt(second, "number") };
  await call("rob pulls/merge", merged, { expect: 403 });
  await call("wendy pulls/merge", { ...merged, sha: "0".repeat(40) }, { expect: 409 });
  const { body } = await call("wendy pulls/merge", { ...merged, merge_method: "squash" });
  await each(READERS, "pulls/check-if-merged", merged);
  await each(READERS, "pulls/get", merged);
  await each(READERS, "repos/list-pull-requests-associated-with-commit", {
    commit_sha: (body as { sha: string }).sha,
  });
  await call(
    "rob repos/list-pull-requests-associated-with-commit",
    { commit_sha: "0".repeat(40) },
    { expect: 422 },
  );
  await stage.hub.as("olga").pushFile(REPO, { branch: "main", path: "later.md", content: "x\n" });
  await call("wendy pulls/update-branch", { pull_number });
  await call("bot pulls/update-branch", { pull_number }, { expect: 422 });
  const fourth = await call("wendy pulls/create", {
    title: "Fourth",
    head: "fourth",
    base: "main",
  });
  await stage.hub.as("wendy").deleteBranch(REPO, "fourth");
  await each(READERS, "pulls/get", { pull_number: numberAt(fourth, "number") });
}
