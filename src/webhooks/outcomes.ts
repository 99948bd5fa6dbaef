import type { DeliveryOutcome } from "../ports/stores.ts";

/** Where handlers say what became of a delivery: Probot passes nothing back. */
export class Outcomes {
  readonly #said = new Map<string, DeliveryOutcome>();

  say(deliveryId: string, outcome: DeliveryOutcome): void {
    this.#said.set(deliveryId, outcome);
  }

  /** What was said; a delivery that no handler took is ignored. */
  take(deliveryId: string, event: string): DeliveryOutcome {
    const said = this.#said.get(deliveryId);
    this.#said.delete(deliveryId);
    return said ?? { state: "ignored", reason: `nothing listens to ${event}` };
  }
}
