/** Reading a repository's code. Every `ref` may be a branch, a tag, a full ref or a commit's sha. */
export interface CodeView {
  /** Path of the bare repository on disk. */
  readonly dir: string;
  branches(): Promise<{ name: string; sha: string }[]>;
  /** Sha of the commit that a ref names. */
  resolve(ref: string): Promise<string | undefined>;
  commit(ref: string): Promise<CommitInfo | undefined>;
  /** Newest first. */
  log(ref: string, options?: LogOptions): Promise<CommitInfo[]>;
  /** Entries of a folder ("" is the root); undefined when it is none. */
  tree(ref: string, path: string): Promise<TreeEntry[] | undefined>;
  file(ref: string, path: string): Promise<Buffer | undefined>;
  /** Commits of head that base lacks, oldest first (a pull request's commits). */
  commitsBetween(base: string, head: string): Promise<CommitInfo[]>;
  /** What head changed since it left base (a pull request's files). */
  filesBetween(base: string, head: string): Promise<FileDiff[]>;
  /** Whether head merges into base without conflict; undefined when either is gone. */
  mergeable(base: string, head: string): Promise<boolean | undefined>;
}

export interface LogOptions {
  limit?: number;
  path?: string;
  skip?: number;
}

export interface Signature {
  name: string;
  email: string;
  /** ISO 8601 in UTC, seconds. */
  date: string;
}

export interface CommitInfo {
  sha: string;
  treeSha: string;
  parents: string[];
  message: string;
  author: Signature;
  committer: Signature;
}

export interface TreeEntry {
  name: string;
  path: string;
  mode: string;
  type: "blob" | "tree" | "commit";
  sha: string;
  /** Bytes, of blobs. */
  size: number | null;
}

export interface FileDiff {
  path: string;
  previousPath: string | null;
  status: "added" | "removed" | "modified" | "renamed" | "copied" | "changed" | "unchanged";
  additions: number;
  deletions: number;
  /** Blob of the head side (of the base side when removed). */
  sha: string;
  /** Unified hunks without the file header; null for binary files. */
  patch: string | null;
}
