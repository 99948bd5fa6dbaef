import { randomUUID } from "node:crypto";
import type { Hub } from "../context.ts";
import type { Delivery } from "../store/records.ts";
import type { Emission } from "./emission.ts";
import { payloadOf, type Target, targetsOf } from "./payload.ts";
import { send } from "./send.ts";
import type { Gate, Webhooks } from "./webhooks.ts";

/** docs.github.com, "Webhook events and payloads": larger ones are not delivered. */
const MAX_PAYLOAD = 25 * 1024 * 1024;
/** Deliveries to one address that are on their way at the same time. */
const AT_ONCE = 16;

interface Held {
  matches: (delivery: Delivery) => boolean;
  list: Delivery[];
}

interface Lane {
  waiting: Delivery[];
  active: number;
}

/** Sends what happened to everyone who listens, in order of happening but without waiting for answers. */
export class WebhookEngine implements Webhooks {
  readonly #hub: Hub;
  readonly #lanes = new Map<string, Lane>();
  readonly #waiters: (() => void)[] = [];
  readonly #stop = new AbortController();
  #gates: Held[] = [];
  #active = 0;

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  emit(emission: Emission): void {
    for (const target of targetsOf(this.#hub, emission)) {
      const body = payloadOf(this.#hub, emission, target);
      if (Buffer.byteLength(body) <= MAX_PAYLOAD) this.#route(this.#record(emission, target, body));
    }
  }

  log(): readonly Delivery[] {
    return this.#hub.store.deliveries.all();
  }

  hold(matches: (delivery: Delivery) => boolean = () => true): Gate {
    const gate: Held = { matches, list: [] };
    this.#gates.push(gate);
    return {
      get held() {
        return gate.list;
      },
      release: async (arrange = (held) => held) => {
        this.#gates = this.#gates.filter((g) => g !== gate);
        for (const delivery of arrange(gate.list)) this.#enqueue(delivery);
        await this.idle();
      },
    };
  }

  async redeliver(deliveryId: number): Promise<Delivery> {
    const { id: _, ...first } = this.#hub.store.deliveries.must(deliveryId);
    const again = this.#hub.store.deliveries.insert({
      ...first,
      redelivery: true,
      createdAt: new Date(this.#hub.now()).toISOString(),
      statusCode: null,
      status: "pending",
    });
    await this.#transmit(again);
    return again;
  }

  async idle(): Promise<void> {
    while (this.#active > 0) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  /** Cuts what is on its way. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#gates = [];
    for (const lane of this.#lanes.values()) lane.waiting = [];
    await this.idle();
  }

  #record(emission: Emission, target: Target, body: string): Delivery {
    return this.#hub.store.deliveries.insert({
      guid: randomUUID(),
      appId: target.appId,
      hookId: target.hookId,
      installationId: target.installationId,
      repoId: emission.repo?.id ?? null,
      event: emission.event,
      action: emission.action ?? null,
      url: target.url,
      redelivery: false,
      createdAt: new Date(this.#hub.now()).toISOString(),
      statusCode: null,
      status: "pending",
      durationSeconds: 0,
      requestHeaders: {},
      requestBody: body,
      responseHeaders: {},
      responseBody: "",
    });
  }

  #route(delivery: Delivery): void {
    const gate = this.#gates.find((g) => g.matches(delivery));
    if (gate !== undefined) gate.list.push(delivery);
    else this.#enqueue(delivery);
  }

  #enqueue(delivery: Delivery): void {
    const lane = this.#lanes.get(delivery.url) ?? { waiting: [], active: 0 };
    this.#lanes.set(delivery.url, lane);
    lane.waiting.push(delivery);
    this.#drain(lane);
  }

  #drain(lane: Lane): void {
    while (lane.active < AT_ONCE) {
      const next = lane.waiting.shift();
      if (next === undefined) return;
      lane.active += 1;
      void this.#transmit(next).finally(() => {
        lane.active -= 1;
        this.#drain(lane);
      });
    }
  }

  async #transmit(delivery: Delivery): Promise<void> {
    this.#active += 1;
    try {
      await send(this.#hub, delivery, this.#stop.signal);
    } finally {
      this.#active -= 1;
      // After the lane had its turn, so that "idle" means that nothing waits either.
      setImmediate(() => {
        if (this.#active === 0) for (const wake of this.#waiters.splice(0)) wake();
      });
    }
  }
}
