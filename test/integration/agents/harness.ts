import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { profileNamed } from "../../../src/agents/acp/profiles.ts";
import { acpAgents } from "../../../src/agents/acp/runner.ts";
import type { Machine } from "../../../src/agents/acp/start.ts";
import type { ModelAccount, Wire } from "../../../src/agents/model-gateway/provider.ts";
import { DispatchId, RunId, Sha } from "../../../src/domain/ids.ts";
import { Secret } from "../../../src/domain/secret.ts";
import type { Script } from "../../../src/playground/scripted-model/script.ts";
import {
  type ScriptedModel,
  startScriptedModel,
} from "../../../src/playground/scripted-model/server.ts";
import type { AgentHooks, AgentProgress, AgentRequest } from "../../../src/ports/agents.ts";
import type { Jail } from "../../../src/ports/jail.ts";
import { createJail } from "../../../src/workspaces/jail.ts";
import { findToolchains } from "../../../src/workspaces/toolchains.ts";
import { openJail } from "../../helpers/open-jail.ts";

export const PACKAGE_DIR = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");
export const REAL_KEY = "real-key-of-the-operator";

const VERSION_PATH: Readonly<Record<Wire, string>> = {
  anthropic: "/v1",
  openai: "/v1",
  "openai-compatible": "/v1",
  google: "/v1beta",
};

/** A directory, a scripted model and a runner for one test. Everything is removed by `close`. */
export interface Stage {
  readonly model: ScriptedModel;
  readonly agents: ReturnType<typeof acpAgents>;
  readonly dir: string;
  readonly stateDir: string;
  readonly account: ModelAccount;
  request(changes?: Partial<AgentRequest>): AgentRequest;
  close(): Promise<void>;
}

export async function openStage(
  script: Script,
  options: { wire?: Wire; jail?: Jail; machine?: Partial<Machine> } = {},
): Promise<Stage> {
  const root = await mkdtemp(join(tmpdir(), "agents-"));
  await chmod(root, 0o755);
  const dir = join(root, "clone");
  const stateDir = join(root, "state");
  await mkdir(dir);
  await mkdir(stateDir);
  const model = await startScriptedModel({ script });
  const wire = options.wire ?? "anthropic";
  const account: ModelAccount = {
    provider: wire,
    baseUrl: `${model.url}${VERSION_PATH[wire]}`,
    apiKey: new Secret(REAL_KEY),
    tiers: { large: "scripted-large", medium: "scripted-medium", small: "scripted-small" },
  };
  const profile = profileNamed("native");
  if (!profile) throw new Error("There is no native profile.");
  const agents = acpAgents({
    jail: options.jail ?? openJail(),
    account,
    profile,
    egress: { endpoints: [], env: {}, readable: [] },
    ...(options.jail ? {} : { path: `${dirname(process.execPath)}:/usr/bin:/bin` }),
    node: process.execPath,
    packageDir: PACKAGE_DIR,
    ...options.machine,
  });
  return {
    model,
    agents,
    dir,
    stateDir,
    account,
    request: (changes) => ({ ...defaults({ dir, stateDir }), ...changes }),
    close: async () => {
      await model.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** The jail of this machine, or undefined where bubblewrap is missing. */
export async function realJail(dataDir: string): Promise<Jail | undefined> {
  const path = process.env["PATH"] ?? "";
  if (spawnSync("bwrap", ["--version"], { env: { PATH: path } }).status !== 0) return undefined;
  const first = [dirname(process.execPath)];
  const toolchains = await findToolchains({ path, home: homedir(), first });
  return await createJail({ dataDir, toolchains, path });
}

/** Command lines of this machine's processes that hold the word. */
export async function processesWith(word: string): Promise<string[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    ids.map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")),
  );
  return lines.filter((line) => line.includes(word));
}

/** Hooks that accept `{ ok: true }` and write down what happened. */
export function recordingHooks(changes: Partial<AgentHooks> = {}): AgentHooks & {
  readonly events: AgentProgress[];
  readonly submissions: unknown[];
} {
  const events: AgentProgress[] = [];
  const submissions: unknown[] = [];
  return {
    events,
    submissions,
    submit: (result) => {
      submissions.push(result);
      const ok = typeof result === "object" && result !== null && "ok" in result;
      return Promise.resolve(ok ? undefined : "Field ok is missing.");
    },
    loadSkill: (name) => Promise.resolve({ text: `# Skill ${name}` }),
    readLibrarySkill: (path) => Promise.resolve({ refused: `${path} is in no gateway's table.` }),
    progress: (event) => events.push(event),
    ...changes,
  };
}

function defaults(place: { dir: string; stateDir: string }): AgentRequest {
  const dispatchId = DispatchId.parse("1-1-r1.build.1");
  return {
    dispatchId,
    runId: RunId.parse("1-1-r1"),
    clone: { dispatchId, ...place, baseSha: Sha.parse("0".repeat(40)), writable: true },
    role: "backend-developer",
    model: "sonnet",
    systemPrompt: "You are the backend developer.",
    prompt: "Role: backend-developer\nTask: build\nAttempt: 1\n\nBuild it.",
    tools: ["read", "glob", "grep", "edit", "write", "bash"],
    catalogue: { skills: ["using-todowrite"], library: [] },
    resultSchema: { properties: { ok: { type: "boolean" } }, required: ["ok"] },
    limits: { wallMs: 30_000, idleMs: 20_000, maxTurns: 20, maxTokens: 1_000_000 },
  };
}
