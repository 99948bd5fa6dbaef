import type { SessionUpdate } from "@agentclientprotocol/sdk/unstable";
import type { AgentProgress } from "../../ports/agents.ts";

const MAX_TEXT_CHARS = 2_000;

/** Turns an agent's updates into progress events: text by whole lines, one event for each tool call. */
export class ProgressReader {
  #text = "";
  readonly #tell: (event: AgentProgress) => void;

  constructor(tell: (event: AgentProgress) => void) {
    this.#tell = tell;
  }

  read(update: SessionUpdate): void {
    if (update.sessionUpdate === "agent_message_chunk" && update.content.type === "text") {
      this.#add(update.content.text);
    }
    if (update.sessionUpdate === "tool_call") {
      this.flush();
      const name = update.name ?? update.kind ?? "tool";
      this.#tell({ kind: "tool", name, title: update.title });
    }
  }

  /** Tells what is left of a line that was not ended. */
  flush(): void {
    const text = this.#text.trim();
    this.#text = "";
    if (text !== "") this.#tell({ kind: "text", text });
  }

  #add(chunk: string): void {
    this.#text += chunk;
    if (this.#text.includes("\n") || this.#text.length > MAX_TEXT_CHARS) {
      const cut = this.#text.lastIndexOf("\n") + 1 || this.#text.length;
      const rest = this.#text.slice(cut);
      this.#text = this.#text.slice(0, cut);
      this.flush();
      this.#text = rest;
    }
  }
}
