import type { Account, App, Installation, Role, Token } from "./store/records.ts";

/** Who asks. */
export type Principal =
  | { kind: "anonymous" }
  | { kind: "user"; account: Account }
  /** An app by its own signed token: it manages itself, no repository. */
  | { kind: "app"; app: App }
  | { kind: "installation"; account: Account; app: App; installation: Installation; token: Token };

/** Someone who can write: a person, or an app through an installation. */
export type Author = Extract<Principal, { kind: "user" | "installation" }>;

const ROLES: readonly Role[] = ["read", "triage", "write", "maintain", "admin"];

export function atLeast(role: Role | null, wanted: Role): boolean {
  return role !== null && ROLES.indexOf(role) >= ROLES.indexOf(wanted);
}

/** Id of the app that a record is written through (`performed_via_github_app`). */
export function viaAppId(by: Author): number | null {
  return by.kind === "installation" ? by.app.id : null;
}

/** How the journal names who asked. */
export function actorName(by: Principal): string {
  if (by.kind === "anonymous") return "";
  return by.kind === "app" ? `app:${by.app.slug}` : by.account.login;
}
