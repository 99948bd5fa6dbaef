import type { DeliveryOutcome } from "../ports/stores.ts";

/** Nothing was done about a delivery, and why. */
export function ignored(reason: string): DeliveryOutcome {
  return { state: "ignored", reason };
}

/** What became of a delivery, in words for its record. */
export function done(reason: string): DeliveryOutcome {
  return { state: "done", reason };
}

/** What a run says became of a happening; one that concerns no run is ignored. */
export function told(words: string | undefined): DeliveryOutcome {
  return words === undefined ? ignored("it concerns no run") : done(words);
}
