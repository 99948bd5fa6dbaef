import { z } from "zod";

/** GitHub's own words for what a person may do in a repository; `unknown` is every answer that is not one of them. */
export const Permission = z.enum([
  "admin",
  "maintain",
  "write",
  "triage",
  "read",
  "none",
  "unknown",
]);
export type Permission = z.infer<typeof Permission>;

declare const granted: unique symbol;

/**
 * Proof that GitHub said this person may give this command, at this time. Only `authorise` makes one; starting a run,
 * answering and steering require it as an argument.
 */
export interface Grant {
  readonly [granted]: true;
  readonly login: string;
  readonly permission: Permission;
  readonly action: string;
}

export type Authorisation =
  | { readonly allowed: true; readonly grant: Grant }
  | { readonly allowed: false; readonly reason: string };

const RANK: Readonly<Record<Permission, number>> = {
  admin: 5,
  maintain: 4,
  write: 3,
  triage: 2,
  read: 1,
  none: 0,
  unknown: -1,
};

/** Decides whether `permission` reaches `required`; anything unknown is refused. */
export function authorise(request: {
  login: string;
  permission: Permission;
  required: Permission;
  action: string;
}): Authorisation {
  const { login, permission, required, action } = request;
  if (permission === "unknown" || RANK[permission] < RANK[required]) {
    const has =
      permission === "unknown"
        ? "GitHub could not confirm your permission"
        : `you have ${permission}`;
    return {
      allowed: false,
      reason: `${action} needs ${required} permission in this repository; ${has}.`,
    };
  }
  const grant = { login, permission, action } as Grant;
  return { allowed: true, grant: Object.freeze(grant) };
}
