import { existsSync, lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { dispatchId } from "../../../src/domain/ids.ts";
import type { Clone } from "../../../src/ports/workspaces.ts";
import {
  agentRuns,
  bareOf,
  DISPATCH,
  hasBubblewrap,
  IDENTITY,
  makeWorld,
  plainGit,
  RUN,
  tipOf,
  type World,
} from "./world.ts";

const FILES = {
  "README.md": "# Service\n",
  "src/app.js": "export const one = 1;\n",
  ".gitignore": "node_modules/\n",
  ".github/workflows/ci.yml": "on: push\n",
};

async function openIn(world: World, writable = true): Promise<Clone> {
  const sha = await world.workspaces.fetchBranch(world.repo, "main");
  if (sha === undefined) throw new Error("The remote has no main");
  return await world.workspaces.openClone(world.repo, { dispatchId: DISPATCH, sha, writable });
}

/** Where an agent works: its clone, and what the clone borrows. */
function inClone(clone: Clone): { cwd: string; writable: string[]; readable: string[] } {
  return { cwd: clone.dir, writable: [clone.dir], readable: [...(clone.borrows ?? [])] };
}

function mirrorOf(world: World): string {
  return join(world.dataDir, "mirrors", `${world.repo.id}.git`);
}

describe.skipIf(!hasBubblewrap())("collecting an agent's work (needs bubblewrap)", () => {
  test("F6: a clone is at the asked commit, on a branch of its own, without a remote or hooks", async () => {
    const world = await makeWorld(FILES);
    const clone = await openIn(world);
    const { output } = await agentRuns(
      world,
      inClone(clone),
      "git status --porcelain; git remote; git rev-parse --abbrev-ref HEAD; git rev-parse HEAD; git log --oneline | wc -l",
    );
    expect(output.split("\n").filter(Boolean)).toEqual(["work", clone.baseSha, "1"]);
    expect(existsSync(join(clone.dir, ".git/hooks"))).toBe(false);
    expect(world.tokensMinted).toEqual(['7 {"contents":"read"}']);
  });

  test("F6: what the agent wrote becomes one commit of ours on the base, with its .gitignore honoured", async () => {
    const world = await makeWorld(FILES);
    const clone = await openIn(world);
    await agentRuns(
      world,
      inClone(clone),
      "mkdir -p node_modules/x src/new && echo junk > node_modules/x/y && echo 'export const two = 2;' > src/new/two.js && rm README.md && chmod +x src/app.js",
    );
    const collected = await world.workspaces.collect(world.repo, clone, {
      message: "Add two\n\nSigned-off-by: Someone Else <else@example.invalid>",
    });
    expect(collected).toMatchObject({
      kind: "commit",
      files: ["README.md", "src/app.js", "src/new/two.js"],
      setAside: [],
    });
    if (collected.kind !== "commit") return;
    const shown = plainGit(
      mirrorOf(world),
      "show",
      "--no-patch",
      "--format=%P|%an <%ae>|%cn <%ce>|%B",
      collected.sha,
    );
    const by = `${IDENTITY.name} <${IDENTITY.email}>`;
    expect(shown.trim()).toBe(`${clone.baseSha}|${by}|${by}|Add two`);
  });

  test("G-16: commits the agent made under other names leave no trace", async () => {
    const world = await makeWorld(FILES);
    const clone = await openIn(world);
    await agentRuns(
      world,
      inClone(clone),
      `export HOME=/tmp; echo a > a; git add a; git -c user.name=Maintainer -c user.email=m@example.invalid commit -qm 'Co-authored-by: M <m@example.invalid>'; echo b > b; git add b; git commit -qm second --author='Boss <boss@example.invalid>'`,
    );
    const collected = await world.workspaces.collect(world.repo, clone, { message: "Add files" });
    expect(collected).toMatchObject({ kind: "commit", files: ["a", "b"] });
    if (collected.kind !== "commit") return;
    const log = plainGit(
      mirrorOf(world),
      "log",
      "--format=%an|%ae|%cn|%B",
      `${clone.baseSha}..${collected.sha}`,
    );
    expect(log).toContain(IDENTITY.name);
    expect(log).not.toMatch(/Maintainer|Boss|Co-authored/);
    expect(log.split("\n").filter((line) => line.includes("|"))).toHaveLength(1);
  });

  test("a clone in which nothing changed is reported as unchanged", async () => {
    const world = await makeWorld(FILES);
    const clone = await openIn(world);
    await agentRuns(world, inClone(clone), "mkdir node_modules; touch node_modules/z src/app.js");
    expect(await world.workspaces.collect(world.repo, clone, { message: "x" })).toEqual({
      kind: "unchanged",
    });
  });

  test("RI2: collecting the same files twice gives the same commit", async () => {
    let now = 1_700_000_000_000;
    const world = await makeWorld(FILES, { now: () => (now += 5_000) });
    const clone = await openIn(world);
    await agentRuns(world, inClone(clone), "echo a > a");
    const first = await world.workspaces.collect(world.repo, clone, { message: "Add a" });
    const second = await world.workspaces.collect(world.repo, clone, { message: "Add a" });
    expect(second).toEqual(first);
    const other = await world.workspaces.collect(world.repo, clone, { message: "Other words" });
    expect(other).not.toEqual(first);
  });

  test("D7: a role that may not change files is refused when it did", async () => {
    const world = await makeWorld(FILES);
    const clone = await openIn(world, false);
    await agentRuns(world, inClone(clone), "echo a > sneaky.js");
    expect(await world.workspaces.collect(world.repo, clone, { message: "x" })).toEqual({
      kind: "refused",
      problems: ["This role may not change files; it changed 1: sneaky.js."],
    });
  });

  test("G-13: workflow files are taken out of the commit and kept as a patch", async () => {
    const world = await makeWorld(FILES);
    const clone = await openIn(world);
    await agentRuns(
      world,
      inClone(clone),
      "echo 'on: pull_request_target' > .github/workflows/ci.yml; echo x > .github/workflows/new.yml; echo y > kept.txt",
    );
    const collected = await world.workspaces.collect(world.repo, clone, { message: "Add kept" });
    expect(collected).toMatchObject({
      kind: "commit",
      files: ["kept.txt"],
      setAside: [".github/workflows/ci.yml", ".github/workflows/new.yml"],
    });
    if (collected.kind !== "commit") return;
    expect(collected.setAsidePatch).toContain("+on: pull_request_target");
    const range = { base: clone.baseSha, head: collected.sha };
    expect(await world.workspaces.changedFiles(world.repo, range)).toEqual(["kept.txt"]);
    expect(
      await world.workspaces.readFile(world.repo, collected.sha, ".github/workflows/ci.yml"),
    ).toBe("on: push\n");
  });

  test("G-13: a change of workflow files alone leaves nothing to push", async () => {
    const world = await makeWorld(FILES);
    const clone = await openIn(world);
    await agentRuns(world, inClone(clone), "rm .github/workflows/ci.yml");
    const collected = await world.workspaces.collect(world.repo, clone, { message: "x" });
    expect(collected).toMatchObject({ kind: "unchanged", setAside: [".github/workflows/ci.yml"] });
  });

  test.each([
    ["a link to the host", "ln -s /etc/passwd leak", /leak.*must be relative/],
    ["a link out of the tree", "ln -s ../../../other leak", /must not leave/],
    ["a link that leaves through a folder", "ln -s src/../../x leak", /must not leave/],
    ["a link into git's folder", "ln -s .git/config leak", /git's own folder/],
    [
      "a repository inside",
      "git init -q inner; cd inner; git -c user.name=x -c user.email=x commit -q --allow-empty -m x",
      /"inner" is a repository/,
    ],
    [
      "declared submodules",
      "printf '[submodule \"x\"]\\n\\tpath = x\\n\\turl = ext::sh\\n' > .gitmodules",
      /\.gitmodules/,
    ],
    ["an invisible character in a name", "touch \"$(printf 'a\\342\\200\\256b')\"", /invisible/],
    ["a line break in a name", "touch \"$(printf 'a\\nb')\"", /control/],
  ])("G-09, G-05: %s is refused", async (_name, script, problem) => {
    const world = await makeWorld(FILES);
    const clone = await openIn(world);
    await agentRuns(world, inClone(clone), `export HOME=/tmp; ${script}`);
    const collected = await world.workspaces.collect(world.repo, clone, { message: "x" });
    expect(collected.kind).toBe("refused");
    if (collected.kind === "refused") expect(collected.problems.join("\n")).toMatch(problem);
  });

  test("a link that stays inside the tree is taken", async () => {
    const world = await makeWorld(FILES);
    const clone = await openIn(world);
    await agentRuns(world, inClone(clone), "ln -s ../README.md src/readme");
    const collected = await world.workspaces.collect(world.repo, clone, { message: "x" });
    expect(collected).toMatchObject({ kind: "commit", files: ["src/readme"] });
  });

  test("G-17: files, sizes and bundles above their limits are refused with the limit named", async () => {
    const limits = { maxFiles: 3, maxBlobBytes: 1_000_000, maxTotalBytes: 3_000_000 };
    const world = await makeWorld(FILES, { limits });
    const attempts: [string, RegExp][] = [
      ["for i in 1 2 3 4; do echo $i > f$i; done", /4 files changed; the limit is 3/],
      ["head -c 1000001 /dev/zero > big", /1000001 bytes; the limit is 1000000/],
      ["head -c 3500000 /dev/urandom > noise", /larger than 3000000 bytes/],
    ];
    for (const [script, problem] of attempts) {
      const clone = await openIn(world);
      await agentRuns(world, inClone(clone), script);
      const collected = await world.workspaces.collect(world.repo, clone, { message: "x" });
      expect(collected.kind).toBe("refused");
      if (collected.kind === "refused") expect(collected.problems.join()).toMatch(problem);
    }
  });

  test("the agent's home survives its clone and is found by the next attempt", async () => {
    const world = await makeWorld(FILES);
    const clone = await openIn(world);
    await agentRuns(
      world,
      { cwd: clone.stateDir, writable: [clone.stateDir], readable: [] },
      "echo talk > conversation",
    );
    await world.workspaces.removeClone(clone);
    expect(existsSync(clone.dir)).toBe(false);
    const again = await world.workspaces.openClone(world.repo, {
      dispatchId: dispatchId(RUN, "api", 2),
      sha: clone.baseSha,
      writable: true,
    });
    expect(again.stateDir).toBe(clone.stateDir);
    expect(readFileSync(join(again.stateDir, "conversation"), "utf8")).toBe("talk\n");
    expect(lstatSync(again.dir).isDirectory()).toBe(true);
  });

  test("what was collected can be pushed", async () => {
    const world = await makeWorld(FILES);
    const clone = await openIn(world);
    await agentRuns(world, inClone(clone), "echo a > a");
    const collected = await world.workspaces.collect(world.repo, clone, { message: "Add a" });
    if (collected.kind !== "commit") throw new Error(JSON.stringify(collected));
    const branch = "orchestrate/12-add-a-r1/implementation-api";
    const update = { branch, sha: collected.sha, expected: undefined };
    expect(await world.workspaces.push(world.repo, update)).toEqual({ kind: "pushed" });
    expect(tipOf(bareOf(world), branch)).toBe(collected.sha);
  });
});
