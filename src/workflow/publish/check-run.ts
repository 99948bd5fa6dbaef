import type { QueuePlace } from "../../domain/run/queue.ts";
import type { RunView } from "../../domain/run/run.ts";
import type { GitHub } from "../../ports/github.ts";
import { checkRun } from "../../reports/check-run.ts";

/** What is known of a run's check run between two publications. */
export interface ShownCheck {
  at: number;
  content: string;
}

/**
 * Brings the run's check run up to date. An end is shown at once, progress at most once per `everyMs`: each costs a
 * request. Gives the milliseconds after which there is something to show; undefined when all is shown.
 */
export async function publishCheck(
  github: Pick<GitHub, "putCheckRun">,
  { view, queue }: { view: RunView; queue: QueuePlace | undefined },
  shown: ShownCheck & { readonly everyMs: number },
): Promise<{ shown: ShownCheck; dueMs?: number }> {
  const { at, everyMs } = shown;
  const check = checkRun(view, queue);
  const content = JSON.stringify(check);
  if (!check || content === shown.content) return { shown };
  const dueMs = at + everyMs - Date.now();
  if (check.status !== "completed" && dueMs > 0) return { shown, dueMs };
  const now = { at: Date.now(), content };
  await github.putCheckRun(view.repo, check);
  return { shown: now };
}
