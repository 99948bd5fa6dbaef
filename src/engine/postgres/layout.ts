import { createHash } from "node:crypto";
import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../../domain/failure.ts";
import type { Account } from "./account.ts";

/** Where things are under a data directory. `cluster` and `socket` belong to the account, the rest to us. */
export interface Layout {
  readonly root: string;
  readonly cluster: string;
  readonly links: string;
  readonly software: string;
  readonly log: string;
}

/** Longest path of a unix socket, without the closing zero. */
const SOCKET_PATH_BYTES = 107;
const SOCKET_NAME = ".s.PGSQL.5432";

export function layoutOf(root: string): Layout {
  return {
    root,
    cluster: join(root, "cluster"),
    links: join(root, "links"),
    software: join(root, "software"),
    log: join(root, "server.log"),
  };
}

/** Makes the data directory; folders it has to create on the way can be passed through by every user. */
export async function makeRoot(root: string): Promise<void> {
  try {
    const first = await mkdir(root, { recursive: true });
    for (let made: string | undefined = first && root; made; ) {
      await chmod(made, 0o755);
      made = made === first ? undefined : dirname(made);
    }
    await writeFile(join(root, ".writable"), "");
    await rm(join(root, ".writable"));
  } catch (error) {
    throw notWritable(root, error);
  }
}

/** Makes a folder that only the account can look into. */
export async function makePrivate(path: string, account: Account): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await chmod(path, 0o700);
  if (account.as) await chown(path, account.as.uid, account.as.gid);
}

/**
 * The folder of the server's socket: in the data directory, or under /tmp when the path would be too long for a
 * socket. The same one at every start, so that clients find a restarted server again.
 */
export async function makeSocketDirectory(layout: Layout, account: Account): Promise<string> {
  const near = join(layout.root, "socket");
  const isShort = Buffer.byteLength(join(near, SOCKET_NAME)) <= SOCKET_PATH_BYTES;
  const path = isShort ? near : ((await farSocketDirectory(layout)) ?? (await makeFar(layout)));
  await makePrivate(path, account);
  return path;
}

async function makeFar(layout: Layout): Promise<string> {
  const path = await mkdtemp(socketPrefix(layout));
  await writeFile(farSocketFile(layout), path);
  return path;
}

async function farSocketDirectory(layout: Layout): Promise<string | undefined> {
  const known = await readFile(farSocketFile(layout), "utf8").catch(() => undefined);
  if (!known?.startsWith(socketPrefix(layout))) return undefined;
  const found = await lstat(known).catch(() => undefined);
  return found?.isDirectory() ? known : undefined;
}

/** Removes a socket folder outside the data directory, if there is one of ours. */
export async function removeSocketDirectory(layout: Layout): Promise<void> {
  const path = await farSocketDirectory(layout);
  if (path) await rm(path, { recursive: true });
  await rm(farSocketFile(layout), { force: true });
}

function farSocketFile(layout: Layout): string {
  return join(layout.root, "socket-directory");
}

function socketPrefix(layout: Layout): string {
  const name = createHash("sha256").update(layout.root).digest("hex").slice(0, 12);
  return `/tmp/backend-orchestrator-${name}-`;
}

export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

function notWritable(root: string, error: unknown): UserError {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  return new UserError(
    `The data directory ${root} cannot be written (${code}): choose another one or set DATABASE_URL.`,
  );
}
