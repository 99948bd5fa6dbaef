import type { ClientConnection } from "@agentclientprotocol/sdk/unstable";
import { methods } from "@agentclientprotocol/sdk/unstable";
import type { DispatchId } from "../../domain/ids.ts";
import type { AgentHooks, AgentOutcome, AgentRequest, Agents } from "../../ports/agents.ts";
import type { Jail, JailedProcess } from "../../ports/jail.ts";
import { freePort } from "../egress/relay.ts";
import { orchestratorTools } from "../mcp-tools.ts";
import { type Gateway, openGateway } from "../model-gateway/model-gateway.ts";
import { sweepGateways } from "../model-gateway/sweep.ts";
import { Conversation, Inbox } from "./conversation.ts";
import { decide, type Ended } from "./outcome.ts";
import { profileProblem } from "./profiles.ts";
import { ProgressReader } from "./progress.ts";
import { connectAgent, openSession } from "./session.ts";
import { jailSpec, type Machine, profileStart } from "./start.ts";
import { type StopCause, Watch } from "./watch.ts";

export interface RunnerOptions extends Machine {
  readonly jail: Jail;
}

export interface AcpAgents extends Agents {
  /**
   * Something new may be in the news of that dispatch (`AgentHooks.news`): its agent is told at once where it can be,
   * otherwise with its next prompt or the refusal of its result. Does nothing when no such conversation goes on here.
   */
  wake(dispatchId: DispatchId): void;
}

const NUDGE =
  "You have not submitted a result yet, so your work does not count. Finish what is open and call submit_result now; " +
  "if you cannot finish, submit a result that says what blocks you.";

/** Milliseconds between asking an agent to stop and killing it. */
const GRACE = { handedIn: 2_000, person: 500, other: 5_000 } as const;
const EXIT_MS = 1_000;
const STDERR_CHARS = 4_000;
/** Side calls (titles, summaries) that an agent may make besides its turns. */
const SIDE_CALLS = 10;

/**
 * Runs agents by the Agent Client Protocol, each in a jail with a gateway of its own. Throws when the profile cannot
 * talk to the account's provider. Removes what gateways of dead processes left behind.
 */
export function acpAgents(options: RunnerOptions): AcpAgents {
  const problem = profileProblem(options.profile, options.account);
  if (problem) throw new Error(problem);
  void sweepGateways().catch(() => undefined);
  const going = new Map<DispatchId, Dispatch>();
  return {
    wake(dispatchId) {
      going.get(dispatchId)?.wake();
    },
    async run(request, hooks, signal) {
      const dispatch = new Dispatch({ options, request, hooks, signal });
      going.set(request.dispatchId, dispatch);
      try {
        return await dispatch.run();
      } finally {
        going.delete(request.dispatchId);
      }
    },
  };
}

interface DispatchParts {
  readonly options: RunnerOptions;
  readonly request: AgentRequest;
  readonly hooks: AgentHooks;
  readonly signal: AbortSignal;
}

/** One conversation from the gateway's opening to the last process gone. */
class Dispatch {
  readonly #parts: DispatchParts;
  readonly #startedAt = performance.now();
  readonly #watch: Watch;
  readonly #handedIn = Promise.withResolvers<"handed-in">();
  readonly #tools: ReturnType<typeof orchestratorTools>;
  readonly #progress: ProgressReader;
  readonly #inbox: Inbox;
  #conversation: Conversation | undefined;
  #sessionId: string | undefined;
  #stopping = false;
  #stderr = "";

  constructor(parts: DispatchParts) {
    this.#parts = parts;
    const { request, hooks, signal } = parts;
    this.#watch = new Watch(request.limits, signal);
    const heard: AgentHooks = {
      submit: (result) => this.#submit(result),
      loadSkill: (name) => hooks.loadSkill(name),
      readLibrarySkill: (path) => hooks.readLibrarySkill(path),
      progress: (event) => hooks.progress(event),
    };
    this.#tools = orchestratorTools(request, heard, () => this.#handedIn.resolve("handed-in"));
    this.#progress = new ProgressReader((event) => hooks.progress(event));
    this.#inbox = new Inbox(hooks);
  }

  /** What fails here comes with the next prompt or the result. */
  wake(): void {
    this.#conversation?.passOn().catch(() => undefined);
  }

  async run(): Promise<AgentOutcome> {
    const gateway = await this.#openGateway();
    try {
      const ended = await this.#converse(gateway);
      this.#progress.flush();
      const handedIn = this.#tools.handedIn();
      const denied = gateway.denied();
      return {
        ...decide(ended, { handedIn, denied, failure: gateway.lastFailure() }),
        usage: gateway.usage(),
        ...(denied.targets.length > 0 && { refusedAddresses: denied.targets }),
        ...(this.#sessionId !== undefined && { sessionId: this.#sessionId }),
        durationMs: performance.now() - this.#startedAt,
      };
    } finally {
      this.#watch.end();
      await gateway.close();
    }
  }

  /** Nothing is accepted while there is text that the agent has not seen: it comes back with the refusal. */
  async #submit(result: unknown): Promise<string | undefined> {
    const unseen = (await this.#conversation?.takeUnheard()) ?? [];
    if (unseen.length > 0) {
      return `Not accepted yet, because this came in meanwhile:\n\n${unseen.join("\n\n")}\n\nMind it and submit again.`;
    }
    return await this.#parts.hooks.submit(result);
  }

  #openGateway(): Promise<Gateway> {
    const { options, request, hooks } = this.#parts;
    const { maxTokens, maxUsd, maxTurns } = request.limits;
    const maxCalls = maxTurns * 2 + SIDE_CALLS;
    const budget = { maxTokens, maxCalls, ...(maxUsd !== undefined && { maxUsd }) };
    return openGateway({
      model: { account: options.account, budget },
      mcp: (http, response) => this.#tools.handle(http, response),
      egress: options.egress.endpoints,
      onUsage: (usage) => hooks.progress({ kind: "usage", usage }),
      onActivity: () => this.#watch.active(),
    });
  }

  async #converse(gateway: Gateway): Promise<Ended> {
    const { options, request, signal } = this.#parts;
    if (signal.aborted) return { kind: "stopped", cause: "cancelled" };
    const port = await freePort();
    const start = profileStart(options, request, port);
    const way = { port, socketPath: gateway.socketPath };
    let jailed: JailedProcess;
    try {
      jailed = await options.jail.spawn(jailSpec(options, start, way));
    } catch (error) {
      return { kind: "failed", message: `The jail cannot start: ${messageOf(error)}` };
    }
    this.#collectStderr(jailed);
    const connection = connectAgent(jailed, request, (update) => {
      this.#watch.active();
      this.#progress.read(update);
      if (update.sessionUpdate === "user_message_chunk" && update.content.type === "text")
        this.#conversation?.heard(update.content.text);
    });
    const extra = options.profile.session?.(start) ?? {};
    const plan = {
      request,
      profile: options.profile,
      extra,
      mcpUrl: `http://127.0.0.1:${port}/mcp`,
    };
    const talk = this.#talk(connection, plan, gateway);
    try {
      return await this.#firstOf(talk, jailed, connection);
    } finally {
      await this.#end(jailed, connection);
    }
  }

  /** The whole conversation: prompt, then the news, then one reminder; ends early once something is handed in. */
  async #talk(
    connection: ClientConnection,
    plan: Parameters<typeof openSession>[1],
    gateway: Gateway,
  ): Promise<Ended> {
    const { request, profile } = plan;
    try {
      const session = await openSession(connection.agent, plan);
      this.#sessionId = session.sessionId;
      const conversation = new Conversation(connection.agent, session, this.#inbox);
      this.#conversation = conversation;
      const first = profile.systemPromptVia === "prompt" ? `${request.systemPrompt}\n\n` : "";
      let next: string | undefined = first + request.prompt;
      let reminded = false;
      while (next !== undefined) {
        await conversation.prompt(next);
        if (this.#isOver(gateway)) break;
        const news = await this.#inbox.take();
        next = news.length > 0 ? news.join("\n\n") : undefined;
        if (next === undefined && !reminded) {
          reminded = true;
          next = NUDGE;
        }
      }
      return { kind: "finished" };
    } catch (error) {
      return { kind: "failed", message: messageOf(error) };
    }
  }

  #isOver(gateway: Gateway): boolean {
    const { result, question } = this.#tools.handedIn();
    if (this.#stopping) return true;
    return result !== undefined || question !== undefined || gateway.denied().budget > 0;
  }

  /** Waits for the end, whoever makes it; what has to be stopped is asked to stop and given its grace. */
  async #firstOf(
    talk: Promise<Ended>,
    jailed: JailedProcess,
    connection: ClientConnection,
  ): Promise<Ended> {
    const exited = jailed.exited.then(
      (exit): Ended => ({ kind: "exited", ...exit, stderr: this.#stderr }),
    );
    const stopped = this.#watch.stopped.then((cause): Ended => ({ kind: "stopped", cause }));
    const first = await Promise.race([talk, exited, stopped, this.#handedIn.promise]);
    if (first === "handed-in") {
      await settled(Promise.race([talk, exited]), GRACE.handedIn);
      return { kind: "finished" };
    }
    if (first.kind === "failed") {
      const exit = await settled(exited, EXIT_MS);
      return exit ?? first;
    }
    if (first.kind === "stopped" && this.#askToStop(connection)) {
      await settled(Promise.race([talk, exited]), this.#graceOf(first.cause));
    }
    return first;
  }

  /** False when there is no conversation yet that could be asked. */
  #askToStop(connection: ClientConnection): boolean {
    this.#stopping = true;
    if (this.#sessionId === undefined) return false;
    const params = { sessionId: this.#sessionId };
    connection.agent.notify(methods.agent.session.cancel, params).catch(() => undefined);
    return true;
  }

  #graceOf(cause: StopCause): number {
    const byPerson = cause === "cancelled" && this.#parts.signal.reason === "person";
    return byPerson ? GRACE.person : GRACE.other;
  }

  /** Lets the agent end by itself for a moment, unless a person waits for its end, then kills what is left. */
  async #end(jailed: JailedProcess, connection: ClientConnection): Promise<void> {
    jailed.stdin.end();
    if (!this.#parts.signal.aborted) await settled(jailed.exited, EXIT_MS);
    await jailed.kill();
    connection.close();
  }

  #collectStderr(jailed: JailedProcess): void {
    jailed.stdin.on("error", () => undefined);
    jailed.stderr.on("data", (chunk: Buffer | string) => {
      this.#stderr = (this.#stderr + String(chunk)).slice(-STDERR_CHARS);
    });
  }
}

/** The promise's value, or undefined when it takes longer than `ms`. */
async function settled<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
