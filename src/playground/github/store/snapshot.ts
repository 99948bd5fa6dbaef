import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Hub } from "../context.ts";
import { listRefs } from "../git/read.ts";
import { Git } from "../git/run.ts";
import { Table } from "./table.ts";

type Dump = Record<string, { next: number; rows: { id: number }[] }>;

function snapshotFile(hub: Hub): string {
  return join(hub.dataDir, "state.json");
}

/** Writes everything but the code, which is on disk already; whole or not at all. */
export async function saveSnapshot(hub: Hub): Promise<void> {
  const dump: Dump = {};
  for (const [name, table] of Object.entries(hub.store)) {
    if (table instanceof Table) dump[name] = table.dump();
  }
  const file = snapshotFile(hub);
  // It holds tokens and webhook secrets.
  await writeFile(`${file}.new`, JSON.stringify(dump), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** Takes up what an earlier hub left in the data directory; false when there is nothing. */
export async function restoreSnapshot(hub: Hub): Promise<boolean> {
  let text: string;
  try {
    text = await readFile(snapshotFile(hub), "utf8");
  } catch {
    return false;
  }
  const dump = JSON.parse(text) as Dump;
  for (const [name, table] of Object.entries(hub.store)) {
    const part = dump[name];
    if (table instanceof Table && part !== undefined) {
      (table as Table<{ id: number }>).restore(part);
    }
  }
  for (const repo of hub.store.repositories.all()) {
    const git = new Git(hub.host, join(hub.dataDir, "repositories", `${repo.id}.git`));
    hub.refs.set(repo.id, await listRefs(git));
  }
  return true;
}
