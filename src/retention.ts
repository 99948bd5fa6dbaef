import { foldRun } from "./domain/run/fold.ts";
import { statusReport } from "./domain/status-schema.ts";
import type { Engine } from "./ports/engine.ts";
import type { GitHub } from "./ports/github.ts";
import type { EndedRuns, LedgerArchive, Leftover, SpentDeliveries } from "./ports/retention.ts";
import type { RunRow } from "./ports/runs.ts";
import type { Ledger, Logger } from "./ports/stores.ts";
import type { Workspaces } from "./ports/workspaces.ts";
import { runDetails } from "./reports/run-details.ts";

const DAY_MS = 24 * 3_600_000;
/** What cannot be cleared now, because a run stands by, a pull request is open or GitHub refuses, is tried a day later. */
const AGAIN_MS = DAY_MS;
/** Runs of one kind in one round; the rest are for the next rounds. */
const MOST_RUNS = 20;
const MOST_FOUND = 500;

/** Days that each kind of leftover is kept after its run has ended; 0: for ever. */
export type KeepDays = Readonly<Record<Leftover, number>>;

export interface RetentionParts {
  readonly engine: Engine;
  readonly runs: EndedRuns;
  readonly ledger: Ledger & LedgerArchive;
  readonly deliveries: SpentDeliveries;
  readonly workspaces: Pick<Workspaces, "removeBranch" | "removeRun">;
  readonly github: Pick<GitHub, "hasOpenPullRequest">;
  readonly log: Logger;
  readonly days: KeepDays;
}

/**
 * Clears what ended runs leave behind, by the operator's policy: recorded workflows and payloads of webhooks, branches
 * of tasks, ledgers (into the archive). Kept for ever are the rows of runs, the ids of deliveries and the last report,
 * so that nothing that comes again starts a second run, and the branch of every run.
 */
export class Retention {
  readonly #parts: RetentionParts;
  readonly #putOff = new Map<string, number>();

  constructor(parts: RetentionParts) {
    this.#parts = parts;
  }

  /** One round; `now` in milliseconds since 1970. What fails for one run is told and tried a day later. */
  async round(now: number): Promise<void> {
    const { deliveries, days } = this.#parts;
    await this.#clear("workflows", now, (run) => this.#workflows(run));
    if (days.workflows > 0) await deliveries.dropPayloads(now - days.workflows * DAY_MS);
    await this.#clear("branches", now, (run) => this.#branches(run));
    await this.#clear("ledger", now, (run) => this.#ledger(run));
  }

  async #clear(
    kind: Leftover,
    now: number,
    clear: (run: RunRow) => Promise<boolean>,
  ): Promise<void> {
    const { runs, days, engine, log } = this.#parts;
    if (days[kind] === 0) return;
    const endedBefore = now - days[kind] * DAY_MS;
    const found = await runs.withLeftovers(kind, { endedBefore, limit: MOST_FOUND });
    const due = found.filter(({ runId }) => (this.#putOff.get(`${kind} ${runId}`) ?? 0) <= now);
    for (const run of due.slice(0, MOST_RUNS)) {
      const { runId } = run;
      this.#putOff.set(`${kind} ${runId}`, now + AGAIN_MS);
      try {
        // A run that stands by has ended for its issue, and still works when people come back to it.
        if ((await engine.state(runId)) === "running" || !(await clear(run))) continue;
        await runs.cleared(runId, kind);
        this.#putOff.delete(`${kind} ${runId}`);
        log.info({ run: runId, kind }, "cleared what an ended run left behind");
      } catch (error) {
        log.warn({ run: runId, kind, reason: String(error) }, "could not clear; tried again later");
      }
    }
  }

  async #workflows({ runId }: RunRow): Promise<boolean> {
    const { engine, workspaces } = this.#parts;
    if (!(await engine.forget(runId))) return false;
    await workspaces.removeRun(runId);
    return true;
  }

  /** Branches of tasks, where nobody has pushed to them and no pull request is open from them. */
  async #branches({ runId, repo, runBranch }: RunRow): Promise<boolean> {
    const { ledger, workspaces, github } = this.#parts;
    const events = await ledger.read(runId);
    if (events.length === 0) return true;
    let open = 0;
    for (const [branch, expected] of foldRun(events).branches) {
      if (branch === runBranch) continue;
      if (await github.hasOpenPullRequest(repo, branch)) open += 1;
      else await workspaces.removeBranch(repo, { branch, expected });
    }
    return open === 0;
  }

  async #ledger({ runId }: RunRow): Promise<boolean> {
    const { ledger } = this.#parts;
    const events = await ledger.read(runId);
    if (events.length === 0) return true;
    const view = foldRun(events);
    await ledger.archive(runId, { status: statusReport(view), details: runDetails(view) });
    return true;
  }
}
