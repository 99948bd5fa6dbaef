import type { Actor, BoxPlace, ReactionTarget, RepoName } from "./actor.ts";
import { codeActs } from "./actor-code.ts";
import { pullActs } from "./actor-pulls.ts";
import { addAssignees } from "./acts/assignees.ts";
import { commentOf, createComment, deleteComment, updateComment } from "./acts/comments.ts";
import {
  closeIssue,
  createIssue,
  deleteIssue,
  reopenIssue,
  setLock,
  updateIssue,
} from "./acts/issues.ts";
import { addLabels, removeLabel } from "./acts/labels.ts";
import type { Reacted } from "./acts/reactions.ts";
import { react } from "./acts/reactions.ts";
import { issueOf } from "./acts/subject.ts";
import { effectiveRole } from "./auth/roles.ts";
import { pressAction, rerequestRun, runOf } from "./checks/runs.ts";
import type { Act, Hub } from "./context.ts";
import { notFound, unprocessable } from "./errors.ts";
import { reviewCommentOf } from "./pulls/review-comments.ts";

/** The act of a person in a repository; 404 when it does not exist for them. */
function actIn(hub: Hub, login: string, repoName: RepoName): Act {
  const account = hub.store.account(login);
  if (account === undefined) throw new Error(`Act as ${login}: create that user first.`);
  const repo = hub.store.repository(repoName);
  if (repo === undefined || effectiveRole(hub, repo, account.id) === null) throw notFound();
  return { hub, repo, by: { kind: "user", account } };
}

export type ActIn = (repo: RepoName) => Act;

/** Everything that a person can do, bound to that person. */
export function actorOf(hub: Hub, login: string): Actor {
  function at(repo: RepoName): Act {
    return actIn(hub, login, repo);
  }
  return {
    login,
    ...issueActs(at),
    ...commentActs(at),
    ...pullActs(at),
    ...codeActs(at),
    ...checkActs(at),
  };
}

type IssueActs = Pick<
  Actor,
  | "openIssue"
  | "editIssue"
  | "close"
  | "reopen"
  | "deleteIssue"
  | "lock"
  | "unlock"
  | "label"
  | "unlabel"
  | "assign"
>;

function issueActs(at: ActIn): IssueActs {
  return {
    openIssue: async (repo, input) => createIssue(at(repo), input),
    editIssue: async (repo, number, input) =>
      updateIssue(at(repo), issueOf(at(repo), number), input),
    close: async (repo, number, reason = "completed") => {
      const issue = issueOf(at(repo), number);
      await closeIssue(at(repo), issue, { reason });
      return issue;
    },
    reopen: async (repo, number) => {
      const issue = issueOf(at(repo), number);
      await reopenIssue(at(repo), issue);
      return issue;
    },
    deleteIssue: async (repo, number) => deleteIssue(at(repo), issueOf(at(repo), number)),
    lock: async (repo, number) => setLock(at(repo), issueOf(at(repo), number), { locked: true }),
    unlock: async (repo, number) => setLock(at(repo), issueOf(at(repo), number), { locked: false }),
    label: async (repo, number, names) => addLabels(at(repo), issueOf(at(repo), number), names),
    unlabel: async (repo, number, name) => removeLabel(at(repo), issueOf(at(repo), number), name),
    assign: async (repo, number, logins) =>
      addAssignees(at(repo), issueOf(at(repo), number), logins),
  };
}

type CommentActs = Pick<
  Actor,
  "comment" | "editComment" | "deleteComment" | "tickCheckbox" | "react"
>;

function commentActs(at: ActIn): CommentActs {
  return {
    comment: async (repo, number, body) => createComment(at(repo), issueOf(at(repo), number), body),
    editComment: async (repo, id, body) => updateComment(at(repo), commentOf(at(repo), id), body),
    deleteComment: async (repo, id) => deleteComment(at(repo), commentOf(at(repo), id)),
    tickCheckbox: async (repo, where, checked = true) => tick(at(repo), where, checked),
    react: async (repo, to, content) => react(at(repo), reacted(at(repo), to), content).reaction,
  };
}

function reacted(act: Act, to: ReactionTarget): Reacted {
  if ("number" in to) return { subject: "issue", subjectId: issueOf(act, to.number).id };
  if ("commentId" in to) return { subject: "comment", subjectId: commentOf(act, to.commentId).id };
  const { id } = reviewCommentOf(act, to.reviewCommentId);
  return { subject: "reviewComment", subjectId: id };
}

async function tick(act: Act, where: BoxPlace, checked: boolean): Promise<void> {
  if ("commentId" in where) {
    const comment = commentOf(act, where.commentId);
    updateComment(act, comment, withBox(comment.body, where.index, checked));
    return;
  }
  const issue = issueOf(act, where.number);
  await updateIssue(act, issue, { body: withBox(issue.body ?? "", where.index, checked) });
}

/** Sets the index-th task-list box of a text; lines inside fenced code are no boxes. */
function withBox(text: string, index: number, checked: boolean): string {
  let seen = -1;
  let fence = "";
  const lines = text.split("\n").map((line) => {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1] ?? "";
    if (mark !== "" && fence === "") fence = mark;
    else if (fence !== "" && mark.startsWith(fence)) fence = "";
    const box = /^(\s*(?:>\s*)*(?:[-*+]|\d+[.)])\s+\[)[ xX](\]\s)/;
    if (fence !== "" || mark !== "" || !box.test(line)) return line;
    seen += 1;
    return seen === index ? line.replace(box, `$1${checked ? "x" : " "}$2`) : line;
  });
  if (seen < index) throw unprocessable(`The text has no checkbox number ${index}.`);
  return lines.join("\n");
}

function checkActs(at: ActIn): Pick<Actor, "pressCheckButton" | "rerunCheck"> {
  return {
    pressCheckButton: async (repo, runId, identifier) =>
      pressAction(at(repo), runOf(at(repo), runId), identifier),
    rerunCheck: async (repo, runId) => {
      const run = runOf(at(repo), runId);
      rerequestRun(at(repo), run);
      return run;
    },
  };
}
