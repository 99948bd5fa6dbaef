import { runBranch } from "../domain/branch-name.ts";
import type { RepoRef, RunId } from "../domain/ids.ts";
import type { Grant } from "../domain/permission.ts";
import { foldRun } from "../domain/run-fold.ts";
import type {
  LiveRun,
  OrderOutcome,
  RunControl,
  RunOrder,
  RunRequest,
  StartOutcome,
  Steering,
} from "../ports/control.ts";
import type { Engine } from "../ports/engine.ts";
import type { Questions, RunRow, Runs } from "../ports/runs.ts";
import type { Ledger } from "../ports/stores.ts";
import { progressWords } from "../reports/progress.ts";
import { statusComment } from "../reports/status-comment.ts";
import type { RunInput, StatusPublisher } from "./context.ts";
import { ANSWERS, type AnswerMessage } from "./escalate.ts";
import { RUN } from "./orchestrate.ts";

export interface ControlPorts {
  readonly engine: Engine;
  readonly runs: Runs;
  readonly questions: Questions;
  readonly ledger: Ledger;
  readonly status: StatusPublisher;
  readonly webUrl: string;
  /** Says that the requests sent for the present command belong to this run. */
  readonly attribute: (runId: RunId) => Promise<void>;
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
      runBranch: (n) => runBranch({ issue, title: request.issueTitle, n }),
    });
    if (made.kind === "live") return { kind: "live", run: await this.#describe(made.run) };
    const { runId, n, requestedBy } = made.run;
    await this.#ports.attribute(runId);
    const input: RunInput = { runId, n, requestedBy, runBranch: made.run.runBranch, request };
    await engine.start(RUN, { key: runId, input });
    return { kind: "started", runId };
  }

  async live(repo: RepoRef, number: number): Promise<LiveRun | undefined> {
    const row = await this.#ports.runs.live(repo.id, number);
    return row && this.#describe(row);
  }

  async instruct(grant: Grant, order: RunOrder): Promise<OrderOutcome> {
    switch (order.command.kind) {
      case "answer":
        return this.#answer(grant, order, order.command);
      case "approve":
        return this.#decide(grant, order, { option: "a", text: "approve" });
      case "reject":
        return this.#decide(grant, order, { option: "b", text: order.command.reason });
      case "cancel":
        return this.#cancel(grant, order);
      default:
        return {
          kind: "refused",
          said: `\`${order.command.kind}\` is not available for this run yet; try \`status\`, \`answer\`, \`approve\`, \`reject\` or \`cancel\`.`,
        };
    }
  }

  async steer(grant: Grant, message: Steering): Promise<OrderOutcome> {
    const { runId } = message.run;
    await this.#ports.ledger.append(runId, `steer/${message.commentId}`, {
      type: "steered",
      by: grant.login,
      text: message.text,
    });
    return { kind: "accepted", said: "Noted for this run's next dispatch." };
  }

  async status(repo: RepoRef, number: number): Promise<string | undefined> {
    const row = await this.#ports.runs.latest(repo.id, number);
    if (!row) return undefined;
    const events = await this.#ports.ledger.read(row.runId);
    if (events.length === 0) return "The run was accepted and is about to start.";
    return statusComment(foldRun(events), { webUrl: this.#ports.webUrl }).replace(
      /^<!--.*-->\n/,
      "",
    );
  }

  async #describe(row: RunRow): Promise<LiveRun> {
    const events = await this.#ports.ledger.read(row.runId);
    const state = events.length === 0 ? "about to start" : progressWords(foldRun(events));
    const { runId, issue, requestedBy, pullRequest } = row;
    return {
      runId,
      issue,
      requestedBy,
      state,
      ...(pullRequest === undefined ? {} : { pullRequest }),
    };
  }

  async #answer(
    grant: Grant,
    order: RunOrder,
    command: { question?: number; text: string },
  ): Promise<OrderOutcome> {
    const open = await this.#ports.questions.open(order.run.runId);
    const wanted = command.question ?? (open.length === 1 ? open[0]?.number : undefined);
    const question = open.find((candidate) => candidate.number === wanted);
    if (!question) {
      const numbers = open.map((candidate) => `Q${candidate.number}`).join(", ");
      return {
        kind: "refused",
        said:
          open.length === 0
            ? "This run has no open question."
            : `Name the question you answer: ${numbers}.`,
      };
    }
    const key = command.text.trim().toLowerCase();
    const option = question.question.options.find((candidate) => candidate.key === key);
    return this.#send(grant, order, {
      number: question.number,
      text: option?.label ?? command.text,
      ...(option ? { option: option.key } : {}),
    });
  }

  async #decide(
    grant: Grant,
    order: RunOrder,
    decision: { option: string; text: string },
  ): Promise<OrderOutcome> {
    const open = await this.#ports.questions.open(order.run.runId);
    const [question] = open;
    if (!question || open.length !== 1)
      return { kind: "refused", said: "There is no plan that waits for approval." };
    return this.#send(grant, order, { number: question.number, ...decision });
  }

  async #send(
    grant: Grant,
    order: RunOrder,
    answer: Omit<AnswerMessage, "by">,
  ): Promise<OrderOutcome> {
    const { runId } = order.run;
    const body: AnswerMessage = { ...answer, by: grant.login };
    // Sent before it is marked: a crash in between repeats the command, never loses the answer.
    await this.#ports.engine.send({
      key: runId,
      topic: ANSWERS,
      body,
      idempotencyKey: `answer/${runId}/${answer.number}`,
    });
    const first = await this.#ports.questions.answer(runId, answer.number, {
      by: grant.login,
      text: answer.text,
    });
    if (!first)
      return {
        kind: "refused",
        said: `Q${answer.number} was answered already; the first answer counts.`,
      };
    return { kind: "accepted", said: `Answer to Q${answer.number} taken; the run goes on.` };
  }

  async #cancel(grant: Grant, order: RunOrder): Promise<OrderOutcome> {
    const { engine, ledger, runs, status } = this.#ports;
    const { runId } = order.run;
    await engine.cancel(runId);
    await ledger.append(runId, "cancelled", {
      type: "run-cancelled",
      by: grant.login,
      reason: "asked to stop; its branches are kept",
    });
    await runs.end(runId);
    await status.flush(runId);
    return { kind: "accepted", said: "The run is cancelled. Its branches are kept." };
  }
}
