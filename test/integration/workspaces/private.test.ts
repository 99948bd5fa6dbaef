import { chmodSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { RepoCommand } from "../../../src/domain/gate/evidence.ts";
import { openPaths } from "../../helpers/open-paths.ts";
import { cloned, inClone } from "./hub-world.ts";
import { hasBubblewrap, makeWorld, RUN } from "./world.ts";

const SUITE = [RepoCommand.parse({ kind: "setup", command: "touch made", source: "base-config" })];

test.skipIf(!hasBubblewrap())(
  "S-03, X-02: nobody else on the machine looks into mirrors, clones, homes, caches or verifications (needs bubblewrap)",
  async () => {
    const world = await makeWorld({ "secret.txt": "of a private repository" });
    const clone = await cloned(world);
    expect(await inClone(world, clone, "echo more > other.txt; ls")).toContain("secret.txt");
    const { signal } = new AbortController();
    const request = { runId: RUN, sha: clone.baseSha, commands: SUITE, signal };
    const [evidence] = await world.workspaces.run(world.repo, request);
    expect(evidence?.exitCode).toBe(0);
    await world.workspaces.collect(world.repo, clone, { message: "x" });
    expect(readdirSync(world.dataDir)).toEqual(
      expect.arrayContaining(["caches", "dispatches", "homes", "jail", "mirrors", "verifications"]),
    );
    expect(openPaths(world.dataDir)).toEqual([]);
    // The database's account passes the data directory itself.
    expect(statSync(world.dataDir).mode & 0o777).toBe(0o755);

    chmodSync(join(world.dataDir, "mirrors"), 0o755);
    expect(openPaths(world.dataDir)).toContain("mirrors");
    await cloned(world, { run: RUN });
    expect(openPaths(world.dataDir)).toEqual([]);
  },
  120_000,
);
