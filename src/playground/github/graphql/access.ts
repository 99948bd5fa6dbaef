import { canSee, reaches } from "../auth/roles.ts";
import { accessAtLeast } from "../auth/tokens.ts";
import type { Act } from "../context.ts";
import { ApiError, forbidden } from "../errors.ts";
import { authorOf } from "../http/call.ts";
import { type NodeKind, readNodeId } from "../render/node-id.ts";
import type { Access, Repository } from "../store/records.ts";
import type { GraphqlContext } from "./serve.ts";

/** The number in a global id of one of these kinds; GitHub's words when it names nothing. */
export function idOf(text: string, kinds: readonly NodeKind[]): number {
  const read = readNodeId(text);
  if (read === undefined || !kinds.includes(read.kind)) throw unresolved(text);
  return read.id;
}

export function unresolved(text: string): ApiError {
  return new ApiError(404, `Could not resolve to a node with the global id of '${text}'`);
}

/** The act in a repository, if the asker may see it and (as an app) has one of the permissions. */
export function actFor(
  context: GraphqlContext,
  repo: Repository,
  needed: { permissions: readonly string[]; access: Access },
): Act {
  const by = authorOf(context.by);
  if (!canSee(context.hub, repo, by)) {
    const name = context.hub.store.fullName(repo);
    throw new ApiError(404, `Could not resolve to a Repository with the name '${name}'.`);
  }
  if (by.kind === "installation") {
    const has = by.token.permissions ?? {};
    const granted = needed.permissions.some((p) => accessAtLeast(has[p], needed.access));
    if (!reaches(by, repo) || !granted) throw forbidden("Resource not accessible by integration");
  }
  return { hub: context.hub, by, repo };
}
