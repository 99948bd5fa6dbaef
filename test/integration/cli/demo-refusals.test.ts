import { type ChildProcess, execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "../../..");
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "demo-refusals-"));
});

afterAll(() => rm(dir, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/** Starts the demo with an environment of its own and waits for its end. */
function demo(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const child: ChildProcess = execFile(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", join(ROOT, "src/cli/demo.ts"), ...args],
      { env: { PATH: process.env["PATH"], HOME: dir, ...env } },
      (_error, _stdout, stderr) => resolve({ code: child.exitCode, stderr }),
    );
  });
}

/** A PATH with nothing but a `git` that answers with this version. */
async function pathWithGit(version: string | undefined): Promise<string> {
  const bin = await mkdtemp(join(dir, "bin-"));
  if (version !== undefined) {
    await writeFile(join(bin, "git"), `#!/bin/sh\necho git version ${version}\n`);
    await chmod(join(bin, "git"), 0o755);
    await symlink("/bin/sh", join(bin, "sh"));
  }
  return bin;
}

describe("the demo refuses in one clear sentence", () => {
  test("an option that it does not know, with the usage", async () => {
    const { code, stderr } = await demo(["--what"]);
    expect(code).toBe(2);
    expect(stderr).toContain("Unknown option '--what'");
    expect(stderr).toContain("npm run demo [-- options]");
  });

  test("a port that is in use", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((ready) => server.once("listening", ready));
    const { port } = server.address() as { port: number };
    const { code, stderr } = await demo(["--once", "--port", String(port)]);
    server.close();
    expect(code).toBe(2);
    expect(stderr.trim()).toMatch(
      new RegExp(`^Listen on port ${port}: .*choose another with --port\\.$`),
    );
  });

  test("no git, and an old git", async () => {
    const none = await demo(["--once"], { PATH: await pathWithGit(undefined) });
    expect(none).toEqual({ code: 2, stderr: "git was not found: install git 2.38 or newer.\n" });
    const old = await demo(["--once"], { PATH: await pathWithGit("2.30.2") });
    expect(old).toEqual({ code: 2, stderr: "git 2.30 is too old: install git 2.38 or newer.\n" });
  });

  test("a data folder that cannot be written", async () => {
    await writeFile(join(dir, "file"), "");
    const { code, stderr } = await demo(["--once", "--data", join(dir, "file", "below")]);
    expect(code).toBe(2);
    expect(stderr).toContain("The demo cannot write to");
  });

  test("--repo that is no repository, and --task without a model", async () => {
    await mkdir(join(dir, "plain"));
    const noRepo = await demo(["--once", "--repo", join(dir, "plain")]);
    expect(noRepo.stderr).toContain("is not a git repository");
    const noModel = await demo(["--once", "--task", "do something"]);
    expect(noModel.code).toBe(2);
    expect(noModel.stderr).toContain("The scripted model knows only the sample");
  });
});

describe("the app refuses to start", () => {
  test("W-06: without its settings, all problems at once, exit code 78", async () => {
    const ended = await new Promise<Ended>((done) => {
      const child: ChildProcess = execFile(
        process.execPath,
        ["--disable-warning=ExperimentalWarning", join(ROOT, "src/main.ts")],
        { env: { PATH: process.env["PATH"], WEBHOOK_SECRET: "development" } },
        (_error, _stdout, stderr) => done({ code: child.exitCode, stderr }),
      );
    });
    expect(ended.code).toBe(78);
    for (const problem of ["APP_ID", "PRIVATE_KEY", "at least 32 characters", "MODEL_PROVIDER"])
      expect(ended.stderr).toContain(problem);
  });
});
