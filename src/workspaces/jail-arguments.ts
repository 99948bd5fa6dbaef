import type { JailSpec } from "../ports/jail.ts";

/** How bubblewrap gets its power: as root it drops to an unprivileged user, else it uses a user namespace. */
export type Power =
  | { readonly kind: "root"; readonly uid: number; readonly gid: number }
  | { readonly kind: "user"; readonly disableUserNamespaces: boolean };

export interface JailView {
  readonly power: Power;
  /** Folders of the host's system; a link is kept as a link. */
  readonly system: readonly SystemEntry[];
  /** Names in the host's `/etc` that are shown as they are. */
  readonly hostEtc: readonly string[];
  /** Files of ours that stand in for some of `/etc`, by their name there. */
  readonly etc: Readonly<Record<string, string>>;
  readonly readable: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Bytes that each of the jail's memory folders may hold. */
  readonly scratchBytes: number;
  readonly maxFileBytes: number;
  /** Processes of the jail's user, counted over all jails; undefined where each jail is counted by itself. */
  readonly maxProcesses: number | undefined;
}

export type SystemEntry =
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "link"; readonly path: string; readonly target: string };

export const JAIL_HOME = "/home/agent";

/** Bubblewrap's options for one jail; the command follows them after `--`. */
export function jailOptions(view: JailView, spec: JailSpec): string[] {
  return [
    ...powerOptions(view.power),
    "--die-with-parent",
    "--new-session",
    "--hostname",
    "jail",
    ...fileOptions(view, spec),
    "--clearenv",
    ...Object.entries({ ...view.env, ...spec.env }).flatMap(([name, value]) => [
      "--setenv",
      name,
      value,
    ]),
    "--chdir",
    spec.cwd,
  ];
}

/** The command as bubblewrap starts it: limits first, then the step down from root, then the command itself. */
export function jailCommand(view: JailView, spec: JailSpec): string[] {
  const { power } = view;
  const limits = [
    // When memory runs out, what is in a jail goes before anything else on the machine.
    "choom",
    "-n",
    "1000",
    "--",
    "prlimit",
    "--core=0",
    `--fsize=${view.maxFileBytes}`,
    ...(view.maxProcesses === undefined ? [] : [`--nproc=${view.maxProcesses}`]),
    "--",
  ];
  if (power.kind === "user") return [...limits, ...spec.argv];
  const down = [
    "setpriv",
    `--reuid=${power.uid}`,
    `--regid=${power.gid}`,
    "--clear-groups",
    "--inh-caps=-all",
    "--ambient-caps=-all",
    "--bounding-set=-all",
    "--",
  ];
  return [...down, ...limits, ...spec.argv];
}

function powerOptions(power: Power): string[] {
  const spaces = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"];
  if (power.kind === "root") {
    const caps = ["CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"].flatMap((cap) => ["--cap-add", cap]);
    return [...spaces, "--unshare-cgroup-try", "--cap-drop", "ALL", ...caps];
  }
  const nested = power.disableUserNamespaces ? ["--disable-userns"] : [];
  const user = ["--unshare-user", "--uid", "1000", "--gid", "1000"];
  return [...spaces, "--unshare-cgroup-try", ...user, ...nested];
}

function fileOptions(view: JailView, spec: JailSpec): string[] {
  const options: string[] = [];
  for (const entry of view.system) {
    if (entry.kind === "folder") options.push("--ro-bind", entry.path, entry.path);
    else options.push("--symlink", entry.target, entry.path);
  }
  options.push("--proc", "/proc", "--dev", "/dev");
  for (const path of ["/dev/shm", "/tmp", "/var/tmp", "/run", JAIL_HOME]) {
    options.push("--size", String(view.scratchBytes), "--perms", "1777", "--tmpfs", path);
  }
  options.push("--perms", "0755", "--dir", "/etc");
  for (const name of view.hostEtc) {
    options.push("--ro-bind-try", `/etc/${name}`, `/etc/${name}`);
  }
  for (const [name, source] of Object.entries(view.etc)) {
    options.push("--ro-bind", source, `/etc/${name}`);
  }
  options.push(...bindOptions(view, spec));
  options.push("--remount-ro", "/");
  return options;
}

/** Shorter paths first, so that a folder inside another is laid over it and not hidden by it. */
function bindOptions(view: JailView, spec: JailSpec): string[] {
  const binds = new Map<string, "--bind" | "--ro-bind">();
  for (const path of [...view.readable, ...spec.readable]) binds.set(path, "--ro-bind");
  for (const path of spec.writable) binds.set(path, "--bind");
  if (spec.socket !== undefined) binds.set(spec.socket, "--bind");
  const parents = new Set([...binds.keys()].flatMap(parentsOf));
  const folders = [...parents].map((path) => ["--perms", "0755", "--dir", path]);
  const mounts = [...binds].map(([path, option]) => [option, path, path]);
  return [...folders, ...mounts].sort((one, other) => lengthOf(one) - lengthOf(other)).flat();
}

/** A folder on the way to a mount would otherwise be made for root alone. */
function parentsOf(path: string): string[] {
  const parts = path.split("/").slice(1, -1);
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
}

function lengthOf(option: readonly string[]): number {
  return option.at(-1)?.length ?? 0;
}
