import type { CommitInfo, LogOptions, Signature, TreeEntry } from "./code-view.ts";
import type { Git } from "./run.ts";

const NOTHING = "0000000000000000000000000000000000000000";
export const NO_COMMIT = NOTHING;

/** Full ref name -> sha, of branches and tags. */
export async function listRefs(git: Git, prefix = "refs/"): Promise<Map<string, string>> {
  const text = await git.text(["for-each-ref", "--format=%(refname) %(objectname)"]);
  const refs = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [ref = "", sha = ""] = line.split(" ");
    if (/^refs\/(heads|tags)\//.test(ref) && ref.startsWith(prefix)) refs.set(ref, sha);
  }
  return refs;
}

/** Branches whose history holds a commit. */
export async function branchesWith(
  git: Git,
  sha: string,
): Promise<readonly { name: string; sha: string }[]> {
  const format = "--format=%(refname:lstrip=2) %(objectname)";
  const text = await git.text(["for-each-ref", `--contains=${sha}`, format, "refs/heads/"]);
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const [name = "", tip = ""] = line.split(" ");
    return { name, sha: tip };
  });
}

/** Sha that a full ref points at. */
export async function readRef(git: Git, ref: string): Promise<string | undefined> {
  const result = await git.run(["rev-parse", "--verify", "--quiet", "--end-of-options", ref]);
  return result.code === 0 ? result.stdout.toString().trim() : undefined;
}

/** Commit that a branch, tag, full ref or (abbreviated) sha names; branches win over tags. */
export async function resolveCommit(git: Git, name: string): Promise<string | undefined> {
  // No revision syntax: "main~1", "@{0}" and ":/text" are no refs to GitHub's API.
  if (name === "" || /[\^~:\s\\?*[]|@\{|\.\./.test(name) || name.startsWith("-")) return undefined;
  const candidates = name === "HEAD" ? ["HEAD"] : [`refs/heads/${name}`, `refs/tags/${name}`];
  if (/^(heads|tags)\//.test(name)) candidates.push(`refs/${name}`);
  if (name.startsWith("refs/")) candidates.push(name);
  if (/^[0-9a-f]{4,40}$/.test(name)) candidates.push(name);
  for (const candidate of candidates) {
    const sha = await readRef(git, `${candidate}^{commit}`);
    if (sha !== undefined) return sha;
  }
  return undefined;
}

/** Type of an object by its sha; undefined when the repository lacks it. */
export async function objectType(git: Git, sha: string): Promise<string | undefined> {
  if (!/^[0-9a-f]{4,40}$/.test(sha)) return undefined;
  const result = await git.run(["cat-file", "-t", sha]);
  return result.code === 0 ? result.stdout.toString().trim() : undefined;
}

// One record per commit, fields apart by unit separators: none of them can hold either byte but the
// message, which is last.
const FORMAT = "%H%x1f%T%x1f%P%x1f%an%x1f%ae%x1f%ad%x1f%cn%x1f%ce%x1f%cd%x1f%B%x1e";

export async function logCommits(
  git: Git,
  revisions: readonly string[],
  options: LogOptions & { reverse?: boolean } = {},
): Promise<CommitInfo[]> {
  const args = ["log", "--date=format-local:%Y-%m-%dT%H:%M:%SZ", `--format=tformat:${FORMAT}`];
  if (options.limit !== undefined) args.push(`--max-count=${options.limit}`);
  if (options.skip !== undefined) args.push(`--skip=${options.skip}`);
  if (options.reverse === true) args.push("--reverse", "--topo-order");
  args.push("--end-of-options", ...revisions, "--");
  if (options.path !== undefined) args.push(options.path);
  const text = await git.text(args, { env: { TZ: "UTC" } });
  return text
    .split("\x1e\n")
    .join("\x1e")
    .split("\x1e")
    .filter((r) => r !== "")
    .map(parseCommit);
}

function parseCommit(record: string): CommitInfo {
  const fields = record.split("\x1f");
  const [sha = "", treeSha = "", parents = ""] = fields;
  return {
    sha,
    treeSha,
    parents: parents === "" ? [] : parents.split(" "),
    author: signature(fields.slice(3, 6)),
    committer: signature(fields.slice(6, 9)),
    message: fields.slice(9).join("\x1f").replace(/\n+$/, ""),
  };
}

function signature([name = "", email = "", date = ""]: string[]): Signature {
  return { name, email, date };
}

export async function readCommit(git: Git, sha: string): Promise<CommitInfo | undefined> {
  const type = await objectType(git, sha);
  if (type !== "commit") return undefined;
  return (await logCommits(git, [sha], { limit: 1 }))[0];
}

/** Entries of a tree-ish; recursive lists folders too, as GitHub does. */
export async function listTree(
  git: Git,
  treeish: string,
  options: { recursive?: boolean } = {},
): Promise<TreeEntry[]> {
  const args = ["ls-tree", "-z", "--long", "--full-tree"];
  if (options.recursive === true) args.push("-r", "-t");
  const text = (await git.bytes([...args, "--end-of-options", treeish])).toString("utf8");
  return text
    .split("\0")
    .filter((l) => l !== "")
    .map(parseEntry);
}

function parseEntry(line: string): TreeEntry {
  const tab = line.indexOf("\t");
  const [mode = "", type = "", sha = "", size = "-"] = line.slice(0, tab).split(/ +/);
  const path = line.slice(tab + 1);
  return {
    name: path.slice(path.lastIndexOf("/") + 1),
    path,
    mode,
    type: type as TreeEntry["type"],
    sha,
    size: size === "-" ? null : Number(size),
  };
}

/** The entry at a path of a commit; undefined when there is none. */
export async function entryAt(
  git: Git,
  commit: string,
  path: string,
): Promise<TreeEntry | undefined> {
  const clean = path.replace(/\/+$/, "");
  const args = ["ls-tree", "-z", "--long", "--full-tree", "--end-of-options", commit, "--", clean];
  const result = await git.run(args, { env: { GIT_LITERAL_PATHSPECS: "1" } });
  const line = result.code === 0 ? result.stdout.toString("utf8").split("\0")[0] : "";
  return line === undefined || line === "" ? undefined : parseEntry(line);
}

export async function readBlob(git: Git, sha: string): Promise<Buffer> {
  return git.bytes(["cat-file", "blob", sha]);
}

export async function mergeBase(git: Git, a: string, b: string): Promise<string | undefined> {
  const result = await git.run(["merge-base", a, b]);
  return result.code === 0 ? result.stdout.toString().trim() : undefined;
}

/** How many commits of head base lacks, and the other way round. */
export async function aheadBehind(
  git: Git,
  base: string,
  head: string,
): Promise<{ ahead: number; behind: number }> {
  const text = await git.text(["rev-list", "--left-right", "--count", `${base}...${head}`]);
  const [behind = "0", ahead = "0"] = text.split(/\s+/);
  return { ahead: Number(ahead), behind: Number(behind) };
}

export async function isAncestor(git: Git, ancestor: string, of: string): Promise<boolean> {
  return git.succeeds(["merge-base", "--is-ancestor", ancestor, of]);
}
