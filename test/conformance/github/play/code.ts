import type { Stage } from "../stage.ts";
import { READERS, sceneOn, textAt } from "./scene.ts";

const PERSON = { name: "Ann", email: "ann@example.org", date: "2026-01-02T03:04:05Z" };

/** Files by the contents API. */
export async function playContents(stage: Stage): Promise<void> {
  const { call, each } = sceneOn(stage);
  const path = "docs/one two.md";
  const content = Buffer.from("one\n").toString("base64");
  const made = await call("bot repos/create-or-update-file-contents", {
    path,
    message: "Write",
    content,
  });
  const sha = textAt(made, "content.sha");
  const change = { path, message: "Change", content: Buffer.from("two\n").toString("base64") };
  await call("wendy repos/create-or-update-file-contents", change, { expect: 422 });
  const stale = { ...change, sha: "0".repeat(40) };
  await call("wendy repos/create-or-update-file-contents", stale, { expect: 409 });
  await call("rob repos/create-or-update-file-contents", { ...change, sha }, { expect: 403 });
  const changed = await call("wendy repos/create-or-update-file-contents", { ...change, sha });
  for (const accept of ["json", "raw", "object"]) {
    const headers = { accept: `application/vnd.github.${accept}+json` };
    for (const as of READERS) await call(`${as} repos/get-content`, { path }, { headers });
    await call("bot repos/get-readme", {}, { headers });
  }
  await each(READERS, "repos/get-content", { path: "src" });
  await call("bot repos/get-content", { path: "src", ref: "main" });
  const object = { accept: "application/vnd.github.object+json" };
  await call("bot repos/get-content", { path: "src" }, { headers: object });
  await call("rob repos/get-content", { path: "no/such" }, { expect: 404 });
  await call("rob repos/get-content", { path, ref: "no-such" }, { expect: 404 });
  await call("wendy repos/delete-file", {
    path,
    message: "Remove",
    sha: textAt(changed, "content.sha"),
  });
}

/** Blobs, trees, commits, tags and refs. */
export async function playGitData(stage: Stage): Promise<string> {
  const { call, each } = sceneOn(stage);
  const base = await call("bot git/get-ref", { ref: "heads/main" });
  const parent = textAt(base, "object.sha");
  const blob = await call("bot git/create-blob", { content: "aGk=", encoding: "base64" });
  const file_sha = textAt(blob, "sha");
  await each(READERS, "git/get-blob", { file_sha });
  await call("rob git/create-blob", { content: "x" }, { expect: 403 });
  await call("rob git/get-blob", { file_sha: "0".repeat(40) }, { expect: 404 });
  const tree = await call("bot git/create-tree", {
    base_tree: parent,
    tree: [
      { path: "docs/hi.txt", mode: "100644", type: "blob", sha: file_sha },
      { path: "bin/run", mode: "100755", type: "blob", content: "#!/bin/sh\n" },
    ],
  });
  const wrong = [{ path: "../x", mode: "100644", type: "blob", content: "x" }];
  await call("bot git/create-tree", { tree: wrong }, { expect: 422 });
  await each(READERS, "git/get-tree", { tree_sha: textAt(tree, "sha") });
  await call("bot git/get-tree", { tree_sha: "main", recursive: "1" });
  const commit = await call("bot git/create-commit", {
    message: "By hand\n\nwith a body",
    tree: textAt(tree, "sha"),
    parents: [parent],
    author: PERSON,
  });
  const commit_sha = textAt(commit, "sha");
  await each(READERS, "git/get-commit", { commit_sha });
  const lost = { message: "x", tree: "0".repeat(40), parents: [] };
  await call("bot git/create-commit", lost, { expect: 422 });
  await playRefs(stage, commit_sha);
  return commit_sha;
}

async function playRefs(stage: Stage, sha: string): Promise<void> {
  const { call, each } = sceneOn(stage);
  await call("bot git/create-ref", { ref: "refs/heads/topic/by-hand", sha });
  await call("bot git/create-ref", { ref: "refs/heads/topic/by-hand", sha }, { expect: 422 });
  await call("rob git/create-ref", { ref: "refs/heads/robs", sha }, { expect: 403 });
  const tag = await call("wendy git/create-tag", {
    tag: "v1",
    message: "First",
    object: sha,
    type: "commit",
    tagger: PERSON,
  });
  const tag_sha = textAt(tag, "sha");
  await each(READERS, "git/get-tag", { tag_sha });
  await call("wendy git/create-ref", { ref: "refs/tags/v1", sha: tag_sha });
  await each(READERS, "git/get-ref", { ref: "tags/v1" });
  await each(READERS, "git/get-ref", { ref: "heads/topic/by-hand" });
  await call("rob git/get-ref", { ref: "heads/none" }, { expect: 404 });
  await each(READERS, "git/list-matching-refs", { ref: "heads/topic" });
  const main = await call("rob git/get-ref", { ref: "heads/main" });
  const old = textAt(main, "object.sha");
  const back = { ref: "heads/topic/by-hand", sha: old };
  await call("wendy git/update-ref", back, { expect: 422 });
  await call("wendy git/update-ref", { ...back, force: true });
  await call("bot git/update-ref", { ref: "heads/topic/by-hand", sha });
  await call("wendy git/delete-ref", { ref: "tags/v1" });
  await call("wendy git/delete-ref", { ref: "tags/v1" }, { expect: 422 });
}

/** Commits, comparisons, branches and their rules. */
export async function playHistory(stage: Stage, commit: string): Promise<void> {
  const { call, each } = sceneOn(stage);
  await each(READERS, "repos/list-commits", { per_page: 2 });
  await call("bot repos/list-commits", { path: "README.md", sha: "main" });
  await call("bot repos/list-commits", { sha: "no-such" }, { expect: 404 });
  await each(READERS, "repos/get-commit", { ref: commit });
  for (const media of ["diff", "sha"]) {
    const headers = { accept: `application/vnd.github.${media}` };
    await call("bot repos/get-commit", { ref: "topic/by-hand" }, { headers });
  }
  await call("rob repos/get-commit", { ref: "no-such" }, { expect: 422 });
  await each(READERS, "repos/compare-commits-with-basehead", {
    basehead: "main...topic/by-hand",
  });
  const diff = { accept: "application/vnd.github.diff" };
  const ends = { basehead: "main...topic/by-hand" };
  await call("bot repos/compare-commits-with-basehead", ends, { headers: diff });
  const none = { basehead: "main...none" };
  await call("bot repos/compare-commits-with-basehead", none, { expect: 404 });
  await each(READERS, "repos/list-branches-for-head-commit", { commit_sha: commit });
  await each(READERS, "repos/list-branches");
  await each(READERS, "repos/get-branch", { branch: "topic/by-hand" });
  await call("rob repos/get-branch", { branch: "none" }, { expect: 404 });
  await playRules(stage);
}

async function playRules(stage: Stage): Promise<void> {
  const { call, each } = sceneOn(stage);
  const branch = "main";
  await call("olga repos/get-branch-protection", { branch }, { expect: 404 });
  const rules = {
    branch,
    required_status_checks: { strict: true, contexts: [], checks: [{ context: "build" }] },
    enforce_admins: null,
    required_pull_request_reviews: { required_approving_review_count: 1 },
    restrictions: null,
  };
  await call("wendy repos/update-branch-protection", rules, { expect: 403 });
  await call("olga repos/update-branch-protection", rules);
  await each(["olga", "bot"], "repos/get-branch-protection", { branch });
  await each(["olga", "bot"], "repos/get-status-checks-protection", { branch });
  await each(["bot", "rob"], "repos/get-branch-rules", { branch });
  await each(READERS, "repos/get-branch", { branch });
  await call("bot repos/list-branches", { protected: true });
  await call("olga repos/delete-branch-protection", { branch });
  await call("olga repos/get-status-checks-protection", { branch }, { expect: 404 });
}
