import { join } from "node:path";
import { expect, test } from "vitest";
import { checkOut } from "../../../src/workspaces/checkout.ts";
import { createGit } from "../../../src/workspaces/git.ts";
import { commitTo, PATH, plainGit, temporaryDirectory } from "./world.ts";

test("a checkout is a repository like any other: its branch, its files, and its author whatever the name", async () => {
  const root = temporaryDirectory("checkout");
  const mirrorDir = join(root, "mirror.git");
  plainGit(root, "init", "--quiet", "--bare", "-b", "main", mirrorDir);
  const sha = commitTo(mirrorDir, "main", { "a/b.txt": "one\n", run: { link: "a/b.txt" } });
  const identity = { name: 'Ann "the\\ app"; #1 [bot]', email: "app@example.invalid" };
  const dir = join(root, "tree");
  const git = createGit({ home: root, env: { PATH } });
  await checkOut(git, { mirrorDir, dir, sha, identity, owner: undefined });

  expect(plainGit(dir, "rev-parse", "HEAD")).toBe(sha);
  expect(plainGit(dir, "symbolic-ref", "HEAD")).toBe("refs/heads/work");
  expect(plainGit(dir, "status", "--porcelain")).toBe("");
  expect(plainGit(dir, "ls-files")).toBe("a/b.txt\nrun");
  expect(plainGit(dir, "remote")).toBe("");
  plainGit(dir, "commit", "--quiet", "--allow-empty", "-m", "mine");
  expect(plainGit(dir, "log", "-1", "--format=%an <%ae> %P")).toBe(
    `${identity.name} <${identity.email}> ${sha}`,
  );
  plainGit(dir, "fsck", "--strict");
});
