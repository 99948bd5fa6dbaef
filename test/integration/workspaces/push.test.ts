import { mkdirSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { UserError, WorldError } from "../../../src/domain/failure.ts";
import { Sha } from "../../../src/domain/ids.ts";
import type { Jail } from "../../../src/ports/jail.ts";
import { createWorkspaces } from "../../../src/workspaces/workspaces.ts";
import { bareOf, commitTo, makeWorld, plainGit, tipOf, type World } from "./world.ts";

const NO_JAIL: Jail = {
  selfTest: async () => ({ ok: false, reason: "This test has no jail" }),
  spawn: async () => {
    throw new Error("This test has no jail");
  },
};
const BRANCH = "orchestrate/12-add-assets-r1/main";
const NOWHERE = Sha.parse("1".repeat(40));

async function worldWithBase(): Promise<{ world: World; base: Sha }> {
  const world = await makeWorld({ "a.txt": "a\n", "shared.txt": "1\n2\n3\n" }, { jail: NO_JAIL });
  const base = await world.workspaces.fetchBranch(world.repo, "main");
  if (base === undefined) throw new Error("The remote has no main");
  return { world, base };
}

describe("push", () => {
  test("Q2: a branch of a run is created, moved forward and pushed again without harm", async () => {
    const { world, base } = await worldWithBase();
    const first = { branch: BRANCH, sha: base, expected: undefined };
    expect(await world.workspaces.push(world.repo, first)).toEqual({ kind: "pushed" });
    expect(await world.workspaces.push(world.repo, first)).toEqual({ kind: "pushed" });
    const next = commitTo(bareOf(world), "topic", { "b.txt": "b\n" });
    expect(tipOf(bareOf(world), BRANCH)).toBe(base);
    const onTop = await onTopOf(world, base, next);
    const forward = { branch: BRANCH, sha: onTop, expected: base };
    expect(await world.workspaces.push(world.repo, forward)).toEqual({ kind: "pushed" });
    expect(tipOf(bareOf(world), BRANCH)).toBe(onTop);
  });

  test("G-14: a person's push to the run branch is reported and stays", async () => {
    const { world, base } = await worldWithBase();
    await world.workspaces.push(world.repo, { branch: BRANCH, sha: base, expected: undefined });
    const theirs = commitTo(bareOf(world), BRANCH, { "human.txt": "mine\n" });
    const ours = await onTopOf(world, base, commitTo(bareOf(world), "topic", { "b.txt": "b\n" }));
    const update = { branch: BRANCH, sha: ours, expected: base };
    expect(await world.workspaces.push(world.repo, update)).toEqual({
      kind: "moved",
      actual: theirs,
    });
    expect(tipOf(bareOf(world), BRANCH)).toBe(theirs);
    const asNew = { branch: BRANCH, sha: ours, expected: undefined };
    expect(await world.workspaces.push(world.repo, asNew)).toEqual({
      kind: "moved",
      actual: theirs,
    });
  });

  test("G-14: a push that would drop commits is refused even when the branch is as expected", async () => {
    const { world, base } = await worldWithBase();
    const theirs = commitTo(bareOf(world), BRANCH, { "human.txt": "mine\n" });
    const sideways = commitTo(bareOf(world), "topic", { "b.txt": "b\n" });
    await world.workspaces.fetchBranch(world.repo, BRANCH);
    for (const sha of [base, sideways]) {
      const outcome = await world.workspaces.push(world.repo, {
        branch: BRANCH,
        sha,
        expected: theirs,
      });
      expect(outcome.kind).toBe("refused");
    }
    expect(tipOf(bareOf(world), BRANCH)).toBe(theirs);
  });

  test("K7: a branch of ours is removed only where it stands as we left it, and never anybody else's", async () => {
    const { world, base } = await worldWithBase();
    const { workspaces, repo } = world;
    const branch = "orchestrate/12-add-assets-r1/testing-unit";
    await workspaces.push(repo, { branch, sha: base, expected: undefined });
    await workspaces.push(repo, { branch: BRANCH, sha: base, expected: undefined });
    const theirs = commitTo(bareOf(world), BRANCH, { "human.txt": "mine\n" });
    expect(await workspaces.removeBranch(repo, { branch: BRANCH, expected: base })).toBe("kept");
    expect(tipOf(bareOf(world), BRANCH)).toBe(theirs);
    expect(await workspaces.removeBranch(repo, { branch: "main", expected: base })).toBe("kept");
    expect(tipOf(bareOf(world), "main")).toBe(base);
    expect(await workspaces.removeBranch(repo, { branch, expected: base })).toBe("removed");
    expect(await workspaces.removeBranch(repo, { branch, expected: base })).toBe("gone");
    expect(await workspaces.fetchBranch(repo, branch)).toBeUndefined();
  });

  test("G-14: the branch vanished meanwhile", async () => {
    const { world, base } = await worldWithBase();
    const next = commitTo(bareOf(world), "main", { "b.txt": "b\n" });
    const update = { branch: BRANCH, sha: next, expected: base };
    expect(await world.workspaces.push(world.repo, update)).toEqual({
      kind: "moved",
      actual: undefined,
    });
  });

  test.each(["main", "refs/heads/main", "orchestrate/main", "v1", "refs/pull/1/head", "+main", ""])(
    "G-12: nothing is pushed to %j",
    async (branch) => {
      const { world, base } = await worldWithBase();
      const before = plainGit(bareOf(world), "for-each-ref");
      const outcome = await world.workspaces.push(world.repo, {
        branch,
        sha: base,
        expected: undefined,
      });
      expect(outcome.kind).toBe("refused");
      expect(plainGit(bareOf(world), "for-each-ref")).toBe(before);
    },
  );

  test("GitHub's own refusal is passed on with its words", async () => {
    const { world, base } = await worldWithBase();
    plainGit(bareOf(world), "config", "receive.denyCreates", "true");
    plainGit(bareOf(world), "config", "transfer.hideRefs", "refs/heads/orchestrate");
    const update = { branch: BRANCH, sha: base, expected: undefined };
    const outcome = await world.workspaces.push(world.repo, update);
    expect(outcome).toMatchObject({ kind: "refused" });
  });

  test("S-13: reading asks for a read token, pushing for a write token, of this repository", async () => {
    const { world, base } = await worldWithBase();
    await world.workspaces.push(world.repo, { branch: BRANCH, sha: base, expected: undefined });
    expect(world.tokensMinted).toEqual(['7 {"contents":"read"}', '7 {"contents":"write"}']);
  });
});

describe("merge", () => {
  test("T7: two branches are merged without a working tree, the same way every time", async () => {
    const { world } = await worldWithBase();
    const one = commitTo(bareOf(world), "main", { "b.txt": "b\n" });
    plainGit(bareOf(world), "branch", "side", `${one}~1`);
    const other = commitTo(bareOf(world), "side", { "c.txt": "c\n" });
    const request = { onto: one, head: other, message: "Merge side" };
    const merged = await world.workspaces.merge(world.repo, request);
    expect(merged.kind).toBe("merged");
    if (merged.kind !== "merged") return;
    expect(await world.workspaces.listFiles(world.repo, merged.sha)).toEqual([
      "a.txt",
      "b.txt",
      "c.txt",
      "shared.txt",
    ]);
    const again = await makeAgain(world, request);
    expect(again).toEqual(merged);
  });

  test("T2: a conflict is marked for somebody to resolve, and concluded with what they made of it", async () => {
    const { world } = await worldWithBase();
    const one = commitTo(bareOf(world), "main", { "shared.txt": "ours\n" });
    plainGit(bareOf(world), "branch", "side", `${one}~1`);
    const other = commitTo(bareOf(world), "side", { "shared.txt": "theirs\n", "c.txt": "c\n" });
    const pair = { onto: one, head: other };
    const { workspaces, repo } = world;
    expect(await workspaces.merge(repo, { ...pair, message: "m" })).toEqual({
      kind: "conflict",
      files: ["shared.txt"],
    });
    const marked = await workspaces.markConflict(repo, pair);
    expect(await workspaces.readFile(repo, marked, "shared.txt")).toMatch(
      /^<{7} .*\nours\n={7}\ntheirs\n>{7} .*\n$/,
    );
    expect(await workspaces.markConflict(repo, pair)).toBe(marked);
    const resolved = commitTo(bareOf(world), "main", { "shared.txt": "both\n", "c.txt": "c\n" });
    const message = "Merge side";
    const merged = await workspaces.mergeAs(repo, { ...pair, resolved, message });
    expect(await workspaces.readFile(repo, merged, "shared.txt")).toBe("both\n");
    await workspaces.push(repo, { branch: BRANCH, sha: merged, expected: undefined });
    expect(plainGit(bareOf(world), "show", "--no-patch", "--format=%P %s", merged)).toBe(
      `${one} ${other} Merge side`,
    );
  });

  test("T7: a head that only goes forward is taken as it is", async () => {
    const { world, base } = await worldWithBase();
    const next = commitTo(bareOf(world), "main", { "b.txt": "b\n" });
    expect(
      await world.workspaces.merge(world.repo, { onto: base, head: next, message: "m" }),
    ).toEqual({
      kind: "merged",
      sha: next,
    });
    expect(
      await world.workspaces.merge(world.repo, { onto: next, head: base, message: "m" }),
    ).toEqual({
      kind: "merged",
      sha: next,
    });
  });

  test("G5: conflicts are named file by file and nothing is made", async () => {
    const { world, base } = await worldWithBase();
    plainGit(bareOf(world), "branch", "side", base);
    const one = commitTo(bareOf(world), "main", { "shared.txt": "1\nours\n3\n", "x y.txt": "1" });
    const other = commitTo(bareOf(world), "side", {
      "shared.txt": "1\ntheirs\n3\n",
      "x y.txt": "2",
    });
    const merged = await world.workspaces.merge(world.repo, {
      onto: one,
      head: other,
      message: "m",
    });
    expect(merged).toEqual({ kind: "conflict", files: ["shared.txt", "x y.txt"] });
  });
});

describe("reading", () => {
  test("files, lists, changes and diffs come from the commit that is asked for", async () => {
    const { world, base } = await worldWithBase();
    const head = commitTo(bareOf(world), "main", {
      "a.txt": "changed\n",
      "dir/inner.txt": "inner\n",
      link: { link: "/etc/passwd" },
    });
    const { workspaces, repo } = world;
    expect(await workspaces.readFile(repo, head, "a.txt")).toBe("changed\n");
    expect(await workspaces.readFile(repo, base, "a.txt")).toBe("a\n");
    expect(await workspaces.readFile(repo, head, "missing")).toBeUndefined();
    expect(await workspaces.readFile(repo, head, "dir")).toBeUndefined();
    expect(await workspaces.readFile(repo, head, "link")).toBeUndefined();
    await expect(workspaces.readFile(repo, head, "../a.txt")).rejects.toThrow(
      "inside the repository",
    );
    expect(await workspaces.listFiles(repo, head, "dir")).toEqual(["dir/inner.txt"]);
    expect(await workspaces.changedFiles(repo, { base, head })).toEqual([
      "a.txt",
      "dir/inner.txt",
      "link",
    ]);
    const diff = await workspaces.diff(repo, { base, head, maxBytes: 100_000 });
    expect(diff).toContain("+changed");
    const cut = await workspaces.diff(repo, { base, head, maxBytes: 50 });
    expect(cut).toMatch(/^diff --git[\s\S]{0,60}\n\[The rest of this diff is left out/);
  });

  test("a branch that does not exist is no branch; one that git could misread is refused", async () => {
    const { world } = await worldWithBase();
    expect(await world.workspaces.fetchBranch(world.repo, "nope")).toBeUndefined();
    for (const branch of ["--upload-pack=touch x", "+main", "refs/heads/main", "ma\u202Ein"]) {
      await expect(world.workspaces.fetchBranch(world.repo, branch)).rejects.toThrow(UserError);
    }
  });

  test("a commit that nobody has is a failure that ends the attempt", async () => {
    const { world } = await worldWithBase();
    const reading = world.workspaces.listFiles(world.repo, NOWHERE);
    await expect(reading).rejects.toMatchObject({
      failureClass: "stop",
    } satisfies Partial<WorldError>);
  });

  test("F50: a locked mirror left by a killed process is opened again", async () => {
    const { world, base } = await worldWithBase();
    const mirror = `${world.dataDir}/mirrors/7.git`;
    for (const lock of ["packed-refs.lock", "refs/heads/main.lock", "config.lock"]) {
      writeFileSync(`${mirror}/${lock}`, "");
    }
    mkdirSync(`${mirror}/objects/pack`, { recursive: true });
    writeFileSync(`${mirror}/objects/pack/tmp_pack_abc`, "half");
    const next = commitTo(bareOf(world), "main", { "b.txt": "b\n" });
    const again = createWorkspaces({
      dataDir: world.dataDir,
      gitBaseUrl: `file://${world.remotes}`,
      tokens: { withToken: (_repo, _permissions, use) => use(undefined as never) },
      jail: NO_JAIL,
      identity: { name: "x", email: "x@example.invalid" },
      env: { PATH: process.env["PATH"] ?? "" },
    });
    expect(await again.fetchBranch(world.repo, "main")).toBe(next);
    expect(base).not.toBe(next);
  });
});

/** A commit on top of `base` with the tree of `other`, as the app makes one. */
async function onTopOf(world: World, base: Sha, other: Sha): Promise<Sha> {
  await world.workspaces.listFiles(world.repo, other);
  const mirror = `${world.dataDir}/mirrors/7.git`;
  const args = ["-c", "user.name=x", "-c", "user.email=x@example.invalid", "commit-tree"];
  return Sha.parse(plainGit(mirror, ...args, "-p", base, "-m", "ours", `${other}^{tree}`));
}

/** The same merge after everything about it was forgotten. */
async function makeAgain(
  world: World,
  request: { onto: Sha; head: Sha; message: string },
): Promise<unknown> {
  const mirror = `${world.dataDir}/mirrors/7.git`;
  for (const ref of plainGit(mirror, "for-each-ref", "--format=%(refname)", "refs/merges").split(
    "\n",
  )) {
    plainGit(mirror, "update-ref", "-d", ref);
  }
  plainGit(mirror, "-c", "gc.pruneExpire=now", "prune");
  return await world.workspaces.merge(world.repo, request);
}
