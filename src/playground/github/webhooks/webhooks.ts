import type { Delivery } from "../store/records.ts";

/** Events on their way to the apps' and repositories' webhooks. */
export interface Webhooks {
  /** Every attempt, oldest first. */
  log(): readonly Delivery[];
  /** Keeps back deliveries that match (default all) until released. */
  hold(matches?: (delivery: Delivery) => boolean): Gate;
  /** Sends a delivery again under the same GUID; resolves when it was answered. */
  redeliver(deliveryId: number): Promise<Delivery>;
  /** Resolves when nothing is on its way (held deliveries do not count). */
  idle(): Promise<void>;
}

export interface Gate {
  readonly held: readonly Delivery[];
  /** Lets the held ones go, in the order that `arrange` returns (left out = lost), and ends the hold. */
  release(arrange?: (held: readonly Delivery[]) => readonly Delivery[]): Promise<void>;
}
