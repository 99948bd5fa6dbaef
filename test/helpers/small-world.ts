import { RunId } from "../../src/domain/ids.ts";
import { Limits } from "../../src/domain/limits.ts";
import type { RepoConfig } from "../../src/domain/repo-config.ts";
import { foldRun } from "../../src/domain/run/fold.ts";
import type { LedgerFact } from "../../src/domain/run/ledger-event.ts";
import type { RunView } from "../../src/domain/run/run.ts";
import type { QuestionDraft } from "../../src/domain/specialist/results.ts";
import { type Clock, systemClock } from "../../src/engine/clock.ts";
import { MemoryDurations } from "../../src/engine/memory/durations.ts";
import { MemoryLedger, MemoryQuestions, MemoryRuns } from "../../src/engine/memory/stores.ts";
import type { Agents } from "../../src/ports/agents.ts";
import type { RunRequest } from "../../src/ports/control.ts";
import type { Engine } from "../../src/ports/engine.ts";
import type { Ledger } from "../../src/ports/stores.ts";
import { statusComment } from "../../src/reports/status-comment.ts";
import type { RunInput, RunPorts } from "../../src/workflow/context.ts";
import { orchestrate, RUN } from "../../src/workflow/orchestrate.ts";
import { ANSWERS } from "../../src/workflow/people/escalate.ts";
import { dispatch } from "../../src/workflow/phases/dispatch.ts";
import { DISPATCH } from "../../src/workflow/phases/dispatch-input.ts";
import { publishHandOffs } from "../../src/workflow/publish/hand-offs.ts";
import { REPO } from "./run-facts.ts";
import { DEFINITIONS, INSTRUCTOR } from "./small-definitions.ts";
import { SmallGit } from "./small-git.ts";
import { SmallHub } from "./small-hub.ts";

/** What one scripted dispatch does: edits files (in the clone) and submits, or ends another way. */
export type Act = (work: {
  files: Record<string, string>;
  attempt: number;
  prompt: string;
  /** What this dispatch may use at most. */
  maxTokens: number;
}) =>
  | { readonly result: unknown }
  | { readonly status: "no-result" | "crashed" | "timed-out" }
  | {
      readonly question: {
        text: string;
        options: { key: string; label: string; consequence: string }[];
        recommended: string;
      };
    };

/** A person's answer to a question that a run asks; undefined leaves it open. */
export type Answering = (asked: {
  readonly number: number;
  readonly question: QuestionDraft;
}) => { readonly text: string; readonly option?: string } | undefined;

/** Nobody but a test says how a loop goes on: without one, people end it. */
function abortsLoops({ question }: Parameters<Answering>[0]): ReturnType<Answering> {
  return question.text.includes("The run is stuck") ? { option: "d", text: "Abort" } : undefined;
}

/** The whole world of a run in memory: a small git, a GitHub that remembers, agents that follow a script by task id. */
export class SmallWorld {
  readonly git = new SmallGit({ "README.md": "sample" });
  /** What the ledger takes for the time; a test may move it on. */
  clock: Clock = systemClock;
  readonly #time: Clock = {
    now: () => this.clock.now(),
    after: (ms, fire) => systemClock.after(ms, fire),
  };
  readonly ledger = new MemoryLedger({ clock: this.#time });
  readonly runs = new MemoryRuns(this.#time);
  readonly questions = new MemoryQuestions();
  /** What earlier runs took; a test may give one that others have filled. */
  durations = new MemoryDurations();
  planApproval: "never" | "large" | "always" = "never";
  readonly hub = new SmallHub(this.git);
  /** Dispatch ids in the order in which agents were started. */
  readonly dispatched: string[] = [];
  /** What the repository says about itself. */
  profile: RepoConfig | undefined;
  /** US dollars of each dispatch; null where no table knows the price. */
  usd: number | null = 0;
  /** What the workflow logged as an error. */
  readonly errors: string[] = [];
  /** Agents at work at this moment, and the most there ever were. */
  working = 0;
  mostAtWork = 0;
  /** What bob answers to the run's questions, at once. */
  answering: Answering = abortsLoops;
  /** Why agents were stopped before they had ended, in order. */
  readonly stopped: unknown[] = [];
  readonly #watchers: ((fact: LedgerFact) => void)[] = [];
  readonly #held = new Map<string, Promise<void>>();
  readonly #acts: Readonly<Record<string, Act>>;
  readonly #limits: Limits;

  constructor(acts: Readonly<Record<string, Act>>, limits: Partial<Limits> = {}) {
    this.#acts = acts;
    this.#limits = Limits.parse({ standbyDays: 0, ...limits });
  }

  get comments(): SmallHub["comments"] {
    return this.hub.comments;
  }

  get pulls(): SmallHub["pulls"] {
    return this.hub.pulls;
  }

  /** Keeps the agents of that task at work until the function that it gives is called, or they are cancelled. */
  hold(task: string): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held.set(task, promise);
    return resolve;
  }

  /** Registers both workflows on an engine. */
  register(engine: Engine): void {
    const ports = this.ports();
    this.#watchers.push((fact) => {
      if (fact.type === "question-asked") void this.#answer(engine, fact);
    });
    engine.register(RUN, (steps, input) => orchestrate(steps, ports, input));
    engine.register(DISPATCH, (steps, input) => dispatch(steps, ports, input));
  }

  /** Creates the run's row, as the command does, and gives the workflow's input. */
  async begin(change: Partial<RunRequest> = {}): Promise<RunInput> {
    const request: RunRequest = { ...REQUEST, ...change };
    const runBranch = "orchestrate/12-add-an-endpoint-r1/main";
    const made = await this.runs.create({
      repo: REPO,
      issue: request.issue,
      requestedBy: "alice",
      commentKey: "7:99",
      runBranch: () => runBranch,
    });
    return { runId: made.run.runId, n: made.run.n, requestedBy: "alice", runBranch, request };
  }

  /** Resolves when the run's ledger holds a fact of that type. */
  reached(type: LedgerFact["type"]): Promise<void> {
    return this.reachedFact((fact) => fact.type === type);
  }

  /** Resolves at the next fact that matches. */
  reachedFact(matches: (fact: LedgerFact) => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#watchers.push((fact) => {
        if (matches(fact)) resolve();
      });
    });
  }

  async view(): Promise<RunView> {
    return foldRun(await this.ledger.read(RunId.parse("7-12-r1")));
  }

  ports(): RunPorts {
    const { runs, questions, git } = this;
    return {
      ledger: this.#watched(),
      runs,
      questions,
      workspaces: git,
      github: this.hub,
      definitions: { load: () => Promise.resolve(DEFINITIONS) },
      profiles: {
        read: () => Promise.resolve(this.profile === undefined ? {} : { config: this.profile }),
      },
      instructor: INSTRUCTOR,
      agents: { run: (request, hooks, signal) => this.#runAgent(request, hooks, signal) },
      status: { touch: () => undefined, flush: (runId) => this.#publish(RunId.parse(runId)) },
      log: {
        info: () => undefined,
        warn: () => undefined,
        error: (fields) => void this.errors.push(JSON.stringify(fields)),
      },
      limits: this.#limits,
      durations: this.durations,
      priceOf: () => this.usd,
      planApproval: this.planApproval,
    };
  }

  async #runAgent(
    request: Parameters<Agents["run"]>[0],
    hooks: Parameters<Agents["run"]>[1],
    signal: AbortSignal,
  ): ReturnType<Agents["run"]> {
    this.dispatched.push(request.dispatchId);
    this.working += 1;
    this.mostAtWork = Math.max(this.mostAtWork, this.working);
    const [, task = "", attempt = "1"] = request.dispatchId.split(".");
    const act = this.#acts[task] ?? this.#acts[task.replace(/(?:-\d+)+$/, "")];
    if (!act) throw new Error(`No act is scripted for task ${task}.`);
    await Promise.race([this.#held.get(task), aborted(signal)]);
    const news = (await hooks.news?.()) ?? [];
    const done = act({
      files: this.git.workTree(request.clone),
      attempt: Number(attempt),
      prompt: [request.prompt, ...news].join("\n"),
      maxTokens: request.limits.maxTokens,
    });
    this.working -= 1;
    const base = {
      usage: { calls: 1, inputTokens: 10, outputTokens: 5, cachedTokens: 0, usd: this.usd },
      durationMs: 1,
    };
    if (signal.aborted) {
      this.stopped.push(signal.reason);
      return { ...base, status: "cancelled" };
    }
    if ("status" in done) return { ...base, status: done.status };
    if ("question" in done) return { ...base, status: "needs-human", question: done.question };
    const refused = await hooks.submit(done.result);
    return refused === undefined
      ? { ...base, status: "submitted", result: done.result }
      : { ...base, status: "no-result", detail: refused };
  }

  async #answer(engine: Engine, asked: Parameters<Answering>[0]): Promise<void> {
    const answer = this.answering(asked);
    if (!answer) return;
    const { number } = asked;
    const body = { number, by: "bob", ...answer };
    const message = { key: "7-12-r1", topic: ANSWERS, body, idempotencyKey: `answer ${number}` };
    await engine.send(message).catch(() => undefined);
  }

  #watched(): Ledger {
    const { ledger } = this;
    return {
      read: (runId, after) => ledger.read(runId, after),
      append: async (runId, key, fact) => {
        const event = await ledger.append(runId, key, fact);
        for (const watcher of this.#watchers) watcher(fact);
        return event;
      },
    };
  }

  async #publish(runId: RunId): Promise<void> {
    const events = await this.ledger.read(runId);
    if (events.length === 0) return;
    const view = foldRun(events);
    this.comments.set("status", statusComment(view, { webUrl: "http://127.0.0.1" }));
    await publishHandOffs(this.hub, view, new Map());
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
}

export const REQUEST: RunRequest = {
  repo: REPO,
  issue: 12,
  issueTitle: "Add an endpoint",
  issueBody: "Implement POST /api/assets, which stores an asset, and write tests for it.",
  labels: [],
  isPullRequest: false,
  defaultBranch: "main",
  task: "",
  options: {},
  planOnly: false,
  commentId: 99,
  commentUrl: "http://127.0.0.1/c/99",
  deliveryId: "d-1",
};
