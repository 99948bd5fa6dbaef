import { join } from "node:path";
import type { AgentProfile, ProfileStart } from "./profiles.ts";

/** The gateway puts the real key in; the agents only insist that there is one. */
const PLACEHOLDER_KEY = "in-the-gateway";

/** Claude Code through its ACP adapter, installed by the operator. Not tested here: written from measured facts. */
export const claudeCode: AgentProfile = {
  name: "claude-code",
  wires: ["anthropic"],
  argv: (start) => [program(start, "claude-agent-acp")],
  env: ({ model, modelUrl }) => ({
    ANTHROPIC_BASE_URL: modelUrl,
    ANTHROPIC_API_KEY: PLACEHOLDER_KEY,
    ANTHROPIC_MODEL: model,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    IS_SANDBOX: "1",
  }),
  session: ({ request }) => ({
    _meta: { claudeCode: { options: { tools: request.tools.map(capital) } } },
  }),
  readable: installed,
  systemPromptVia: "override",
  resumeVia: "resume",
};

/** Codex through its ACP adapter, installed by the operator. Not tested here: written from measured facts. */
export const codex: AgentProfile = {
  name: "codex",
  wires: ["openai"],
  argv: (start) => [program(start, "codex-acp")],
  env: ({ request }) => ({
    CODEX_HOME: join(request.clone.stateDir, ".codex"),
    GATEWAY_KEY: PLACEHOLDER_KEY,
  }),
  files: ({ model, modelUrl }) => ({
    ".codex/config.toml": [
      `model = ${JSON.stringify(model)}`,
      'model_provider = "gateway"',
      "[model_providers.gateway]",
      'name = "gateway"',
      `base_url = ${JSON.stringify(modelUrl)}`,
      'env_key = "GATEWAY_KEY"',
      'wire_api = "responses"',
      "",
    ].join("\n"),
  }),
  readable: installed,
  systemPromptVia: "append",
  resumeVia: "resume",
  mode: "agent-full-access",
};

/** GitHub Copilot CLI with a model of one's own, installed by the operator. Not tested here: written from facts. */
export const copilot: AgentProfile = {
  name: "copilot",
  wires: ["openai-compatible", "openai", "anthropic"],
  argv: (start) => [program(start, "copilot"), "--acp"],
  env: ({ wire, model, modelUrl }) => ({
    COPILOT_PROVIDER_TYPE: wire === "anthropic" ? "anthropic" : "openai",
    COPILOT_PROVIDER_BASE_URL: modelUrl,
    COPILOT_PROVIDER_API_KEY: PLACEHOLDER_KEY,
    COPILOT_MODEL: model,
  }),
  readable: installed,
  systemPromptVia: "prompt",
  resumeVia: "load",
};

/** opencode, installed by the operator. Not tested here: written from measured facts. */
export const opencode: AgentProfile = {
  name: "opencode",
  wires: ["openai-compatible", "openai"],
  argv: (start) => [program(start, "opencode"), "acp"],
  env: ({ request, model, modelUrl }) => ({
    OPENCODE_CONFIG_CONTENT: JSON.stringify({
      model: `gateway/${model}`,
      provider: {
        gateway: {
          npm: "@ai-sdk/openai-compatible",
          options: { baseURL: modelUrl, apiKey: PLACEHOLDER_KEY },
          models: { [model]: {} },
        },
      },
      agent: {
        orchestrated: { prompt: request.systemPrompt, tools: withoutOthers(request.tools) },
      },
    }),
  }),
  readable: installed,
  systemPromptVia: "file",
  resumeVia: "resume",
  mode: "orchestrated",
};

/** Gemini CLI, installed by the operator. It cannot resume. Not tested here: written from measured facts. */
export const gemini: AgentProfile = {
  name: "gemini",
  wires: ["google"],
  argv: (start) => [program(start, "gemini"), "--acp"],
  env: ({ request, model, modelUrl }) => ({
    GOOGLE_GEMINI_BASE_URL: modelUrl,
    GEMINI_API_KEY: PLACEHOLDER_KEY,
    GEMINI_MODEL: model,
    GEMINI_SYSTEM_MD: join(request.clone.stateDir, "system.md"),
    GEMINI_CLI_TRUST_WORKSPACE: "true",
  }),
  files: ({ request }) => ({
    "system.md": request.systemPrompt,
    ".gemini/settings.json": JSON.stringify({
      tools: { core: request.tools.flatMap((tool) => GEMINI_TOOLS[tool]) },
    }),
  }),
  readable: installed,
  systemPromptVia: "file",
  resumeVia: "none",
  authenticate: "gemini-api-key",
};

const GEMINI_TOOLS = {
  read: ["read_file", "read_many_files", "list_directory"],
  glob: ["glob"],
  grep: ["search_file_content"],
  edit: ["replace"],
  write: ["write_file"],
  bash: ["run_shell_command"],
} as const;

/** The operator's installation: a folder in which the agent's npm package was installed. */
function program({ agentDir }: ProfileStart, name: string): string {
  return agentDir === undefined ? name : join(agentDir, "node_modules/.bin", name);
}

function installed({ agentDir }: ProfileStart): string[] {
  return agentDir === undefined ? [] : [agentDir];
}

function capital(tool: string): string {
  return tool.charAt(0).toUpperCase() + tool.slice(1);
}

/** opencode's own tools are on unless switched off. */
function withoutOthers(given: readonly string[]): Record<string, boolean> {
  const known = [
    "bash",
    "edit",
    "glob",
    "grep",
    "list",
    "patch",
    "read",
    "task",
    "webfetch",
    "write",
  ];
  return Object.fromEntries(known.map((tool) => [tool, given.includes(tool)]));
}
