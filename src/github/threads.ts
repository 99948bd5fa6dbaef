import type { RepoRef } from "../domain/ids.ts";
import { repeatable } from "./once.ts";
import { CommentNode, ThreadsAnswer } from "./schemas.ts";
import { at, named, type World } from "./world.ts";

const THREADS = `query ($owner: String!, $repo: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      reviewThreads(first: 100, after: $after) {
        nodes { id isResolved comments(first: 1) { nodes { databaseId } } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`;

const RESOLVE = `mutation ($id: ID!) {
  resolveReviewThread(input: { threadId: $id }) { thread { isResolved } }
}`;

const EDITOR = `query ($id: ID!) {
  node(id: $id) { ... on IssueComment { body editor { login } } }
}`;

const MOST_PAGES = 10;

interface Thread {
  readonly id: string;
  readonly first: number;
  readonly resolved: boolean;
}

/**
 * Resolves the conversations that begin with these comments; those that are resolved already cost nothing. GitHub
 * wants `contents: write` for it (community discussion 44650), so it is done with a token of its own. A refusal is
 * logged: an open conversation is no reason to fail.
 */
export async function resolveThreads(
  world: World,
  repo: RepoRef,
  wanted: { number: number; threads: readonly number[] },
): Promise<readonly number[]> {
  if (wanted.threads.length === 0) return [];
  const found = (await threadsOf(world, repo, wanted.number)).filter(({ first }) =>
    wanted.threads.includes(first),
  );
  const open = found.filter(({ resolved }) => !resolved);
  const done = found.filter(({ resolved }) => resolved).map(({ first }) => first);
  if (open.length === 0) return done;
  await world.asWriter(repo, async (octokit) => {
    for (const { id, first } of open) {
      try {
        await repeatable(world.clock, async () => await octokit.graphql(RESOLVE, { id }));
        done.push(first);
      } catch (error) {
        if (!isGraphqlRefusal(error)) throw error;
        world.log.warn(
          { err: error, pull: named(repo, wanted.number), comment: first },
          "GitHub refused to resolve a conversation",
        );
      }
    }
  });
  return done;
}

async function threadsOf(world: World, repo: RepoRef, number: number): Promise<Thread[]> {
  const found: Thread[] = [];
  let after: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await repeatable(
      world.clock,
      async () => await world.client(repo).graphql(THREADS, { ...at(repo), number, after }),
    );
    const { nodes, pageInfo } = ThreadsAnswer.parse(answer).repository.pullRequest.reviewThreads;
    for (const { id, isResolved, comments } of nodes) {
      const first = comments.nodes[0]?.databaseId;
      if (typeof first === "number") found.push({ id, first, resolved: isResolved });
    }
    if (!pageInfo.hasNextPage || !pageInfo.endCursor) break;
    after = pageInfo.endCursor;
  }
  return found;
}

/** Who edited a comment last; undefined when nobody did or the account is gone. */
export async function editorOf(
  world: World,
  repo: RepoRef,
  nodeId: string,
): Promise<string | undefined> {
  const answer = await repeatable(
    world.clock,
    async () => await world.client(repo).graphql(EDITOR, { id: nodeId }),
  );
  return CommentNode.parse(answer).node?.editor?.login;
}

function isGraphqlRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === "GraphqlResponseError";
}
