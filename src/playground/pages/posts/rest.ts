import type { ReactionContent } from "../../github/store/issue-records.ts";
import { PageError } from "../request.ts";
import { type RepoVisit, signedIn } from "../visit.ts";
import type { Post } from "./post.ts";

/** Takes back the signed-in person's own reaction, by the API as a script of theirs would. */
export async function takeBackReaction(
  visit: RepoVisit,
  post: Post,
  content: ReactionContent,
): Promise<void> {
  const viewer = signedIn(visit);
  const own = visit.hub.store
    .reactionsTo(post.subject, post.id)
    .find((reaction) => reaction.userId === viewer.id && reaction.content === content);
  if (own === undefined) return;
  const folder = {
    issue: `issues/${post.number}`,
    comment: `issues/comments/${post.id}`,
    reviewComment: `pulls/comments/${post.id}`,
  }[post.subject];
  await asViewer(visit, { method: "DELETE", path: `${folder}/reactions/${own.id}` });
}

/** One REST request below the repository with the signed-in person's own token. */
export async function asViewer(
  visit: RepoVisit,
  { method, path, body }: { method: "DELETE" | "POST" | "PATCH"; path: string; body?: object },
): Promise<void> {
  const token = visit.hub.userToken(signedIn(visit).login);
  const response = await fetch(`${visit.hub.url}/api/v3/repos/${visit.name}/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (response.ok) return;
  const answer: unknown = await response.json().catch(() => null);
  const message =
    typeof answer === "object" && answer !== null && "message" in answer
      ? String(answer.message)
      : response.statusText;
  throw new PageError(response.status, message);
}
