import type { IncomingMessage, ServerResponse } from "node:http";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
  type Tool,
} from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { QuestionDraft } from "../domain/specialist/results.ts";
import type { AgentHooks, AgentRequest } from "../ports/agents.ts";

/** What the models are told about the orchestrator's tools. Fixed here: no text from outside can change a word. */
const DESCRIPTIONS = {
  submit_result:
    "Hand in your result, once, when the work is done or cannot go on. The input is the result itself. A result of the " +
    "wrong shape, or one the host refuses, comes back as an error that names what to mend: mend it and call again. " +
    "After it is accepted, stop.",
  ask_human:
    "Put one question to a person when only a person can decide it: two to four options (key: one lower-case letter), " +
    "what each leads to, and which one you recommend. The run then waits; stop after calling this.",
  load_skill: "Load one of the skills that your instructions list, by its name.",
  read_library_skill:
    "Read one library skill by a path copied from a gateway's table. Other paths are refused.",
} as const;

/** A tool result with this mark tells the native agent to make no further model call. */
const END = { _meta: { "backend-orchestrator/end": true } } as const;

const SkillName = z.object({ name: z.string().min(1).max(200) });
const SkillPath = z.object({ path: z.string().min(1).max(500) });

/** What the agent handed in through the tools so far. */
export interface HandedIn {
  readonly result?: unknown;
  readonly question?: QuestionDraft;
}

/** The MCP server of one dispatch: stateless, every request is answered by itself. */
export interface OrchestratorTools {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  handedIn(): HandedIn;
}

/**
 * Offers `submit_result` (its input is `resultSchema`), `ask_human`, `load_skill` and `read_library_skill`.
 * `onHandedIn` is called once, when a result is accepted or a question asked; from then on every call is refused.
 */
export function orchestratorTools(
  request: Pick<AgentRequest, "resultSchema" | "catalogue">,
  hooks: AgentHooks,
  onHandedIn: () => void,
): OrchestratorTools {
  const desk = new Desk(hooks, onHandedIn);
  const tools = toolList(request);
  return {
    handedIn: () => desk.handedIn,
    handle: async (http, response) => {
      const server = new Server(
        { name: "orchestrator", version: "1" },
        { capabilities: { tools: {} } },
      );
      server.setRequestHandler(ListToolsRequestSchema, () => ({ tools }));
      server.setRequestHandler(CallToolRequestSchema, ({ params }) =>
        desk.call(params.name, params.arguments ?? {}),
      );
      const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
      response.on("close", () => void server.close());
      await server.connect(transport);
      await transport.handleRequest(http, response);
    },
  };
}

/** Takes what the agent hands in, one at a time. */
class Desk {
  handedIn: HandedIn = {};
  readonly #hooks: AgentHooks;
  readonly #onHandedIn: () => void;
  #line: Promise<unknown> = Promise.resolve();

  constructor(hooks: AgentHooks, onHandedIn: () => void) {
    this.#hooks = hooks;
    this.#onHandedIn = onHandedIn;
  }

  /** Calls are answered in the order they came, so that two submissions cannot both be accepted. */
  call(name: string, input: unknown): Promise<CallToolResult> {
    const answer = this.#line.then(() => this.#answer(name, input));
    this.#line = answer.catch(() => undefined);
    return answer;
  }

  async #answer(name: string, input: unknown): Promise<CallToolResult> {
    if ("result" in this.handedIn || this.handedIn.question) {
      return { ...refused("Your part is already handed in. Stop now."), ...END };
    }
    switch (name) {
      case "submit_result":
        return this.#submit(input);
      case "ask_human":
        return this.#ask(input);
      case "load_skill":
        return withInput(SkillName, input, async (skill) =>
          given(await this.#hooks.loadSkill(skill.name)),
        );
      case "read_library_skill":
        return withInput(SkillPath, input, async (skill) =>
          given(await this.#hooks.readLibrarySkill(skill.path)),
        );
      default:
        return refused(`There is no tool ${name}.`);
    }
  }

  async #submit(result: unknown): Promise<CallToolResult> {
    const refusal = await this.#hooks.submit(result);
    if (refusal !== undefined) return refused(refusal);
    this.handedIn = { result };
    this.#onHandedIn();
    return { ...said("Accepted. Stop now."), ...END };
  }

  #ask(input: unknown): Promise<CallToolResult> {
    return withInput(QuestionDraft, input, (question) => {
      this.handedIn = { question };
      this.#onHandedIn();
      return Promise.resolve({
        ...said("Parked: the question goes to a person and you will be called again. Stop now."),
        ...END,
      });
    });
  }
}

function toolList(request: Pick<AgentRequest, "resultSchema" | "catalogue">): Tool[] {
  const { catalogue } = request;
  const names = catalogue.skills.length > 0 ? { enum: [...catalogue.skills] } : {};
  const paths = catalogue.library.length > 0 ? { enum: [...catalogue.library] } : {};
  return [
    tool("submit_result", request.resultSchema),
    tool("ask_human", z.toJSONSchema(QuestionDraft, { target: "draft-7", io: "input" })),
    tool("load_skill", oneText("name", names)),
    tool("read_library_skill", oneText("path", paths)),
  ];
}

function tool(name: keyof typeof DESCRIPTIONS, schema: Readonly<Record<string, unknown>>): Tool {
  const inputSchema = { ...schema, type: "object" as const };
  return { name, description: DESCRIPTIONS[name], inputSchema };
}

function oneText(field: string, extra: object): Record<string, unknown> {
  return {
    properties: { [field]: { type: "string", ...extra } },
    required: [field],
    additionalProperties: false,
  };
}

async function withInput<T>(
  schema: z.ZodType<T>,
  input: unknown,
  answer: (value: T) => Promise<CallToolResult>,
): Promise<CallToolResult> {
  const parsed = schema.safeParse(input);
  return parsed.success ? answer(parsed.data) : refused(z.prettifyError(parsed.error));
}

function given(answer: { text: string } | { refused: string }): CallToolResult {
  return "text" in answer ? said(answer.text) : refused(answer.refused);
}

function said(text: string): CallToolResult {
  return { content: [{ type: "text", text }] };
}

function refused(text: string): CallToolResult {
  return { ...said(text), isError: true };
}
