import { foldRun } from "../../src/domain/run/fold.ts";
import { LedgerEvent, type LedgerFact } from "../../src/domain/run/ledger-event.ts";
import { type RunView, TERMINAL_STATES } from "../../src/domain/run/run.ts";
import { StatusReport } from "../../src/domain/status-schema.ts";
import type { CodeView } from "../../src/playground/github/git/code-view.ts";
import type { Comment } from "../../src/playground/github/store/issue-records.ts";
import type { Pull } from "../../src/playground/github/store/pull-records.ts";
import type { JournalEntry } from "../../src/playground/scripted-model/server.ts";
import { stateSentence } from "../../src/reports/state.ts";
import type { Stage } from "./stage.ts";

type Fact<T extends LedgerFact["type"]> = Extract<LedgerFact, { type: T }>;

/** One issue on the stage and the runs on it. */
export class StageRun {
  readonly repository: string;
  readonly issue: number;
  readonly #stage: Stage;
  readonly #title: string;

  constructor(stage: Stage, of: { repository: string; issue: number; title: string }) {
    this.#stage = stage;
    this.repository = of.repository;
    this.issue = of.issue;
    this.#title = of.title;
  }

  /** The id of run number `n` on this issue. */
  id(n = 1): string {
    return `${this.#repoId()}-${this.issue}-r${n}`;
  }

  get code(): CodeView {
    return this.#stage.hub.code(this.repository);
  }

  /** What the app reported of the first run so far, in ledger order. */
  heard(): LedgerEvent[] {
    const own = this.#stage.events.filter(({ runId }) => runId === this.id());
    const bySeq = new Map(own.map(({ event }) => [event.seq, event]));
    return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
  }

  facts<T extends LedgerFact["type"]>(type: T): Fact<T>[] {
    return this.heard().flatMap(({ fact }) => (fact.type === type ? [fact as Fact<T>] : []));
  }

  /** Waits for a fact of the first run that `matches`; fails at once when the run ends without it. */
  until<T extends LedgerFact["type"]>(
    type: T,
    matches: (fact: Fact<T>) => boolean = () => true,
  ): Promise<Fact<T>> {
    const { history } = this.#stage;
    const what = `${type} in run ${this.id()}`;
    return history.until(what, () => {
      const found = this.facts(type).find(matches);
      if (found === undefined && this.#isOver())
        throw new Error(`The run ended without ${what}.\n${history.text()}`);
      return found;
    });
  }

  /** The whole ledger, from the database. */
  async ledger(n = 1): Promise<LedgerEvent[]> {
    const rows = await this.#stage.query<{ seq: number; key: string; at: Date; fact: unknown }>(
      "select seq, key, at, fact from orchestrator.ledger where run_id = $1 order by seq",
      [this.id(n)],
    );
    return rows.map((row) => LedgerEvent.parse({ ...row, at: row.at.toISOString() }));
  }

  /**
   * Waits for the first run's end and until its comment says so; gives the view of the stored ledger. `withinMs` is
   * for runs that really build something.
   */
  async ended(withinMs?: number): Promise<RunView> {
    await this.#stage.history.until(
      `the end of run ${this.id()}`,
      () => this.#isOver() || undefined,
      withinMs,
    );
    const view = foldRun(await this.ledger());
    if (!TERMINAL_STATES.includes(view.state)) throw new Error(`${this.id()} is ${view.state}.`);
    const number = view.pullRequest?.number ?? this.issue;
    await this.#stage.history.until(`the status comment says ${view.state}`, () =>
      this.comments(number).find((comment) => comment.body.includes(stateSentence(view))),
    );
    return view;
  }

  /** Comments of the app on the issue, or on that number. */
  comments(number = this.issue): Comment[] {
    const { store } = this.#stage.hub;
    const thread = store.issue(this.#repoId(), number);
    return thread ? store.commentsOf(thread.id).filter((one) => one.viaAppId !== null) : [];
  }

  /** Every pull request of this issue's runs, with what its conversation half says. */
  pulls(): (Pull & { readonly number: number; readonly body: string; readonly life: string[] })[] {
    const { store } = this.#stage.hub;
    const mine = store.pulls.filter(
      ({ repoId, headRef }) =>
        repoId === this.#repoId() && headRef.startsWith(`orchestrate/${this.issue}-`),
    );
    return mine.map((pull) => {
      const { number, body } = store.issues.must(pull.issueId);
      const life = store.eventsOf(pull.issueId).map(({ event }) => event);
      return { ...pull, number, body: body ?? "", life };
    });
  }

  /** Branches of this issue's runs, on disk. */
  async branches(): Promise<{ name: string; sha: string }[]> {
    const all = await this.code.branches();
    return all.filter(({ name }) => name.startsWith(`orchestrate/${this.issue}-`));
  }

  /** Requests of this run's agents to the model. */
  conversations(): readonly JournalEntry[] {
    return this.#stage.model.journal().filter(({ turn }) => turn.prompt.includes(this.#title));
  }

  reactionsTo(commentId: number): string[] {
    const { store } = this.#stage.hub;
    return store.reactionsTo("comment", commentId).map(({ content }) => content);
  }

  #isOver(): boolean {
    return ENDS.some((type) => this.facts(type).length > 0);
  }

  #repoId(): number {
    const repo = this.#stage.hub.store.repository(this.repository);
    if (!repo) throw new Error(`There is no repository ${this.repository}.`);
    return repo.id;
  }
}

const ENDS = ["run-completed", "run-failed", "run-cancelled", "blocked"] as const;

/** The nine-key report in a status comment, checked against its schema. */
export function reportIn(comment: Comment | undefined): StatusReport {
  return StatusReport.parse(jsonBlocks(comment)[0]);
}

/** Every fenced JSON block of a comment, in order. */
export function jsonBlocks(comment: Comment | undefined): unknown[] {
  const blocks = comment?.body.matchAll(/^(`{3,})json\n([\s\S]*?)\n\1$/gm) ?? [];
  return Array.from(blocks, ([, , text]) => JSON.parse(text ?? "") as unknown);
}
