import type { RunId } from "../../domain/ids.ts";
import { runId } from "../../domain/ids.ts";
import { LedgerEvent, type LedgerFact } from "../../domain/run/ledger-event.ts";
import { QuestionDraft } from "../../domain/specialist/results.ts";
import type { EndedRuns, LedgerArchive, Leftover } from "../../ports/retention.ts";
import type { OpenQuestion, Questions, RunRow, Runs } from "../../ports/runs.ts";
import type { Ledger } from "../../ports/stores.ts";
import { type Clock, systemClock } from "../clock.ts";
import { keepText, type Redact } from "../recorded.ts";
import { jsonbText } from "../stored-text.ts";

/** Twins of the Postgres stores that live as long as the object; one suite holds both kinds to the same promises. */

function isoNow(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}

export class MemoryLedger implements Ledger, LedgerArchive {
  readonly #events = new Map<RunId, LedgerEvent[]>();
  readonly #reports = new Map<RunId, unknown>();
  readonly #redact: Redact;
  readonly #clock: Clock;

  constructor(options: { redact?: Redact; clock?: Clock } = {}) {
    this.#redact = options.redact ?? keepText;
    this.#clock = options.clock ?? systemClock;
  }

  append(id: RunId, key: string, fact: LedgerFact): Promise<LedgerEvent> {
    const events = this.#events.get(id) ?? [];
    this.#events.set(id, events);
    const known = events.find((event) => event.key === key);
    if (known) return Promise.resolve(known);
    if (this.#reports.has(id))
      return Promise.reject(new Error(`the ledger of ${id} is archived and takes no more facts`));
    const event = LedgerEvent.parse({
      seq: events.length + 1,
      key,
      at: isoNow(this.#clock),
      fact: JSON.parse(jsonbText(fact, this.#redact)) as unknown,
    });
    events.push(event);
    return Promise.resolve(event);
  }

  read(id: RunId, after = 0): Promise<LedgerEvent[]> {
    return Promise.resolve((this.#events.get(id) ?? []).filter(({ seq }) => seq > after));
  }

  archive(id: RunId, report: unknown): Promise<void> {
    if (this.#events.has(id) && !this.#reports.has(id))
      this.#reports.set(id, JSON.parse(jsonbText(report, this.#redact)));
    return Promise.resolve();
  }

  lastReport(id: RunId): Promise<unknown> {
    return Promise.resolve(this.#reports.get(id));
  }
}

export class MemoryRuns implements Runs, EndedRuns {
  readonly #rows: RunRow[] = [];
  readonly #byComment = new Map<string, RunId>();
  readonly #endedAt = new Map<RunId, number>();
  readonly #cleared = new Set<string>();
  readonly #clock: Clock;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  create(request: Parameters<Runs["create"]>[0]): ReturnType<Runs["create"]> {
    const { repo, issue, requestedBy } = request;
    const comment = `${repo.id}/${request.commentKey}`;
    const own = this.#rows.find((row) => row.runId === this.#byComment.get(comment));
    if (own) return Promise.resolve({ kind: "existing", run: own });
    const ofIssue = this.#rows.filter((row) => row.repo.id === repo.id && row.issue === issue);
    const live = ofIssue.find((row) => row.state === "live");
    if (live) return Promise.resolve({ kind: "live", run: live });
    const n = Math.max(0, ...ofIssue.map((row) => row.n)) + 1;
    const run: RunRow = {
      runId: runId({ repositoryId: repo.id, issue, n }),
      repo: { ...repo },
      issue,
      n,
      requestedBy,
      runBranch: request.runBranch(n),
      state: "live",
      createdAt: isoNow(this.#clock),
    };
    this.#rows.push(run);
    this.#byComment.set(comment, run.runId);
    return Promise.resolve({ kind: "created", run });
  }

  get(id: RunId): Promise<RunRow | undefined> {
    return Promise.resolve(this.#rows.find((row) => row.runId === id));
  }

  live(repositoryId: number, number: number): Promise<RunRow | undefined> {
    const found = this.#at(repositoryId, number).filter((row) => row.state === "live");
    return Promise.resolve(found.at(-1));
  }

  latest(repositoryId: number, number: number): Promise<RunRow | undefined> {
    return Promise.resolve(this.#at(repositoryId, number).at(-1));
  }

  allLive(): Promise<readonly RunRow[]> {
    return Promise.resolve(this.#rows.filter((row) => row.state === "live"));
  }

  withPullRequest(repositoryId: number): Promise<readonly RunRow[]> {
    const own = this.#rows.filter((row) => row.repo.id === repositoryId && row.pullRequest);
    return Promise.resolve(own.toReversed().slice(0, 200));
  }

  setPullRequest(id: RunId, number: number): Promise<void> {
    return this.#change(id, { pullRequest: number });
  }

  end(id: RunId): Promise<void> {
    if (!this.#endedAt.has(id)) this.#endedAt.set(id, this.#clock.now());
    return this.#change(id, { state: "ended" });
  }

  withLeftovers(
    kind: Leftover,
    { endedBefore, limit }: { readonly endedBefore: number; readonly limit: number },
  ): Promise<readonly RunRow[]> {
    const due = [...this.#endedAt].filter(
      ([id, at]) => at < endedBefore && !this.#cleared.has(`${kind} ${id}`),
    );
    const ids = due.toSorted(([, a], [, b]) => a - b).map(([id]) => id);
    const rows = ids.flatMap((id) => this.#rows.find((row) => row.runId === id) ?? []);
    return Promise.resolve(rows.slice(0, limit));
  }

  cleared(id: RunId, kind: Leftover): Promise<void> {
    this.#cleared.add(`${kind} ${id}`);
    return Promise.resolve();
  }

  #at(repositoryId: number, number: number): RunRow[] {
    return this.#rows.filter(
      (row) => row.repo.id === repositoryId && [row.issue, row.pullRequest].includes(number),
    );
  }

  #change(id: RunId, change: Partial<RunRow>): Promise<void> {
    const index = this.#rows.findIndex((row) => row.runId === id);
    const row = this.#rows[index];
    if (row) this.#rows[index] = { ...row, ...change };
    return Promise.resolve();
  }
}

interface Asked extends OpenQuestion {
  readonly key: string;
  readonly answered: boolean;
}

export class MemoryQuestions implements Questions {
  #asked: readonly Asked[] = [];
  readonly #redact: Redact;

  constructor(redact: Redact = keepText) {
    this.#redact = redact;
  }

  ask(id: RunId, key: string, question: QuestionDraft): Promise<OpenQuestion> {
    const ofRun = this.#asked.filter((asked) => asked.runId === id);
    const known = ofRun.find((asked) => asked.key === key);
    if (known) return Promise.resolve(openQuestion(known));
    const stored = QuestionDraft.parse(JSON.parse(jsonbText(question, this.#redact)));
    const number = ofRun.length + 1;
    const asked: Asked = { runId: id, number, question: stored, key, answered: false };
    this.#asked = [...this.#asked, asked];
    return Promise.resolve(openQuestion(asked));
  }

  setComment(id: RunId, number: number, commentId: number): Promise<void> {
    this.#change(id, number, { commentId });
    return Promise.resolve();
  }

  answer(id: RunId, number: number, _answer: { by: string; text: string }): Promise<boolean> {
    return Promise.resolve(this.#change(id, number, { answered: true }));
  }

  open(id: RunId): Promise<readonly OpenQuestion[]> {
    const open = this.#asked.filter((asked) => asked.runId === id && !asked.answered);
    return Promise.resolve(open.map(openQuestion));
  }

  /** False when there is no such open question. */
  #change(id: RunId, number: number, change: Partial<Asked>): boolean {
    let changed = false;
    this.#asked = this.#asked.map((asked) => {
      if (asked.runId !== id || asked.number !== number || asked.answered) return asked;
      changed = true;
      return { ...asked, ...change };
    });
    return changed;
  }
}

function openQuestion({ runId, number, question, commentId }: Asked): OpenQuestion {
  return { runId, number, question, ...(commentId === undefined ? {} : { commentId }) };
}
