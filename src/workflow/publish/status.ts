import { RunId } from "../../domain/ids.ts";
import { foldRun } from "../../domain/run/fold.ts";
import type { RunView } from "../../domain/run/run.ts";
import { shownNow } from "../../domain/run/state-now.ts";
import type { GitHub } from "../../ports/github.ts";
import type { Runs } from "../../ports/runs.ts";
import type { Ledger, Logger } from "../../ports/stores.ts";
import { movedComment, statusComment, statusMarkerName } from "../../reports/status-comment.ts";
import type { StatusPublisher } from "../context.ts";
import { publishCheck, type ShownCheck } from "./check-run.ts";
import { publishHandOffs } from "./hand-offs.ts";

export interface PublisherOptions {
  readonly ledger: Ledger;
  readonly github: GitHub;
  readonly runs: Runs;
  readonly log: Logger;
  readonly webUrl: string;
  /** At most one edit per run in this many milliseconds; the longer a run takes, the fewer. */
  readonly everyMs: number;
  /** At most one update of a run's check run in this many milliseconds while it works; 15 s unless told. */
  readonly checkEveryMs?: number;
}

const CHECK_EVERY_MS = 15_000;
/** So long after its end it is remembered how a run's comment stands: reviews and retries go on with it. */
const REMEMBERED_MS = 600_000;

interface RunState {
  timer: ReturnType<typeof setTimeout> | undefined;
  /** Set after the run's end. */
  forgetting: ReturnType<typeof setTimeout> | undefined;
  lastEdit: number;
  edits: number;
  lastBody: string;
  /** The comment on the issue points to the pull request already. */
  pointed: boolean;
  /** What stands in the comments about halves of the request, by marker. */
  readonly halves: Map<string, string>;
  check: ShownCheck;
  queue: Promise<void>;
}

/** Six edits at full pace, six at half of it, and so on down to a sixth: every edit costs a request. */
function spread(edits: number): number {
  return Math.min(6, 1 + Math.floor(edits / 6));
}

/**
 * Keeps the one status comment of every run equal to its ledger. The comment stands on the issue until there is a
 * pull request, and on the pull request from then on.
 */
export class CommentPublisher implements StatusPublisher {
  readonly #options: PublisherOptions;
  readonly #runs = new Map<string, RunState>();
  #closed = false;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  touch(runId: string): void {
    const state = this.#state(runId);
    const spacing = this.#options.everyMs * spread(state.edits);
    this.#plan(runId, state, state.lastEdit + spacing - Date.now());
  }

  #plan(runId: string, state: RunState, dueMs: number): void {
    if (this.#closed || state.timer) return;
    const due = Math.max(0, dueMs);
    state.timer = setTimeout(() => {
      state.timer = undefined;
      this.#edit(runId, state).catch((error: unknown) => {
        this.#options.log.warn(
          { runId, error: String(error) },
          "cannot update the status comment now; the next fact tries again",
        );
      });
    }, due);
    state.timer.unref();
  }

  flush(runId: string): Promise<void> {
    const state = this.#state(runId);
    clearTimeout(state.timer);
    state.timer = undefined;
    return this.#edit(runId, state);
  }

  /** Stops all timers and waits for the edit that is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { timer, forgetting } of this.#runs.values()) {
      clearTimeout(timer);
      clearTimeout(forgetting);
    }
    await Promise.allSettled([...this.#runs.values()].map((state) => state.queue));
  }

  #state(runId: string): RunState {
    const state = this.#runs.get(runId) ?? {
      timer: undefined,
      forgetting: undefined,
      lastEdit: 0,
      edits: 0,
      lastBody: "",
      pointed: false,
      halves: new Map(),
      check: { at: 0, content: "" },
      queue: Promise.resolve(),
    };
    clearTimeout(state.forgetting);
    this.#runs.set(runId, state);
    return state;
  }

  #forgetLater(runId: string, state: RunState): void {
    if (this.#closed) return;
    clearTimeout(state.forgetting);
    state.forgetting = setTimeout(() => this.#runs.delete(runId), REMEMBERED_MS);
    state.forgetting.unref();
  }

  /** One edit of a run at a time, so that an older picture never replaces a newer one. */
  #edit(runId: string, state: RunState): Promise<void> {
    const edit = state.queue.then(() => this.#publish(runId, state));
    state.queue = edit.catch(() => undefined);
    return edit;
  }

  async #publish(runId: string, state: RunState): Promise<void> {
    const id = RunId.parse(runId);
    const events = await this.#options.ledger.read(id);
    if (events.length === 0) return;
    const view = shownNow(foldRun(events));
    await this.#comment(view, state);
    await publishHandOffs(this.#options.github, view, state.halves);
    await this.#check(view, state);
    if (view.endedAt) this.#forgetLater(runId, state);
  }

  async #comment(view: RunView, state: RunState): Promise<void> {
    const { github, webUrl } = this.#options;
    const { runId } = view;
    const requests = await github.requestCount(runId);
    const number = view.pullRequest?.number ?? view.started.issue;
    const shown = statusComment(view, { webUrl });
    if (`${number} ${shown}` === state.lastBody) return;
    state.lastEdit = Date.now();
    state.edits += 1;
    const marker = statusMarkerName(runId);
    await github.putComment(view.repo, {
      number,
      marker,
      body: statusComment(view, { webUrl, requests }),
    });
    state.lastBody = `${number} ${shown}`;
    if (view.pullRequest && !state.pointed) {
      const body = movedComment(runId, view.pullRequest.number);
      await github.putComment(view.repo, { number: view.started.issue, marker, body });
      state.pointed = true;
    }
  }

  /** The check run repeats what the comment says, so that its failure fails nothing. */
  async #check(view: RunView, state: RunState): Promise<void> {
    const { github, log, checkEveryMs = CHECK_EVERY_MS } = this.#options;
    const { runId } = view;
    try {
      const put = await publishCheck(github, view, { ...state.check, everyMs: checkEveryMs });
      state.check = put.shown;
      if (put.dueMs !== undefined) this.#plan(runId, state, put.dueMs);
    } catch (error) {
      log.warn({ runId, error: String(error) }, "cannot update the check run now");
    }
  }
}
