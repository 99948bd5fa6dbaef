import { WorldError } from "../../domain/failure.ts";
import { RunId } from "../../domain/ids.ts";
import { foldRun } from "../../domain/run/fold.ts";
import type { QueuePlace } from "../../domain/run/queue.ts";
import type { RunView } from "../../domain/run/run.ts";
import { dispatchesAtWork, shownNow } from "../../domain/run/state-now.ts";
import type { Engine } from "../../ports/engine.ts";
import type { GitHub } from "../../ports/github.ts";
import type { Runs } from "../../ports/runs.ts";
import type { Ledger, Logger } from "../../ports/stores.ts";
import { movedComment, statusComment, statusMarkerName } from "../../reports/status-comment.ts";
import type { StatusPublisher } from "../context.ts";
import { nextTry } from "../patience.ts";
import { publishCheck, type ShownCheck } from "./check-run.ts";
import { publishHandOffs } from "./hand-offs.ts";
import { queuePlace } from "./queue-place.ts";

export interface PublisherOptions {
  readonly ledger: Ledger;
  readonly github: GitHub;
  readonly runs: Runs;
  readonly engine: Pick<Engine, "queue">;
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

/** So soon it is looked again how far a run is that waits for a place, or may be about to. */
const LOOK_MS = 5_000;
/** Pauses of a failure that nobody knows grow from the first to the last, which is repeated: the comment ends true. */
const FIRST_PAUSE_MS = 5_000;
const LAST_PAUSE_MS = 900_000;

interface RunState {
  timer: ReturnType<typeof setTimeout> | undefined;
  /** For what is no fact: a place in the queue, an edit that failed. */
  again: ReturnType<typeof setTimeout> | undefined;
  /** This process carries the run on, and so it is the one of all replicas that watches its place in the queue. */
  stay: boolean;
  /** Publications that failed one after another. */
  failures: number;
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

  touch(runId: string, stay?: "stay"): void {
    const state = this.#state(runId);
    state.stay ||= stay === "stay";
    const spacing = this.#options.everyMs * spread(state.edits);
    this.#plan(runId, state, state.lastEdit + spacing - Date.now());
  }

  #plan(runId: string, state: RunState, dueMs: number): void {
    if (this.#closed || state.timer) return;
    const due = Math.max(0, dueMs);
    state.timer = setTimeout(() => {
      state.timer = undefined;
      this.#edit(runId, state).catch(() => undefined);
    }, due);
    state.timer.unref();
  }

  /** Looks again by itself after `ms`, without holding back what facts want said before. */
  #lookAgain(runId: string, state: RunState, ms: number): void {
    clearTimeout(state.again);
    if (this.#closed) return;
    state.again = setTimeout(() => this.touch(runId), ms);
    state.again.unref();
  }

  flush(runId: string): Promise<void> {
    const state = this.#state(runId);
    clearTimeout(state.timer);
    state.timer = undefined;
    return this.#edit(runId, state);
  }

  /** Runs that this process publishes, until some time after their end. */
  known(): readonly string[] {
    return [...this.#runs.keys()];
  }

  /** Stops all timers and waits for the edit that is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { timer, again, forgetting } of this.#runs.values()) {
      clearTimeout(timer);
      clearTimeout(again);
      clearTimeout(forgetting);
    }
    await Promise.allSettled([...this.#runs.values()].map((state) => state.queue));
  }

  #state(runId: string): RunState {
    const state = this.#runs.get(runId) ?? {
      timer: undefined,
      again: undefined,
      stay: false,
      failures: 0,
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
    state.queue = edit.catch((error: unknown) =>
      this.#failed(runId, state, { what: "status comment", error }),
    );
    return edit;
  }

  /** What GitHub refuses for good waits for the next fact; everything else is tried again until it is shown. */
  #failed(runId: string, state: RunState, { what, error }: Failed): void {
    const refused = error instanceof WorldError && error.failureClass !== "retry";
    const pauseMs = refused
      ? undefined
      : (nextTry(error, state.failures)?.pauseMs ??
        Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS * 4 ** state.failures));
    state.failures += 1;
    this.#options.log.warn(
      { runId, error: String(error), pauseMs },
      `cannot update the ${what} now; ${refused ? "the next fact tries again" : "it is tried again"}`,
    );
    if (pauseMs !== undefined) this.#lookAgain(runId, state, pauseMs);
  }

  async #publish(runId: string, state: RunState): Promise<void> {
    const id = RunId.parse(runId);
    const events = await this.#options.ledger.read(id);
    if (events.length === 0) return;
    const view = shownNow(foldRun(events));
    const shown = { view, queue: await queuePlace(this.#options.engine, view) };
    await this.#comment(shown, state);
    await publishHandOffs(this.#options.github, view, state.halves);
    clearTimeout(state.again);
    if (view.endedAt) this.#forgetLater(runId, state);
    if (!(await this.#check(shown, state))) return;
    state.failures = 0;
    if (state.stay && (shown.queue || mayQueue(view))) this.#lookAgain(runId, state, LOOK_MS);
  }

  async #comment({ view, queue }: Shown, state: RunState): Promise<void> {
    const { github, webUrl } = this.#options;
    const { runId } = view;
    const number = view.pullRequest?.number ?? view.started.issue;
    const shown = statusComment(view, { webUrl, queue });
    if (`${number} ${shown}` === state.lastBody) return;
    const requests = await github.requestCount(runId);
    state.lastEdit = Date.now();
    state.edits += 1;
    const marker = statusMarkerName(runId);
    await github.putComment(view.repo, {
      number,
      marker,
      body: statusComment(view, { webUrl, queue, requests }),
    });
    state.lastBody = `${number} ${shown}`;
    if (view.pullRequest && !state.pointed) {
      const body = movedComment(runId, view.pullRequest.number);
      await github.putComment(view.repo, { number: view.started.issue, marker, body });
      state.pointed = true;
    }
  }

  /** The check run repeats what the comment says, so that its failure fails nothing. False when it failed. */
  async #check(shown: Shown, state: RunState): Promise<boolean> {
    const { github, checkEveryMs = CHECK_EVERY_MS } = this.#options;
    const { runId } = shown.view;
    try {
      const put = await publishCheck(github, shown, { ...state.check, everyMs: checkEveryMs });
      state.check = put.shown;
      if (put.dueMs !== undefined) this.#plan(runId, state, put.dueMs);
      return true;
    } catch (error) {
      this.#failed(runId, state, { what: "check run", error });
      return false;
    }
  }
}

interface Failed {
  readonly what: "status comment" | "check run";
  readonly error: unknown;
}

interface Shown {
  readonly view: RunView;
  readonly queue: QueuePlace | undefined;
}

/** A run that works while nobody is at work for it may wait for a place now or in a moment, which no fact says. */
function mayQueue(view: RunView): boolean {
  return view.state === "working" && dispatchesAtWork(view).length === 0;
}
