import type { RepoRef } from "../domain/ids.ts";
import type { CommentRef, Reaction } from "../ports/github.ts";
import { RefusedError } from "./errors.ts";
import { once, repeatable } from "./once.ts";
import type { Publishable } from "./publish.ts";
import { Comment } from "./schemas.ts";
import { editorOf } from "./threads.ts";
import { at, effectKey, named, type World } from "./world.ts";

interface Put {
  readonly number: number;
  readonly marker: string;
  readonly body: string;
}

/** Adds a reaction; GitHub keeps one of each kind per user, so repeating changes nothing. */
export async function react(
  world: World,
  repo: RepoRef,
  to: { commentId: number; reaction: Reaction },
): Promise<void> {
  await repeatable(world.clock, async () => {
    await world.client(repo).rest.reactions.createForIssueComment({
      ...at(repo),
      comment_id: to.commentId,
      content: to.reaction,
    });
  });
}

/** Creates or edits the one comment of ours that carries the marker. */
export async function putComment(world: World, repo: RepoRef, put: Put): Promise<CommentRef> {
  const mark = marked(put.marker);
  const where = `comment on ${named(repo, put.number)}`;
  const whole = put.body.includes(mark) ? put.body : `${mark}\n${put.body}`;
  const body = world.publisher.body(whole, where);
  const key = effectKey(repo, `${put.number}/${mark}`);
  return await world.exclusively(key, async () => {
    const last = world.written.get(key);
    if (last?.body === body) return last.ref;
    const ref = await written(world, repo, { number: put.number, mark, body, key, where });
    world.written.set(key, { ref, body });
    return ref;
  });
}

/** A comment as it stands now, and who edited it last. */
export async function comment(
  world: World,
  repo: RepoRef,
  id: number,
): Promise<{ body: string; editor: string | undefined } | undefined> {
  try {
    const { data } = await world
      .client(repo)
      .rest.issues.getComment({ ...at(repo), comment_id: id });
    const { body, node_id: node } = Comment.parse(data);
    const editor = node === undefined ? undefined : await editorOf(world, repo, node);
    return { body: body ?? "", editor };
  } catch (error) {
    if (error instanceof RefusedError && error.status === 404) return undefined;
    throw error;
  }
}

interface Writing {
  readonly number: number;
  readonly mark: string;
  readonly body: Publishable;
  readonly key: string;
  readonly where: string;
}

async function written(world: World, repo: RepoRef, writing: Writing): Promise<CommentRef> {
  const { number, mark, body, key, where } = writing;
  const known = Number(await world.effects.get(key));
  const remembered = known > 0 ? await editKnown(world, repo, { id: known, body }) : undefined;
  if (remembered !== undefined) return remembered;
  const existing = await find(world, repo, { number, mark });
  if (existing !== undefined) {
    await world.effects.put(key, String(existing.id));
    if (existing.body === body) return { id: existing.id, url: existing.html_url };
    return await edit(world, repo, { id: existing.id, body });
  }
  await world.publisher.mayCreate(where);
  const made = await once(world.clock, {
    find: async () => await find(world, repo, { number, mark }),
    create: async () => await create(world, repo, { number, body }),
    known: "nothing",
  });
  await world.effects.put(key, String(made.id));
  return { id: made.id, url: made.html_url };
}

function marked(marker: string): string {
  return marker.startsWith("<!--") ? marker : `<!-- ${marker} -->`;
}

/** Undefined when a person deleted the comment: then it is made anew. */
async function editKnown(
  world: World,
  repo: RepoRef,
  comment: { id: number; body: Publishable },
): Promise<CommentRef | undefined> {
  try {
    return await edit(world, repo, comment);
  } catch (error) {
    if (error instanceof RefusedError && error.status === 404) return undefined;
    throw error;
  }
}

/** Our own comment with the marker. Other people's comments never count, whatever they contain. */
async function find(
  world: World,
  repo: RepoRef,
  wanted: { number: number; mark: string },
): Promise<Comment | undefined> {
  for await (const comments of pages(world, repo, wanted.number)) {
    const own = comments.find(
      ({ body, performed_via_github_app: app }) =>
        app?.id === world.appId && body?.includes(wanted.mark),
    );
    if (own !== undefined) return own;
  }
  return undefined;
}

/** What these apps wrote on an issue, oldest first. */
export async function commentsByApps(
  world: World,
  repo: RepoRef,
  on: { readonly number: number; readonly apps: readonly number[] },
): Promise<{ appId: number; body: string }[]> {
  const found: { appId: number; body: string }[] = [];
  for await (const comments of pages(world, repo, on.number))
    for (const { body, performed_via_github_app: app } of comments)
      if (app && on.apps.includes(app.id)) found.push({ appId: app.id, body: body ?? "" });
  return found;
}

async function* pages(world: World, repo: RepoRef, number: number): AsyncGenerator<Comment[]> {
  const octokit = world.client(repo);
  const listed = octokit.paginate.iterator(octokit.rest.issues.listComments, {
    ...at(repo),
    issue_number: number,
    per_page: 100,
  });
  for await (const { data } of listed) yield data.map((one) => Comment.parse(one));
}

async function create(
  world: World,
  repo: RepoRef,
  comment: { number: number; body: Publishable },
): Promise<Comment> {
  const { data } = await world.client(repo).rest.issues.createComment({
    ...at(repo),
    issue_number: comment.number,
    body: comment.body,
  });
  return Comment.parse(data);
}

async function edit(
  world: World,
  repo: RepoRef,
  comment: { id: number; body: Publishable },
): Promise<CommentRef> {
  const { data } = await repeatable(
    world.clock,
    async () =>
      await world.client(repo).rest.issues.updateComment({
        ...at(repo),
        comment_id: comment.id,
        body: comment.body,
      }),
  );
  const edited = Comment.parse(data);
  return { id: edited.id, url: edited.html_url };
}
