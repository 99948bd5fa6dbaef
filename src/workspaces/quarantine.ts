import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Sha } from "../domain/ids.ts";
import { INCOMING_REF } from "./bundle.ts";
import type { Git } from "./git.ts";
import {
  type ChangedEntry,
  type ChangeLimits,
  isWorkflowFile,
  linkProblem,
  parseRawDiff,
  pathProblems,
  sizeProblems,
} from "./tree-rules.ts";

/** A repository of ours that borrows the mirror's objects: what it takes in reaches the mirror only when it is good. */
export interface Quarantine {
  readonly git: Git;
  readonly gitDir: string;
  readonly base: Sha;
}

/** Takes the bundle in, every object checked by fsck. Rejects with git's words when an object is bad. */
export async function openQuarantine(
  git: Git,
  request: { dir: string; mirrorDir: string; bundle: string; base: Sha },
): Promise<Quarantine> {
  const { dir, base } = request;
  await git.run({ args: ["init", "--quiet", "--bare", "--template=", "--", dir] });
  await writeFile(join(dir, "objects/info/alternates"), `${join(request.mirrorDir, "objects")}\n`);
  await git.run({
    gitDir: dir,
    allow: ["file"],
    args: [
      "fetch",
      "--quiet",
      "--no-tags",
      "--no-write-fetch-head",
      "--end-of-options",
      request.bundle,
      `+${INCOMING_REF}:${INCOMING_REF}`,
    ],
    timeoutMs: 600_000,
  });
  return { git, gitDir: dir, base };
}

/** The change's entries and everything that forbids it. */
export async function inspect(
  quarantine: Quarantine,
  limits: ChangeLimits,
): Promise<{ entries: ChangedEntry[]; problems: string[] }> {
  const { git, gitDir, base } = quarantine;
  const parents = await git.text({ gitDir, args: ["rev-parse", `${INCOMING_REF}^@`] });
  if (parents !== base) {
    return { entries: [], problems: ["The bundle is not one commit on top of its base."] };
  }
  const raw = await git.text({
    gitDir,
    args: ["diff-tree", "-r", "-z", "--raw", "--no-renames", "--full-index", base, INCOMING_REF],
  });
  const entries = parseRawDiff(raw);
  const problems = pathProblems(entries, limits);
  if (problems.length > 0) return { entries, problems };
  problems.push(...(await sizes(quarantine, entries, limits)));
  if (problems.length > 0) return { entries, problems };
  return { entries, problems: await links(quarantine, entries) };
}

async function sizes(
  { git, gitDir }: Quarantine,
  entries: readonly ChangedEntry[],
  limits: ChangeLimits,
): Promise<string[]> {
  const present = entries.filter(({ mode }) => mode !== "000000");
  const listed = await git.text({
    gitDir,
    args: ["cat-file", "--batch-check=%(objecttype) %(objectsize)"],
    input: present.map(({ blob }) => `${blob}\n`).join(""),
  });
  const lines = listed.split("\n");
  const blobs = present.map(({ path }, index) => {
    const match = /^blob (\d+)$/.exec(lines[index] ?? "");
    return { path, bytes: match === null ? Number.POSITIVE_INFINITY : Number(match[1]) };
  });
  return sizeProblems(blobs, limits);
}

async function links(
  { git, gitDir }: Quarantine,
  entries: readonly ChangedEntry[],
): Promise<string[]> {
  const problems: string[] = [];
  for (const { path, mode, blob } of entries) {
    if (mode !== "120000") continue;
    const { stdout } = await git.run({ gitDir, args: ["cat-file", "blob", blob] });
    const problem = linkProblem(path, stdout.toString("utf8"));
    if (problem !== undefined) problems.push(problem);
  }
  return problems;
}

/** The tree of the change without its workflow files, and what was left out as a patch for a person. */
export async function setWorkflowsAside(
  { git, gitDir, base }: Quarantine,
  entries: readonly ChangedEntry[],
): Promise<{ tree: string; setAside: string[]; patch: string }> {
  const setAside = entries.map(({ path }) => path).filter(isWorkflowFile);
  const whole = await git.text({ gitDir, args: ["rev-parse", `${INCOMING_REF}^{tree}`] });
  if (setAside.length === 0) return { tree: whole, setAside, patch: "" };
  const env = { GIT_INDEX_FILE: join(gitDir, "set-aside-index") };
  await git.run({ gitDir, env, args: ["read-tree", whole] });
  const before = await git.text({
    gitDir,
    args: ["ls-tree", "-r", "-z", "--full-tree", base, "--", ...setAside],
  });
  const gone = setAside.map((path) => `0 ${"0".repeat(40)}\t${path}\0`).join("");
  const restored = before
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => `${line.replace(/^(\d+) \w+ ([0-9a-f]+)\t/, "$1 $2\t")}\0`)
    .join("");
  const args = ["update-index", "-z", "--index-info"];
  await git.run({ gitDir, env, args, input: gone + restored });
  const tree = await git.text({ gitDir, env, args: ["write-tree"] });
  const { stdout } = await git.run({
    gitDir,
    args: [
      "diff",
      "--no-ext-diff",
      "--no-textconv",
      "--no-color",
      base,
      INCOMING_REF,
      "--",
      ...setAside,
    ],
    maxBytes: 60_000,
    truncate: true,
  });
  return { tree, setAside, patch: stdout.toString("utf8") };
}

/** Makes the commit that will be pushed, with our identity and words, from a tree that was checked. */
export async function commitTree(
  { git, gitDir, base }: Quarantine,
  commit: { tree: string; message: string; env: Readonly<Record<string, string>> },
): Promise<Sha> {
  const args = ["commit-tree", "-p", base, "-F", "-", commit.tree];
  return Sha.parse(await git.text({ gitDir, args, input: commit.message, env: commit.env }));
}
