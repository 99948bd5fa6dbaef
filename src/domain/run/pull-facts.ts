import { z } from "zod";
import { Sha } from "../ids.ts";

/**
 * What a reviewer's comment is: something to do, something to answer, something that would be wrong to do, or nothing
 * that needs either.
 */
export const CommentClass = z.enum(["actionable", "question", "contested", "remark"]);
export type CommentClass = z.infer<typeof CommentClass>;

/** One comment of a review after it was classed. `thread` is absent for the review's own text. */
export const ClassedComment = z.object({
  id: z.string(),
  class: CommentClass,
  text: z.string(),
  /** The first comment of its conversation on the pull request. */
  thread: z.number().int().optional(),
  path: z.string().optional(),
  line: z.number().int().optional(),
  answer: z.string().optional(),
  task: z.string().optional(),
});
export type ClassedComment = z.infer<typeof ClassedComment>;

/** One required check that is not green. */
export const RedCheck = z.object({ name: z.string(), detail: z.string() });

/** What a round of work after the end is for: a review with so many things to do, or what its author asked otherwise. */
export const RoundOf = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("review"), comments: z.number().int() }),
  z.object({ kind: z.enum(["request", "push", "half", "base"]) }),
]);
export type RoundOf = z.infer<typeof RoundOf>;

/** Facts about a run's pull request that people and CI make. Part of `LedgerFact`. */
export const PULL_FACTS = [
  z.object({
    type: z.literal("review-received"),
    reviewId: z.number().int(),
    by: z.string(),
    state: z.string(),
    comments: z.number().int(),
  }),
  z.object({
    type: z.literal("review-classed"),
    reviewId: z.number().int(),
    by: z.string(),
    comments: z.array(ClassedComment),
  }),
  z.object({
    type: z.literal("review-answered"),
    reviewId: z.number().int(),
    sha: Sha,
    replied: z.array(z.number().int()),
    resolved: z.array(z.number().int()),
  }),
  /** Commits that somebody else put on the run branch were taken over as they are. */
  z.object({ type: z.literal("adopted"), branch: z.string(), sha: Sha, by: z.string() }),
  z.object({
    type: z.literal("checks-read"),
    sha: Sha,
    required: z.array(z.string()),
    state: z.enum(["green", "red", "pending"]),
    red: z.array(RedCheck),
  }),
  /** The base branch's commit `base` was merged into the run branch, which made `sha`. */
  z.object({ type: z.literal("base-merged"), base: Sha, sha: Sha }),
  z.object({
    type: z.literal("pull-request-closed"),
    number: z.number().int(),
    merged: z.boolean(),
    by: z.string(),
  }),
] as const;

export type PullFact = z.infer<(typeof PULL_FACTS)[number]>;
