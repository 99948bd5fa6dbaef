import { type ClientContext, methods } from "@agentclientprotocol/sdk/unstable";
import type { AgentHooks } from "../../ports/agents.ts";
import type { OpenedSession } from "./session.ts";

/** What came in for an agent and has not reached it. */
export class Inbox {
  readonly #back: string[] = [];
  readonly #hooks: Pick<AgentHooks, "news">;

  constructor(hooks: Pick<AgentHooks, "news">) {
    this.#hooks = hooks;
  }

  /** Everything that is to be told now, oldest first; each text is given once. */
  async take(): Promise<string[]> {
    const fresh = await this.#hooks.news?.();
    return [...this.#back.splice(0), ...(fresh ?? [])];
  }

  /** A text that could not be told after all is given again by the next `take`. */
  giveBack(text: string): void {
    this.#back.push(text);
  }
}

/** The prompts of one conversation. */
export class Conversation {
  readonly #agent: ClientContext;
  readonly #session: OpenedSession;
  readonly #inbox: Inbox;
  readonly #extra = new Set<Promise<void>>();
  /** Passed on, and not known to have reached the model. */
  #unheard: readonly string[] = [];
  #busy = false;

  constructor(agent: ClientContext, session: OpenedSession, inbox: Inbox) {
    this.#agent = agent;
    this.#session = session;
    this.#inbox = inbox;
  }

  /** Resolves when the agent has answered this prompt and whatever was passed on meanwhile. */
  async prompt(text: string): Promise<void> {
    this.#busy = true;
    try {
      await this.#send(text);
      while (this.#extra.size > 0) await Promise.all(this.#extra);
    } finally {
      this.#busy = false;
    }
  }

  /**
   * Tells at once what has come in, where the agent takes prompts while it answers another. Others get it with their
   * next prompt, or with the refusal of a result that does not know it.
   */
  async passOn(): Promise<void> {
    if (!this.#busy || !this.#session.queuesPrompts) return;
    for (const text of await this.#inbox.take()) {
      this.#unheard = [...this.#unheard, text];
      const sent = this.#send(text).then(
        () => this.heard(text),
        () => {
          if (this.#unheard.includes(text)) this.#inbox.giveBack(text);
          this.heard(text);
        },
      );
      this.#extra.add(sent);
      void sent.finally(() => this.#extra.delete(sent));
    }
  }

  /** The agent says that a text has reached its model. */
  heard(text: string): void {
    this.#unheard = this.#unheard.filter((one) => one !== text);
  }

  /** What a result cannot know yet: it is told now, with the refusal of that result. */
  async takeUnheard(): Promise<string[]> {
    const passedOn = this.#unheard;
    this.#unheard = [];
    return [...passedOn, ...(await this.#inbox.take())];
  }

  async #send(text: string): Promise<void> {
    const prompt = [{ type: "text" as const, text }];
    const { sessionId } = this.#session;
    await this.#agent.request(methods.agent.session.prompt, { sessionId, prompt });
  }
}
