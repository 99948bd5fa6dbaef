import { readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { UserError } from "../../domain/failure.ts";

/** The operating system's user under which PostgreSQL runs. Without `as` it is our own. */
export interface Account {
  readonly name: string;
  readonly as?: { readonly uid: number; readonly gid: number };
}

const UNPRIVILEGED = ["nobody", "postgres", "daemon"];

/**
 * PostgreSQL refuses to run as root and needs a user that exists: root drops to the owner of an existing cluster, else
 * to `nobody`. Everyone else runs it as themselves.
 */
export function accountFor(cluster: string, passwd = "/etc/passwd"): Account {
  if (process.getuid?.() !== 0) return { name: "the current user" };
  const users = readUsers(passwd);
  const owner = statSync(cluster, { throwIfNoEntry: false })?.uid;
  const found =
    users.find((user) => owner !== undefined && owner !== 0 && user.as.uid === owner) ??
    UNPRIVILEGED.map((name) => users.find((user) => user.name === name)).find(Boolean);
  if (found) return found;
  throw new UserError(
    "PostgreSQL cannot run as root and this machine has no user nobody: start as an ordinary user or set DATABASE_URL.",
  );
}

/** Throws when a folder on the way to `path` is closed to the account: PostgreSQL could not reach its own data. */
export function requireReachable(path: string, { name, as }: Account): void {
  if (!as) return;
  for (let folder = path; ; folder = dirname(folder)) {
    const { mode, uid, gid } = statSync(folder);
    const enter = uid === as.uid ? 0o100 : gid === as.gid ? 0o010 : 0o001;
    if ((mode & enter) === 0) {
      throw new UserError(
        `PostgreSQL runs as ${name} when started by root, and ${name} may not enter ${folder}: choose a data directory elsewhere (for example under /var/lib) or set DATABASE_URL.`,
      );
    }
    if (folder === dirname(folder)) return;
  }
}

function readUsers(passwd: string): (Account & { as: { uid: number; gid: number } })[] {
  return readFileSync(passwd, "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .filter((fields) => fields.length >= 7)
    .map(([name = "", , uid, gid]) => ({ name, as: { uid: Number(uid), gid: Number(gid) } }));
}
