import { readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../domain/failure.ts";
import { type Binaries, lastLine } from "./binaries.ts";
import { exists, type Layout, makePrivate } from "./layout.ts";
import { runGuarded } from "./process.ts";

/** The database's user; the socket's folder is what keeps others out. */
export const DATABASE_USER = "orchestrator";

/**
 * Makes the cluster unless it exists. It is made beside its place and renamed, because a killed initdb leaves a
 * directory that looks finished.
 */
export async function ensureCluster(layout: Layout, binaries: Binaries): Promise<void> {
  await removeUnfinished(layout);
  if (await exists(layout.cluster)) {
    await checkVersion(layout, binaries);
    return;
  }
  const unfinished = join(layout.root, `initdb-${process.pid}`);
  await makePrivate(unfinished, binaries.launching.account);
  const { code, output } = await runGuarded(
    [
      binaries.initdb,
      `--pgdata=${unfinished}`,
      `--username=${DATABASE_USER}`,
      "--auth=trust",
      "--encoding=UTF8",
      "--locale=C",
      "--no-instructions",
    ],
    binaries.launching,
  );
  if (code !== 0) {
    await rm(unfinished, { recursive: true, force: true });
    throw new UserError(
      `PostgreSQL could not make its data directory ${layout.cluster} (${lastLine(output)}): choose another directory or set DATABASE_URL.`,
    );
  }
  await rename(unfinished, layout.cluster);
}

async function removeUnfinished(layout: Layout): Promise<void> {
  for (const name of await readdir(layout.root)) {
    if (name.startsWith("initdb-"))
      await rm(join(layout.root, name), { recursive: true, maxRetries: 20 });
  }
}

async function checkVersion(layout: Layout, { major }: Binaries): Promise<void> {
  const file = join(layout.cluster, "PG_VERSION");
  const found = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      `The PostgreSQL data in ${layout.cluster} cannot be read (${error.code}): start as the user who owns it, or choose another directory.`,
    );
  });
  if (found.trim() === major) return;
  throw new UserError(
    `The PostgreSQL data in ${layout.cluster} was made by version ${found.trim()} and this is version ${major}: move it away or set DATABASE_URL.`,
  );
}
