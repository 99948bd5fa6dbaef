/**
 * The nouns that the local GitHub remembers. Code is not here: it lives in bare git repositories.
 * Records refer to one another by id, so that the whole state is plain JSON. Times are ISO 8601 with
 * one-second resolution, as GitHub sends them.
 */

export type AccountType = "User" | "Organization" | "Bot";

export type Role = "read" | "triage" | "write" | "maintain" | "admin";

export type Access = "read" | "write" | "admin";

export type Permissions = Readonly<Record<string, Access>>;

export interface Account {
  id: number;
  login: string;
  type: AccountType;
  name: string | null;
  email: string | null;
  createdAt: string;
  /** The app whose bot this is. */
  appId: number | null;
  /** Of an organization: the accounts that administer all its repositories. */
  ownerIds: number[];
}

export interface App {
  id: number;
  slug: string;
  name: string;
  ownerId: number;
  botId: number;
  clientId: string;
  clientSecret: string;
  publicKeyPem: string;
  permissions: Permissions;
  events: string[];
  webhookUrl: string | null;
  webhookSecret: string | null;
  createdAt: string;
  updatedAt: string;
}

export interface Installation {
  id: number;
  appId: number;
  accountId: number;
  repositorySelection: "all" | "selected";
  /** Empty when the selection is "all". */
  repositoryIds: number[];
  permissions: Permissions;
  events: string[];
  suspendedAt: string | null;
  suspendedById: number | null;
  createdAt: string;
  updatedAt: string;
}

export interface Repository {
  id: number;
  ownerId: number;
  name: string;
  description: string | null;
  private: boolean;
  archived: boolean;
  defaultBranch: string;
  deleteBranchOnMerge: boolean;
  allowMergeCommit: boolean;
  allowSquashMerge: boolean;
  allowRebaseMerge: boolean;
  createdAt: string;
  updatedAt: string;
  pushedAt: string;
  /** Issues and pull requests share one number line. */
  nextNumber: number;
  /** Numbers whose issues were deleted. */
  deletedIssues: number[];
  /** Account id -> role; the owner is not listed. */
  collaborators: Record<string, Role>;
  /** Branch name -> its rules. */
  protection: Record<string, BranchProtection>;
  /** "owner/name" it had before; requests for them are answered 301. */
  formerNames: string[];
}

export interface BranchProtection {
  requiredChecks: { context: string; appId: number | null }[];
  /** The head must contain the base's tip before a merge. */
  strict: boolean;
  /** null = no review needed. */
  requiredApprovals: number | null;
  dismissStaleReviews: boolean;
  enforceAdmins: boolean;
  allowForcePushes: boolean;
  allowDeletions: boolean;
  requiredConversationResolution: boolean;
}

/** A webhook of a repository (an app's own webhook is part of its record). */
export interface RepositoryHook {
  id: number;
  repoId: number;
  url: string;
  secret: string | null;
  contentType: "json" | "form";
  events: string[];
  active: boolean;
  createdAt: string;
  updatedAt: string;
}

/** One attempt at handing an event to a webhook; a redelivery is a new record with the same guid. */
export interface Delivery {
  id: number;
  guid: string;
  appId: number | null;
  hookId: number | null;
  installationId: number | null;
  repoId: number | null;
  event: string;
  action: string | null;
  url: string;
  redelivery: boolean;
  createdAt: string;
  /** null until answered. */
  statusCode: number | null;
  /** "pending" until answered, then "OK" or the reason of the failure. */
  status: string;
  durationSeconds: number;
  requestHeaders: Readonly<Record<string, string>>;
  /** The exact body sent. */
  requestBody: string;
  responseHeaders: Readonly<Record<string, string>>;
  responseBody: string;
}

export interface Token {
  id: number;
  /** The secret itself. */
  value: string;
  kind: "user" | "installation";
  accountId: number | null;
  installationId: number | null;
  /** null = every repository of the installation. */
  repositoryIds: number[] | null;
  permissions: Permissions | null;
  createdAt: string;
  expiresAt: string | null;
}
