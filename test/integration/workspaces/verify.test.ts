import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Evidence, passed, RepoCommand } from "../../../src/domain/gate/evidence.ts";
import type { Sha } from "../../../src/domain/ids.ts";
import { hasBubblewrap, hasGo, makeWorld, RUN, type World } from "./world.ts";

const NODE_SERVICE = {
  "package.json": JSON.stringify({ type: "module", scripts: { test: "node --test" } }),
  "src/add.js": "export function add(a, b) { return a + b; }\n",
  "test/add.test.js":
    'import { test } from "node:test";\nimport assert from "node:assert";\nimport { add } from "../src/add.js";\ntest("adds", () => assert.equal(add(1, 2), 3));\ntest("later", { skip: true }, () => {});\n',
};

function command(
  kind: RepoCommand["kind"],
  text: string,
  more: Partial<RepoCommand> = {},
): RepoCommand {
  return RepoCommand.parse({ kind, command: text, source: "base-config", ...more });
}

async function verifyIn(
  world: World,
  commands: readonly RepoCommand[],
  signal = new AbortController().signal,
): Promise<Evidence[]> {
  const sha = await headOf(world);
  return await world.workspaces.run(world.repo, { runId: RUN, sha, commands, signal });
}

async function headOf(world: World): Promise<Sha> {
  const sha = await world.workspaces.fetchBranch(world.repo, "main");
  if (sha === undefined) throw new Error("The remote has no main");
  return sha;
}

describe.skipIf(!hasBubblewrap())("verification (needs bubblewrap)", () => {
  test("N2: detected tests run on the exact commit and give evidence", async () => {
    const world = await makeWorld(NODE_SERVICE);
    const sha = await headOf(world);
    const commands = await world.workspaces.commands(world.repo, sha);
    expect(commands.map(({ kind, command, source }) => [kind, command, source])).toEqual([
      ["test", "npm test", "detected"],
    ]);
    const [evidence] = await verifyIn(world, commands);
    expect(evidence).toMatchObject({
      kind: "test",
      command: "npm test",
      sha,
      exitCode: 0,
      timedOut: false,
      tests: { passed: 1, failed: 0, skipped: 1 },
    });
    expect(evidence && passed(evidence)).toBe(true);
    expect(evidence?.outputTail).toContain("adds");
    expect(Date.parse(evidence?.startedAt ?? "")).not.toBeNaN();
    expect(evidence?.durationMs).toBeGreaterThan(0);
  });

  test("N4: a failing test is evidence of failure, with its numbers", async () => {
    const broken = { ...NODE_SERVICE, "src/add.js": "export const add = () => 0;\n" };
    const world = await makeWorld(broken);
    const [evidence] = await verifyIn(world, [command("test", "node --test")]);
    expect(evidence).toMatchObject({ exitCode: 1, tests: { passed: 0, failed: 1, skipped: 1 } });
    expect(evidence && passed(evidence)).toBe(false);
  });

  test("the digest is of the whole output, the tail of its end, made visible", async () => {
    const world = await makeWorld({ "a.txt": "a" });
    const [evidence] = await verifyIn(world, [
      command("test", "seq 1 200; printf '\\033[2K\\033[1Ahidden\\n' >&2"),
    ]);
    const whole = `${Array.from({ length: 200 }, (_, i) => `${i + 1}\n`).join("")}\u001b[2K\u001b[1Ahidden\n`;
    expect(evidence?.outputDigest).toBe(createHash("sha256").update(whole).digest("hex"));
    expect(evidence?.outputTail.endsWith("200\n\u241b[2K\u241b[1Ahidden")).toBe(true);
    expect(evidence?.outputTail.split("\n").length).toBeLessThanOrEqual(80);
    expect(evidence?.tests).toBeUndefined();
  });

  test("a failed build ends it; a failed test command does not stop the next", async () => {
    const world = await makeWorld({ "a.txt": "a" });
    const after = await verifyIn(world, [command("build", "exit 2"), command("test", "true")]);
    expect(after.map(({ exitCode }) => exitCode)).toEqual([2]);
    const tests = [
      command("build", "true"),
      command("test", "exit 5"),
      command("lint", "exit 6"),
      command("test", "true"),
    ];
    const all = await verifyIn(world, tests);
    expect(all.map(({ exitCode }) => exitCode)).toEqual([0, 5, 6, 0]);
  });

  test("what a command leaves in the checkout is there for the next and gone for the next verification", async () => {
    const world = await makeWorld({ "a.txt": "a" });
    const first = [
      command("build", "echo built > out; git status --porcelain"),
      command("test", "cat out a.txt"),
    ];
    const [, test] = await verifyIn(world, first);
    expect(test?.outputTail).toBe("built\na");
    const [gone] = await verifyIn(world, [command("test", "ls; git status --porcelain")]);
    expect(gone?.outputTail).toBe("a.txt");
    expect(readdirSync(join(world.dataDir, "verifications"))).toEqual([]);
  });

  test("B-02: setup fills the package cache, tests can only read it, another run has its own", async () => {
    const world = await makeWorld({ "a.txt": "a" });
    const all = await verifyIn(world, [
      command("setup", "mkdir -p $GOMODCACHE && echo real > $GOMODCACHE/module"),
      command("test", "cat $GOMODCACHE/module; echo poison > $GOMODCACHE/module"),
      command("test", "cat $GOMODCACHE/module"),
    ]);
    expect(all[1]?.outputTail).toMatch(/^real\n.*Read-only file system/);
    expect(all[2]?.outputTail).toBe("real");
    const sha = await headOf(world);
    const signal = new AbortController().signal;
    const other = { runId: "7-13-r1" as typeof RUN, sha, signal };
    const [seen] = await world.workspaces.run(world.repo, {
      ...other,
      commands: [command("test", "ls -A $GOMODCACHE/")],
    });
    expect([seen?.exitCode, seen?.outputTail]).toEqual([0, ""]);
  });

  test("H7: a command that does not end in time has failed", async () => {
    const world = await makeWorld({ "a.txt": "a" });
    const [evidence] = await verifyIn(world, [
      command("test", "echo began; sleep 600", { timeoutMs: 400 }),
    ]);
    expect(evidence).toMatchObject({ timedOut: true, exitCode: 137, outputTail: "began" });
    expect(evidence && passed(evidence)).toBe(false);
  });

  test("an abort kills the command and rejects with its reason", async () => {
    const world = await makeWorld({ "a.txt": "a" });
    const controller = new AbortController();
    const sha = await headOf(world);
    const running = world.workspaces.run(world.repo, {
      runId: RUN,
      sha,
      commands: [command("test", "sleep 600")],
      signal: controller.signal,
    });
    const whenRunning = expect.poll(() => readdirSync(join(world.dataDir, "verifications")).length);
    await whenRunning.toBe(1);
    controller.abort(new Error("cancelled by a person"));
    await expect(running).rejects.toThrow("cancelled by a person");
    expect(readdirSync(join(world.dataDir, "verifications"))).toEqual([]);
  });

  test("secrets are taken out of what is shown", async () => {
    const world = await makeWorld(
      { "a.txt": "token-123" },
      { redact: (text) => text.replaceAll("token-123", "***") },
    );
    const [evidence] = await verifyIn(world, [command("test", "cat a.txt")]);
    expect(evidence?.outputTail).toBe("***");
  });

  test("no folder of this machine is shown", async () => {
    const world = await makeWorld({ "a.txt": "a" });
    const [evidence] = await verifyIn(world, [
      command("test", "pwd; echo $HOME; echo $npm_config_cache"),
    ]);
    expect(evidence?.outputTail).toBe("/checkout\n/home\n/cache/npm");
  });

  test("a missing toolchain is named in one sentence", async () => {
    const world = await makeWorld({ "a.txt": "a" });
    const [evidence] = await verifyIn(world, [command("test", "fortran-build --all")]);
    expect(evidence?.exitCode).toBe(127);
    expect(evidence?.outputTail).toContain(
      "This machine has no fortran-build, which `fortran-build --all` needs.",
    );
  });

  test("X-09: a flood of output is cut off and named", async () => {
    const world = await makeWorld({ "a.txt": "a" });
    const [evidence] = await verifyIn(world, [
      command("test", "yes aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
    ]);
    expect(evidence?.outputTail).toContain("Stopped: more than");
    expect(evidence && passed(evidence)).toBe(false);
  });

  test("a folder in the repository that does not exist fails the command with the reason", async () => {
    const world = await makeWorld({ "a.txt": "a" });
    const [evidence] = await verifyIn(world, [command("test", "true", { cwd: "services/api" })]);
    expect(evidence?.exitCode).not.toBe(0);
    expect(evidence?.outputTail).toContain("services/api");
  });

  test("B-04: the repository's own commands come before detection and say where they are from", async () => {
    const config =
      "version: 1\ncommands:\n  build: node --check src/add.js\n  test:\n    - run: node --test\n      timeout_minutes: 1\n";
    const world = await makeWorld({ ...NODE_SERVICE, ".github/orchestrator.yml": config });
    const sha = await headOf(world);
    const commands = await world.workspaces.commands(world.repo, sha);
    expect(commands.map(({ kind, source, timeoutMs }) => [kind, source, timeoutMs])).toEqual([
      ["build", "base-config", 600_000],
      ["test", "base-config", 60_000],
    ]);
    const all = await verifyIn(world, commands);
    expect(all.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  });

  test("a wrong profile is named with all its mistakes, not guessed past", async () => {
    const config = "version: 1\ncommands:\n  tests: x\nbudget:\n  usd: -1\n";
    const world = await makeWorld({ ...NODE_SERVICE, ".github/orchestrator.yml": config });
    const reading = world.workspaces.commands(world.repo, await headOf(world));
    await expect(reading).rejects.toThrow(/orchestrator\.yml has mistakes.*tests.*usd/);
    expect(existsSync(join(world.dataDir, "verifications"))).toBe(false);
  });
});

describe.skipIf(!hasBubblewrap() || !hasGo())(
  "verification of Go (needs bubblewrap and go)",
  () => {
    test("N2: build, vet and tests of two modules", async () => {
      const world = await makeWorld({
        "api/go.mod": "module api\n\ngo 1.21\n",
        "api/add.go": "package api\n\nfunc Add(a, b int) int { return a + b }\n",
        "api/add_test.go":
          'package api\n\nimport "testing"\n\nfunc TestAdd(t *testing.T) {\n\tif Add(1, 2) != 3 {\n\t\tt.Fatal("wrong")\n\t}\n}\n\nfunc TestLater(t *testing.T) { t.Skip() }\n',
        "worker/go.mod": "module worker\n\ngo 1.21\n",
        "worker/main.go": 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("works") }\n',
      });
      const commands = await world.workspaces.commands(world.repo, await headOf(world));
      const all = await verifyIn(world, commands);
      const said = all.map(({ kind, cwd, exitCode }) => `${kind} ${cwd} ${exitCode}`);
      expect(said).toEqual([
        "build api 0",
        "build worker 0",
        "lint api 0",
        "lint worker 0",
        "test api 0",
        "test worker 0",
      ]);
      expect(all[4]?.tests).toEqual({ passed: 1, failed: 0, skipped: 1 });
      expect(all[5]?.tests).toBeUndefined();
    }, 240_000);
  },
);
