import type { RunView } from "../../domain/run/run.ts";
import { handOffMarker, handOffReplyMarker } from "../../domain/triage/hand-off.ts";
import type { GitHub } from "../../ports/github.ts";
import { handOffComment, ownHalf, replyComment, replyOf } from "../../reports/hand-off.ts";

/**
 * Keeps what this run says to other orchestrators equal to its ledger: the records that it handed out, and its reply to
 * the one it was started with. `shown` remembers what stands there, so that only a change is written.
 */
export async function publishHandOffs(
  github: Pick<GitHub, "putComment">,
  view: RunView,
  shown: Map<string, string>,
): Promise<void> {
  for (const { marker, body } of commentsOf(view)) {
    if (shown.get(marker) === body) continue;
    await github.putComment(view.repo, { number: view.started.issue, marker, body });
    shown.set(marker, body);
  }
}

function commentsOf(view: RunView): { marker: string; body: string }[] {
  const ours = ownHalf(view);
  const records = view.handOffs.map(({ record, state }) => ({
    marker: handOffMarker(record.run, record.to),
    body: handOffComment(record, { theirs: state, ours }),
  }));
  const reply = replyOf(view);
  if (!reply) return records;
  const marker = handOffReplyMarker(reply.run, reply.from);
  return [...records, { marker, body: replyComment(reply) }];
}
