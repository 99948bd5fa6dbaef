import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SpentDeliveries } from "../../../src/ports/retention.ts";
import type { Deliveries, Delivery } from "../../../src/ports/stores.ts";

export interface DeliveriesWorld {
  readonly deliveries: Deliveries & SpentDeliveries;
  /** Lets at least `ms` pass. */
  readonly elapse: (ms: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

function delivery(id: string, contentKey?: string): Delivery {
  return {
    id,
    event: "issue_comment",
    action: "created",
    payload: '{"comment":{"body":"/orchestrate \\u0000 now"}}',
    receivedAt: "2026-01-01T00:00:00.000Z",
    ...(contentKey === undefined ? {} : { contentKey }),
  };
}

/** What every store of deliveries promises. */
export function deliveriesSuite(name: string, open: () => Promise<DeliveriesWorld>): void {
  describe(name, () => {
    let world: DeliveriesWorld;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(async () => {
      await world.close();
    });

    test("F01: stores a delivery once, however often and at once it comes", async () => {
      const { deliveries } = world;
      const stored = await Promise.all(
        Array.from({ length: 25 }, () => deliveries.store(delivery("guid-1"))),
      );
      expect(stored.filter((result) => result === "stored")).toHaveLength(1);
      expect(await deliveries.pending(10, 0)).toEqual([{ ...delivery("guid-1"), attempts: 1 }]);
    });

    test("F02: a redelivery after the end is recognised", async () => {
      const { deliveries } = world;
      await deliveries.store(delivery("guid-1", "comment:7:1:t"));
      await deliveries.finish("guid-1", { state: "done", reason: "run started" });
      expect(await deliveries.store(delivery("guid-1", "comment:7:1:t"))).toBe("duplicate");
      expect(await deliveries.pending(10, 0)).toEqual([]);
    });

    test("K7, A2: payloads of finished deliveries are dropped by age; their redelivery is still recognised", async () => {
      const { deliveries } = world;
      for (const id of ["guid-1", "guid-2"]) await deliveries.store(delivery(id, `comment:${id}`));
      await deliveries.finish("guid-1", { state: "done", reason: "run started" });
      expect(await deliveries.dropPayloads(0)).toBe(0);
      const later = Date.now() + 3_600_000;
      expect(await deliveries.dropPayloads(later)).toBe(1);
      expect(await deliveries.dropPayloads(later)).toBe(0);
      expect(await deliveries.store(delivery("guid-1", "comment:guid-1"))).toBe("duplicate");
      expect(await deliveries.store(delivery("guid-3", "comment:guid-1"))).toBe("duplicate");
      const [left, ...more] = await deliveries.pending(10, 0);
      expect([left?.id, left?.payload, more]).toEqual(["guid-2", delivery("").payload, []]);
    });

    test("the same comment through another hook is stored as ignored, also at once", async () => {
      const { deliveries } = world;
      const ids = ["guid-1", "guid-2", "guid-3"];
      const stored = await Promise.all(
        ids.map((id) => deliveries.store(delivery(id, "comment:7:1:t"))),
      );
      expect(stored.toSorted()).toEqual(["duplicate", "duplicate", "stored"]);
      expect(await deliveries.pending(10, 0)).toHaveLength(1);
      expect(await deliveries.store(delivery("guid-2", "comment:7:1:t"))).toBe("duplicate");
      expect(await deliveries.store(delivery("guid-4", "comment:7:1:later"))).toBe("stored");
    });

    test("hands out what has no outcome, oldest first, and counts how often", async () => {
      const { deliveries } = world;
      for (const id of ["guid-1", "guid-2", "guid-3"]) {
        await deliveries.store(delivery(id));
        await world.elapse(2);
      }
      const first = await deliveries.pending(2, 0);
      expect(first.map(({ id, attempts }) => [id, attempts])).toEqual([
        ["guid-1", 1],
        ["guid-2", 1],
      ]);
      await deliveries.finish("guid-1", { state: "done", reason: "" });
      const second = await deliveries.pending(10, 0);
      expect(second.map(({ id, attempts }) => [id, attempts])).toEqual([
        ["guid-2", 2],
        ["guid-3", 1],
      ]);
    });

    test("does not hand out what is younger, or was handed out, less than the given time ago", async () => {
      const { deliveries } = world;
      await deliveries.store(delivery("guid-1"));
      expect(await deliveries.pending(10, 100)).toEqual([]);
      await world.elapse(120);
      expect(await deliveries.pending(10, 100)).toHaveLength(1);
      expect(await deliveries.pending(10, 100)).toEqual([]);
      await world.elapse(120);
      expect(await deliveries.pending(10, 100)).toMatchObject([{ attempts: 2 }]);
    });

    test("F45: two readers are not handed the same delivery at once", async () => {
      const { deliveries } = world;
      for (let n = 0; n < 30; n += 1) await deliveries.store(delivery(`guid-${n}`));
      await world.elapse(2_100);
      const handed = await Promise.all([1, 2, 3, 4].map(() => deliveries.pending(10, 2_000)));
      const ids = handed.flat().map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBeGreaterThanOrEqual(10);
    });

    test("keeps the first outcome", async () => {
      const { deliveries } = world;
      await deliveries.store(delivery("guid-1"));
      await deliveries.finish("guid-1", { state: "dead", reason: "it crashed us" });
      await deliveries.finish("guid-1", { state: "done", reason: "" });
      expect(await deliveries.pending(10, 0)).toEqual([]);
    });
  });
}
