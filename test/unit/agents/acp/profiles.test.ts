import { expect, test } from "vitest";
import type { ProfileStart } from "../../../../src/agents/acp/profiles.ts";
import { profileNamed, profileNames, profileProblem } from "../../../../src/agents/acp/profiles.ts";
import { DispatchId, RunId, Sha } from "../../../../src/domain/ids.ts";

const dispatchId = DispatchId.parse("1-1-r1.build.1");
const start: ProfileStart = {
  request: {
    dispatchId,
    runId: RunId.parse("1-1-r1"),
    clone: {
      dispatchId,
      dir: "/data/clone",
      stateDir: "/data/home",
      baseSha: Sha.parse("0".repeat(40)),
      writable: true,
    },
    role: "backend-developer",
    model: "sonnet",
    systemPrompt: "You are the developer.",
    prompt: "Build it.",
    tools: ["read", "bash"],
    catalogue: { skills: [], library: [] },
    resultSchema: {},
    limits: { wallMs: 1, idleMs: 1, maxTurns: 7, maxTokens: 1 },
  },
  wire: "anthropic",
  model: 'model-"1"',
  modelUrl: "http://127.0.0.1:4010/model",
  node: "/usr/bin/node",
  packageDir: "/app",
  agentDir: "/opt/agent",
};

function profile(name: string) {
  const found = profileNamed(name);
  if (!found) throw new Error(`no profile ${name}`);
  return found;
}

test("there are a default and the agents an operator may install", () => {
  expect(profileNames()).toEqual([
    "native",
    "claude-code",
    "codex",
    "copilot",
    "opencode",
    "gemini",
  ]);
  expect(profileNamed("other")).toBeUndefined();
});

test("the native agent is told its model, its turns and exactly its tools", () => {
  const native = profile("native");
  expect(native.argv(start)).toContain("/app/src/native-agent/main.ts");
  expect(JSON.parse(native.env(start)["NATIVE_AGENT_CONFIG"] ?? "")).toEqual({
    wire: "anthropic",
    baseUrl: start.modelUrl,
    model: start.model,
    tools: ["read", "bash"],
    maxTurns: 7,
  });
});

test("every profile points its agent at the gateway and carries the instructions somewhere", () => {
  for (const name of profileNames()) {
    const one = profile(name);
    const files = one.files?.(start) ?? {};
    const told = JSON.stringify([one.argv(start), one.env(start), files]);
    expect(told, name).toContain("127.0.0.1:4010/model");
    if (one.systemPromptVia === "file") expect(told, name).toContain("You are the developer.");
    if (name !== "native") {
      expect(one.argv(start)[0], name).toMatch(/^\/opt\/agent\/node_modules\/\.bin\//);
      expect(one.readable(start), name).toEqual(["/opt/agent"]);
    }
    for (const path of Object.keys(files)) expect(path, name).not.toMatch(/^\/|\.\./);
  }
});

test("a model's name cannot break out of a configuration file", () => {
  expect(profile("codex").files?.(start)[".codex/config.toml"]).toContain(
    'model = "model-\\"1\\""\n',
  );
});

test("an agent that cannot talk to the provider is named with the way out", () => {
  const account = {
    provider: "google",
    baseUrl: undefined,
    apiKey: undefined,
    tiers: { large: "l", medium: "m", small: "s" },
  } as const;
  expect(profileProblem(profile("gemini"), account)).toBeUndefined();
  expect(profileProblem(profile("native"), account)).toBeUndefined();
  expect(profileProblem(profile("codex"), account)).toBe(
    "The agent profile codex cannot talk to a provider of kind google: choose the profile native, or a provider of kind openai.",
  );
});
