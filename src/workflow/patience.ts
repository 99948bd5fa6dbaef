import { isShortage, LaterError, UnreachableError, WorldError } from "../domain/failure.ts";
import type { DispatchId, RunId } from "../domain/ids.ts";
import type { WaitReason } from "../domain/run/wait-facts.ts";
import type { Steps } from "../ports/engine.ts";
import type { Ledger } from "../ports/stores.ts";
import { roomAwaited } from "../reports/waits.ts";
import { clock } from "../reports/words.ts";

/** Milliseconds between tries of a step that the world let fail; then the failure is for good. */
const PAUSES_MS: readonly number[] = [1_000, 5_000, 15_000, 60_000, 300_000, 900_000];
/** GitHub comes back: for it the last pause is repeated this often, about a day. */
const GITHUB_TRIES = 100;

interface Again {
  readonly again: { readonly wait: WaitReason; readonly pauseMs: number };
}

type Tried<T> = { readonly done?: T } | Again;

export interface PatiencePorts {
  readonly ledger: Ledger;
  readonly status: { touch(runId: string): void };
}

/** Whose steps they are: the run's own, or one dispatch's. */
export interface PatienceOf {
  readonly runId: RunId;
  readonly dispatchId?: DispatchId;
}

/**
 * Steps that do not give up at the first failure of the world: what may be tried again is tried again after a durable
 * pause, a rate limit is waited out until it ends, and the run says meanwhile what it waits for. Mistakes, refusals
 * and our own bugs pass through at once.
 */
export function patient(steps: Steps, ports: PatiencePorts, of: PatienceOf): Steps {
  let began = 0;
  async function step<T>(name: string, fn: (signal: AbortSignal) => Promise<T>): Promise<T> {
    began += 1;
    const key = `patience/${of.dispatchId ?? "run"}/${began}`;
    for (let tries = 0; ; tries++) {
      const label = tries === 0 ? name : `${name} (try ${tries + 1})`;
      const tried = await steps.step(label, (signal) =>
        attempt({ ports, of, key, tries }, () => fn(signal)),
      );
      if (!("again" in tried)) return tried.done as T;
      await steps.sleep(tried.again.pauseMs);
    }
  }
  return {
    step,
    waitFor: (topic, options) => steps.waitFor(topic, options),
    sleep: (ms) => steps.sleep(ms),
    startChild: (child, options) => steps.startChild(child, options),
  };
}

interface Trying {
  readonly ports: PatiencePorts;
  readonly of: PatienceOf;
  /** The same in every replay, and no other step's. */
  readonly key: string;
  readonly tries: number;
}

async function attempt<T>(trying: Trying, work: () => Promise<T>): Promise<Tried<T>> {
  try {
    const done = await work();
    await waitIsOver(trying);
    return { done };
  } catch (error) {
    const again = nextTry(error, trying.tries);
    if (!again) {
      await waitIsOver(trying);
      throw error;
    }
    await sayWaiting(trying, again.wait);
    return { again };
  }
}

async function sayWaiting({ ports, of, key, tries }: Trying, wait: WaitReason): Promise<void> {
  const { runId, dispatchId } = of;
  const whose = dispatchId === undefined ? {} : { dispatchId };
  await ports.ledger.append(runId, `${key}/${tries}`, {
    type: "waiting",
    wait,
    id: key,
    ...whose,
  });
  ports.status.touch(runId);
}

/** Also when the step failed for good: nobody waits for it any more. */
async function waitIsOver({ ports, of, key, tries }: Trying): Promise<void> {
  if (tries === 0) return;
  await ports.ledger.append(of.runId, `${key}/over`, { type: "resumed", by: "host", id: key });
  ports.status.touch(of.runId);
}

/** Whether and when what the world let fail is tried again, and what is waited for meanwhile; `tries` from 0. */
export function nextTry(error: unknown, tries: number): Again["again"] | undefined {
  if (error instanceof LaterError) {
    const pauseMs = Math.max(1_000, Date.parse(error.dueAt) - Date.now());
    const until = new Date(Date.parse(error.dueAt) + 59_999).toISOString();
    return {
      pauseMs,
      wait: { for: "rate-limit", detail: error.message, until: clock(until) },
    };
  }
  if (isShortage(error)) {
    const pauseMs = PAUSES_MS[tries];
    const detail = roomAwaited(error instanceof Error ? error.message : String(error));
    return pauseMs === undefined ? undefined : { pauseMs, wait: { for: "machine", detail } };
  }
  if (!(error instanceof WorldError) || error.failureClass !== "retry") return undefined;
  const unreachable = error instanceof UnreachableError;
  const pauseMs = PAUSES_MS[unreachable && tries < GITHUB_TRIES ? Math.min(tries, 5) : tries];
  if (pauseMs === undefined) return undefined;
  const where = unreachable ? "github" : "machine";
  return { pauseMs, wait: { for: where, detail: error.message } };
}
