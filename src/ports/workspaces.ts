import type { Evidence, RepoCommand } from "../domain/gate/evidence.ts";
import type { DispatchId, RepoRef, RunId, Sha } from "../domain/ids.ts";

export interface Workspaces {
  /** Brings the trusted mirror up to date and returns the tip of `branch`. */
  fetchBranch(repo: RepoRef, branch: string): Promise<Sha | undefined>;
  readFile(repo: RepoRef, sha: Sha, path: string): Promise<string | undefined>;
  listFiles(repo: RepoRef, sha: Sha, under?: string): Promise<string[]>;
  changedFiles(repo: RepoRef, range: { base: Sha; head: Sha }): Promise<string[]>;
  diff(repo: RepoRef, range: { base: Sha; head: Sha; maxBytes: number }): Promise<string>;
  /** A fresh clone of its own at `sha` with a state directory beside it; an older one of the same dispatch is removed. */
  openClone(
    repo: RepoRef,
    request: {
      dispatchId: DispatchId;
      sha: Sha;
      writable: boolean;
      /** Only for a writable clone: makes the same world of it in which its commit will be verified. */
      prepare?: ClonePreparation;
    },
  ): Promise<Clone>;
  /** Commits what changed and bundles it inside the jail, then fetches and checks it on the trusted side. */
  collect(repo: RepoRef, clone: Clone, commit: { message: string }): Promise<Collected>;
  removeClone(clone: Clone): Promise<void>;
  /** Removes everything that a run which does not work any more still has on disk. */
  removeRun(runId: RunId): Promise<void>;
  /** Sets `branch` to `sha` at GitHub; `expected` is what it must be now (undefined: must not exist). Never forces. */
  push(
    repo: RepoRef,
    update: { branch: string; sha: Sha; expected: Sha | undefined },
  ): Promise<PushOutcome>;
  /**
   * Removes one of our own branches at GitHub, but only while it stands at `expected`: "kept" when somebody has pushed
   * to it since, "gone" when it is not there any more.
   */
  removeBranch(
    repo: RepoRef,
    gone: { branch: string; expected: Sha },
  ): Promise<"removed" | "gone" | "kept">;
  merge(repo: RepoRef, request: { onto: Sha; head: Sha; message: string }): Promise<MergeOutcome>;
  /** A commit of two that conflict, whose conflicted files hold both sides between markers, for somebody to resolve. */
  markConflict(repo: RepoRef, request: { onto: Sha; head: Sha }): Promise<Sha>;
  /** The merge of two commits with the files of `resolved`. */
  mergeAs(
    repo: RepoRef,
    request: { onto: Sha; head: Sha; resolved: Sha; message: string },
  ): Promise<Sha>;
  /** One commit with one file of ours on top of `onto`, not pushed; the same request makes the same commit. */
  commitFile(repo: RepoRef, request: FileCommit): Promise<CommittedFile>;
  /** The commands of this repository at `sha`: from its configuration, else detected from its files. */
  commands(repo: RepoRef, sha: Sha): Promise<RepoCommand[]>;
  /** Runs commands one after another in the jail on a fresh checkout of exactly `sha`, stopping at the first failed build. */
  run(repo: RepoRef, request: SuiteRequest): Promise<Evidence[]>;
}

export interface SuiteRequest {
  readonly runId: RunId;
  readonly sha: Sha;
  readonly commands: readonly RepoCommand[];
  readonly signal: AbortSignal;
  /**
   * Files of another commit laid over the checkout before anything runs; all of them exist there. The evidence still
   * names `sha` and says nothing about it: it is never kept as evidence of a commit.
   */
  readonly overlay?: { readonly sha: Sha; readonly files: readonly string[] };
}

export interface ClonePreparation {
  readonly runId: RunId;
  /** The repository's commands, of which setup is run; the services of the others are started with the agent. */
  readonly commands: readonly RepoCommand[];
  readonly signal: AbortSignal;
}

/** What an agent finds in its clone and around it because verification has it, too. */
export interface CloneWorld {
  readonly env: Readonly<Record<string, string>>;
  /** Folders of the host that its jail shows. */
  readonly readable: readonly string[];
  /** Put before the agent's command inside the jail. */
  readonly before: readonly string[];
  /** How the setup commands ended. */
  readonly setup: readonly Pick<Evidence, "command" | "exitCode" | "timedOut">[];
  /** Started beside the agent; `log` is a file in its jail. */
  readonly services: readonly {
    readonly name: string;
    readonly ready: string;
    readonly log: string;
  }[];
}

export interface Clone {
  readonly dispatchId: DispatchId;
  readonly dir: string;
  /** The agent's HOME: survives a re-dispatch, so that a conversation can resume. */
  readonly stateDir: string;
  readonly baseSha: Sha;
  readonly writable: boolean;
  /** Directories whose objects the clone borrows: git inside a jail works only where they are readable. */
  readonly borrows?: readonly string[];
  readonly world?: CloneWorld;
  /** The tree of the files as setup left them, where that is another than the commit's, and the folder of its objects. */
  readonly made?: { readonly tree: Sha; readonly objects: string };
}

export type Collected =
  | ({ readonly kind: "unchanged" } & Partial<SetAside>)
  | ({
      readonly kind: "commit";
      readonly sha: Sha;
      readonly files: readonly string[];
    } & SetAside)
  | { readonly kind: "refused"; readonly problems: readonly string[] };

/** Workflow files a person must apply: taken out of the commit. */
interface SetAside {
  readonly setAside: readonly string[];
  /** Their change as a patch, cut at 60,000 bytes; empty when nothing was set aside. */
  readonly setAsidePatch?: string;
}

export type PushOutcome =
  | { readonly kind: "pushed" }
  | { readonly kind: "moved"; readonly actual: Sha | undefined }
  | { readonly kind: "refused"; readonly reason: string };

export interface FileCommit {
  readonly onto: Sha;
  /** Letters, digits, `.`, `_`, `-` and `/` only. */
  readonly path: string;
  readonly text: string;
  readonly message: string;
  /** ISO time of author and committer. */
  readonly at: string;
}

/** `refused` when something other than a file and its folders stands at the path. */
export type CommittedFile =
  | { readonly kind: "committed"; readonly sha: Sha }
  | { readonly kind: "refused"; readonly reason: string };

export type MergeOutcome =
  | { readonly kind: "merged"; readonly sha: Sha }
  | { readonly kind: "conflict"; readonly files: readonly string[] };
