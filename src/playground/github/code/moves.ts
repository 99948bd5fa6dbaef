import { type Act, gitOf, stamp } from "../context.ts";
import { listRefs } from "../git/read.ts";

/** A branch or tag that points elsewhere than it did; null = was not or is no more. */
export interface Move {
  ref: string;
  before: string | null;
  after: string | null;
}

/** Compares the repository's refs (or only those named) with what the hub last knew, and learns. */
export async function learnMoves(act: Act, only?: readonly string[]): Promise<Move[]> {
  const { hub, repo } = act;
  return hub.locks.with(repo.id, async () => {
    const known = hub.refs.get(repo.id) ?? new Map<string, string>();
    hub.refs.set(repo.id, known);
    const now = await listRefs(gitOf(hub, repo));
    const names = only ?? [...new Set([...known.keys(), ...now.keys()])];
    const moves: Move[] = [];
    for (const ref of names) {
      const before = known.get(ref) ?? null;
      const after = now.get(ref) ?? null;
      if (before === after) continue;
      moves.push({ ref, before, after });
      if (after === null) known.delete(ref);
      else known.set(ref, after);
    }
    if (moves.length > 0) repo.pushedAt = stamp(hub);
    return moves;
  });
}

export function branchOf(ref: string): string | null {
  return ref.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : null;
}
