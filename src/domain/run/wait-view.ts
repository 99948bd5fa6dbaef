import type { Heartbeat, WaitFact, WaitReason } from "./wait-facts.ts";

type Fact<T extends WaitFact["type"]> = Extract<WaitFact, { type: T }>;

/** A wait that has not ended. */
export interface OpenWait extends WaitReason {
  /** ISO time at which this wait began. */
  readonly since: string;
  readonly id: string | undefined;
  readonly dispatchId: string | undefined;
}

/** What a run's ledger says about waiting and stopping: a part of `RunView`. */
export interface WaitView {
  readonly waits: readonly OpenWait[];
  /** What a person is told when several things are waited for at once: what people can do something about first. */
  readonly wait: OpenWait | undefined;
  /** A stop that was ordered and has not taken effect yet. */
  readonly stopping: { readonly by: string; readonly how: "pause" | "cancel" } | undefined;
  /** The last news, when that is only that the work goes on. */
  readonly heartbeat: (Heartbeat & { readonly at: string }) | undefined;
}

/** Nothing is waited for and no stop is on its way. */
export const NO_WAIT: WaitView = {
  waits: [],
  wait: undefined,
  stopping: undefined,
  heartbeat: undefined,
};

type Handlers = {
  readonly [T in WaitFact["type"]]?: (
    view: WaitView,
    fact: Fact<T>,
    at: string,
  ) => Partial<WaitView>;
};

const PRESSING: readonly WaitReason["for"][] = [
  "budget",
  "paused",
  "person",
  "ci",
  "rate-limit",
  "github",
  "machine",
];

/** How each of these facts changes the view; whether the run as a whole waits is decided in the fold. */
export const WAIT_HANDLERS: Handlers = {
  waiting: (view, { wait, id, dispatchId }, at) => {
    const same = view.waits.find((known) => known.id === id && known.for === wait.for);
    const open = { ...wait, since: same?.since ?? at, id, dispatchId };
    const waits = [...view.waits.filter((known) => known.id !== id), open];
    const paused = wait.for === "paused";
    return { ...withWaits(waits), ...(paused ? { stopping: undefined } : {}) };
  },
  resumed: (view, { id }) =>
    withWaits(id === undefined ? [] : view.waits.filter((known) => known.id !== id)),
  heartbeat: (_view, fact, at) => ({ heartbeat: { ...fact, at } }),
  "stop-ordered": ({ waits }, { by, how }) =>
    how === "pause" && waits.some((wait) => wait.for === "paused") ? {} : { stopping: { by, how } },
};

function withWaits(waits: readonly OpenWait[]): Pick<WaitView, "waits" | "wait"> {
  const [wait] = waits.toSorted((a, b) => PRESSING.indexOf(a.for) - PRESSING.indexOf(b.for));
  return { waits, wait };
}
