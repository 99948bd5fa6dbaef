/** All that may be done to the world, as types. Wings implement them; the workflow and the roof use them. */
import type { DefinitionSet } from "./domain/definition.ts";
import type { Evidence, RepoCommand } from "./domain/evidence.ts";
import type { DispatchId, RepoRef, RunId, Sha } from "./domain/ids.ts";
import type { DispatchStatus, LedgerEvent, LedgerFact, Usage } from "./domain/ledger-event.ts";
import type { Permission } from "./domain/permission.ts";
import type { QuestionDraft } from "./domain/results.ts";
import type { Secret } from "./domain/secret.ts";

// ---- engine -------------------------------------------------------------------------------------------------------

/** What a workflow may do. Everything in it is replayed in the same order after a crash; bodies are deterministic. */
export interface Steps {
  /**
   * Runs `fn` at least once and records its JSON result under the step's position; a replay returns the recorded
   * result. `signal` aborts within about a second when the workflow is cancelled. A throw ends the step for good:
   * retries belong inside `fn`.
   */
  step<T>(name: string, fn: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** The next message on `topic`, in order of sending, buffered if it came early; undefined after `timeoutMs`. */
  waitFor<T>(topic: string, options: { timeoutMs: number }): Promise<T | undefined>;
  /** Waits durably. */
  sleep(ms: number): Promise<void>;
  /** Starts a child once by `key` (the same key finds the same child). Children are started in program order. */
  startChild<I, O>(child: WorkflowRef<I, O>, options: ChildOptions<I>): Promise<ChildHandle<O>>;
}

export interface ChildOptions<I> {
  readonly key: string;
  readonly input: I;
  /** Queued under this partition (a repository) within the engine's limits; absent: starts at once. */
  readonly partition?: string;
}

export interface ChildHandle<O> {
  readonly key: string;
  /** The child's output; rejects with its error's message, or with `WorkflowCancelled`. */
  result(): Promise<O>;
}

/** A workflow known to the engine by name, with JSON input and output. */
export interface WorkflowRef<I, O> {
  readonly name: string;
  /** Type carrier only. */
  readonly io?: (input: I) => O;
}

export type WorkflowState = "running" | "succeeded" | "failed" | "cancelled";

export interface Engine {
  /** Binds a body to a name; all of them before `launch`. */
  register<I, O>(ref: WorkflowRef<I, O>, body: (steps: Steps, input: I) => Promise<O>): void;
  /** Starts work and continues everything that was under way. */
  launch(): Promise<void>;
  /** Starts a workflow once by key: repeated calls, also concurrent ones and after it ended, change nothing. */
  start<I, O>(ref: WorkflowRef<I, O>, options: { key: string; input: I }): Promise<void>;
  /** Delivers a message once per `idempotencyKey`. Rejects when no workflow has that key. */
  send(message: {
    key: string;
    topic: string;
    body: unknown;
    idempotencyKey: string;
  }): Promise<void>;
  /** Cancels a workflow and its children: running steps see their signal, nothing new starts. */
  cancel(key: string): Promise<void>;
  state(key: string): Promise<WorkflowState | undefined>;
  /** Resolves when the workflow has ended, with its state. */
  ended(key: string): Promise<WorkflowState>;
  /** Stops taking work and closes; running workflows continue at the next launch. */
  close(): Promise<void>;
}

// ---- stores -------------------------------------------------------------------------------------------------------

export interface Ledger {
  /** Appends once per (run, key): a second append with the same key returns the first event. */
  append(runId: RunId, key: string, fact: LedgerFact): Promise<LedgerEvent>;
  read(runId: RunId, after?: number): Promise<LedgerEvent[]>;
}

// ---- GitHub -------------------------------------------------------------------------------------------------------

export interface IssueText {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly author: string | undefined;
  readonly state: "open" | "closed";
  readonly locked: boolean;
  readonly labels: readonly string[];
  readonly isPullRequest: boolean;
  readonly url: string;
}

export interface CommentRef {
  readonly id: number;
  readonly url: string;
}

export interface PullRequestRef {
  readonly number: number;
  readonly url: string;
  readonly draft: boolean;
  readonly state: "open" | "closed" | "merged";
  readonly headSha: string;
  readonly nodeId: string;
}

export type Reaction = "eyes" | "rocket" | "confused" | "+1" | "-1";

/** Every effect is idempotent: keyed by `marker` or by its natural identity, read back before it is repeated. */
export interface GitHub {
  permissionOf(repo: RepoRef, login: string): Promise<Permission>;
  defaultBranch(repo: RepoRef): Promise<string>;
  issue(repo: RepoRef, number: number): Promise<IssueText>;
  react(repo: RepoRef, commentId: number, reaction: Reaction): Promise<void>;
  /** Creates the comment that carries `marker` or edits it in place; only our own app's comments count. */
  putComment(
    repo: RepoRef,
    comment: { number: number; marker: string; body: string },
  ): Promise<CommentRef>;
  /** Opens the pull request from `head`, or adopts the open one that exists. */
  openPullRequest(
    repo: RepoRef,
    request: { head: string; base: string; title: string; body: string },
  ): Promise<PullRequestRef>;
  pullRequest(repo: RepoRef, number: number): Promise<PullRequestRef>;
  updatePullRequestBody(repo: RepoRef, number: number, body: string): Promise<void>;
  markReady(repo: RepoRef, number: number): Promise<void>;
  requestReview(repo: RepoRef, number: number, login: string): Promise<void>;
  putCheckRun(repo: RepoRef, check: CheckRunContent): Promise<void>;
  /** Requests sent so far for this run, by the requests' own tag. */
  requestCount(runId: RunId): Promise<{ total: number; contentCreating: number; edits: number }>;
}

export interface CheckRunContent {
  readonly runId: RunId;
  readonly headSha: Sha;
  readonly status: "queued" | "in_progress" | "completed";
  readonly conclusion?: "success" | "failure" | "neutral" | "cancelled" | "action_required";
  readonly title: string;
  readonly summary: string;
  readonly actions: readonly {
    readonly label: string;
    readonly description: string;
    readonly identifier: string;
  }[];
}

/** Mints a token for one repository and exactly these permissions; the caller revokes it when done. */
export interface TokenSource {
  withToken<T>(
    repo: RepoRef,
    permissions: Readonly<Record<string, "read" | "write">>,
    use: (token: Secret) => Promise<T>,
  ): Promise<T>;
}

// ---- workspaces (git, jail, commands) -----------------------------------------------------------------------------

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
    request: { dispatchId: DispatchId; sha: Sha; writable: boolean },
  ): Promise<Clone>;
  /** Commits what changed and bundles it inside the jail, then fetches and checks it on the trusted side. */
  collect(repo: RepoRef, clone: Clone, commit: { message: string }): Promise<Collected>;
  removeClone(clone: Clone): Promise<void>;
  /** Sets `branch` to `sha` at GitHub; `expected` is what it must be now (undefined: must not exist). Never forces. */
  push(
    repo: RepoRef,
    update: { branch: string; sha: Sha; expected: Sha | undefined },
  ): Promise<PushOutcome>;
  merge(repo: RepoRef, request: { onto: Sha; head: Sha; message: string }): Promise<MergeOutcome>;
  /** The commands of this repository at `sha`: from its configuration, else detected from its files. */
  commands(repo: RepoRef, sha: Sha): Promise<RepoCommand[]>;
  /** Runs commands one after another in the jail on a fresh checkout of exactly `sha`, stopping at the first failed build. */
  run(
    repo: RepoRef,
    request: { runId: RunId; sha: Sha; commands: readonly RepoCommand[]; signal: AbortSignal },
  ): Promise<Evidence[]>;
}

export interface Clone {
  readonly dispatchId: DispatchId;
  readonly dir: string;
  /** The agent's HOME: survives a re-dispatch, so that a conversation can resume. */
  readonly stateDir: string;
  readonly baseSha: Sha;
  readonly writable: boolean;
}

export type Collected =
  | { readonly kind: "unchanged" }
  | {
      readonly kind: "commit";
      readonly sha: Sha;
      readonly files: readonly string[];
      readonly setAside: readonly string[];
    }
  | { readonly kind: "refused"; readonly problems: readonly string[] };

export type PushOutcome =
  | { readonly kind: "pushed" }
  | { readonly kind: "moved"; readonly actual: Sha | undefined }
  | { readonly kind: "refused"; readonly reason: string };

export type MergeOutcome =
  | { readonly kind: "merged"; readonly sha: Sha }
  | { readonly kind: "conflict"; readonly files: readonly string[] };

/** What a jailed process may see and do. Nothing that is not named here exists inside. */
export interface JailSpec {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly writable: readonly string[];
  readonly readable: readonly string[];
  /** Unix socket of the host bound at the same path inside: the only way out. */
  readonly socket?: string;
  /** Milliseconds until everything inside is killed. */
  readonly wallMs: number;
}

export interface JailedProcess {
  readonly stdin: NodeJS.WritableStream;
  readonly stdout: NodeJS.ReadableStream;
  readonly stderr: NodeJS.ReadableStream;
  readonly exited: Promise<{ code: number | null; signal: string | null; timedOut: boolean }>;
  /** Kills every process inside; resolves when they are gone. */
  kill(): Promise<void>;
}

export interface Jail {
  /** Proves that the jail holds (no network, no host files, own PIDs); the reason when it does not. */
  selfTest(): Promise<{ ok: true } | { ok: false; reason: string }>;
  spawn(spec: JailSpec): Promise<JailedProcess>;
}

// ---- agents -------------------------------------------------------------------------------------------------------

export interface Agents {
  /** Runs one agent conversation to its end inside the jail. Never rejects for what the agent did. */
  run(request: AgentRequest, hooks: AgentHooks, signal: AbortSignal): Promise<AgentOutcome>;
}

export interface AgentRequest {
  readonly dispatchId: DispatchId;
  readonly runId: RunId;
  readonly clone: Clone;
  readonly role: string;
  /** Tier or id from the definition; the settings map it to a provider's model. */
  readonly model: string;
  readonly systemPrompt: string;
  readonly prompt: string;
  readonly tools: readonly ("read" | "glob" | "grep" | "edit" | "write" | "bash")[];
  /** Skills `load_skill` may name, and library paths `read_library_skill` may give. */
  readonly catalogue: { readonly skills: readonly string[]; readonly library: readonly string[] };
  readonly resultSchema: Readonly<Record<string, unknown>>;
  readonly limits: {
    readonly wallMs: number;
    readonly idleMs: number;
    readonly maxTurns: number;
    readonly maxTokens: number;
    readonly maxUsd?: number;
  };
  readonly resumeSession?: string;
}

export interface AgentHooks {
  /** Judges a submission: undefined accepts it, a text goes back to the model as a tool error. */
  submit(result: unknown): Promise<string | undefined>;
  loadSkill(name: string): Promise<{ text: string } | { refused: string }>;
  readLibrarySkill(path: string): Promise<{ text: string } | { refused: string }>;
  progress(event: AgentProgress): void;
}

export type AgentProgress =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "tool"; readonly name: string; readonly title: string }
  | { readonly kind: "usage"; readonly usage: Usage };

export interface AgentOutcome {
  readonly status: DispatchStatus;
  readonly result?: unknown;
  readonly question?: QuestionDraft;
  readonly detail?: string;
  readonly usage: Usage;
  readonly sessionId?: string;
  readonly durationMs: number;
}

export interface Definitions {
  /** The package's definitions with the repository's (at `sha`) laid over them by fixed rules. */
  load(repo: RepoRef, sha: Sha): Promise<DefinitionSet>;
}

export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
