import { WorldError } from "../domain/failure.ts";
import type { RepoRef } from "../domain/ids.ts";
import type { PullRequestRef } from "../ports/github.ts";
import { RefusedError } from "./errors.ts";
import { once, repeatable, whenVisible } from "./once.ts";
import type { Publishable } from "./publish.ts";
import { PullRequest } from "./schemas.ts";
import { at, named, type World } from "./world.ts";

interface Opening {
  readonly head: string;
  readonly base: string;
  readonly title: Publishable;
  readonly body: Publishable;
}

function refOf(pull: PullRequest): PullRequestRef {
  return {
    number: pull.number,
    url: pull.html_url,
    draft: pull.draft,
    state: pull.merged_at ? "merged" : pull.state,
    headSha: pull.head.sha,
    nodeId: pull.node_id,
    ...(typeof pull.mergeable === "boolean" ? { mergeable: pull.mergeable } : {}),
  };
}

/** Opens a draft, or adopts the pull request that is open from this branch. */
export async function openPullRequest(
  world: World,
  repo: RepoRef,
  request: { head: string; base: string; title: string; body: string },
): Promise<PullRequestRef> {
  const where = `pull request from ${request.head}`;
  const opening: Opening = {
    ...request,
    title: world.publisher.title(request.title, where),
    body: world.publisher.body(request.body, where),
  };
  return await world.exclusively(`${repo.id}/pull/${request.head}`, async () => {
    const pull = await once(world.clock, {
      find: async () => await openFrom(world, repo, request.head),
      create: async () => await create(world, repo, { opening, where }),
    });
    return refOf(pull);
  });
}

/** Whether a pull request is open from this branch of the repository, whoever opened it. */
export async function hasOpenPullRequest(
  world: World,
  repo: RepoRef,
  head: string,
): Promise<boolean> {
  return (await openFrom(world, repo, head)) !== undefined;
}

async function openFrom(
  world: World,
  repo: RepoRef,
  head: string,
): Promise<PullRequest | undefined> {
  const { data } = await world.client(repo).rest.pulls.list({
    ...at(repo),
    state: "open",
    head: `${repo.owner}:${head}`,
    per_page: 10,
  });
  return data.map((pull) => PullRequest.parse(pull)).find((pull) => pull.head.ref === head);
}

async function create(
  world: World,
  repo: RepoRef,
  wanted: { opening: Opening; where: string },
): Promise<PullRequest> {
  await world.publisher.mayCreate(wanted.where);
  try {
    return await post(world, repo, { ...wanted.opening, draft: true });
  } catch (error) {
    if (!(error instanceof RefusedError) || error.status !== 422) throw error;
    if (/draft/i.test(error.message))
      return await post(world, repo, { ...wanted.opening, draft: false });
    if (!/already exists/i.test(error.message)) throw error;
    return await adopted(world, repo, { head: wanted.opening.head, error });
  }
}

async function post(
  world: World,
  repo: RepoRef,
  opening: Opening & { draft: boolean },
): Promise<PullRequest> {
  const { head, base, title, body, draft } = opening;
  const made = await world
    .client(repo)
    .rest.pulls.create({ ...at(repo), head, base, title, body, draft });
  return PullRequest.parse(made.data);
}

/** The pull request that GitHub says exists, which a lagging list may not show yet. */
async function adopted(
  world: World,
  repo: RepoRef,
  wanted: { head: string; error: RefusedError },
): Promise<PullRequest> {
  const { head, error } = wanted;
  return await whenVisible(world.clock, async () => {
    const found = await openFrom(world, repo, head);
    if (found !== undefined) return found;
    throw new RefusedError(error.message, { status: 404, body: error.body, stop: false });
  });
}

export async function pullRequest(
  world: World,
  repo: RepoRef,
  number: number,
): Promise<PullRequestRef> {
  return await whenVisible(world.clock, async () => {
    const { data } = await world.client(repo).rest.pulls.get({ ...at(repo), pull_number: number });
    return refOf(PullRequest.parse(data));
  });
}

export async function updatePullRequestBody(
  world: World,
  repo: RepoRef,
  update: { number: number; body: string },
): Promise<void> {
  const body = world.publisher.body(update.body, `description of ${named(repo, update.number)}`);
  await repeatable(world.clock, async () => {
    await world.client(repo).rest.pulls.update({ ...at(repo), pull_number: update.number, body });
  });
}

const MARK_READY = `mutation ($id: ID!) {
  markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } }
}`;

/** Turns our draft into a pull request that is ready for review; there is no REST form of it. */
export async function markReady(
  world: World,
  repo: RepoRef,
  wanted: { number: number; known: PullRequestRef | undefined },
): Promise<void> {
  const { number } = wanted;
  let { known } = wanted;
  await repeatable(world.clock, async () => {
    const pull = known ?? (await pullRequest(world, repo, number));
    known = undefined;
    if (!pull.draft) return;
    try {
      await world.client(repo).graphql(MARK_READY, { id: pull.nodeId });
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "GraphqlResponseError") throw error;
      const text = `GitHub refused to mark ${named(repo, number)} as ready: ${error.message.slice(0, 300)}`;
      throw new WorldError(text, "escalate", error);
    }
  });
}
