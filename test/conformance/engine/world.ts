import { afterEach, beforeEach } from "vitest";
import type { Limits } from "../../../src/engine/limits.ts";
import {
  type Engine,
  type Steps,
  WorkflowCancelled,
  type WorkflowRef,
} from "../../../src/ports/engine.ts";

type Body = (steps: Steps, input: never) => Promise<unknown>;
export type Bodies = Readonly<Record<string, Body>>;

/** One durable state and the engines that live on it, one after another. */
export interface EngineWorld {
  /** A launched engine with these bodies. */
  launch(bodies: Bodies, limits?: Limits): Promise<Engine>;
  /** The process dies with everything in memory; another one takes over, with the same bodies or a new version of them. */
  restart(bodies?: Bodies): Promise<Engine>;
  /** Lets at least `ms` pass. */
  elapse(ms: number): Promise<void>;
  close(): Promise<void>;
}

export function ref(name: string): WorkflowRef<unknown, unknown> {
  return { name };
}

export function registerAll(engine: Engine, bodies: Bodies): void {
  for (const [name, body] of Object.entries(bodies)) {
    engine.register(ref(name), body as (steps: Steps, input: unknown) => Promise<unknown>);
  }
}

/** What happened, in order, and a way to await it: a test's eyes on bodies and steps. */
class Journal {
  readonly lines: string[] = [];
  readonly #waiting = new Set<() => void>();

  note(line: string): void {
    this.lines.push(line);
    for (const look of this.#waiting) look();
  }

  count(line: string): number {
    return this.lines.filter((known) => known === line).length;
  }

  /** Resolves when `line` has been noted `times` times; rejects with everything noted after thirty seconds. */
  seen(line: string, times = 1): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting = this.#waiting;
    const timer = setTimeout(() => {
      waiting.delete(look);
      reject(new Error(`"${line}" was not seen ${times} times in: ${this.lines.join(" | ")}`));
    }, 30_000);
    const look = (): void => {
      if (this.count(line) < times) return;
      clearTimeout(timer);
      waiting.delete(look);
      resolve();
    };
    waiting.add(look);
    look();
    return promise;
  }
}

/** Holds steps back until it is opened. */
export class Gate {
  readonly #opened = Promise.withResolvers<void>();

  open(): void {
    this.#opened.resolve();
  }

  /** Resolves when the gate opens; rejects as soon as `signal` aborts. */
  pass(signal?: AbortSignal): Promise<void> {
    if (!signal) return this.#opened.promise;
    const aborted = Promise.withResolvers<never>();
    signal.addEventListener("abort", () => aborted.reject(signal.reason as Error));
    return Promise.race([this.#opened.promise, aborted.promise]);
  }
}

/** What the cases of a suite share: a fresh world and journal for each. */
export interface Context {
  world: EngineWorld;
  journal: Journal;
}

export async function caught(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return error;
  }
}

export function isCancelled(error: unknown): boolean {
  return error instanceof WorkflowCancelled;
}

/** Gives each case of the surrounding `describe` a world and a journal of its own. */
export function freshContext(open: () => Promise<EngineWorld>): Context {
  const context = {} as Context;
  beforeEach(async () => {
    context.world = await open();
    context.journal = new Journal();
  });
  afterEach(async () => {
    await context.world.close();
  });
  return context;
}
