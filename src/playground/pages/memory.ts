import type { CommitInfo, FileDiff, TreeEntry } from "../github/git/code-view.ts";
import type { Html } from "./html.ts";

/** A line comment that a person has written but not sent with a review yet. */
export interface Draft {
  id: number;
  path: string;
  line: number;
  side: "LEFT" | "RIGHT";
  body: string;
}

export interface Folder {
  entries: TreeEntry[];
  newest: CommitInfo | undefined;
}

/** What the pages remember between requests; nothing here is part of the local GitHub's state. */
export interface Memory {
  rendered: Kept<Html>;
  /** Commits by repository, abbreviated name and last push, "" when there is none. */
  commits: Kept<string>;
  /** Commits and files between two commits. */
  changes: Kept<{ commits: CommitInfo[]; files: FileDiff[] }>;
  /** A commit's entries of one folder, and the newest commit that touched it. */
  folders: Kept<Folder | undefined>;
  files: Kept<Buffer | undefined>;
  commitInfo: Kept<CommitInfo | undefined>;
  /** Whether two commits merge. */
  mergeable: Kept<boolean>;
  /** How many commits of one are not in the other. */
  behind: Kept<number>;
  drafts: Drafts;
}

export function createMemory(): Memory {
  return {
    rendered: new Kept(500),
    commits: new Kept(2_000),
    changes: new Kept(100),
    folders: new Kept(200),
    files: new Kept(50),
    commitInfo: new Kept(1_000),
    mergeable: new Kept(500),
    behind: new Kept(500),
    drafts: new Drafts(),
  };
}

/** The most recent results of a slow question whose answer depends on the key alone. */
class Kept<T> {
  readonly #values = new Map<string, Promise<T>>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  async get(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.#values.get(key);
    if (known !== undefined) this.#values.delete(key);
    const value = known ?? make();
    this.#values.set(key, value);
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= this.#limit) break;
      this.#values.delete(oldest);
    }
    try {
      return await value;
    } catch (error) {
      this.#values.delete(key);
      throw error;
    }
  }
}

/** Unsent line comments by person and pull request. */
class Drafts {
  readonly #byPlace = new Map<string, Draft[]>();
  #next = 1;

  of(viewerId: number, issueId: number): readonly Draft[] {
    return this.#byPlace.get(`${viewerId}:${issueId}`) ?? [];
  }

  add(viewerId: number, issueId: number, draft: Omit<Draft, "id">): void {
    const all = [...this.of(viewerId, issueId), { ...draft, id: this.#next }];
    this.#next += 1;
    this.#byPlace.set(`${viewerId}:${issueId}`, all);
  }

  remove(viewerId: number, issueId: number, draftId: number): void {
    const rest = this.of(viewerId, issueId).filter((draft) => draft.id !== draftId);
    this.#byPlace.set(`${viewerId}:${issueId}`, rest);
  }

  clear(viewerId: number, issueId: number): void {
    this.#byPlace.delete(`${viewerId}:${issueId}`);
  }
}
