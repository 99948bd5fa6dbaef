import { createHash } from "node:crypto";
import { type RepoCommand } from "../../src/domain/gate/evidence.ts";
import { Sha } from "../../src/domain/ids.ts";
import type { Clone, SuiteRequest, Workspaces } from "../../src/ports/workspaces.ts";

type Files = Readonly<Record<string, string>>;

interface Commit {
  readonly parents: readonly Sha[];
  readonly files: Files;
  readonly message: string;
}

const TEST_COMMAND: RepoCommand = {
  kind: "test",
  command: "npm test",
  cwd: ".",
  source: "detected",
  timeoutMs: 1_000,
};

/**
 * A repository small enough to run a whole workflow in milliseconds: commits, branches and three-way merges by file.
 * Its tests fail when any file holds the word BROKEN, and with tests laid over another commit unless those hold the word
 * VACUOUS. Workflow files are set aside. The real git is used by the integration and scenario tests.
 */
export class SmallGit implements Workspaces {
  readonly commits = new Map<Sha, Commit>();
  readonly branches = new Map<string, Sha>();
  /** Every push in order, for assertions about what was written and never forced. */
  readonly pushes: { branch: string; sha: Sha }[] = [];
  readonly verified: Sha[] = [];
  /** Makes a suite fail at will; `time` counts the runs on that commit, from 1. */
  failing: (files: Files, time: number) => boolean = () => false;
  readonly #clones = new Map<string, Record<string, string>>();

  constructor(files: Files) {
    this.branches.set("main", this.commit([], files));
  }

  commit(parents: readonly Sha[], files: Files, message = ""): Sha {
    const sorted = Object.entries(files).sort(([a], [b]) => a.localeCompare(b));
    const sha = Sha.parse(
      createHash("sha1")
        .update(JSON.stringify([parents, sorted]))
        .digest("hex"),
    );
    this.commits.set(sha, { parents, files, message });
    return sha;
  }

  files(sha: Sha): Files {
    const commit = this.commits.get(sha);
    if (!commit) throw new Error(`There is no commit ${sha}.`);
    return commit.files;
  }

  /** The writable files of an open clone, for the scripted agent. */
  workTree(clone: Clone): Record<string, string> {
    const tree = this.#clones.get(clone.dispatchId);
    if (!tree) throw new Error(`Clone ${clone.dispatchId} is not open.`);
    return tree;
  }

  get openClones(): number {
    return this.#clones.size;
  }

  async fetchBranch(_repo: unknown, branch: string): Promise<Sha | undefined> {
    return this.branches.get(branch);
  }

  async readFile(_repo: unknown, sha: Sha, path: string): Promise<string | undefined> {
    return this.files(sha)[path];
  }

  async listFiles(_repo: unknown, sha: Sha, under = ""): Promise<string[]> {
    return Object.keys(this.files(sha)).filter((path) => path.startsWith(under));
  }

  async changedFiles(_repo: unknown, { base, head }: { base: Sha; head: Sha }): Promise<string[]> {
    return changed(this.files(base), this.files(head));
  }

  async diff(_repo: unknown, range: { base: Sha; head: Sha }): Promise<string> {
    const [from, to] = [this.files(range.base), this.files(range.head)];
    return changed(from, to)
      .flatMap((path) => [
        `diff --git a/${path} b/${path}`,
        `+++ b/${path}`,
        "@@ -1 +1 @@",
        ...(to[path] ?? "").split("\n").map((line) => `+${line}`),
      ])
      .join("\n");
  }

  async openClone(
    _repo: unknown,
    request: { dispatchId: Clone["dispatchId"]; sha: Sha; writable: boolean },
  ): Promise<Clone> {
    const { dispatchId, sha, writable } = request;
    this.#clones.set(dispatchId, { ...this.files(sha) });
    return {
      dispatchId,
      dir: `/clones/${dispatchId}`,
      stateDir: `/state/${dispatchId}`,
      baseSha: sha,
      writable,
    };
  }

  async collect(
    _repo: unknown,
    clone: Clone,
    { message }: { message: string },
  ): ReturnType<Workspaces["collect"]> {
    const files = { ...this.workTree(clone) };
    const all = changed(this.files(clone.baseSha), files);
    const setAside = all.filter((path) => path.startsWith(".github/workflows/"));
    const setAsidePatch = setAside.map((path) => `+${files[path] ?? ""}`).join("\n");
    for (const path of setAside) delete files[path];
    const paths = all.filter((path) => !setAside.includes(path));
    if (paths.length === 0) return { kind: "unchanged", setAside, setAsidePatch };
    if (!clone.writable)
      return { kind: "refused", problems: [`A read-only task changed ${paths.join(", ")}.`] };
    const sha = this.commit([clone.baseSha], files, message);
    return { kind: "commit", sha, files: paths, setAside, setAsidePatch };
  }

  async commitFile(
    _repo: unknown,
    { onto, path, text, message }: Parameters<Workspaces["commitFile"]>[1],
  ): ReturnType<Workspaces["commitFile"]> {
    const files = this.files(onto);
    if (Object.keys(files).some((file) => path.startsWith(`${file}/`)))
      return { kind: "refused", reason: `a file stands in the place of a folder of ${path}` };
    return { kind: "committed", sha: this.commit([onto], { ...files, [path]: text }, message) };
  }

  async removeClone(clone: Clone): Promise<void> {
    this.#clones.delete(clone.dispatchId);
  }

  async removeRun(): Promise<void> {
    this.#clones.clear();
  }

  async push(
    _repo: unknown,
    update: { branch: string; sha: Sha; expected: Sha | undefined },
  ): ReturnType<Workspaces["push"]> {
    const actual = this.branches.get(update.branch);
    if (actual === update.sha) return { kind: "pushed" };
    if (actual !== update.expected) return { kind: "moved", actual };
    this.branches.set(update.branch, update.sha);
    this.pushes.push({ branch: update.branch, sha: update.sha });
    return { kind: "pushed" };
  }

  async removeBranch(
    _repo: unknown,
    { branch, expected }: { branch: string; expected: Sha },
  ): ReturnType<Workspaces["removeBranch"]> {
    const actual = this.branches.get(branch);
    if (actual === undefined) return "gone";
    if (actual !== expected) return "kept";
    this.branches.delete(branch);
    return "removed";
  }

  async merge(
    _repo: unknown,
    { onto, head, message }: { onto: Sha; head: Sha; message: string },
  ): ReturnType<Workspaces["merge"]> {
    if (this.ancestors(head).has(onto)) return { kind: "merged", sha: head };
    if (this.ancestors(onto).has(head)) return { kind: "merged", sha: onto };
    const [from, ours, theirs] = [this.#between(onto, head), this.files(onto), this.files(head)];
    const conflicts = this.conflicts(onto, head);
    if (conflicts.length > 0) return { kind: "conflict", files: conflicts };
    const merged = { ...ours };
    for (const path of changed(from, theirs)) {
      const text = theirs[path];
      if (text === undefined) delete merged[path];
      else merged[path] = text;
    }
    return { kind: "merged", sha: this.commit([onto, head], merged, message) };
  }

  async markConflict(_repo: unknown, { onto, head }: { onto: Sha; head: Sha }): Promise<Sha> {
    const [ours, theirs] = [this.files(onto), this.files(head)];
    const marked = { ...theirs, ...ours };
    for (const path of this.conflicts(onto, head))
      marked[path] =
        `<<<<<<< ours\n${ours[path] ?? ""}\n=======\n${theirs[path] ?? ""}\n>>>>>>> theirs\n`;
    return this.commit([onto, head], marked);
  }

  async mergeAs(
    _repo: unknown,
    { onto, head, resolved }: { onto: Sha; head: Sha; resolved: Sha },
  ): Promise<Sha> {
    return this.commit([onto, head], this.files(resolved));
  }

  /** Files that both sides changed, differently. */
  conflicts(onto: Sha, head: Sha): string[] {
    const [from, ours, theirs] = [this.#between(onto, head), this.files(onto), this.files(head)];
    const mine = changed(from, ours);
    return changed(from, theirs).filter(
      (path) => mine.includes(path) && ours[path] !== theirs[path],
    );
  }

  #between(onto: Sha, head: Sha): Files {
    const base = [...this.ancestors(onto)].find((sha) => this.ancestors(head).has(sha));
    return base ? this.files(base) : {};
  }

  async commands(): Promise<RepoCommand[]> {
    return [TEST_COMMAND];
  }

  async run(
    _repo: unknown,
    { sha, commands, overlay }: SuiteRequest,
  ): ReturnType<Workspaces["run"]> {
    const from = overlay && this.files(overlay.sha);
    const laid = Object.fromEntries(
      (overlay?.files ?? []).map((path) => [path, from?.[path] ?? ""]),
    );
    if (overlay === undefined) this.verified.push(sha);
    const all = Object.entries({ ...this.files(sha), ...laid });
    const broken = all.filter(([path, text]) => isRed(text, path in laid));
    const time = this.verified.filter((one) => one === sha).length;
    if (overlay === undefined && this.failing(this.files(sha), time)) broken.push(["at will", ""]);
    const counts = countTests(all, broken.length);
    const tail = broken.length === 0 ? "ok" : failureOutput(broken);
    return commands.map(({ kind, command, cwd, source }) => ({
      kind,
      command,
      cwd,
      source,
      sha,
      exitCode: broken.length > 0 ? 1 : 0,
      timedOut: false,
      startedAt: "2026-01-01T00:00:00.000Z",
      durationMs: 5,
      outputDigest: createHash("sha256").update(tail).digest("hex"),
      outputTail: tail,
      ...counts,
    }));
  }

  /** The commit itself and everything behind it, nearest first. */
  ancestors(sha: Sha): Set<Sha> {
    const seen = new Set<Sha>();
    const queue = [sha];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push(...(this.commits.get(next)?.parents ?? []));
    }
    return seen;
  }
}

/** Every `test(` is a test, every `skip(` a skipped one; without any the runner's totals are not recognised. */
function countTests(files: readonly (readonly [string, string])[], failed: number): object {
  const text = files.map(([, content]) => content).join("\n");
  const total = text.split("test(").length - 1;
  const skipped = text.split("skip(").length - 1;
  return total + skipped === 0 ? {} : { tests: { passed: total - failed, failed, skipped } };
}

/** Tests that are laid over another commit fail there, unless they say that they test nothing. */
function isRed(text: string, laidOver: boolean): boolean {
  return text.includes("BROKEN") || (laidOver && !text.includes("VACUOUS"));
}

function changed(from: Files, to: Files): string[] {
  const paths = new Set([...Object.keys(from), ...Object.keys(to)]);
  return [...paths].filter((path) => from[path] !== to[path]).sort();
}

/** Every red file by name, and then as runners tell of it: its test and the line that is broken. */
function failureOutput(broken: readonly (readonly [string, string])[]): string {
  const told = broken.map(([path, text]) => {
    const line = text.split("\n").find((one) => one.includes("BROKEN")) ?? "it is red";
    return `FAIL ${path} > works\nError: ${line}`;
  });
  return [...broken.map(([path]) => `not ok ${path}`), ...told].join("\n");
}
