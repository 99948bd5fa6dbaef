import type { RunId } from "../domain/ids.ts";
import type { RunRow } from "./runs.ts";

/** What a run leaves behind when it has ended: each kind is kept for as long as the operator says. */
export type Leftover = "workflows" | "branches" | "ledger";

/** Rows of runs are never deleted: a command that comes again finds the run that it started. */
export interface EndedRuns {
  /** Runs that ended before that moment (ms since 1970) and still have leftovers of the kind, longest ended first. */
  withLeftovers(
    kind: Leftover,
    of: { readonly endedBefore: number; readonly limit: number },
  ): Promise<readonly RunRow[]>;
  /** Notes that the run has none of the kind any more. */
  cleared(runId: RunId, kind: Leftover): Promise<void>;
}

export interface LedgerArchive {
  /**
   * Puts the ledger of a run that is over away, compressed, with its last report in the open. It reads as before and
   * takes no more facts. Once: again changes nothing.
   */
  archive(runId: RunId, report: unknown): Promise<void>;
  /** The report that an archived run ended with. */
  lastReport(runId: RunId): Promise<unknown>;
}

export interface SpentDeliveries {
  /**
   * Empties the payloads of deliveries that have had their outcome since before that moment (ms since 1970). Their ids
   * and content keys stay, so that a redelivery is still recognised. Gives how many it emptied.
   */
  dropPayloads(finishedBefore: number): Promise<number>;
}
