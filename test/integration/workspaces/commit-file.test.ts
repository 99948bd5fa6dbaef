import { describe, expect, test } from "vitest";
import type { Sha } from "../../../src/domain/ids.ts";
import type { Jail } from "../../../src/ports/jail.ts";
import type { FileCommit } from "../../../src/ports/workspaces.ts";
import { bareOf, commitTo, makeWorld, plainGit, type World } from "./world.ts";

const NO_JAIL: Jail = {
  selfTest: async () => ({ ok: false, reason: "This test has no jail" }),
  spawn: async () => {
    throw new Error("This test has no jail");
  },
};
const BRANCH = "orchestrate/12-add-assets-r1/main";

async function worldWithBase(): Promise<{ world: World; base: Sha }> {
  const world = await makeWorld({ "a.txt": "a\n", "shared.txt": "1\n2\n3\n" }, { jail: NO_JAIL });
  const base = await world.workspaces.fetchBranch(world.repo, "main");
  if (base === undefined) throw new Error("The remote has no main");
  return { world, base };
}

describe("commitFile", () => {
  const PATH_OF_PLAN = "docs/plans/2026-01-31-add-assets.md";

  function request(onto: Sha, change: Partial<FileCommit> = {}): FileCommit {
    const message = "Plan: add assets\n\nOrchestrate-Run: 7-12-r1\n";
    const at = "2026-01-31T12:00:00.000Z";
    return { onto, path: PATH_OF_PLAN, text: "# Plan\n", message, at, ...change };
  }

  test("E7, U6: one file on top of a commit, the same commit every time, pushed as the run branch", async () => {
    const { world, base } = await worldWithBase();
    const made = await world.workspaces.commitFile(world.repo, request(base));
    if (made.kind !== "committed") throw new Error(made.reason);
    expect(await world.workspaces.commitFile(world.repo, request(base))).toEqual(made);
    const update = { branch: BRANCH, sha: made.sha, expected: undefined };
    expect(await world.workspaces.push(world.repo, update)).toEqual({ kind: "pushed" });
    const bare = bareOf(world);
    expect(plainGit(bare, "diff", "--name-status", base, made.sha)).toBe(`A\t${PATH_OF_PLAN}`);
    expect(plainGit(bare, "show", `${made.sha}:${PATH_OF_PLAN}`)).toBe("# Plan");
    expect(plainGit(bare, "show", "-s", "--format=%an %aI %(trailers:only)", made.sha)).toBe(
      "orchestrator[bot] 2026-01-31T12:00:00+00:00 Orchestrate-Run: 7-12-r1",
    );
    expect(plainGit(bare, "fsck", "--strict", "--no-dangling")).toBe("");
  });

  test("a file that is there is replaced, and its neighbours stay, whatever their names are", async () => {
    const { world } = await worldWithBase();
    const files = {
      [PATH_OF_PLAN]: "old\n",
      "docs/plans/\u00e4 b.md": "mine\n",
      "docs.txt": "d\n",
    };
    const base = commitTo(bareOf(world), "main", files);
    const made = await world.workspaces.commitFile(world.repo, request(base));
    if (made.kind !== "committed") throw new Error(made.reason);
    expect(await world.workspaces.changedFiles(world.repo, { base, head: made.sha })).toEqual([
      PATH_OF_PLAN,
    ]);
  });

  test("where a link or a file stands in the way nothing is written, and no path leaves the repository", async () => {
    const { world } = await worldWithBase();
    for (const way of [{ docs: { link: "/etc" } }, { docs: "a file\n" }]) {
      const onto = commitTo(
        bareOf(world),
        `way-${Object.keys(way).length}-${typeof way.docs}`,
        way,
      );
      const made = await world.workspaces.commitFile(world.repo, request(onto));
      expect(made).toMatchObject({ kind: "refused", reason: expect.stringContaining("docs") });
    }
    const { base } = await worldWithBase();
    for (const path of ["../x.md", ".git/config", "docs//x", "/etc/x", "docs/.GIT/x", "a\0b"])
      await expect(
        world.workspaces.commitFile(world.repo, request(base, { path })),
      ).rejects.toThrow("plain path");
  });
});
