import { taskBranchBeside } from "../domain/branch-name.ts";
import { budgetOf } from "../domain/budget/run-budget.ts";
import { type DispatchId, dispatchId, type Sha } from "../domain/ids.ts";
import type { Limits } from "../domain/limits.ts";
import type { Phase } from "../domain/phase.ts";
import type { PlannedTask } from "../domain/plan/plan.ts";
import type { RepoConfig } from "../domain/repo-config.ts";
import { applyEvent, foldRun } from "../domain/run/fold.ts";
import type { LedgerEvent, LedgerFact } from "../domain/run/ledger-event.ts";
import type { RunView, TaskView } from "../domain/run/run.ts";
import type { Step1Done } from "../domain/skill/protocol-proof.ts";
import type { Triage } from "../domain/triage/mode.ts";
import type { Agents, Instruction, Instructor } from "../ports/agents.ts";
import type { RunRequest } from "../ports/control.ts";
import type { Steps } from "../ports/engine.ts";
import type { GitHub } from "../ports/github.ts";
import type { Questions, Runs } from "../ports/runs.ts";
import type { Definitions, Durations, Ledger, Logger, Profiles } from "../ports/stores.ts";
import type { Workspaces } from "../ports/workspaces.ts";
import type { Order } from "./people/orders.ts";
import { TaskMemo } from "./phases/memo.ts";
import type { Reading } from "./planning/read-supplied.ts";

/** Everything a run may touch. */
export interface RunPorts {
  readonly ledger: Ledger;
  readonly runs: Runs;
  readonly questions: Questions;
  readonly github: GitHub;
  readonly workspaces: Workspaces;
  readonly agents: Agents;
  readonly definitions: Definitions;
  readonly profiles: Profiles;
  readonly instructor: Instructor;
  readonly log: Logger;
  readonly limits: Limits;
  readonly durations: Durations;
  /** US dollars of so many tokens of a model (a tier or an id) by the table of prices; null when it is not known. */
  priceOf(model: string, tokens: number): number | null;
  readonly planApproval: "never" | "large" | "always";
  /** Brings the status comment up to date; called after every fact, coalesces, never rejects. */
  readonly status: StatusPublisher;
}

export interface StatusPublisher {
  /**
   * Soon, at most every few seconds per run. Who carries the run on says `stay`: its place in the queue is no fact, so
   * that it is looked at again and again.
   */
  touch(runId: string, stay?: "stay"): void;
  /** Now; resolves when the comment shows the ledger as it is. Rejects when GitHub refuses it for good. */
  flush(runId: string): Promise<void>;
}

/** The input of the run workflow. */
export interface RunInput {
  readonly runId: RunView["runId"];
  readonly n: number;
  readonly requestedBy: string;
  readonly runBranch: string;
  readonly request: RunRequest;
  /** Its turn in the repository's queue, see `turnOf`; decided once, when the command is accepted. */
  readonly turn?: number;
  /** The installation's name where it is not `backend-orchestrator`. */
  readonly orchestrator?: string;
}

/**
 * A run under way: its steps, its ports, and the view folded from the facts that this workflow recorded itself. Facts
 * that dispatches append on their own are in the ledger, not in this view, so that a replay decides the same.
 */
export class RunContext {
  readonly steps: Steps;
  readonly ports: RunPorts;
  readonly input: RunInput;
  /** What the repository says about itself; undefined without a profile. */
  profile: RepoConfig | undefined;
  #view: RunView | undefined;
  #licence: Step1Done | undefined;
  readonly #events: LedgerEvent[] = [];
  #orders = 0;
  #baseMerged = false;
  #setUsd: number | undefined;
  #grants = 0;
  #warned = false;
  readonly #memos = new Map<string, TaskMemo>();

  constructor(steps: Steps, ports: RunPorts, input: RunInput) {
    this.steps = steps;
    this.ports = ports;
    this.input = input;
  }

  get view(): RunView {
    if (!this.#view) throw new Error("The run has not been started in its ledger yet.");
    return this.#view;
  }

  get head(): Sha {
    return this.view.headSha;
  }

  /** The commit of the base branch that the change is compared with. */
  get base(): Sha {
    return this.view.mergedBase ?? this.view.started.baseSha;
  }

  /** Appends facts in one durable step, each once per key. */
  async record(key: string, ...facts: readonly LedgerFact[]): Promise<void> {
    const { ledger, status } = this.ports;
    const { runId } = this.input;
    const events = await this.steps.step(`record ${key}`, async () => {
      const stored: LedgerEvent[] = [];
      for (const [index, fact] of facts.entries())
        stored.push(await ledger.append(runId, `${key}#${index}`, fact));
      status.touch(runId);
      return stored;
    });
    this.adopt(events);
  }

  /** Instructions of people, which every later dispatch is told. */
  readonly instructions: (Omit<Instruction, "id"> & { readonly id?: string })[] = [];
  /** Ids of those that somebody has been told whose work they can change. */
  readonly heeded = new Set<string>();
  /** Phases that a person skips, with the reason for the record. */
  readonly skips = new Map<Phase, string>();
  /** People whose reviews were worked on and who are asked to look again. */
  readonly reviewers = new Set<string>();
  /** How far the plan is: nothing is carried out before it is approved, or needs no approval. */
  readonly planning: {
    found?: Triage;
    times: number;
    proposed: boolean;
    approved: boolean;
    /** A person wants another plan for what the work turned out to be. */
    anew: { readonly by: string } | undefined;
    /** The plan that the request brings, while it is to be carried out; `fresh` until it was judged once. */
    reading: Reading | undefined;
    fresh: boolean;
    /** A supplied plan that is not carried out, for the one that is made in its place. */
    aside: string | undefined;
    /** The text of the supplied plan that was accepted last, and of its tasks in their author's words. */
    taken: string | undefined;
    readonly texts: Map<string, string>;
  } = {
    anew: undefined,
    reading: undefined,
    fresh: true,
    aside: undefined,
    taken: undefined,
    texts: new Map(),
    times: 0,
    proposed: false,
    approved: false,
  };
  /** Orders that are for the time after the present work. */
  readonly later: Order[] = [];
  /** The pull request was closed: the present work ends. */
  closing = false;

  /** Numbers the orders that were obeyed, for their keys in the ledger. */
  nextOrderKey(): number {
    this.#orders += 1;
    return this.#orders;
  }

  /** Skills that could not be loaded, and conflicts with the base, are tried again once a person lets the run go on. */
  forgive(): void {
    for (const memo of this.#memos.values()) memo.skillRefusals = 0;
    this.#baseMerged = false;
  }

  /** True once until a person's next command: then a conflict with the base branch is resolved. */
  takeBaseMerge(): boolean {
    if (this.#baseMerged) return false;
    this.#baseMerged = true;
    return true;
  }

  /** A person's word on money stands above every other limit of it; at its half people are warned anew. */
  raiseBudget(usd: number): void {
    this.#setUsd = usd;
    this.#warned = false;
  }

  /** Tokens and minutes once more, because a person allowed more after the budget was used up. */
  grant(): void {
    this.#grants += 1;
  }

  /** True once for each budget: then people are warned that half of it is used. */
  takeWarning(): boolean {
    if (this.#warned) return false;
    this.#warned = true;
    return true;
  }

  /** What this run may use now. */
  get budget(): ReturnType<typeof budgetOf> {
    return budgetOf({
      limits: this.ports.limits,
      profile: this.profile?.budget,
      askedUsd: this.input.request.options.budgetUsd,
      setUsd: this.#setUsd,
      grants: this.#grants,
    });
  }

  memo(task: string): TaskMemo {
    const memo = this.#memos.get(task) ?? new TaskMemo();
    this.#memos.set(task, memo);
    return memo;
  }

  taskView(id: string): TaskView {
    const found = this.view.tasks.find((task) => task.task.id === id);
    if (!found) throw new Error(`Task ${id} is not in this run's plan.`);
    return found;
  }

  /** Where the present attempt at a task is pushed: a branch of its own for every attempt. */
  branchOf(phase: Phase, task: PlannedTask): string {
    const branch = taskBranchBeside(this.input.runBranch, phase, task.id);
    const { attempts } = this.memo(task.id);
    return attempts > 1 ? `${branch}-${attempts}` : branch;
  }

  dispatchId(task: string, attempt: number): DispatchId {
    return dispatchId(this.input.runId, task, attempt);
  }

  /** The facts this workflow recorded itself, and those its dispatches brought back, in the order it took them in. */
  get events(): readonly LedgerEvent[] {
    return this.#events;
  }

  get facts(): LedgerFact[] {
    return this.#events.map((event) => event.fact);
  }

  /** Step 1 is proven; from now on specialists may be dispatched. */
  license(proof: Step1Done): void {
    this.#licence = proof;
  }

  /** The proof of Step 1. Throws before there is one: nobody is dispatched without it. */
  get licence(): Step1Done {
    if (!this.#licence)
      throw new Error("Step 1 has not been loaded: nobody can be dispatched yet.");
    return this.#licence;
  }

  /** Folds events that a step of this workflow returned. */
  adopt(events: readonly LedgerEvent[]): void {
    this.#events.push(...events);
    for (const event of events)
      this.#view = this.#view ? applyEvent(this.#view, event) : foldRun([event]);
  }
}
