import { ApiError } from "../errors.ts";
import { authorOf } from "../http/call.ts";
import { readNodeId } from "../render/node-id.ts";
import type { Repository } from "../store/records.ts";
import { actFor, unresolved } from "./access.ts";
import {
  accountNode,
  commentNode,
  issueNode,
  pullNode,
  repositoryNode,
  reviewCommentNode,
  threadNode,
} from "./objects.ts";
import type { GraphqlContext } from "./serve.ts";

const READ = { permissions: ["metadata"], access: "read" } as const;
const READ_PULLS = { permissions: ["pull_requests"], access: "read" } as const;
const READ_ISSUES = { permissions: ["issues", "pull_requests"], access: "read" } as const;

/** The queries that are built: enough to find review threads and what mutations gave back. */
export function queries(context: GraphqlContext): Record<string, unknown> {
  return {
    viewer: () => accountNode(context.hub, authorOf(context.by).account),
    repository: (args: { owner: string; name: string }) => {
      const name = `${args.owner}/${args.name}`;
      const repo = context.hub.store.repository(name);
      if (repo === undefined) {
        throw new ApiError(404, `Could not resolve to a Repository with the name '${name}'.`);
      }
      return repositoryNode(actFor(context, repo, READ));
    },
    node: ({ id }: { id: string }) => node(context, id),
    rateLimit: () => ({ limit: context.hub.limits.perHour, cost: 1, nodeCount: 0 }),
  };
}

function node(context: GraphqlContext, text: string): unknown {
  const read = readNodeId(text);
  const found = read && nodeOf(context, read.kind, read.id);
  if (found === undefined) throw unresolved(text);
  return found;
}

function nodeOf(context: GraphqlContext, kind: string, id: number): unknown {
  const { store } = context.hub;
  if (kind === "PRRT") {
    const thread = store.reviewThreads.get(id);
    return thread && threadNode(actFor(context, repoOf(context, thread), READ_PULLS), thread);
  }
  if (kind === "PR") {
    const pull = store.pulls.get(id);
    return pull && pullNode(actFor(context, repoOf(context, pull), READ_PULLS), pull);
  }
  if (kind === "I") {
    const issue = store.issues.get(id);
    return issue && issueNode(actFor(context, repoOf(context, issue), READ_ISSUES), issue);
  }
  if (kind === "IC") {
    const comment = store.comments.get(id);
    return comment && commentNode(actFor(context, repoOf(context, comment), READ_ISSUES), comment);
  }
  if (kind === "PRRC") {
    const comment = store.reviewComments.get(id);
    return (
      comment && reviewCommentNode(actFor(context, repoOf(context, comment), READ_PULLS), comment)
    );
  }
  return undefined;
}

function repoOf(context: GraphqlContext, record: { repoId: number }): Repository {
  return context.hub.store.repositories.must(record.repoId);
}
