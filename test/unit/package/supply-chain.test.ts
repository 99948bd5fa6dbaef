import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const ROOT = new URL("../../../", import.meta.url);

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
}

function json<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(path, ROOT), "utf8")) as T;
}

test("B-06: installing this package runs nothing of ours, and every dependency is one exact version", () => {
  const own = json<Record<string, Record<string, string>>>("package.json");
  const scripts = Object.keys(own["scripts"] ?? {});
  expect(scripts.filter((name) => /^(pre|post)?install$|^prepare$|^prepublish/.test(name))).toEqual(
    [],
  );
  for (const kind of ["dependencies", "devDependencies", "optionalDependencies"])
    for (const version of Object.values(own[kind] ?? {}))
      expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
});

test("B-06: the lock file holds the hash of every package, each from a package registry", () => {
  const { packages } = json<{ packages: Record<string, Locked> }>("package-lock.json");
  const locked = Object.entries(packages).filter(
    ([path, entry]) => path !== "" && !entry.link && !entry.inBundle,
  );
  expect(locked.length).toBeGreaterThan(100);
  for (const [path, { integrity }] of locked) expect(integrity, path).toMatch(/^sha512-/);
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
