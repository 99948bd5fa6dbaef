import { posix } from "node:path";
import type { RepoCommand } from "../domain/gate/evidence.ts";
import type { Sha } from "../domain/ids.ts";
import type { Git } from "./git.ts";
import { goUse } from "./go-commands.ts";
import { readBlob } from "./reads.ts";

/** What of Go a commit needs compiled before its own packages can be. */
export interface GoNeeds {
  /** Import paths that look like the standard library's. */
  readonly standard: readonly string[];
  /** The module that the commands run in, when it has dependencies that are not vendored. */
  readonly modules?: GoModules;
}

export interface GoModules {
  readonly goMod: string;
  readonly goSum: string;
  /** Import paths of other modules, sorted. */
  readonly imports: readonly string[];
}

const MAX_BYTES = 8 * 1024 * 1024;

/** Reads from the commit what its Go commands will need; undefined when no command is Go's. */
export async function goNeeds(
  git: Git,
  at: { gitDir: string; sha: Sha },
  commands: readonly RepoCommand[],
): Promise<GoNeeds | undefined> {
  const folder = await goFolder(git, at, commands);
  if (folder === undefined) return undefined;
  const imports = await importsAt(git, at);
  const standard = imports.filter((path) => !isOfAModule(path));
  const [goMod, goSum, vendored] = await Promise.all(
    ["go.mod", "go.sum", "vendor/modules.txt"].map((name) =>
      readBlob(git, { ...at, path: posix.join(folder, name) }),
    ),
  );
  if (goMod === undefined || goSum === undefined || vendored !== undefined) return { standard };
  const own = /^module\s+"?([^\s"]+)/m.exec(goMod)?.[1] ?? "";
  const others = imports.filter(
    (path) => isOfAModule(path) && path !== own && !path.startsWith(`${own}/`),
  );
  return others.length === 0
    ? { standard }
    : { standard, modules: { goMod, goSum, imports: others.toSorted() } };
}

/** Where the first command runs Go that does; a program that only may run it has to stand beside a `go.mod`. */
async function goFolder(
  git: Git,
  at: { gitDir: string; sha: Sha },
  commands: readonly RepoCommand[],
): Promise<string | undefined> {
  for (const { command, cwd } of commands) {
    const use = goUse(command);
    if (use === undefined) continue;
    const folder = posix.join(cwd, use.folder);
    if (use.kind === "go") return folder;
    const module = await readBlob(git, { ...at, path: posix.join(folder, "go.mod") });
    if (module !== undefined) return folder;
  }
  return undefined;
}

/** The standard library's paths have no dot in their first part. */
function isOfAModule(path: string): boolean {
  return (path.split("/")[0] ?? "").includes(".");
}

/** Paths from the lines of Go files that look like imports. */
async function importsAt(
  git: Git,
  { gitDir, sha }: { gitDir: string; sha: Sha },
): Promise<string[]> {
  const line = String.raw`^(import)?[[:space:]]*([._[:alnum:]]+[[:space:]]+)?"[[:alnum:]._~/-]+"[[:space:]]*$`;
  const { stdout } = await git.run({
    gitDir,
    args: ["grep", "-h", "-I", "-E", "-e", line, sha, "--", "*.go"],
    env: { GIT_LITERAL_PATHSPECS: "0" },
    okCodes: [0, 1],
    maxBytes: MAX_BYTES,
    truncate: true,
  });
  const found = stdout.toString("utf8").matchAll(/"([\w.~/-]+)"\s*$/gm);
  return [...new Set(Array.from(found, ([, path]) => path ?? ""))];
}
