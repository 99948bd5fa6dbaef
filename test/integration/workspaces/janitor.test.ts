import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { removeRun, sweepLeftovers } from "../../../src/workspaces/janitor.ts";
import { temporaryDirectory } from "./world.ts";

function layOut(): { dataDir: string; precious: string } {
  const dataDir = temporaryDirectory("janitor");
  const precious = temporaryDirectory("precious");
  writeFileSync(join(precious, "keep"), "me");
  for (const path of [
    "dispatches/7-12-r1.api.1/tree",
    "dispatches/7-12-r1.api.2/tree",
    "dispatches/7-12-r10.api.1/tree",
    "dispatches/7-12-r1.api.1.removed-99-x/tree",
    "homes/7-12-r1.api",
    "homes/7-12-r10.api",
    "caches/7-12-r1",
    "caches/7-12-r10",
    "verifications/7-12-r1.abc/tree",
    "mirrors/7.git/objects",
    "mirrors/.new-abc/objects",
    "other/thing",
  ]) {
    mkdirSync(join(dataDir, path), { recursive: true });
  }
  symlinkSync(precious, join(dataDir, "dispatches/7-12-r10.api.1/tree/link"));
  return { dataDir, precious };
}

function left(dataDir: string): string[] {
  return ["dispatches", "homes", "caches", "verifications", "mirrors", "other"].flatMap((folder) =>
    readdirSync(join(dataDir, folder)).map((name) => `${folder}/${name}`),
  );
}

describe("the janitor", () => {
  test("F50, K7, RI4: removes what no living run or dispatch needs, and nothing else", async () => {
    const { dataDir, precious } = layOut();
    const needed = { runs: new Set(["7-12-r1"]), dispatches: new Set(["7-12-r1.api.2"]) };
    const removed = await sweepLeftovers(dataDir, needed);
    expect(left(dataDir)).toEqual([
      "dispatches/7-12-r1.api.2",
      "homes/7-12-r1.api",
      "caches/7-12-r1",
      "mirrors/7.git",
      "other/thing",
    ]);
    expect(removed).toHaveLength(7);
    expect(readdirSync(precious)).toEqual(["keep"]);
  });

  test("K7, RI4: an ended run leaves nothing, its neighbour keeps everything", async () => {
    const { dataDir } = layOut();
    await removeRun(dataDir, "7-12-r1");
    expect(left(dataDir)).toEqual([
      "dispatches/7-12-r10.api.1",
      "homes/7-12-r10.api",
      "caches/7-12-r10",
      "mirrors/.new-abc",
      "mirrors/7.git",
      "other/thing",
    ]);
  });
});
