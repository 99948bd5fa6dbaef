import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, delimiter, dirname, join } from "node:path";

/** What of the machine's toolchains a jail may read, and the environment they need inside. */
export interface Toolchains {
  /** Folders or files outside the system's own, each as narrow as the toolchain allows. */
  readonly readable: readonly string[];
  /** Folders for PATH, in the machine's order. */
  readonly path: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Programs whose installation is looked for outside `/usr`. */
const PROGRAMS = [
  "node",
  "npm",
  "pnpm",
  "yarn",
  "bun",
  "deno",
  "go",
  "python3",
  "python",
  "pip",
  "pytest",
  "uv",
  "poetry",
  "cargo",
  "rustc",
  "java",
  "mvn",
  "gradle",
  "make",
  "cmake",
  "gcc",
  "git",
  "ruby",
  "dotnet",
];
const SYSTEM = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

interface Find {
  readonly readable: readonly string[];
  readonly path: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Finds the toolchains on `path` (the operator's PATH) and `first` (folders that come before it, for example our own
 * Node). Of a home folder only the toolchain itself is named, never the folder.
 */
export async function findToolchains(request: {
  path: string;
  home: string;
  first?: readonly string[];
}): Promise<Toolchains> {
  const readable = new Set<string>();
  const path = new Set<string>();
  let env: Record<string, string> = {};
  for (const folder of request.first ?? []) {
    path.add(folder);
    if (!isSystem(folder)) readable.add(folder);
  }
  const folders = request.path.split(delimiter).filter((folder) => folder.startsWith("/"));
  for (const program of PROGRAMS) {
    const found = await firstExecutable(folders, program);
    if (found === undefined) continue;
    const install = await installation(found, program, request.home);
    for (const each of install?.readable ?? []) readable.add(each);
    if (install !== undefined) path.add(install.path);
    env = { ...install?.env, ...env };
  }
  for (const folder of folders) if (isSystem(folder)) path.add(folder);
  for (const folder of SYSTEM) path.add(folder);
  return { readable: [...readable], path: [...path], env };
}

async function firstExecutable(
  folders: readonly string[],
  program: string,
): Promise<string | undefined> {
  for (const folder of folders) {
    const candidate = join(folder, program);
    const stats = await stat(candidate).catch(() => undefined);
    if (stats?.isFile() === true && (stats.mode & 0o111) !== 0) return candidate;
  }
  return undefined;
}

async function installation(
  found: string,
  program: string,
  home: string,
): Promise<Find | undefined> {
  if (found.includes("/.pyenv/shims/")) return await pyenv(found, program);
  const real = await realpath(found);
  if (basename(real) === "rustup") return await rustup(found, home);
  if (isSystem(dirname(found)) && isSystem(real)) return undefined;
  const folder = dirname(real);
  const root = dirname(folder);
  const wide = ["/", "/opt", "/home", home, join(home, ".local")];
  // What stands in a dotted folder of a home often stands beside credentials, as in `~/.cargo`.
  const dotted = dirname(root) === home && basename(root).startsWith(".");
  if (basename(folder) === "bin" && !wide.includes(root) && !dotted) {
    return { readable: isSystem(root) ? [] : [root], path: folder };
  }
  return { readable: [found, real], path: dirname(found) };
}

/** A shim only finds the real program by rules of its own: the version that is set, else the newest. */
async function pyenv(found: string, program: string): Promise<Find | undefined> {
  const root = dirname(dirname(found));
  const set = await readFile(join(root, "version"), "utf8").catch(() => "");
  const all = await readdir(join(root, "versions")).catch(() => []);
  const newestFirst = all.toSorted((one, other) =>
    other.localeCompare(one, "en", { numeric: true }),
  );
  const versions = [...set.split(/\s+/), ...newestFirst].filter((name) => name !== "");
  for (const version of versions) {
    const folder = join(root, "versions", version, "bin");
    const real = await firstExecutable([folder], program);
    if (real !== undefined) return { readable: [join(root, "versions", version)], path: folder };
  }
  return undefined;
}

/** The default toolchain's own programs; the proxies want to write to their home. */
async function rustup(found: string, home: string): Promise<Find | undefined> {
  const rustupHome = join(dirname(dirname(dirname(found))), ".rustup");
  for (const root of [rustupHome, join(home, ".rustup")]) {
    const settings = await readFile(join(root, "settings.toml"), "utf8").catch(() => "");
    const name = /^default_toolchain = "([^"/]+)"/m.exec(settings)?.[1];
    if (name === undefined) continue;
    const toolchain = join(root, "toolchains", name);
    const real = await firstExecutable([join(toolchain, "bin")], "cargo");
    if (real !== undefined) return { readable: [toolchain], path: join(toolchain, "bin") };
  }
  return undefined;
}

function isSystem(path: string): boolean {
  return /^\/(usr|bin|sbin|lib|lib64)(\/|$)/.test(path);
}
