import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { listRefs } from "./read.ts";
import { Git, type GitHost } from "./run.ts";
import {
  type Identity,
  moveRef,
  type TreeChange,
  writeBlob,
  writeCommit,
  writeTree,
} from "./write.ts";

/** Refuses a single ref of a push when the hub, which knows the rules, has said so. */
const UPDATE_HOOK = `#!/bin/sh
# Arguments: ref, old sha, new sha. HUB_* come from the hub for this one push.
ref=$1 old=$2 new=$3
zero=0000000000000000000000000000000000000000
refusal=$(printf '%s\\n' "$HUB_REFUSED" | while IFS='\t' read -r r message; do
  if [ "$r" = "$ref" ]; then printf '%s' "$message"; fi
done)
if [ -n "$refusal" ]; then printf '%s\\n' "$refusal" >&2; exit 1; fi
if [ "$old" != "$zero" ] && [ "$new" != "$zero" ] && printf '%s\\n' "$HUB_NO_FORCE" | grep -qxF "$ref"; then
  if ! git merge-base --is-ancestor "$old" "$new"; then
    echo "error: GH006: Protected branch update failed for $ref." >&2
    echo "error: Cannot force-push to this branch" >&2
    exit 1
  fi
fi
if [ -n "$HUB_NO_WORKFLOWS" ] && [ "$new" != "$zero" ]; then
  file=$(git log -c --format= --name-only "$new" --not --all -- .github/workflows | head -n 1)
  if [ -n "$file" ]; then
    echo "refusing to allow a GitHub App to create or update workflow \\\`$file\\\` without \\\`workflows\\\` permission" >&2
    exit 1
  fi
fi
exit 0
`;

/** Makes an empty bare repository whose HEAD names the default branch. */
export async function createBare(host: GitHost, dir: string, branch: string): Promise<Git> {
  await mkdir(join(dir, ".."), { recursive: true });
  const git = new Git(host, dir);
  const args = ["init", "--quiet", "--bare", "--template=", `--initial-branch=${branch}`, dir];
  await git.text(args);
  await mkdir(join(dir, "hooks"), { recursive: true });
  const hook = join(dir, "hooks", "update");
  await writeFile(hook, UPDATE_HOOK);
  await chmod(hook, 0o755);
  return git;
}

/** Commits files as the first commit of a branch. */
export async function commitFiles(
  git: Git,
  branch: string,
  commit: { files: Readonly<Record<string, string>>; author: Identity; message: string },
): Promise<string> {
  const changes: TreeChange[] = [];
  for (const [path, content] of Object.entries(commit.files)) {
    const mode = content.startsWith("#!") ? "100755" : "100644";
    changes.push({ path, mode, sha: await writeBlob(git, Buffer.from(content)) });
  }
  const sha = await writeCommit(git, {
    tree: await writeTree(git, null, changes),
    parents: [],
    message: commit.message,
    author: commit.author,
    committer: commit.author,
  });
  await moveRef(git, `refs/heads/${branch}`, { before: null, after: sha });
  return sha;
}

/**
 * Copies all branches and tags of a local repository; it is only read. Returns the branch that its
 * HEAD is on (or its first one). Throws a one-sentence error when the path is no repository with a commit.
 */
export async function importRepository(git: Git, from: string): Promise<string> {
  const spec = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];
  // The folder may belong to another user; safe.directory counts only from a global file.
  const trust = join(git.dir, "import-config");
  await writeFile(trust, "[safe]\n\tdirectory = *\n");
  const env = { GIT_CONFIG_GLOBAL: trust };
  const args = ["fetch", "--quiet", "--no-auto-gc", "--end-of-options", from, ...spec];
  const fetched = await git.run(args, { env });
  if (fetched.code !== 0) {
    throw new Error(
      `Import ${from}: git cannot read a repository there (${fetched.stderr.trim()}).`,
    );
  }
  const branches = [...(await listRefs(git, "refs/heads/")).keys()];
  const [first] = branches;
  if (first === undefined) throw new Error(`Import ${from}: it has no branch with a commit.`);
  const head = await git.run(["ls-remote", "--symref", "--end-of-options", from, "HEAD"], { env });
  await rm(trust, { force: true });
  const ref = /^ref: (\S+)\tHEAD$/m.exec(head.stdout.toString())?.[1] ?? first;
  const chosen = branches.includes(ref) ? ref : first;
  await git.text(["symbolic-ref", "HEAD", chosen]);
  return chosen.slice("refs/heads/".length);
}
