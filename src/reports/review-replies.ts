/** What the bot says to a person's review, in its conversations. Texts of models come in as prose without effects. */

import type { ClassedComment } from "../domain/run/pull-facts.ts";
import { placeOf } from "../domain/specialist/feedback.ts";
import { clip, code, fit, inert } from "./markdown.ts";

const TEXT_SHOWN = 4_000;

function said(text: string): string {
  return clip(inert(text), TEXT_SHOWN);
}

function what(task: string | undefined): string {
  return task === undefined ? "" : `: ${said(task).replace(/[.\s]+$/, "")}`;
}

/** The change that was asked for is in this commit, which was verified. GitHub links the commit by itself. */
export function addressedReply(sha: string, task: string | undefined): string {
  return `Addressed in ${sha}${what(task)}. Build and tests of this repository passed on that commit.`;
}

/** The verified commit was made for this comment but leaves its file as it was; the conversation stays open. */
export function elsewhereReply(sha: string, task: string | undefined): string {
  return `Worked on in ${sha}${what(task)}. That commit does not change this file, so this conversation is left open for you to judge.`;
}

/** The answer to a reviewer's question. */
export function answerReply(answer: string): string {
  return `${said(answer)}\n\nNothing was changed for this; reply here if something should be.`;
}

/** Why something was not done, and how to have it done all the same. */
export function contestedReply(answer: string): string {
  return `This was not changed: ${said(answer)}\n\nIt is your decision: reply here if it should be done all the same.`;
}

/** Answers that have no conversation of their own, in one comment. */
export function reviewAnswer(
  replies: readonly { readonly comment: ClassedComment; readonly body: string }[],
): string {
  return fit(
    replies.map(({ comment, body }, index) => ({
      text: `> ${clip(inert(comment.text), 300)}${placed(comment)}\n\n${body}`,
      importance: index === 0 ? 0 : index,
    })),
  );
}

function placed(comment: ClassedComment): string {
  const place = placeOf(comment);
  return place === "" ? "" : ` (${code(place)})`;
}
