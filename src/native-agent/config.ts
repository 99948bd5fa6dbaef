import { z } from "zod";

export const TOOL_NAMES = ["read", "glob", "grep", "edit", "write", "bash"] as const;
export type ToolName = (typeof TOOL_NAMES)[number];

/** Which protocol the model speaks; `openai` is the Responses API, `openai-compatible` chat completions. */
export const Wire = z.enum(["anthropic", "openai", "openai-compatible", "google"]);

/** What the host tells this program in the variable `NATIVE_AGENT_CONFIG`. It holds no secret. */
export const AgentConfig = z.object({
  wire: Wire,
  /** Where the model gateway answers inside the jail; the path of the wire is put behind it. */
  baseUrl: z.url(),
  model: z.string().min(1),
  tools: z.array(z.enum(TOOL_NAMES)),
  /** Model calls in one conversation, a resumed part included. */
  maxTurns: z.number().int().positive(),
  /** Characters of conversation above which old tool outputs are taken out. */
  maxContextChars: z.number().int().positive().default(500_000),
});
export type AgentConfig = z.infer<typeof AgentConfig>;

const VARIABLE = "NATIVE_AGENT_CONFIG";

/** Reads the configuration and removes it from the environment, so that no command of the agent sees it. */
export function readConfig(env: NodeJS.ProcessEnv): AgentConfig {
  const text = env[VARIABLE];
  delete env[VARIABLE];
  if (text === undefined)
    throw new Error(`Set ${VARIABLE}: this agent is started by the orchestrator.`);
  return AgentConfig.parse(JSON.parse(text));
}
