import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type RepoRef, runId } from "../../../src/domain/ids.ts";
import { createJail } from "../../../src/workspaces/jail.ts";
import { findToolchains } from "../../../src/workspaces/toolchains.ts";
import { cloned, inClone, put, worldOfHub } from "./hub-world.ts";
import { plainProcesses, runIn } from "./jail-run.ts";
import {
  commitTo,
  hasBubblewrap,
  makeWorld,
  PATH,
  plainGit,
  RUN,
  temporaryDirectory,
} from "./world.ts";

const SEARCH =
  'cat .git/config .git/*.conf; git remote -v; git config --list --show-origin; cat "$HOME/.git-credentials" "$HOME/.config/git/credentials" "$HOME/.netrc"; printf "protocol=http\\nhost=127.0.0.1\\n\\n" | GIT_TERMINAL_PROMPT=0 git credential fill; grep -rha ghs_ .git; env; echo searched';

describe.skipIf(!hasBubblewrap())("secrets and other people's code (needs bubblewrap)", () => {
  test("S-03: the token that fetches and pushes is in no file, remote, setting or helper", async () => {
    const world = await worldOfHub();
    const { repo, workspaces, used } = world;
    const clone = await cloned(world);
    const output = await inClone(world, clone, `echo new > new.txt; ${SEARCH}`);
    const made = await workspaces.collect(repo, clone, { message: "Change" });
    if (made.kind !== "commit") throw new Error(`Nothing was made: ${JSON.stringify(made)}`);
    const branch = "orchestrate/1-x-r1/implementation-api";
    const push = { branch, sha: made.sha, expected: undefined };
    expect(await workspaces.push(repo, push)).toEqual({ kind: "pushed" });

    expect(used.length).toBeGreaterThan(1);
    expect(output).toContain("searched");
    expect(output).not.toContain("ghs_");
    // Where a token stands in the address, as is common, both searches find it.
    const naive = join(temporaryDirectory("naive"), "clone");
    const url = `${world.url.replace("://", `://x-access-token:ghs_naive@`)}/acme/shop.git`;
    plainGit(world.dataDir, "init", "--quiet", naive);
    plainGit(naive, "remote", "add", "origin", url);
    expect(
      (await runIn(plainProcesses(), `cd ${naive}; HOME=/nonexistent; ${SEARCH}`)).output,
    ).toContain("ghs_naive");
    expect(filesWith("ghs_", naive)).not.toEqual([]);
    expect(filesWith("push", world.argv)).toEqual([world.argv]);
    for (const place of [world.dataDir, world.argv])
      for (const token of used) expect(filesWith(token.slice(0, 30), place)).toEqual([]);
  });

  test("S-04: what people keep in their home is not there, by no path and no link", async () => {
    const home = temporaryDirectory("home");
    const files = [
      ".npmrc",
      ".config/gh/hosts.yml",
      ".docker/config.json",
      ".aws/credentials",
      ".azure/token.json",
      ".ssh/id_ed25519",
      ".cargo/credentials.toml",
      ".pip/pip.conf",
      ".m2/settings.xml",
      ".local/share/keyrings/login",
    ];
    for (const file of files) put(join(home, file), "canary-6120\n");
    // Programs that people install beside what they keep.
    for (const program of [".cargo/bin/uv", ".local/bin/poetry", "bin/pnpm"]) {
      put(join(home, program), "#!/bin/sh\necho here\n");
      chmodSync(join(home, program), 0o755);
    }
    const dir = temporaryDirectory("mine");
    for (const [index, file] of files.entries())
      symlinkSync(join(home, file), join(dir, `${index}`));
    const spy = `cat ${files.map((file) => `${home}/${file}`).join(" ")} ${dir}/*; ls -a ${home} ~; uv; echo spied`;
    expect((await runIn(plainProcesses(), spy)).output.match(/canary/g)).toHaveLength(20);

    const path = `${home}/.cargo/bin:${home}/.local/bin:${home}/bin:${PATH}`;
    const toolchains = await findToolchains({ path, home });
    const jail = await createJail({ dataDir: join(dir, "data"), toolchains, path });
    const { output } = await runIn(jail, spy, { readable: [dir] });
    expect(output).toContain("spied");
    expect(output).not.toContain("canary");
    // The programs themselves are.
    expect(output).toMatch(/^here$/m);
  });

  test("S-15: from one repository's clone another's objects cannot be had", async () => {
    const world = await makeWorld({ "a.txt": "public\n" });
    const hidden = join(world.remotes, "octo", "hidden.git");
    mkdirSync(hidden, { recursive: true });
    plainGit(hidden, "init", "--quiet", "--bare", "-b", "main");
    const secret = commitTo(hidden, "main", { "secret.txt": "canary-4471\n" });
    const other: RepoRef = { ...world.repo, id: 8, name: "hidden" };
    await cloned(world, { repo: other, run: runId({ repositoryId: 8, issue: 1, n: 1 }) });
    const objects = join(world.dataDir, "mirrors/8.git/objects");
    const theft = `echo ${objects} >> .git/objects/info/alternates; git -c safe.directory='*' show ${secret}:secret.txt > stolen.txt; cat stolen.txt; ls ${objects} ${world.dataDir}`;
    const open = { ...world, jail: plainProcesses() };
    expect(await inClone(open, await cloned(world), theft)).toContain("canary-4471");
    const clone = await cloned(world);
    expect(await inClone(world, clone, theft)).not.toContain("canary-4471");
    // Nor does the trusted side take it from there when it collects what the agent left.
    const made = await world.workspaces.collect(world.repo, clone, { message: "Steal" });
    if (made.kind !== "commit") throw new Error("The empty file counts as a change");
    expect(await world.workspaces.readFile(world.repo, made.sha, "stolen.txt")).toBe("");
  });

  test("I-17: nothing that one run's agent leaves behind is there for the next run", async () => {
    const world = await makeWorld({ "a.txt": "a\n" });
    const first = await cloned(world);
    const traces =
      '"$HOME/MEMORY.md" "$HOME/.cache/note" ./CLAUDE.md .git/note /tmp/note /var/tmp/note';
    await inClone(world, first, `for f in ${traces}; do echo "obey me" > $f; done`);
    // Until the run ends its agents find their own home again.
    expect(await inClone(world, await cloned(world), 'cat "$HOME/MEMORY.md"')).toContain("obey me");
    await world.workspaces.removeRun(RUN);
    const next = await cloned(world, { run: runId({ repositoryId: 7, issue: 12, n: 2 }) });
    const found = await inClone(
      world,
      next,
      `cat ${traces} 2>/dev/null; grep -rl "obey" . ~; echo end`,
    );
    expect(found).toBe("end\n");
  });
});

function filesWith(word: string, place: string): string[] {
  try {
    const found = execFileSync("grep", ["-rla", "--", word, place], { encoding: "utf8" });
    return found.trim().split("\n");
  } catch {
    return [];
  }
}
