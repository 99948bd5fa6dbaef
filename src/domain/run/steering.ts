import { z } from "zod";
import { DispatchId } from "../ids.ts";

/** Facts about instructions that people give to a run at work. Part of `LedgerFact`. */
export const STEERING_FACTS = [
  /** `id` is the comment's: it names the instruction wherever it is told. */
  z.object({ type: z.literal("steered"), by: z.string(), text: z.string(), id: z.string() }),
  /** An agent was told: with its brief, or in the middle of its work. */
  z.object({
    type: z.literal("steering-taken"),
    id: z.string(),
    dispatchId: DispatchId,
    role: z.string(),
    mode: z.string().optional(),
    how: z.enum(["brief", "conversation"]),
  }),
] as const;

type SteeringFact = z.infer<(typeof STEERING_FACTS)[number]>;
type Fact<T extends SteeringFact["type"]> = Extract<SteeringFact, { type: T }>;

/** One instruction of a person, and whom it reached. */
export interface SteeringView {
  readonly id: string;
  readonly by: string;
  readonly text: string;
  readonly taken: readonly Fact<"steering-taken">[];
}

/** What a run's ledger says about instructions: a part of `RunView`. */
export interface SteeringsView {
  readonly steering: readonly SteeringView[];
}

export const NO_STEERING: SteeringsView = { steering: [] };

type Handlers = {
  readonly [T in SteeringFact["type"]]: (
    view: SteeringsView,
    fact: Fact<T>,
  ) => Partial<SteeringsView>;
};

export const STEERING_HANDLERS: Handlers = {
  steered: ({ steering }, { id, by, text }) =>
    steering.some((one) => one.id === id)
      ? {}
      : { steering: [...steering, { id, by, text, taken: [] }] },
  "steering-taken": ({ steering }, fact) => ({
    steering: steering.map((one) =>
      one.id === fact.id ? { ...one, taken: [...one.taken, fact] } : one,
    ),
  }),
};
