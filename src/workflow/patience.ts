import { LaterError, WorldError } from "../domain/failure.ts";
import type { RunId } from "../domain/ids.ts";
import type { WaitReason } from "../domain/run/ledger-event.ts";
import type { Steps } from "../ports/engine.ts";
import type { Ledger } from "../ports/stores.ts";

/** Milliseconds between tries of a step that the world let fail; then the failure is for good. */
const PAUSES_MS: readonly number[] = [1_000, 5_000, 15_000, 60_000, 300_000, 900_000];

interface Again {
  readonly again: { readonly wait: WaitReason; readonly pauseMs: number; readonly message: string };
}

type Tried<T> = { readonly done?: T } | Again;

export interface PatiencePorts {
  readonly ledger: Ledger;
  readonly status: { touch(runId: string): void };
}

/**
 * Steps that do not give up at the first failure of the world: what may be tried again is tried again after a durable
 * pause, a rate limit is waited out until it ends, and the run says meanwhile what it waits for. Mistakes, refusals
 * and our own bugs pass through at once.
 */
export function patient(steps: Steps, ports: PatiencePorts, runId: RunId): Steps {
  async function step<T>(name: string, fn: (signal: AbortSignal) => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries++) {
      const label = tries === 0 ? name : `${name} (try ${tries + 1})`;
      const tried = await steps.step(label, (signal) =>
        attempt({ ports, runId, name, tries }, () => fn(signal)),
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
  readonly runId: RunId;
  readonly name: string;
  readonly tries: number;
}

async function attempt<T>(trying: Trying, work: () => Promise<T>): Promise<Tried<T>> {
  const { ports, runId, name, tries } = trying;
  try {
    const done = await work();
    if (tries > 0)
      await ports.ledger.append(runId, `patience/${name}/resumed`, {
        type: "resumed",
        by: "GitHub",
      });
    return { done };
  } catch (error) {
    const again = whatNext(error, tries);
    if (!again) throw error;
    await ports.ledger.append(runId, `patience/${name}/${tries}`, {
      type: "waiting",
      wait: again.wait,
    });
    ports.status.touch(runId);
    return { again };
  }
}

function whatNext(error: unknown, tries: number): Again["again"] | undefined {
  if (error instanceof LaterError) {
    const pauseMs = Math.max(1_000, Date.parse(error.dueAt) - Date.now());
    const until = new Date(Date.parse(error.dueAt)).toISOString().slice(11, 16);
    return {
      pauseMs,
      message: error.message,
      wait: { for: "rate-limit", detail: error.message, until: `${until} UTC` },
    };
  }
  if (!(error instanceof WorldError) || error.failureClass !== "retry") return undefined;
  const pauseMs = PAUSES_MS[tries];
  if (pauseMs === undefined) return undefined;
  return { pauseMs, message: error.message, wait: { for: "github", detail: error.message } };
}
