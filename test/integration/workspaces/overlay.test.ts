import { describe, expect, test } from "vitest";
import { passed, RepoCommand } from "../../../src/domain/gate/evidence.ts";
import type { Sha } from "../../../src/domain/ids.ts";
import { bareOf, commitTo, hasBubblewrap, makeWorld, RUN, type World } from "./world.ts";

const BASE = {
  "package.json": JSON.stringify({ type: "module" }),
  "src/add.js": "export function add(a, b) { return a + b; }\n",
  "test/add.test.js": testOf("add", "add(1, 2), 3"),
};

function testOf(name: string, equal: string): string {
  return `import { test } from "node:test";\nimport assert from "node:assert";\nimport { ${name} } from "../src/${name}.js";\ntest("${name}", () => assert.equal(${equal}));\n`;
}

async function suite(
  world: World,
  sha: Sha,
  overlay: { sha: Sha; files: readonly string[] },
): ReturnType<World["workspaces"]["run"]> {
  const commands = [
    RepoCommand.parse({ kind: "test", command: "node --test", source: "detected" }),
  ];
  const { signal } = new AbortController();
  return await world.workspaces.run(world.repo, { runId: RUN, sha, commands, overlay, signal });
}

describe.skipIf(!hasBubblewrap())("tests laid over the base (needs bubblewrap)", () => {
  test("H5: new tests fail on the base without the change, in their own file; tests of what was there pass", async () => {
    const world = await makeWorld(BASE);
    const base = (await world.workspaces.fetchBranch(world.repo, "main")) as Sha;
    const sha = commitTo(bareOf(world), "work", {
      "src/twice.js": "export function twice(a) { return 2 * a; }\n",
      "test/twice.test.js": testOf("twice", "twice(2), 4"),
      "test/more/add.test.js": testOf("add", "add(2, 2), 4").replace("../src", "../../src"),
    });
    await world.workspaces.fetchBranch(world.repo, "work");
    const [fails] = await suite(world, base, { sha, files: ["test/twice.test.js"] });
    expect(fails && passed(fails)).toBe(false);
    expect(fails?.outputTail).toContain("test/twice.test.js");
    expect(fails?.tests).toEqual({ passed: 1, failed: 1, skipped: 0 });
    const [passes] = await suite(world, base, { sha, files: ["test/more/add.test.js"] });
    expect(passes).toMatchObject({ exitCode: 0, tests: { passed: 2, failed: 0, skipped: 0 } });
    const [nothing] = await suite(world, base, { sha, files: [] });
    expect(nothing?.tests).toEqual({ passed: 1, failed: 0, skipped: 0 });
  });

  test("H5: a path with the look of a pattern is one file, and a link in the way is not followed", async () => {
    const world = await makeWorld({ ...BASE, "test/[a]*.test.js": "", "test/a.test.js": "base\n" });
    const base = (await world.workspaces.fetchBranch(world.repo, "main")) as Sha;
    const sha = commitTo(bareOf(world), "work", {
      "test/[a]*.test.js": "change\n",
      "test/a.test.js": "change\n",
    });
    await world.workspaces.fetchBranch(world.repo, "work");
    const commands = [
      RepoCommand.parse({ kind: "test", command: "cat test/*a*", source: "detected" }),
    ];
    const { signal } = new AbortController();
    const overlay = { sha, files: ["test/[a]*.test.js"] };
    const request = { runId: RUN, sha: base, commands, overlay, signal };
    const [seen] = await world.workspaces.run(world.repo, request);
    expect(seen?.outputTail).toContain("change\nbase\n");
  });
});
