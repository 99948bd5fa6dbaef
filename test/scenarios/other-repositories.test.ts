import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { StatusReport } from "../../src/domain/status-schema.ts";
import {
  digestOf,
  git,
  openFolder,
  repositoryAt,
  type Shown,
  showRepository,
} from "../helpers/demo-cli.ts";
import { GO_MODULE, MONOREPO, type Shape } from "../helpers/shapes.ts";
import { processesOf } from "../helpers/stage-processes.ts";
import { BROKEN_PRODUCT, developing, TINY_FILES, tinyScript } from "../helpers/tiny-service.ts";

const sh = promisify(execFile);

let folder: Awaited<ReturnType<typeof openFolder>>;

beforeAll(async () => {
  folder = await openFolder();
});

afterAll(() => folder.remove());

/** Shows a shape and checks what holds for every run, whatever its end. */
async function show(name: string, shape: Shape & { killAt?: RegExp }): Promise<Shown> {
  const repo = join(folder.path, name);
  await repositoryAt(repo, shape.files);
  const before = await digestOf(repo);
  const shown = await showRepository(folder.path, { repo, ...shape });
  expect(await digestOf(repo), "the original").toBe(before);
  expect(shown.models, "models asked for").toEqual(new Set(["local-model"]));
  expect(processesOf(folder.path), "processes left").toEqual([]);
  expect(shown.temporary.filter((file) => file !== "node-compile-cache")).toEqual([]);
  expect(shown.stdout.trim().split("\n"), "lines on standard output").toHaveLength(1);
  const report = StatusReport.parse(shown.summary.report);
  expect(report.skills_invoked.slice(0, 3)).toEqual([
    "calibrating-time-estimates",
    "orchestrating-multi-agent-workflows",
    "gateway-backend",
  ]);
  return shown;
}

/** The pull request's head, checked out from the repository that was left on disk. */
async function headOf({ summary, bare }: Shown, name: string): Promise<string> {
  const tree = join(folder.path, `${name}-by-hand`);
  await git(folder.path, "clone", "--quiet", "--branch", summary.run_branch, bare, tree);
  expect(await git(tree, "rev-parse", "HEAD")).toBe(summary.head_sha);
  const branches = await git(bare, "for-each-ref", "--format=%(refname:short)", "refs/heads");
  expect(branches.split("\n")).toEqual(expect.arrayContaining([...summary.branches, "trunk"]));
  return tree;
}

test("N2, E10, K3: a monorepo is verified by its modules' own commands, also when the app is killed while its testers work", async () => {
  const shown = await show("shop", { ...MONOREPO, killAt: /▶ backend-tester \(integration\)/ });
  const { code, summary } = shown;
  expect(shown.progress).toContain("the app died and is started again");
  expect([code, summary.state, summary.pull_request_draft], shown.progress).toEqual([
    0,
    "complete",
    false,
  ]);
  const final = summary.evidence.filter(({ purpose }) => purpose === "final");
  expect(final).toMatchObject(
    [
      { kind: "build", command: "node --check index.js", cwd: "libs/money" },
      { kind: "build", command: "node --check index.js", cwd: "services/orders" },
      { kind: "test", command: "node --test", cwd: "libs/money" },
      { kind: "test", command: "node --test", cwd: "services/orders" },
    ].map((command) => ({ ...command, sha: summary.head_sha, exitCode: 0, source: "base-config" })),
  );
  expect(summary.report).toMatchObject({
    status: "complete",
    phases_completed: ["implementation", "testing", "quality"],
    verification: { all_tests_passed: true, build_success: true },
  });
  const leaves = summary.branches.map((branch) => branch.split("/").at(-1));
  expect(new Set(leaves)).toEqual(
    new Set(["implementation-discount", "main", "testing-money-tests", "testing-orders-tests"]),
  );
  expect(new Set(summary.dispatches).size).toBe(summary.dispatches.length);
  const tree = await headOf(shown, "shop");
  for (const cwd of ["libs/money", "services/orders"]) {
    const { stdout } = await sh(process.execPath, ["--test"], { cwd: join(tree, cwd), env: {} });
    expect(stdout).toMatch(/pass 2\n/);
    expect(stdout).toMatch(/fail 0\n/);
  }
});

const hasGo = spawnSync("go", ["version"]).status === 0;
if (!hasGo) process.stderr.write("go is not on the path: the Go module is not shown.\n");

test.skipIf(!hasGo)(
  "N2: a Go module with a dependency is built and tested in the jail, the dependency fetched through the gateway",
  async () => {
    const shown = await show("labels", GO_MODULE);
    const { code, summary } = shown;
    expect([code, summary.state], shown.progress).toEqual([0, "complete"]);
    const final = summary.evidence.filter(({ purpose }) => purpose === "final");
    expect(final.map(({ kind, command, exitCode }) => [kind, command, exitCode])).toEqual([
      ["setup", "go mod download", 0],
      ["build", "go build ./...", 0],
      ["lint", "go vet ./...", 0],
      ["test", "go test -v ./...", 0],
    ]);
    expect(summary.report).toMatchObject({
      status: "complete",
      verification: { all_tests_passed: true, build_success: true },
    });
    const tree = await headOf(shown, "labels");
    const { stdout } = await sh("go", ["test", "-v", "./..."], { cwd: tree });
    expect(stdout).toContain("--- PASS: TestShort");
  },
);

test("N1: a red run ends with exit code 1, its failing command in the summary, its pull request a draft", async () => {
  const script = tinyScript({
    develop: developing(BROKEN_PRODUCT),
    fix: developing(`${BROKEN_PRODUCT}// looked here\n`),
  });
  const task = "Implement product(a, b) and write unit tests for it";
  const shown = await show("tiny", { files: TINY_FILES, task, script });
  const { code, summary } = shown;
  expect([code, summary.state, summary.pull_request_draft], shown.progress).toEqual([
    1,
    "waiting",
    true,
  ]);
  expect(summary.blocked).toContain("tests failed 3 times");
  expect(summary.evidence.at(-1)).toMatchObject({
    kind: "test",
    command: "node --test",
    exitCode: 1,
    sha: summary.head_sha,
  });
  expect(summary.report).toMatchObject({
    status: "blocked",
    verification: { all_tests_passed: false },
  });
});
