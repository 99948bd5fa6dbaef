import type { CallOptions, Exchange, Values } from "../recorder.ts";
import { AT, type Stage } from "../stage.ts";

/** Calls on acme/shop. */
export interface Scene {
  readonly stage: Stage;
  /** `what` is "<caller> <operation>". */
  readonly call: (what: string, values?: Values, options?: CallOptions) => Promise<Exchange>;
  /** The same call by several callers, one after another. */
  readonly each: (as: readonly string[], id: string, values?: Values) => Promise<void>;
}

export function sceneOn(stage: Stage): Scene {
  async function call(
    ...[what, values = {}, options]: Parameters<Scene["call"]>
  ): Promise<Exchange> {
    return await stage.recorder.call(what, { ...AT, ...values }, options);
  }
  return {
    stage,
    call,
    each: async (callers, id, values) => {
      for (const as of callers) await call(`${as} ${id}`, values);
    },
  };
}

/** A number in a JSON reply, by its dotted path. */
export function numberAt(exchange: Exchange, path: string): number {
  const value = valueAt(exchange, path);
  if (typeof value === "number") return value;
  throw new Error(`Read ${path} of ${exchange.operation.id}: ${JSON.stringify(exchange.body)}`);
}

/** A text in a JSON reply, by its dotted path. */
export function textAt(exchange: Exchange, path: string): string {
  const value = valueAt(exchange, path);
  if (typeof value === "string") return value;
  throw new Error(`Read ${path} of ${exchange.operation.id}: ${JSON.stringify(exchange.body)}`);
}

function valueAt(exchange: Exchange, path: string): unknown {
  let value: unknown = exchange.body;
  for (const name of path.split("."))
    value = (value as Record<string, unknown> | undefined)?.[name];
  return value;
}

export const READERS = ["bot", "rob"] as const;
