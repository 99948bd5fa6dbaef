import { execFile } from "node:child_process";
import { lstat, readdir, readFile, readlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { JAIL_HOME, type Power, type SystemEntry } from "./jail-arguments.ts";
import type { Owner } from "./own-directory.ts";

const run = promisify(execFile);

const SYSTEM_FOLDERS = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];
/** How programs are linked, configured and trust certificates; nothing that names people or holds secrets. */
const ETC =
  /^(alternatives|ca-certificates|ld\.so\.(cache|conf|conf\.d)|localtime|maven|gradle|mime\.types|os-release|pki|protocols|services|ssl|java-[\w.-]+|java|python3[\w.]*)$/;
const CAP_SYS_ADMIN = 21n;

/** Root with its powers drops to `owner` inside; everybody else, root without powers too, uses a user namespace. */
export async function detectPower(binary: string, path: string, owner: Owner): Promise<Power> {
  if (process.getuid?.() === 0 && (await mayMount())) return { kind: "root", ...owner };
  const help = await run(binary, ["--help"], { env: { PATH: path }, timeout: 10_000 }).catch(
    () => undefined,
  );
  const text = `${help?.stdout ?? ""}${help?.stderr ?? ""}`;
  return { kind: "user", disableUserNamespaces: text.includes("--disable-userns") };
}

async function mayMount(): Promise<boolean> {
  const status = await readFile("/proc/self/status", "utf8");
  const effective = /^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? "0";
  return ((BigInt(`0x${effective}`) >> CAP_SYS_ADMIN) & 1n) === 1n;
}

/** The folders that hold the machine's programs, links kept as links. */
export async function systemEntries(): Promise<SystemEntry[]> {
  const entries: SystemEntry[] = [];
  for (const path of SYSTEM_FOLDERS) {
    const stats = await lstat(path).catch(() => undefined);
    if (stats?.isSymbolicLink() === true) {
      entries.push({ kind: "link", path, target: await readlink(path) });
    } else if (stats?.isDirectory() === true) {
      entries.push({ kind: "folder", path });
    }
  }
  return entries;
}

/** The names in the host's `/etc` that a jail shows. */
export async function shownEtc(): Promise<string[]> {
  return (await readdir("/etc")).filter((name) => ETC.test(name)).sort();
}

/** Writes the few files of `/etc` that programs expect into `folder` and names them. */
export async function etcFiles(folder: string, power: Power): Promise<Record<string, string>> {
  const { uid, gid } = power.kind === "root" ? power : { uid: 1000, gid: 1000 };
  const contents: Record<string, string> = {
    passwd: `root:x:0:0:root:/:/usr/sbin/nologin\nagent:x:${uid}:${gid}:agent:${JAIL_HOME}:/bin/sh\n`,
    group: `root:x:0:\nagent:x:${gid}:\n`,
    hosts: "127.0.0.1 localhost jail\n::1 localhost\n",
    "resolv.conf": "# There is no name server in here.\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
  };
  const files: Record<string, string> = {};
  for (const [name, content] of Object.entries(contents)) {
    const path = join(folder, name);
    await writeFile(path, content, { mode: 0o644 });
    files[name] = path;
  }
  return files;
}
