import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { WorldError } from "../domain/failure.ts";
import { Sha } from "../domain/ids.ts";
import type { Jail, JailedProcess } from "../ports/jail.ts";
import type { Clone } from "../ports/workspaces.ts";
import type { Identity } from "./checkout.ts";
import { gitEnvironment } from "./git-environment.ts";
import { giveTo } from "./own-directory.ts";

export interface BundleRequest {
  readonly jail: Jail;
  readonly clone: Clone;
  readonly mirrorDir: string;
  /** Empty folder of ours beside the clone; the jail gets `scratch` in it, the bundle lands in it. */
  readonly workDir: string;
  readonly identity: Identity;
  readonly maxBytes: number;
  readonly wallMs: number;
}

export type BundleOutcome =
  | { readonly kind: "bundle"; readonly path: string }
  | { readonly kind: "unchanged" }
  | { readonly kind: "refused"; readonly problem: string };

export const INCOMING_REF = "refs/heads/incoming";

/**
 * Runs in the jail, with a repository of its own in the scratch folder: nothing the agent left in its `.git` (config,
 * hooks, index, commits under other names) has a say. What counts is the files that stand in the clone; where setup left
 * others than the commit's, only what the agent made of them: untouched ones are as in the commit, and a file that both
 * changed is the agent's.
 */
const SCRIPT = `set -eu
base=$1 objects=$2 made=$3 made_objects=$4
git init --quiet --template= -b incoming
printf '%s\\n' "$objects" "$made_objects" > "$GIT_DIR/objects/info/alternates"
git read-tree "$base"
git add --all -- .
tree=$(git write-tree)
if [ -n "$made" ]; then
  rm "$GIT_DIR/index"
  git read-tree -i -m --aggressive "$made" "$base" "$tree"
  git ls-files --unmerged > "$GIT_DIR/both"
  tab=$(printf '\\t')
  {
    sed "s/^[^$tab]*$tab/0 0000000000000000000000000000000000000000$tab/" "$GIT_DIR/both"
    sed -n "s/^\\([^$tab]*\\) 3$tab/\\1 0$tab/p" "$GIT_DIR/both"
  } | git update-index --index-info
  tree=$(git write-tree)
fi
[ "$tree" != "$(git rev-parse --verify "$base^{tree}")" ] || exit 42
commit=$(git commit-tree -p "$base" -m change "$tree")
git update-ref ${INCOMING_REF} "$commit"
exec git bundle create --quiet - ${INCOMING_REF} "^$base"
`;
const RECORD = `set -eu
base=$1 objects=$2
git init --quiet --template= -b made
printf '%s\\n' "$objects" > "$GIT_DIR/objects/info/alternates"
git read-tree "$base"
git add --all -- .
tree=$(git write-tree)
[ "$tree" != "$(git rev-parse --verify "$base^{tree}")" ] || exit 42
printf '%s' "$tree"
`;
const RECORD_WALL_MS = 300_000;
const UNCHANGED = 42;
const MAX_MESSAGE = 4_000;

/** Commits what stands in the clone and bundles it, all inside the jail; the bundle comes out by its standard output. */
export async function bundleChanges(request: BundleRequest): Promise<BundleOutcome> {
  const { jail, clone, mirrorDir, workDir } = request;
  const scratch = join(workDir, "scratch");
  await mkdir(scratch, { mode: 0o755 });
  await giveTo(scratch, jail.owner);
  const objects = join(mirrorDir, "objects");
  const { made } = clone;
  const process = await jail.spawn({
    argv: ["sh", "-c", SCRIPT, "sh", clone.baseSha, objects, made?.tree ?? "", made?.objects ?? ""],
    cwd: clone.dir,
    env: environment(request, scratch),
    writable: [scratch],
    readable: [clone.dir, objects, ...(made ? [made.objects] : [])],
    wallMs: request.wallMs,
  });
  process.stdin.end();
  const path = join(workDir, "incoming.bundle");
  const [errors, tooLarge] = await Promise.all([
    readErrors(process),
    saveOutput(process, path, request.maxBytes),
  ]);
  const { code, timedOut } = await process.exited;
  if (tooLarge) {
    return { kind: "refused", problem: `The change is larger than ${request.maxBytes} bytes.` };
  }
  if (timedOut) throw new WorldError("Bundle an agent's change: no end in time", "retry");
  if (code === UNCHANGED) return { kind: "unchanged" };
  if (code !== 0) return { kind: "refused", problem: `The change cannot be committed: ${errors}` };
  return { kind: "bundle", path };
}

/** The tree of the files that stand in the clone now; undefined when they are those of its commit. */
export async function recordTree(
  request: Omit<BundleRequest, "maxBytes" | "wallMs">,
): Promise<Clone["made"]> {
  const { jail, clone, mirrorDir, workDir } = request;
  const scratch = join(workDir, "scratch");
  await mkdir(scratch, { mode: 0o755 });
  await giveTo(scratch, jail.owner);
  const objects = join(mirrorDir, "objects");
  const process = await jail.spawn({
    argv: ["sh", "-c", RECORD, "sh", clone.baseSha, objects],
    cwd: clone.dir,
    env: environment(request, scratch),
    writable: [scratch],
    readable: [clone.dir, objects],
    wallMs: RECORD_WALL_MS,
  });
  process.stdin.end();
  let said = "";
  const [errors] = await Promise.all([
    readErrors(process),
    (async () => {
      for await (const chunk of process.stdout) said = (said + String(chunk)).slice(0, MAX_MESSAGE);
    })(),
  ]);
  const { code } = await process.exited;
  if (code === UNCHANGED) return undefined;
  const tree = Sha.safeParse(said);
  if (code !== 0 || !tree.success)
    throw new WorldError(`Record what setup left in a clone: ${errors}`, "retry");
  return { tree: tree.data, objects: join(scratch, "repository", "objects") };
}

function environment(
  request: Pick<BundleRequest, "identity" | "clone">,
  scratch: string,
): Record<string, string> {
  const { name, email } = request.identity;
  return {
    ...gitEnvironment({ base: {}, home: scratch }),
    GIT_DIR: join(scratch, "repository"),
    GIT_WORK_TREE: request.clone.dir,
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  };
}

/** Streams into a file of ours; true when it was cut off at the limit. */
async function saveOutput(
  process: JailedProcess,
  path: string,
  maxBytes: number,
): Promise<boolean> {
  const file = createWriteStream(path, { flags: "wx", mode: 0o600 });
  let bytes = 0;
  let tooLarge = false;
  for await (const chunk of process.stdout as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      tooLarge = true;
      await process.kill();
      break;
    }
    if (!file.write(chunk)) await once(file, "drain");
  }
  await new Promise<void>((resolve, reject) => {
    file.on("error", reject);
    file.end(() => resolve());
  });
  return tooLarge;
}

async function readErrors(process: JailedProcess): Promise<string> {
  let text = "";
  for await (const chunk of process.stderr as AsyncIterable<Buffer>) {
    text = (text + chunk.toString("utf8")).slice(-MAX_MESSAGE);
  }
  return text
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("hint:"))
    .slice(-3)
    .join("; ")
    .replaceAll(/[^\x20-\x7e]/g, "?");
}
