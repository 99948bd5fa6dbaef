import type { LocalGitHub } from "../../github/hub.ts";
import type { Comment, Issue, ReactionSubject } from "../../github/store/issue-records.ts";
import type { ReviewComment } from "../../github/store/pull-records.ts";

/** Something a person wrote that can be edited, reacted to and ticked: a description or a comment. */
export interface Post {
  subject: ReactionSubject;
  id: number;
  /** Number of the issue or pull request it belongs to. */
  number: number;
  authorId: number;
  body: string;
  createdAt: string;
  isEdited: boolean;
  /** Its place on the page. */
  anchor: string;
}

export function issuePost(issue: Issue): Post {
  return {
    subject: "issue",
    id: issue.id,
    number: issue.number,
    authorId: issue.authorId,
    body: issue.body ?? "",
    createdAt: issue.createdAt,
    isEdited: false,
    anchor: `issue-${issue.number}`,
  };
}

export function commentPost(issue: Issue, comment: Comment): Post {
  return {
    subject: "comment",
    id: comment.id,
    number: issue.number,
    authorId: comment.authorId,
    body: comment.body,
    createdAt: comment.createdAt,
    isEdited: comment.editorId !== null || comment.updatedAt !== comment.createdAt,
    anchor: `issuecomment-${comment.id}`,
  };
}

export function reviewCommentPost(issue: Issue, comment: ReviewComment): Post {
  return {
    subject: "reviewComment",
    id: comment.id,
    number: issue.number,
    authorId: comment.authorId,
    body: comment.body,
    createdAt: comment.createdAt,
    isEdited: comment.updatedAt !== comment.createdAt,
    anchor: `discussion_r${comment.id}`,
  };
}

/** The post that a form's address names; undefined when it is not in this repository. */
export function findPost(
  hub: LocalGitHub,
  repoId: number,
  { subject, id }: { subject: string; id: number },
): Post | undefined {
  const { store } = hub;
  if (subject === "issue") {
    const issue = store.issues.get(id);
    return issue?.repoId === repoId ? issuePost(issue) : undefined;
  }
  const record = subject === "comment" ? store.comments.get(id) : store.reviewComments.get(id);
  if (record?.repoId !== repoId) return undefined;
  const issue = store.issues.must(record.issueId);
  return "diffHunk" in record ? reviewCommentPost(issue, record) : commentPost(issue, record);
}
