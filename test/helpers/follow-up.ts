import { Sha } from "../../src/domain/ids.ts";
import type { MemoryEngine } from "../../src/engine/memory/engine.ts";
import { ORDERS, type Order } from "../../src/workflow/people/orders.ts";
import { RUN_BRANCH, RUN_KEY } from "./play-run.ts";
import type { SmallWorld } from "./small-world.ts";

/** Limits of a run that stays reachable after its end. */
export const STAY = { standbyDays: 30 };

let orders = 0;

/** Sends orders in this order; they are buffered until the run looks. */
export async function send(engine: MemoryEngine, ...bodies: Order[]): Promise<void> {
  for (const body of bodies) {
    orders += 1;
    await engine.send({ key: RUN_KEY, topic: ORDERS, body, idempotencyKey: `o${orders}` });
  }
}

/** The pull request is merged, which ends the run. */
export function merged(engine: MemoryEngine): Promise<void> {
  return send(engine, { kind: "closed", by: "alice", merged: true });
}

/** The files at the tip of the run branch. */
export function filesOf(world: SmallWorld): Readonly<Record<string, string>> {
  return world.git.files(Sha.parse(world.git.branches.get(RUN_BRANCH)));
}

/** A person commits on top of the run branch. */
export function humanPush(world: SmallWorld, path: string, text: string): Sha {
  const tip = Sha.parse(world.git.branches.get(RUN_BRANCH));
  const made = world.git.commit([tip], { ...world.git.files(tip), [path]: text });
  world.git.branches.set(RUN_BRANCH, made);
  return made;
}
