import type { CodeView } from "./code-view.ts";
import { diffFiles } from "./diff.ts";
import {
  entryAt,
  listRefs,
  listTree,
  logCommits,
  mergeBase,
  readBlob,
  readCommit,
  resolveCommit,
} from "./read.ts";
import type { Git } from "./run.ts";
import { mergeTrees } from "./write.ts";

/** What people read of a repository; every answer comes from git. */
export function codeOf(git: Git): CodeView {
  return {
    dir: git.dir,
    branches: async () => {
      const refs = await listRefs(git, "refs/heads/");
      return [...refs].map(([ref, sha]) => ({ name: ref.slice("refs/heads/".length), sha }));
    },
    resolve: (ref) => resolveCommit(git, ref),
    commit: async (ref) => {
      const sha = await resolveCommit(git, ref);
      return sha === undefined ? undefined : readCommit(git, sha);
    },
    log: async (ref, options) => {
      const sha = await resolveCommit(git, ref);
      return sha === undefined ? [] : logCommits(git, [sha], options);
    },
    tree: (ref, path) => readFolder(git, ref, path),
    file: (ref, path) => readFile(git, ref, path),
    commitsBetween: async (base, head) => {
      const ends = await resolveBoth(git, base, head);
      return ends ? logCommits(git, [`${ends.base}..${ends.head}`], { reverse: true }) : [];
    },
    filesBetween: async (base, head) => {
      const ends = await resolveBoth(git, base, head);
      const from = ends && (await mergeBase(git, ends.base, ends.head));
      return ends && from !== undefined ? diffFiles(git, from, ends.head) : [];
    },
    mergeable: async (base, head) => {
      const ends = await resolveBoth(git, base, head);
      return ends && (await mergeTrees(git, ends.base, ends.head)) !== undefined;
    },
  };
}

async function readFolder(git: Git, ref: string, path: string): ReturnType<CodeView["tree"]> {
  const sha = await resolveCommit(git, ref);
  if (sha === undefined) return undefined;
  if (path === "") return listTree(git, sha);
  const entry = await entryAt(git, sha, path);
  if (entry?.type !== "tree") return undefined;
  const entries = await listTree(git, entry.sha);
  return entries.map((e) => ({ ...e, path: `${entry.path}/${e.path}` }));
}

async function readFile(git: Git, ref: string, path: string): Promise<Buffer | undefined> {
  const sha = await resolveCommit(git, ref);
  const entry = sha === undefined || path === "" ? undefined : await entryAt(git, sha, path);
  return entry?.type === "blob" ? readBlob(git, entry.sha) : undefined;
}

async function resolveBoth(
  git: Git,
  base: string,
  head: string,
): Promise<{ base: string; head: string } | undefined> {
  const [b, h] = await Promise.all([resolveCommit(git, base), resolveCommit(git, head)]);
  return b === undefined || h === undefined ? undefined : { base: b, head: h };
}
