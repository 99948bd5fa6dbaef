import { type RepoRef, Sha } from "../domain/ids.ts";
import type { CommittedFile, FileCommit } from "../ports/workspaces.ts";
import type { Identity } from "./checkout.ts";
import { cleanMessage, commitEnvironment } from "./commit-words.ts";
import type { Git } from "./git.ts";
import type { Mirrors } from "./mirror.ts";

/**
 * Commits one file of ours on top of `onto` in the mirror, without any working tree or index. Identity, time and words
 * depend only on the request, so that a repeated one makes the same commit.
 */
export async function commitFile(
  context: { git: Git; mirrors: Mirrors; identity: Identity },
  repo: RepoRef,
  request: FileCommit,
): Promise<CommittedFile> {
  const { git, mirrors, identity } = context;
  const { onto, text, message, at } = request;
  const parts = plainParts(request.path);
  const gitDir = await mirrors.holding(repo, onto);
  const blob = await git.text({ gitDir, args: ["hash-object", "-w", "--stdin"], input: text });
  const made = await treeWith({ git, gitDir }, onto, { parts, blob });
  if ("refused" in made) {
    const reason = `${made.refused} is not what ${request.path} needs it to be`;
    return { kind: "refused", reason };
  }
  const commit = await git.text({
    gitDir,
    args: ["commit-tree", "-p", onto, "-F", "-", made.tree],
    input: cleanMessage(message),
    env: commitEnvironment(identity, Math.floor(Date.parse(at) / 1_000)),
  });
  const sha = Sha.parse(commit);
  // A ref keeps the commit findable for later fetches and clones.
  await git.run({ gitDir, args: ["update-ref", `refs/merges/${sha}`, sha] });
  return { kind: "committed", sha };
}

type Made = { readonly tree: string } | { readonly refused: string };

/** The tree `of` with the blob at the path; refused where a link, a submodule or a file is in the way. */
async function treeWith(
  at: { git: Git; gitDir: string },
  of: string | undefined,
  put: { parts: readonly string[]; blob: string },
): Promise<Made> {
  const { git, gitDir } = at;
  const [name = "", ...below] = put.parts;
  const entries = of === undefined ? [] : await entriesOf(at, of);
  const present = entries.find((entry) => entry.name === name);
  if (present && !(below.length > 0 ? present.mode === "040000" : present.mode.startsWith("100")))
    return { refused: name };
  let line = `100644 blob ${put.blob}`;
  if (below.length > 0) {
    const inner = await treeWith(at, present?.id, { parts: below, blob: put.blob });
    if ("refused" in inner) return { refused: `${name}/${inner.refused}` };
    line = `040000 tree ${inner.tree}`;
  }
  const kept = entries.filter((entry) => entry !== present).map((entry) => entry.line);
  const input = [...kept, `${line}\t${name}`].map((each) => `${each}\0`).join("");
  return {
    tree: await git.text({ gitDir, args: ["mktree", "-z", "--missing"], input: bytes(input) }),
  };
}

interface Entry {
  readonly line: string;
  readonly mode: string;
  readonly id: string;
  readonly name: string;
}

async function entriesOf(at: { git: Git; gitDir: string }, tree: string): Promise<Entry[]> {
  const { stdout } = await at.git.run({
    gitDir: at.gitDir,
    args: ["ls-tree", "-z", "--full-tree", tree],
  });
  // One character for each byte: names of files need not be UTF-8, and are given back as they are.
  const lines = stdout.toString("latin1").split("\0");
  return lines.flatMap((line) => {
    const [, mode, id, name] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
    return mode === undefined || id === undefined || name === undefined
      ? []
      : [{ line, mode, id, name }];
  });
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text, "latin1");
}

function plainParts(path: string): string[] {
  const parts = path.split("/");
  const plain = parts.every((part) => /^[\w-][\w.-]*$/.test(part) && !/^git~\d/i.test(part));
  if (!plain)
    throw new Error(`Commit ${JSON.stringify(path)}: expected a plain path in the repository`);
  return parts;
}
