import { expect, test, vi } from "vitest";
import { LaterError, WorldError } from "../../../src/domain/failure.ts";
import { MemoryDeliveries } from "../../../src/engine/memory/records.ts";
import type { Delivery, DeliveryOutcome } from "../../../src/ports/stores.ts";
import { DeliveryProcessor, type ProcessorSettings } from "../../../src/webhooks/processor.ts";

const done: DeliveryOutcome = { state: "done", reason: "ok" };
/** For a loaded machine; nothing here takes long. */
const WAIT = { timeout: 30_000, interval: 2 };
const log = { info: nothing, warn: nothing, error: nothing };

function nothing(): void {}

function delivery(id: string, payload: object = {}): Delivery {
  const receivedAt = "2026-11-23T10:00:00Z";
  return {
    id,
    event: "issue_comment",
    action: "created",
    payload: JSON.stringify(payload),
    receivedAt,
  };
}

function onIssue(id: string, number: number): Delivery {
  return delivery(id, { repository: { id: 1 }, issue: { number } });
}

function open(receive: ProcessorSettings["receive"], more: Partial<ProcessorSettings> = {}) {
  const deliveries = new MemoryDeliveries();
  const processor = new DeliveryProcessor({ deliveries, receive, log, retryMs: [5, 5], ...more });
  return { deliveries, processor };
}

test("RI1: a delivery is worked on once and its outcome recorded", async () => {
  const seen: unknown[] = [];
  const { deliveries, processor } = open(async (_delivery, payload) => {
    seen.push(payload);
    return done;
  });
  const one = delivery("a", { x: 1 });
  await deliveries.store(one);
  processor.accept(one);
  processor.accept(one);
  await processor.idle();
  expect([seen, deliveries.outcomeOf("a")]).toEqual([[{ x: 1 }], done]);
});

test("F07: what a crashed process stored but did not do is found at start", async () => {
  const seen: string[] = [];
  const { deliveries, processor } = open(async ({ id }) => {
    seen.push(id);
    return done;
  });
  for (const id of ["a", "b"]) await deliveries.store(delivery(id));
  await deliveries.finish("a", done);
  await processor.start();
  await processor.close();
  expect(seen).toEqual(["b"]);
});

test("Deliveries of one issue take turns in order; other issues do not wait", async () => {
  const gate = Promise.withResolvers<void>();
  const events: string[] = [];
  const { processor } = open(async ({ id }) => {
    if (id === "1a") await gate.promise;
    events.push(id);
    return done;
  });
  for (const one of [onIssue("1a", 1), onIssue("1b", 1), onIssue("2a", 2)]) processor.accept(one);
  await vi.waitUntil(() => events.length > 0, WAIT);
  expect(events).toEqual(["2a"]);
  gate.resolve();
  await processor.idle();
  expect(events).toEqual(["2a", "1a", "1b"]);
});

test("No more than the limit are worked on at once", async () => {
  let running = 0;
  let most = 0;
  const { processor } = open(
    async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return done;
    },
    { concurrency: 3 },
  );
  for (let i = 0; i < 50; i += 1) processor.accept(delivery(`d${i}`));
  await processor.idle();
  expect(most).toBe(3);
});

test("RI1: what fails is tried again and then recorded as dead", async () => {
  let tries = 0;
  const { deliveries, processor } = open(async () => {
    tries += 1;
    throw new WorldError("no network", "retry");
  });
  await deliveries.store(delivery("a"));
  await processor.start();
  await vi.waitUntil(() => deliveries.outcomeOf("a"), WAIT);
  expect(deliveries.outcomeOf("a")).toEqual({ state: "dead", reason: "no network" });
  expect(tries).toBe(3);
  await processor.close();
});

test("F08: a delivery that GitHub's limit delays waits for its time and is not given up", async () => {
  let tries = 0;
  const { deliveries, processor } = open(
    async () => {
      tries += 1;
      if (tries < 3) throw new LaterError("limited", new Date(Date.now() - 1).toISOString());
      return done;
    },
    { retryMs: [] },
  );
  await deliveries.store(delivery("a"));
  processor.accept(delivery("a"));
  await vi.waitUntil(() => deliveries.outcomeOf("a"), WAIT);
  expect([tries, deliveries.outcomeOf("a")]).toEqual([3, done]);
});

test("F30: a delivery that was handed out ten times without an outcome is dead", async () => {
  const { deliveries, processor } = open(async () => done);
  await deliveries.store(delivery("a"));
  for (let i = 0; i < 10; i += 1) await deliveries.pending(9, 0);
  await processor.sweep(0);
  expect(deliveries.outcomeOf("a")).toEqual({ state: "dead", reason: "handed out 11 times" });
});

test("F29: closing waits for what is under way and takes nothing new", async () => {
  const gate = Promise.withResolvers<void>();
  const seen: string[] = [];
  const { processor } = open(async ({ id }) => {
    seen.push(id);
    await gate.promise;
    return done;
  });
  processor.accept(delivery("a"));
  await vi.waitUntil(() => seen.length > 0, WAIT);
  let closed = false;
  const closing = processor.close().then(() => (closed = true));
  processor.accept(delivery("b"));
  await new Promise((resolve) => setImmediate(resolve));
  expect(closed).toBe(false);
  gate.resolve();
  await closing;
  expect(seen).toEqual(["a"]);
});
