import type { IncomingMessage, ServerResponse } from "node:http";
import type { Actor, RepoName } from "./actor.ts";
import type { InventedField } from "./description/complete.ts";
import type { CodeView } from "./git/code-view.ts";
import type { Faults } from "./http/faults.ts";
import type { Journal } from "./http/journal.ts";
import type { CheckAnnotation, CheckConclusion, CheckRun } from "./store/check-records.ts";
import type {
  Account,
  App,
  BranchProtection,
  Installation,
  Permissions,
  Repository,
  RepositoryHook,
  Role,
} from "./store/records.ts";
import type { Store } from "./store/store.ts";
import type { Webhooks } from "./webhooks/webhooks.ts";

/** Answers a request that is no API and no git; resolves false when the address is unknown to it. */
export type PagesHandler = (
  req: IncomingMessage,
  res: ServerResponse,
  hub: LocalGitHub,
) => Promise<boolean>;

export interface LocalGitHubOptions {
  /** Holds the bare repositories (and the snapshot). Made if absent. */
  dataDir: string;
  /** Default 0: any free port. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Milliseconds since the epoch; tests inject a clock of their own. */
  now?: () => number;
  pages?: PagesHandler;
  limits?: Partial<Limits>;
  /** Form of installation tokens: "short" is `ghs_` and 36 characters, "long" `ghs_APPID_JWT`. */
  tokenForm?: "short" | "long";
  /** PATH on which git is looked for; default the usual system folders. */
  path?: string;
  /** Write the state to dataDir on close, and adopt it at the next start. */
  persist?: boolean;
}

export interface Limits {
  /** Requests per hour and identity. Default 5,000. */
  perHour: number;
  /** Requests per hour and address without a token. Default 60. */
  anonymousPerHour: number;
  /** Content-creating requests; null (the default) = not limited. GitHub's own: 80 and 500. */
  contentPerMinute: number | null;
  contentPerHour: number | null;
}

export interface CreateRepository {
  owner: string;
  name: string;
  private?: boolean;
  description?: string;
  defaultBranch?: string;
  /** Files of the first commit, or the path of a local repository whose branches are copied. */
  from?: string | Readonly<Record<string, string>>;
}

export interface CreateApp {
  slug: string;
  name?: string;
  /** Login of the owner; default: the first user. */
  owner?: string;
  permissions: Permissions;
  events: readonly string[];
  webhookUrl?: string;
  webhookSecret?: string;
}

/** A check run of somebody's CI. */
export interface ReportedCheck {
  /** Slug of the app; default GitHub Actions, whose check runs are jobs of workflows. */
  app?: string;
  name: string;
  sha: string;
  /** Absent: it is still under way. */
  conclusion?: CheckConclusion;
  title?: string;
  summary?: string;
  annotations?: readonly Pick<CheckAnnotation, "path" | "startLine" | "level" | "message">[];
  /** What a job of a workflow printed. */
  log?: string;
}

export interface CreatedApp {
  appId: number;
  slug: string;
  clientId: string;
  clientSecret: string;
  privateKeyPem: string;
  webhookSecret: string;
}

/** A running local GitHub, from its owner's side. The app under test sees only its HTTP. */
export interface LocalGitHub {
  /** `http://127.0.0.1:PORT`: base of pages, git and REST (REST also under `/api/v3`). */
  readonly url: string;
  readonly store: Store;
  readonly faults: Faults;
  readonly webhooks: Webhooks;
  readonly journal: Journal;
  /** May be changed while running. */
  readonly limits: Limits;

  createUser(input: { login: string; name?: string; email?: string }): Account;
  createOrganization(input: { login: string; owners: readonly string[]; name?: string }): Account;
  createRepository(input: CreateRepository): Promise<Repository>;
  renameRepository(repo: RepoName, name: string): Promise<Repository>;
  deleteRepository(repo: RepoName): Promise<void>;
  setCollaborator(repo: RepoName, login: string, role: Role | null): void;
  /** Rules not named are off; `null` takes all rules away. */
  protectBranch(repo: RepoName, branch: string, rules: Partial<BranchProtection> | null): void;
  createRepositoryHook(
    repo: RepoName,
    hook: { url: string; secret?: string; events: readonly string[] },
  ): RepositoryHook;

  createApp(input: CreateApp): CreatedApp;
  updateApp(
    slug: string,
    change: Partial<Pick<App, "webhookUrl" | "webhookSecret" | "permissions" | "events">>,
  ): App;
  install(slug: string, owner: string, repos: readonly string[] | "all"): Promise<Installation>;
  changeInstallation(id: number, change: InstallationChange): Promise<Installation>;
  uninstall(id: number): Promise<void>;

  /** A token with which this person may use REST and git. */
  userToken(login: string): string;
  /** CI says something of a commit; makes its app, which no repository has to install. */
  reportCheck(repo: RepoName, check: ReportedCheck): Promise<CheckRun>;
  as(login: string): Actor;
  /** The repository's code, for reading. */
  code(repo: RepoName): CodeView;
  /** Fields of replies and webhooks that the description demands and this hub had to make up. */
  inventedFields(): readonly InventedField[];
  /** Writes the state to the data directory. */
  save(): Promise<void>;
  close(): Promise<void>;
}

export interface InstallationChange {
  suspended?: boolean;
  add?: readonly string[];
  remove?: readonly string[];
  permissions?: Permissions;
}
