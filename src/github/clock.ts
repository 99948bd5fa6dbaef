import { setTimeout as wait } from "node:timers/promises";

/** Time as the client sees it; tests give their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms) => {
    await wait(Math.max(0, ms));
  },
};
