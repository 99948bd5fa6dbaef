import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { isAlive } from "./process.ts";

/** A server that runs on a cluster now. */
export interface Postmaster {
  readonly pid: number;
  readonly socketDirectory: string;
}

/**
 * The server that runs on `cluster`, read from its own lock file. A file whose process is gone, or is now something
 * else (ids are reused), is removed, because PostgreSQL would refuse to start beside it.
 */
export async function runningPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const file = join(cluster, "postmaster.pid");
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const lines = text.split("\n");
  const pid = Number(lines[0]);
  if (Number.isInteger(pid) && pid > 0 && (await isPostgres(pid))) {
    return { pid, socketDirectory: lines[4] ?? "" };
  }
  await rm(file, { force: true });
  return undefined;
}

async function isPostgres(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  const [program = ""] = command.split("\0");
  return program.endsWith("postgres") || program.startsWith("postgres:");
}
