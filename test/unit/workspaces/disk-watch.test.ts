import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isShortage } from "../../../src/domain/failure.ts";
import { DiskWatch } from "../../../src/workspaces/disk-watch.ts";

/** A folder with one file of so many bytes. */
function folder(root: string, name: string, bytes: number): string {
  const path = join(root, name);
  mkdirSync(path);
  writeFileSync(join(path, "file"), Buffer.alloc(bytes, 1));
  return path;
}

test("F35: when the disk runs low the largest writer is ended, and others go on when that made room", async () => {
  const root = mkdtempSync(join(tmpdir(), "disk-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  let free = 10;
  const watch = new DiskWatch({
    path: root,
    keepFreeBytes: 100,
    everyMs: 5,
    free: async () => free,
  });
  const ended: string[] = [];
  const first = Promise.withResolvers<void>();
  function writer(name: string, bytes: number): () => void {
    return watch.watch([folder(root, name, bytes), join(root, "gone")], () => {
      ended.push(name);
      free = 200;
      first.resolve();
    });
  }
  const unwatch = [writer("small", 10), writer("large", 500_000), writer("middle", 200_000)];
  await first.promise;
  await watch.admit();
  for (const end of unwatch) end();
  expect(ended).toEqual(["large"]);
});

test("F35: without room nothing is begun, and the failure is one that passes", async () => {
  const watch = new DiskWatch({
    path: "/data",
    keepFreeBytes: 5_000_000,
    free: async () => 3_000_000,
  });
  const refused: unknown = await watch.admit().catch((error: unknown) => error);
  expect(String(refused)).toContain("the disk of /data has 3 MB free and keeps 5 MB");
  expect(isShortage(refused)).toBe(true);
  await new DiskWatch({ path: tmpdir(), keepFreeBytes: 1 }).admit();
});
