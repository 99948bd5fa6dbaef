import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GitClient, gitClient, withToken } from "./git-client.ts";
import { newStage, REPO, type Stage } from "./stage.ts";

let stage: Stage;
let git: GitClient;
let address: string;
let clones = 0;

beforeAll(async () => {
  stage = await newStage();
  git = await gitClient(stage.dir);
  address = withToken(stage.hub.url, REPO, await stage.token());
});
afterAll(() => stage[Symbol.asyncDispose]());

async function clone(...options: string[]): Promise<string> {
  clones += 1;
  const to = join(stage.dir, `clone-${clones}`);
  const run = await git(stage.dir, "clone", "-q", ...options, address, to);
  expect(run).toMatchObject({ code: 0 });
  return to;
}

async function commit(dir: string, path: string, content: string | Buffer): Promise<string> {
  await mkdir(join(dir, path, ".."), { recursive: true });
  await writeFile(join(dir, path), content);
  await git(dir, "add", ".");
  await git(dir, "commit", "-qm", `Change ${path}`);
  return (await git(dir, "rev-parse", "HEAD")).out;
}

test("a clone holds the files, a push of 3 MB arrives chunked and is told as one push", async () => {
  const dir = await clone();
  const sha = await commit(dir, "big.bin", randomBytes(3_000_000));
  stage.heard.length = 0;
  const pushed = await git(dir, "push", "-q", "origin", "HEAD:refs/heads/big");
  expect(pushed).toMatchObject({ code: 0 });
  expect(await stage.hub.code(REPO).resolve("big")).toBe(sha);
  await stage.hub.webhooks.idle();
  expect(stage.names()).toEqual(["push", "create", "check_suite.requested"]);
  const [push] = stage.heard;
  expect(push?.body).toMatchObject({
    ref: "refs/heads/big",
    after: sha,
    created: true,
    head_commit: { id: sha, added: ["big.bin"] },
    sender: { login: "helper[bot]", type: "Bot" },
  });
});

test("partial and shallow clones, and a fetch of a bare sha, as the mirror does them", async () => {
  const partial = await clone("--filter=blob:none", "--no-checkout");
  const missing = await git(partial, "rev-list", "--objects", "--all", "--missing=print");
  expect(missing.out).toMatch(/^\?/m);
  const lazily = await git(partial, "show", "HEAD:src/a.js");
  expect(lazily.out).toContain("three");
  const shallow = await clone("--depth=1");
  const head = (await git(shallow, "rev-parse", "HEAD")).out;
  const empty = join(stage.dir, "by-sha");
  await git(stage.dir, "init", "-q", empty);
  expect(await git(empty, "fetch", "-q", address, head)).toMatchObject({ code: 0 });
  expect((await git(empty, "cat-file", "-t", head)).out).toBe("commit");
});

test("force-with-lease, deletion and two refs at once do what git promises", async () => {
  const dir = await clone();
  await commit(dir, "x.txt", "1\n");
  const both = await git(dir, "push", "-q", "--atomic", "origin", "HEAD:p/one", "HEAD:p/two");
  expect(both).toMatchObject({ code: 0 });
  await git(dir, "commit", "-q", "--amend", "-m", "Rewritten");
  const plain = await git(dir, "push", "-q", "origin", "HEAD:p/one");
  expect(plain.code).not.toBe(0);
  expect(plain.err).toContain("non-fast-forward");
  expect(await git(dir, "push", "-q", "--force-with-lease", "origin", "HEAD:p/one")).toMatchObject({
    code: 0,
  });
  expect(await git(dir, "push", "-q", "origin", ":p/two")).toMatchObject({ code: 0 });
  expect(await stage.hub.code(REPO).resolve("p/two")).toBeUndefined();
});

test("credentials also come as a Bearer header; the .git suffix may be left out", async () => {
  const token = await stage.token();
  const header = `http.extraHeader=Authorization: Bearer ${token}`;
  const listed = await git(
    stage.dir,
    "-c",
    header,
    "ls-remote",
    `${stage.hub.url}/${REPO}`,
    "main",
  );
  expect(listed.out).toMatch(/^[0-9a-f]{40}\s+refs\/heads\/main$/);
});

test("bad, missing and foreign credentials are refused with git's own messages", async () => {
  await stage.hub.createRepository({
    owner: "acme",
    name: "secret",
    private: true,
    from: { a: "1" },
  });
  const secret = `${stage.hub.url}/acme/secret.git`;
  const wrong = await git(
    stage.dir,
    "ls-remote",
    withToken(stage.hub.url, "acme/secret", "ghs_nope"),
  );
  expect(wrong.err).toMatch(/Authentication failed|could not read/);
  const nobody = await git(stage.dir, "ls-remote", secret);
  expect(nobody.err).toMatch(/could not read Username/);
  const foreign = await git(
    stage.dir,
    "ls-remote",
    withToken(stage.hub.url, "acme/secret", await stage.token()),
  );
  expect(foreign.err).toContain("Repository not found");
  const dir = await clone();
  await commit(dir, "y.txt", "1\n");
  const reader = withToken(stage.hub.url, REPO, stage.hub.userToken("rob"));
  const readOnly = await git(dir, "push", reader, "HEAD:refs/heads/rob");
  expect(readOnly.code).not.toBe(0);
  expect(readOnly.err).toContain("Permission to acme/shop.git denied to rob.");
  const narrow = await stage.token({ permissions: { contents: "read" } });
  const weak = await git(
    dir,
    "push",
    withToken(stage.hub.url, REPO, narrow),
    "HEAD:refs/heads/weak",
  );
  expect(weak.err).toContain("denied to helper[bot]");
});

test("an app without the workflows permission cannot push a workflow file; other refs go through", async () => {
  const dir = await clone();
  await commit(dir, "fine.txt", "1\n");
  await git(dir, "branch", "fine");
  await commit(dir, ".github/workflows/ci.yml", "on: push\n");
  const refused = await git(dir, "push", "origin", "fine:refs/heads/fine", "HEAD:refs/heads/ci");
  expect(refused.code).not.toBe(0);
  expect(refused.err).toContain(
    "refusing to allow a GitHub App to create or update workflow `.github/workflows/ci.yml` without `workflows` permission",
  );
  expect(await stage.hub.code(REPO).resolve("ci")).toBeUndefined();
  expect(await stage.hub.code(REPO).resolve("fine")).toBeDefined();
  const person = withToken(stage.hub.url, REPO, stage.hub.userToken("wendy"));
  expect(await git(dir, "push", "-q", person, "HEAD:refs/heads/ci")).toMatchObject({ code: 0 });
});

test("protected branches refuse direct pushes, force and deletion, and say why", async () => {
  await stage.hub.as("wendy").createBranch(REPO, "guarded");
  stage.hub.protectBranch(REPO, "guarded", { requiredChecks: [{ context: "ci", appId: null }] });
  const dir = await clone("-b", "guarded");
  await commit(dir, "z.txt", "1\n");
  const direct = await git(dir, "push", "origin", "HEAD:guarded");
  expect(direct.err).toContain("GH006: Protected branch update failed for refs/heads/guarded");
  expect(direct.err).toContain('Required status check "ci" is expected.');
  const gone = await git(dir, "push", "origin", ":guarded");
  expect(gone.err).toContain("Cannot delete protected branch guarded");
  stage.hub.protectBranch(REPO, "guarded", {});
  await git(dir, "push", "-q", "origin", "HEAD:guarded");
  await git(dir, "commit", "-q", "--amend", "-m", "Rewritten");
  const forced = await git(dir, "push", "--force", "origin", "HEAD:guarded");
  expect(forced.err).toContain("Cannot force-push to this branch");
});

test("a local repository is imported with its branches and left as it was", async () => {
  const from = join(stage.dir, "original");
  await git(stage.dir, "init", "-q", "-b", "trunk", from);
  const sha = await commit(from, "a.txt", "1\n");
  await git(from, "branch", "other");
  const repo = await stage.hub.createRepository({ owner: "acme", name: "copy", from });
  expect(repo.defaultBranch).toBe("trunk");
  expect(await stage.hub.code("acme/copy").branches()).toEqual([
    { name: "other", sha },
    { name: "trunk", sha },
  ]);
  expect((await git(from, "remote")).out).toBe("");
  expect((await git(from, "status", "--porcelain")).out).toBe("");
  await expect(
    stage.hub.createRepository({ owner: "acme", name: "none", from: join(stage.dir, "nowhere") }),
  ).rejects.toThrow(/^Import .*nowhere: git cannot read a repository there/);
  expect(stage.hub.store.repository("acme/none")).toBeUndefined();
});
