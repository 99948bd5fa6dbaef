import type { RunId } from "../../domain/ids.ts";
import type { SpentDeliveries } from "../../ports/retention.ts";
import type {
  Deliveries,
  Delivery,
  DeliveryOutcome,
  Effects,
  IssuedTokens,
  RequestCounts,
  RequestKind,
} from "../../ports/stores.ts";
import { type Clock, systemClock } from "../clock.ts";

interface StoredDelivery {
  readonly delivery: Delivery;
  readonly storedAt: number;
  attempts: number;
  handedAt: number | undefined;
  outcome: DeliveryOutcome | undefined;
  finishedAt?: number;
}

/** Twins of the Postgres stores that live as long as the object; one suite holds both kinds to the same promises. */
export class MemoryDeliveries implements Deliveries, SpentDeliveries {
  readonly #stored = new Map<string, StoredDelivery>();
  readonly #clock: Clock;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  store(delivery: Delivery): Promise<"stored" | "duplicate"> {
    if (this.#stored.has(delivery.id)) return Promise.resolve("duplicate");
    const { contentKey } = delivery;
    const same =
      contentKey !== undefined &&
      [...this.#stored.values()].some((known) => known.delivery.contentKey === contentKey);
    this.#stored.set(delivery.id, {
      delivery,
      storedAt: this.#clock.now(),
      attempts: 0,
      handedAt: undefined,
      outcome: same ? { state: "ignored", reason: `the same as ${contentKey}` } : undefined,
    });
    return Promise.resolve(same ? "duplicate" : "stored");
  }

  pending(
    limit: number,
    olderThanMs: number,
  ): Promise<readonly (Delivery & { readonly attempts: number })[]> {
    const before = this.#clock.now() - olderThanMs;
    const due = [...this.#stored.values()].filter(
      (known) =>
        !known.outcome && known.storedAt <= before && (known.handedAt ?? -Infinity) <= before,
    );
    const handed = due.slice(0, limit).map((known) => {
      known.attempts += 1;
      known.handedAt = this.#clock.now();
      return { ...known.delivery, attempts: known.attempts };
    });
    return Promise.resolve(handed);
  }

  finish(id: string, outcome: DeliveryOutcome): Promise<void> {
    const known = this.#stored.get(id);
    if (known && !known.outcome) {
      known.outcome = outcome;
      known.finishedAt = this.#clock.now();
    }
    return Promise.resolve();
  }

  dropPayloads(finishedBefore: number): Promise<number> {
    const spent = [...this.#stored].filter(
      ([, { delivery, outcome, finishedAt, storedAt }]) =>
        outcome && (finishedAt ?? storedAt) < finishedBefore && delivery.payload !== "",
    );
    for (const [id, known] of spent)
      this.#stored.set(id, { ...known, delivery: { ...known.delivery, payload: "" } });
    return Promise.resolve(spent.length);
  }

  /** For a test's assertion. */
  outcomeOf(id: string): DeliveryOutcome | undefined {
    return this.#stored.get(id)?.outcome;
  }
}

export class MemoryEffects implements Effects {
  readonly #values = new Map<string, string>();

  get(key: string): Promise<string | undefined> {
    return Promise.resolve(this.#values.get(key));
  }

  put(key: string, value: string): Promise<void> {
    this.#values.set(key, value);
    return Promise.resolve();
  }
}

export class MemoryRequestCounts implements RequestCounts {
  readonly #counts = new Map<RunId, Record<RequestKind, number>>();

  add(runId: RunId, counts: Readonly<Record<RequestKind, number>>): Promise<void> {
    const { content, edit, other } = this.#of(runId);
    this.#counts.set(runId, {
      content: content + counts.content,
      edit: edit + counts.edit,
      other: other + counts.other,
    });
    return Promise.resolve();
  }

  read(runId: RunId): Promise<Record<RequestKind, number>> {
    return Promise.resolve({ ...this.#of(runId) });
  }

  #of(runId: RunId): Record<RequestKind, number> {
    return this.#counts.get(runId) ?? { content: 0, edit: 0, other: 0 };
  }
}

type Outstanding = Awaited<ReturnType<IssuedTokens["outstanding"]>>[number];

export class MemoryIssuedTokens implements IssuedTokens {
  readonly #tokens = new Map<string, Outstanding>();

  intend(token: { id: string; repository: string; at: string }): Promise<void> {
    if (!this.#tokens.has(token.id)) this.#tokens.set(token.id, { id: token.id, at: token.at });
    return Promise.resolve();
  }

  issued(id: string, token: { sealed: string; expiresAt: string }): Promise<void> {
    const known = this.#tokens.get(id);
    if (known) this.#tokens.set(id, { ...known, ...token });
    return Promise.resolve();
  }

  revoked(id: string): Promise<void> {
    this.#tokens.delete(id);
    return Promise.resolve();
  }

  outstanding(): ReturnType<IssuedTokens["outstanding"]> {
    return Promise.resolve([...this.#tokens.values()]);
  }
}
