import type { z } from "zod";
import { ignored } from "../commands/outcome.ts";
import type { DeliveryOutcome } from "../ports/stores.ts";
import type { Outcomes } from "./outcomes.ts";
import { problemOf } from "./payloads.ts";

/** Reads a payload at the door and records what became of it: a shape that is not ours to read is ignored. */
export async function heard<T>(
  outcomes: Outcomes,
  delivery: { readonly id: string; readonly payload: unknown; readonly shape: z.ZodType<T> },
  work: (payload: T) => Promise<DeliveryOutcome>,
): Promise<void> {
  const { id, payload, shape } = delivery;
  const read = shape.safeParse(payload);
  if (!read.success) outcomes.say(id, ignored(problemOf(read.error)));
  else outcomes.say(id, await work(read.data));
}
