import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const ROOT = new URL("../../../", import.meta.url);

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
}

function json(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, ROOT), "utf8"));
}

test("B-06: installing this package runs nothing of ours, and every dependency is one exact version", () => {
  const own = json("package.json") as Record<string, Record<string, string>>;
  const scripts = Object.keys(own["scripts"] ?? {});
  expect(scripts.filter((name) => /^(pre|post)?install$|^prepare$|^prepublish/.test(name))).toEqual(
    [],
  );
  for (const kind of ["dependencies", "devDependencies", "optionalDependencies"])
    for (const version of Object.values(own[kind] ?? {}))
      expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
});

test("B-06: the lock file holds the hash of every package that is installed on this kind of machine", () => {
  const { packages } = json("package-lock.json") as { packages: Record<string, Locked> };
  const locked = Object.entries(packages).filter(([path, entry]) => path !== "" && !entry.link);
  expect(locked.length).toBeGreaterThan(100);
  // Programs for other machines are named for the installer's sake and were never fetched here.
  const fetched = locked.filter(([, entry]) => !(entry.optional && entry.os && !entry.integrity));
  expect(fetched.length).toBeGreaterThan(locked.length / 2);
  for (const [path, { integrity }] of fetched) expect(integrity, path).toMatch(/^sha512-/);
});

test("B-06: what CI uses of others is named by its commit", () => {
  const folder = new URL(".github/workflows/", ROOT);
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const uses = files.flatMap((name) =>
    Array.from(
      readFileSync(new URL(name, folder), "utf8").matchAll(/uses:\s*(\S+)/g),
      ([, what]) => what ?? "",
    ),
  );
  for (const what of uses) expect(what).toMatch(/^\.\/|@[0-9a-f]{40}$/);
});
