import { z } from "zod";

/** A full, lower-case git object id. */
export const Sha = z
  .string()
  .regex(/^[0-9a-f]{40}$/, "expected 40 hexadecimal digits")
  .brand("Sha");
export type Sha = z.infer<typeof Sha>;

/** `<repository id>-<issue>-r<n>`: stable under renames, readable in logs, usable as a file name. */
export const RunId = z
  .string()
  .regex(/^\d+-\d+-r\d+$/, "expected <repository id>-<issue>-r<n>")
  .brand("RunId");
export type RunId = z.infer<typeof RunId>;

/** A task's id within its run, chosen by the plan: lower-case words joined by hyphens, at most 40 characters. */
export const TaskId = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "expected lower-case words joined by hyphens")
  .max(40)
  .brand("TaskId");
export type TaskId = z.infer<typeof TaskId>;

/** `<run>.<task>.<attempt>`: one attempt at a task; attempts count from 1. */
export const DispatchId = z
  .string()
  .regex(/^\d+-\d+-r\d+\.[a-z0-9-]+\.\d+$/)
  .brand("DispatchId");
export type DispatchId = z.infer<typeof DispatchId>;

/** A repository as GitHub knows it; `id` is the identity, the names may change. */
export const RepoRef = z.object({
  id: z.number().int().positive(),
  owner: z.string().min(1),
  name: z.string().min(1),
  installationId: z.number().int().positive(),
});
export type RepoRef = z.infer<typeof RepoRef>;

/** Identifies run number `n` (from 1) on one issue. */
export function runId(run: { repositoryId: number; issue: number; n: number }): RunId {
  return RunId.parse(`${run.repositoryId}-${run.issue}-r${run.n}`);
}

/** The issue that a run is about. */
export function issueOf(run: RunId): number {
  return Number(run.split("-")[1]);
}

/** Identifies attempt number `attempt` (from 1) at a task. */
export function dispatchId(run: RunId, task: string, attempt: number): DispatchId {
  return DispatchId.parse(`${run}.${task}.${attempt}`);
}

/** `owner/name`, as people write it. */
export function fullName(repo: Pick<RepoRef, "owner" | "name">): string {
  return `${repo.owner}/${repo.name}`;
}
