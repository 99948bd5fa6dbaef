import { runBranch } from "../../domain/branch-name.ts";
import type { Grant } from "../../domain/command/permission.ts";
import type { RepoRef, RunId } from "../../domain/ids.ts";
import { foldRun } from "../../domain/run/fold.ts";
import { turnOf } from "../../domain/run/queue.ts";
import { dispatchesAtWork, shownNow } from "../../domain/run/state-now.ts";
import { ORCHESTRATOR_ROLE } from "../../domain/specialist/specialists.ts";
import type {
  AskedRun,
  HalfDone,
  Happening,
  LiveRun,
  OrderOutcome,
  ReviewOrder,
  RunControl,
  RunOrder,
  RunRequest,
  StartOutcome,
  Steering,
} from "../../ports/control.ts";
import type { Engine } from "../../ports/engine.ts";
import type { GitHub } from "../../ports/github.ts";
import type { Questions, RunRow, Runs } from "../../ports/runs.ts";
import type { Ledger } from "../../ports/stores.ts";
import type { Workspaces } from "../../ports/workspaces.ts";
import * as replies from "../../reports/order-replies.ts";
import { progressWords } from "../../reports/progress.ts";
import { stopAsked } from "../../reports/reasons.ts";
import { statusReply } from "../../reports/status-reply.ts";
import type { RunInput, StatusPublisher } from "../context.ts";
import { RUN } from "../orchestrate.ts";
import { steeringKey } from "../people/heed.ts";
import { ORDERS, type Order } from "../people/orders.ts";
import { queuePlace } from "../publish/queue-place.ts";
import { answerQuestion, decidePlan, openQuestionsOf, takeHint } from "./answers.ts";
import { cancelRun, happened } from "./events.ts";

export interface ControlPorts {
  readonly engine: Engine;
  readonly runs: Runs;
  readonly questions: Questions;
  readonly ledger: Ledger;
  readonly status: StatusPublisher;
  readonly workspaces: Pick<Workspaces, "removeRun">;
  readonly github: Pick<GitHub, "requestCount">;
  readonly webUrl: string;
  /** The name of this installation; `backend-orchestrator` unless told. */
  readonly orchestrator?: string;
  /** Lets the agent of that dispatch look for news, if it works in this process. */
  readonly wakeAgent: (dispatchId: string) => void;
}

/** What people's commands do to runs. Every change needs a `Grant`. */
export class Control implements RunControl {
  readonly #ports: ControlPorts;

  constructor(ports: ControlPorts) {
    this.#ports = ports;
  }

  async start(grant: Grant, request: RunRequest): Promise<StartOutcome> {
    const { engine, runs } = this.#ports;
    const { repo, issue } = request;
    const made = await runs.create({
      repo,
      issue,
      requestedBy: grant.login,
      commentKey: `${repo.id}:${request.commentId}`,
      runBranch: (n) => runBranch({ issue, title: this.#branchTitle(request.issueTitle), n }),
    });
    if (made.kind === "live") return { kind: "live", run: await this.#describe(made.run) };
    // The engine may have forgotten a run that is over: its own comment, delivered again, does not start it anew.
    if (made.kind === "existing" && made.run.state === "ended")
      return { kind: "started", runId: made.run.runId };
    const { runId, n, requestedBy } = made.run;
    const input: RunInput = {
      runId,
      n,
      requestedBy,
      runBranch: made.run.runBranch,
      request,
      turn: turnOf(made.run, await runs.allLive()),
      ...this.#nameOf(),
    };
    await engine.start(RUN, { key: runId, input });
    return { kind: "started", runId };
  }

  /** Two installations on one repository write branches of different names. */
  #branchTitle(title: string): string {
    const { orchestrator } = this.#nameOf();
    return orchestrator === undefined ? title : `${orchestrator} ${title}`;
  }

  #nameOf(): { orchestrator?: string } {
    const { orchestrator = ORCHESTRATOR_ROLE } = this.#ports;
    return orchestrator === ORCHESTRATOR_ROLE ? {} : { orchestrator };
  }

  /** A run that is complete or blocked is still reachable while it stands by. */
  async live(repo: RepoRef, number: number): Promise<LiveRun | undefined> {
    const { runs, engine } = this.#ports;
    const row = (await runs.live(repo.id, number)) ?? (await runs.latest(repo.id, number));
    if (!row || (await engine.state(row.runId)) !== "running") return undefined;
    return this.#describe(row);
  }

  async instruct(grant: Grant, order: RunOrder): Promise<OrderOutcome> {
    switch (order.command.kind) {
      case "answer":
        return answerQuestion(this.#ports, grant, order);
      case "approve":
        return decidePlan(this.#ports, grant, { order, option: "a", text: "approve" });
      case "reject":
        return decidePlan(this.#ports, grant, { order, option: "b", text: order.command.reason });
      case "cancel":
        return this.#cancel(grant, order);
      case "pause":
        return this.#pause(grant, order);
      case "resume":
        return this.#order(order, { kind: "resume", by: grant.login }, replies.resumed());
      case "retry": {
        const { phase } = order.command;
        return this.#order(
          order,
          { kind: "retry", by: grant.login, ...(phase ? { phase } : {}) },
          replies.retried(phase),
        );
      }
      case "skip": {
        const { phase, reason } = order.command;
        return this.#order(
          order,
          { kind: "skip", by: grant.login, phase, reason },
          replies.skipped(phase),
        );
      }
      case "budget": {
        const { usd } = order.command;
        const body: Order = { kind: "budget", by: grant.login, usd };
        return this.#order(order, body, replies.budgetSet(usd));
      }
    }
  }

  async #pause({ login }: Grant, order: RunOrder): Promise<OrderOutcome> {
    const { runId, standsBy } = order.run;
    if (standsBy) return { kind: "refused", said: replies.nothingToPause() };
    const { ledger, status } = this.#ports;
    const events = await ledger.read(runId);
    const atWork = events.length === 0 ? 0 : dispatchesAtWork(foldRun(events)).length;
    const key = `stop ordered/${order.commentId ?? order.deliveryId}`;
    if (events.length > 0)
      await ledger.append(runId, key, { type: "stop-ordered", by: login, how: "pause" });
    status.touch(runId);
    return this.#order(order, { kind: "pause", by: login }, replies.pausing(atWork));
  }

  async #order(
    order: { run: LiveRun; commentId?: number; deliveryId: string },
    body: Order,
    said: string,
  ): Promise<OrderOutcome> {
    const { runId } = order.run;
    await this.#ports.engine.send({
      key: runId,
      topic: ORDERS,
      body,
      idempotencyKey: `order/${runId}/${order.commentId ?? order.deliveryId}`,
    });
    return { kind: "accepted", said };
  }

  /**
   * The instruction stands in the ledger and in the run's orders before anybody is told, so that it is told once per
   * conversation and never lost; agents at work are woken to look.
   */
  async steer(grant: Grant, message: Steering): Promise<OrderOutcome> {
    const { run, text, commentId } = message;
    const { runId, standsBy } = run;
    const { ledger, wakeAgent, status } = this.#ports;
    const id = String(commentId);
    const events = await ledger.read(runId);
    if (events.length > 0)
      await ledger.append(runId, `${steeringKey(id)}#0`, {
        type: "steered",
        by: grant.login,
        text,
        id,
      });
    await this.#order(message, { kind: "instruct", by: grant.login, text, id }, "");
    const atWork = events.length === 0 ? [] : dispatchesAtWork(foldRun(events));
    for (const { dispatchId } of atWork) wakeAgent(dispatchId);
    status.touch(runId);
    const said = standsBy ? replies.nextRound() : replies.told(atWork.length);
    return { kind: "accepted", said };
  }

  async status(repo: RepoRef, number: number): Promise<string | undefined> {
    const row = await this.#ports.runs.latest(repo.id, number);
    if (!row) return undefined;
    const events = await this.#ports.ledger.read(row.runId);
    if (events.length === 0) return replies.aboutToStart();
    const { webUrl, github, engine } = this.#ports;
    const requests = await github.requestCount(row.runId);
    const view = shownNow(foldRun(events));
    return statusReply(view, { webUrl, requests, queue: await queuePlace(engine, view) });
  }

  async #describe(row: RunRow): Promise<LiveRun> {
    const events = await this.#ports.ledger.read(row.runId);
    const view = events.length === 0 ? undefined : shownNow(foldRun(events));
    const state = view
      ? progressWords(view, await queuePlace(this.#ports.engine, view))
      : "about to start";
    const { runId, issue, requestedBy, pullRequest } = row;
    return {
      runId,
      issue,
      requestedBy,
      state,
      ...(row.state === "ended" ? { standsBy: true } : {}),
      ...(pullRequest === undefined ? {} : { pullRequest }),
    };
  }

  async review(grant: Grant, review: ReviewOrder): Promise<OrderOutcome> {
    const { runId } = review.run;
    const { reviewId } = review;
    const body: Order = { kind: "review", by: grant.login, reviewId };
    await this.#ports.engine.send({
      key: runId,
      topic: ORDERS,
      body,
      idempotencyKey: `review/${runId}/${reviewId}`,
    });
    return { kind: "accepted" };
  }

  async openQuestions(repo: RepoRef, number: number): Promise<AskedRun | undefined> {
    const row = await this.#ports.runs.live(repo.id, number);
    return row && openQuestionsOf(this.#ports, row.runId, await this.#describe(row));
  }

  takeHint(runId: RunId, question: number): Promise<boolean> {
    return takeHint(this.#ports, runId, question);
  }

  happened(happening: Happening): Promise<string | undefined> {
    return happened(this.#ports, happening);
  }

  halfDone(grant: Grant, half: HalfDone): Promise<string | undefined> {
    return happened(this.#ports, { ...half, kind: "half", by: grant.login, state: "complete" });
  }

  async tookUp(repo: RepoRef, issue: number, run: string): Promise<boolean> {
    const row = await this.#ports.runs.latest(repo.id, issue);
    if (!row) return false;
    const [first] = await this.#ports.ledger.read(row.runId);
    return first?.fact.type === "run-started" && first.fact.handOff?.run === run;
  }

  async #cancel(grant: Grant, order: RunOrder): Promise<OrderOutcome> {
    await cancelRun(this.#ports, order.run.runId, {
      by: grant.login,
      reason: stopAsked(),
    });
    return { kind: "accepted", said: replies.cancelled() };
  }
}
