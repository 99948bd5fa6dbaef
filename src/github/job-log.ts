import type { RepoRef } from "../domain/ids.ts";
import { seenOnly } from "./sanitize.ts";
import { at, type World } from "./world.ts";

/** Characters of a log that are told. */
const TAIL = 3_000;
/** As much of a log's end is kept while it is read; its last error is looked for there. */
const KEPT_BYTES = 256 * 1024;
/** A log longer than this is not read to its end. */
const MOST_BYTES = 64 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

/** GitHub's own app, whose check runs are jobs of workflows. */
export const ACTIONS_SLUG = "github-actions";

/**
 * The end of what a job of GitHub Actions printed, up to its last error. A job has the number of its check run. What
 * cannot be read is said in words: a missing log must not hide that the job is red.
 */
export async function jobLog(world: World, repo: RepoRef, jobId: number): Promise<string> {
  try {
    return logTail(await download(world, await addressOf(world, repo, jobId)));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    world.log.warn({ jobId, reason }, "The log of a job could not be read");
    return "(Its log could not be read.)";
  }
}

/** GitHub answers with an address elsewhere, good for a minute. The token must not go there. */
async function addressOf(world: World, repo: RepoRef, jobId: number): Promise<string> {
  const { headers } = await world.client(repo).rest.actions.downloadJobLogsForWorkflowRun({
    ...at(repo),
    job_id: jobId,
    request: { redirect: "manual" },
  });
  if (headers.location === undefined) throw new Error("GitHub named no address for the log.");
  return headers.location;
}

async function download(world: World, address: string): Promise<string> {
  const response = await world.fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok || response.body === null)
    throw new Error(`The log's address answered ${response.status}.`);
  let kept = Buffer.alloc(0);
  let read = 0;
  for await (const part of response.body) {
    read += part.length;
    kept = Buffer.concat([kept, part]).subarray(-KEPT_BYTES);
    if (read > MOST_BYTES) break;
  }
  return kept.toString("utf8");
}

const TIME = /^\uFEFF?\d{4}-\d\d-\d\dT[\d:.]+Z /;
const COLOUR = new RegExp(String.raw`\u001B\[[0-9;]*[A-Za-z]`, "g");

/** Without times, colours and what a reader would not see; nothing after the last error but its own lines. */
export function logTail(log: string): string {
  const lines = log.split(/\r?\n/).map((line) => line.replace(TIME, ""));
  const last = lines.findLastIndex((line) => line.startsWith("##[error]"));
  const told = (last < 0 ? lines : lines.slice(0, last + 1)).join("\n").replace(COLOUR, "");
  return Array.from(seenOnly(told)).slice(-TAIL).join("").trim();
}
