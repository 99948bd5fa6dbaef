import type { RepoRef, Sha } from "../domain/ids.ts";
import type { Workspaces } from "../ports/workspaces.ts";
import type { Git } from "./git.ts";
import type { Mirrors } from "./mirror.ts";

type Reads = Pick<Workspaces, "fetchBranch" | "readFile" | "listFiles" | "changedFiles" | "diff">;

const MAX_FILE_BYTES = 5 * 1024 * 1024;
const CUT = "\n[The rest of this diff is left out: it is larger than the limit.]\n";

/** Everything that is read from the trusted mirror; no file of a checkout is ever opened for it. */
export function createReads(git: Git, mirrors: Mirrors): Reads {
  return {
    fetchBranch: (repo, branch) => mirrors.tip(repo, branch),
    readFile: async (repo, sha, path) => {
      const gitDir = await mirrors.holding(repo, sha);
      return await readBlob(git, { gitDir, sha, path });
    },
    listFiles: async (repo, sha, under) => {
      const gitDir = await mirrors.holding(repo, sha);
      const where = under === undefined || under === "." ? [] : [checkedPath(under)];
      return nulSeparated(
        await git.text({
          gitDir,
          args: ["ls-tree", "-r", "-z", "--name-only", "--full-tree", sha, "--", ...where],
        }),
      );
    },
    changedFiles: async (repo, range) => {
      const gitDir = await holdingBoth(mirrors, repo, range);
      const args = ["diff-tree", "-r", "-z", "--no-renames", "--name-only", range.base, range.head];
      return nulSeparated(await git.text({ gitDir, args }));
    },
    diff: async (repo, { base, head, maxBytes }) => {
      const gitDir = await holdingBoth(mirrors, repo, { base, head });
      const { stdout, truncated } = await git.run({
        gitDir,
        args: ["diff", "--no-ext-diff", "--no-textconv", "--no-color", "--full-index", base, head],
        maxBytes,
        truncate: true,
      });
      const text = stdout.toString("utf8");
      return truncated ? `${text}${CUT}` : text;
    },
  };
}

/** Text of the regular file `path` at `sha`; undefined for a missing path, a folder, a link or a file above 5 MiB. */
export async function readBlob(
  git: Git,
  at: { gitDir: string; sha: Sha; path: string },
): Promise<string | undefined> {
  const listed = await git.text({
    gitDir: at.gitDir,
    args: ["ls-tree", "-l", "-z", "--full-tree", at.sha, "--", checkedPath(at.path)],
  });
  const entry = /^(?<mode>\d+) blob (?<id>[0-9a-f]+) +(?<size>\d+)\t/.exec(listed)?.groups;
  if (entry === undefined || !(entry["mode"] ?? "").startsWith("100")) return undefined;
  if (Number(entry["size"]) > MAX_FILE_BYTES) return undefined;
  const args = ["cat-file", "blob", entry["id"] ?? ""];
  return (await git.run({ gitDir: at.gitDir, args })).stdout.toString("utf8");
}

async function holdingBoth(
  mirrors: Mirrors,
  repo: RepoRef,
  range: { base: Sha; head: Sha },
): Promise<string> {
  await mirrors.holding(repo, range.base);
  return await mirrors.holding(repo, range.head);
}

function checkedPath(path: string): string {
  const parts = path.split("/");
  if (path === "" || path.includes("\0") || parts.includes("..") || parts.includes("")) {
    throw new Error(`Read ${JSON.stringify(path)}: expected a path inside the repository`);
  }
  return path;
}

export function nulSeparated(text: string): string[] {
  return text.split("\0").filter((part) => part !== "");
}
