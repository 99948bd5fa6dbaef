import type { Clock } from "./clock.ts";
import { RefusedError, UncertainError } from "./errors.ts";

/** Milliseconds between reads when what was just written may not be visible yet. */
const PATIENCE: readonly number[] = [1_000, 3_000, 10_000];

/**
 * Makes something once: what exists is adopted; after a write of unknown outcome it is looked for with patience
 * before the write is repeated, at most twice. With `known: "nothing"` the caller has just looked.
 */
export async function once<T>(
  clock: Clock,
  effect: { find(): Promise<T | undefined>; create(): Promise<T>; known?: "nothing" },
): Promise<T> {
  const existing = effect.known === undefined ? await effect.find() : undefined;
  if (existing !== undefined) return existing;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await effect.create();
    } catch (error) {
      if (!(error instanceof UncertainError)) throw error;
      const found = await lookAgain(clock, async () => await effect.find());
      if (found !== undefined) return found;
      if (attempt >= 3) throw error;
    }
  }
}

async function lookAgain<T>(
  clock: Clock,
  find: () => Promise<T | undefined>,
): Promise<T | undefined> {
  for (const pause of PATIENCE) {
    await clock.sleep(pause);
    const found = await find();
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Repeats a write whose repetition changes nothing. */
export async function repeatable<T>(clock: Clock, write: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      const pause = PATIENCE[attempt];
      if (!(error instanceof UncertainError) || pause === undefined) throw error;
      await clock.sleep(pause);
    }
  }
}

/** Repeats work on something just made while GitHub does not know it yet (404). */
export async function whenVisible<T>(clock: Clock, work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const pause = PATIENCE[attempt];
      const unknown = error instanceof RefusedError && error.status === 404;
      if (!unknown || pause === undefined) throw error;
      await clock.sleep(pause);
    }
  }
}
