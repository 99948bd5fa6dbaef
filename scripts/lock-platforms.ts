/**
 * Completes package-lock.json with the packages of other platforms that the registry in use did not have when the lock
 * was made: without them `npm ci` refuses the lock everywhere. They carry version, os and cpu but no integrity, and are
 * installed on their own platform only. Run after every `npm install`: `node scripts/lock-platforms.ts`.
 */
import { readFileSync, writeFileSync } from "node:fs";

interface Locked {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

const OS = ["android", "darwin", "freebsd", "linux", "openharmony", "win32"];
const CPU: readonly (readonly [word: string, cpu: string])[] = [
  ["arm64", "arm64"],
  ["x64", "x64"],
  ["ia32", "ia32"],
  ["ppc64", "ppc64"],
  ["riscv64", "riscv64"],
  ["s390x", "s390x"],
  ["arm-", "arm"],
];

function platformOf(name: string): Pick<Locked, "os" | "cpu" | "libc"> {
  const os = OS.find((candidate) => name.includes(candidate));
  const cpu = CPU.find(([word]) => name.includes(word))?.[1];
  if (os === undefined || cpu === undefined) throw new Error(`${name} does not name a platform.`);
  const libc = os !== "linux" ? undefined : /musl/.test(name) ? "musl" : "glibc";
  return { os: [os], cpu: [cpu], ...(libc === undefined ? {} : { libc: [libc] }) };
}

function main(): void {
  const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
    packages: Record<string, Locked>;
  };
  const added: string[] = [];
  for (const parent of Object.values(lock.packages)) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      const place = `node_modules/${name}`;
      if (lock.packages[place]) continue;
      lock.packages[place] = {
        version,
        ...(parent.dev ? { dev: true } : {}),
        optional: true,
        ...platformOf(name),
      };
      added.push(name);
    }
  }
  const entries = Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1));
  lock.packages = Object.fromEntries(entries);
  writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
  process.stdout.write(`${added.length} packages of other platforms added to the lock\n`);
}

main();
