import { join } from "node:path";
import type { AgentRequest } from "../../ports/agents.ts";
import { withCompiled } from "../egress/relay.ts";
import type { ModelAccount, Wire } from "../model-gateway/provider.ts";
import { claudeCode, codex, copilot, gemini, opencode } from "./profiles-third-party.ts";

/** What a profile may use to describe how its agent is started for one dispatch. */
export interface ProfileStart {
  readonly request: AgentRequest;
  readonly wire: Wire;
  /** The provider's model id. */
  readonly model: string;
  /** Where the gateway's model calls are inside the jail; the provider's paths follow, with or without version. */
  readonly modelUrl: string;
  readonly node: string;
  /** The root of this package. */
  readonly packageDir: string;
  /** Folder in which the operator installed another agent's npm package; absent: it is on the PATH. */
  readonly agentDir?: string;
  /** Where Node finds the native agent compiled. */
  readonly compiled?: string | undefined;
}

/** How one ACP agent is started, told its instructions and resumed. Data; the runner does the rest. */
export interface AgentProfile {
  readonly name: string;
  /** Protocols by which this agent can talk to a model. */
  readonly wires: readonly Wire[];
  argv(start: ProfileStart): readonly string[];
  env(start: ProfileStart): Readonly<Record<string, string>>;
  /** Files to write under HOME before the start, by relative path. */
  files?(start: ProfileStart): Readonly<Record<string, string>>;
  /** Extra fields of `session/new`. */
  session?(start: ProfileStart): Readonly<Record<string, unknown>>;
  /** Folders and files that the agent needs besides the usual ones. */
  readable(start: ProfileStart): readonly string[];
  /** `prompt`: put before the first prompt; `file`: the profile writes it itself. */
  readonly systemPromptVia: "override" | "append" | "prompt" | "file";
  readonly resumeVia: "resume" | "load" | "none";
  /** Session mode to set after the start. */
  readonly mode?: string;
  /** ACP authentication method to choose after `initialize`. */
  readonly authenticate?: string;
}

/** Our own agent: any provider, exactly the tools of the definition, resumable. The default, and the tested one. */
const native: AgentProfile = {
  name: "native",
  wires: ["anthropic", "openai", "openai-compatible", "google"],
  argv: ({ node, packageDir, compiled }) =>
    withCompiled(compiled, [
      node,
      "--disable-warning=ExperimentalWarning",
      join(packageDir, "src/native-agent/main.ts"),
    ]),
  env: ({ request, wire, model, modelUrl }) => ({
    NATIVE_AGENT_CONFIG: JSON.stringify({
      wire,
      baseUrl: modelUrl,
      model,
      tools: request.tools,
      maxTurns: request.limits.maxTurns,
    }),
  }),
  readable: ({ packageDir }) => [join(packageDir, "node_modules")],
  systemPromptVia: "override",
  resumeVia: "resume",
};

const PROFILES: readonly AgentProfile[] = [native, claudeCode, codex, copilot, opencode, gemini];

/** The profile of that name; undefined when there is none. */
export function profileNamed(name: string): AgentProfile | undefined {
  return PROFILES.find((profile) => profile.name === name);
}

/** The names an operator may choose from. */
export function profileNames(): string[] {
  return PROFILES.map((profile) => profile.name);
}

/** Why this agent cannot work with this account, in a sentence with the remedy; undefined when it can. */
export function profileProblem(profile: AgentProfile, account: ModelAccount): string | undefined {
  if (profile.wires.includes(account.provider)) return undefined;
  return (
    `The agent profile ${profile.name} cannot talk to a provider of kind ${account.provider}: ` +
    `choose the profile native, or a provider of kind ${profile.wires.join(" or ")}.`
  );
}
