import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createGit, type Git } from "../../../src/workspaces/git.ts";
import { processesWith, uniqueSeconds } from "./jail-run.ts";
import { PATH, temporaryDirectory } from "./world.ts";

/** The runner with a script in the place of git. */
function scripted(script: string): { git: Git; home: string } {
  const home = temporaryDirectory("git");
  const binary = join(home, "git");
  writeFileSync(binary, `#!/bin/sh\n${script}\n`);
  chmodSync(binary, 0o755);
  return { git: createGit({ binary, home, env: { PATH } }), home };
}

describe("the hermetic git runner", () => {
  test("a command that does not end, or is silent too long, is killed with its helpers", async () => {
    const seconds = uniqueSeconds();
    const { git } = scripted(`sleep ${seconds} & wait`);
    const whole = git.run({ args: ["fetch"], timeoutMs: 200 });
    await expect(whole).rejects.toMatchObject({ failureClass: "retry" });
    const silent = git.run({ args: ["fetch"], timeoutMs: 60_000, idleMs: 200 });
    await expect(silent).rejects.toThrow("no end or no progress");
    await expect.poll(() => processesWith(seconds), { timeout: 5_000 }).toEqual([]);
  });

  test("a command that goes on talking is not silent", async () => {
    const { git } = scripted("for i in 1 2 3 4 5 6; do echo $i >&2; sleep 0.1; done; echo done");
    expect(await git.text({ args: ["fetch"], idleMs: 400 })).toBe("done");
  });

  test("output above its limit is a failure, or cut where that is asked for", async () => {
    const { git } = scripted("yes");
    await expect(git.run({ args: ["log"], maxBytes: 1_000 })).rejects.toThrow("limit of bytes");
    const cut = await git.run({ args: ["log"], maxBytes: 1_000, truncate: true });
    expect(cut).toMatchObject({ truncated: true });
    expect(cut.stdout).toHaveLength(1_000);
  });

  test("the environment is built from nothing and holds the guards", async () => {
    const { git, home } = scripted("env; pwd");
    process.env["GIT_SSH_COMMAND"] = "evil";
    const said = await git.text({ args: ["x"], config: { "http.extraHeader": "secret" } });
    delete process.env["GIT_SSH_COMMAND"];
    expect(said).not.toContain("evil");
    expect(said).toContain(`HOME=${home}`);
    expect(said).toContain("GIT_CONFIG_NOSYSTEM=1");
    expect(said).toContain("GIT_CONFIG_GLOBAL=/dev/null");
    expect(said).toMatch(/=protocol\.allow\nGIT_CONFIG_VALUE|GIT_CONFIG_VALUE_\d+=never/);
    expect(said.endsWith(home)).toBe(true);
  });

  test("no transport is allowed that was not asked for", async () => {
    const home = temporaryDirectory("git");
    const git = createGit({ home, env: { PATH } });
    const origin = join(home, "origin");
    mkdirSync(origin);
    await git.run({ args: ["init", "--quiet", "--bare", "--", origin] });
    const list = { args: ["ls-remote", "--end-of-options", `file://${origin}`] };
    await expect(git.run(list)).rejects.toThrow(/transport 'file' not allowed/);
    await expect(git.run({ ...list, allow: ["file"] })).resolves.toMatchObject({ code: 0 });
    const ext = { args: ["ls-remote", "--end-of-options", `ext::sh -c touch% ${home}/ran`] };
    await expect(git.run({ ...ext, allow: ["file", "https", "http"] })).rejects.toThrow(
      /'ext' not allowed/,
    );
  });

  test("a missing git is named with what to do", async () => {
    const home = temporaryDirectory("git");
    const git = createGit({ binary: join(home, "nothing"), home, env: { PATH } });
    await expect(git.run({ args: ["version"] })).rejects.toThrow(/Install git 2\.38 or newer/);
  });
});
