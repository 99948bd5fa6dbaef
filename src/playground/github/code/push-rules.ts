import { effectiveRole } from "../auth/roles.ts";
import { accessAtLeast } from "../auth/tokens.ts";
import type { Act } from "../context.ts";
import { NO_COMMIT } from "../git/read.ts";
import { unmetChecks } from "../pulls/rules.ts";
import type { BranchProtection } from "../store/records.ts";
import { branchOf } from "./moves.ts";

/** A wish to move a branch directly, without a pull request. */
export interface WantedMove {
  ref: string;
  before: string | null;
  after: string | null;
}

/** The rules of a branch that bind this person; administrators only where the rules say so. */
export function bindingRules(act: Act, ref: string): BranchProtection | undefined {
  const rules = act.repo.protection[branchOf(ref) ?? ""];
  if (rules === undefined || rules.enforceAdmins) return rules;
  const { by } = act;
  const admin = by.kind === "user" && effectiveRole(act.hub, act.repo, by.account.id) === "admin";
  return admin ? undefined : rules;
}

/** Why a protected branch may not be moved like that, in GitHub's words; undefined when it may. */
export function refusalOf(act: Act, move: WantedMove): string | undefined {
  const rules = bindingRules(act, move.ref);
  if (rules === undefined) return undefined;
  const branch = branchOf(move.ref) ?? move.ref;
  if (move.after === null) {
    return rules.allowDeletions ? undefined : `Cannot delete protected branch ${branch}`;
  }
  if (rules.requiredApprovals !== null) {
    return "Changes must be made through a pull request.";
  }
  const unmet = unmetChecks(act.hub, act.repo, { rules, sha: move.after });
  return unmet.length === 0 ? undefined : unmet.join(" ");
}

export function mayPushWorkflows(act: Act): boolean {
  if (act.by.kind === "user") return true;
  return accessAtLeast(act.by.token.permissions?.["workflows"], "write");
}

/** What the update hook of a repository needs to know for one push. */
export function hookEnvironment(
  act: Act,
  commands: readonly { ref: string; before: string; after: string }[],
): Record<string, string> {
  const refused: string[] = [];
  const noForce: string[] = [];
  for (const { ref, before, after } of commands) {
    const wish = { ref, before: orNull(before), after: orNull(after) };
    const reason = refusalOf(act, wish);
    if (reason !== undefined) {
      refused.push(`${ref}\terror: GH006: Protected branch update failed for ${ref}. ${reason}`);
    }
    if (bindingRules(act, ref)?.allowForcePushes === false) noForce.push(ref);
  }
  return {
    HUB_REFUSED: refused.join("\n"),
    HUB_NO_FORCE: noForce.join("\n"),
    HUB_NO_WORKFLOWS: mayPushWorkflows(act) ? "" : "1",
  };
}

function orNull(sha: string): string | null {
  return sha === NO_COMMIT ? null : sha;
}
