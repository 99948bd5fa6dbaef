import { spawn } from "node:child_process";
import { tool } from "ai";
import { z } from "zod";
import { CappedOutput } from "./truncate.ts";

const DEFAULT_TIMEOUT_MS = 120_000;
const MAX_TIMEOUT_MS = 900_000;
/** How long output may still arrive after the command itself has ended. */
const DRAIN_MS = 200;

export interface CommandResult {
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  readonly output: string;
}

export function bashTool(root: string, heartbeat: (toolCallId: string) => void) {
  return tool({
    description:
      "Run a shell command in the working directory and return its exit code and output (long output is cut in the " +
      "middle). Everything the command started is ended when it returns, so start a server and use it in one command. " +
      `timeout_ms is ${DEFAULT_TIMEOUT_MS} unless given, at most ${MAX_TIMEOUT_MS}.`,
    inputSchema: z.object({
      command: z.string().min(1),
      timeout_ms: z.number().int().min(100).max(MAX_TIMEOUT_MS).default(DEFAULT_TIMEOUT_MS),
    }),
    execute: async ({ command, timeout_ms }, { abortSignal, toolCallId }) => {
      const result = await runCommand(command, {
        cwd: root,
        timeoutMs: timeout_ms,
        onOutput: () => heartbeat(toolCallId),
        ...(abortSignal && { signal: abortSignal }),
      });
      return describe(result, timeout_ms);
    },
  });
}

function describe(result: CommandResult, timeoutMs: number): string {
  const end = result.timedOut
    ? `Killed after ${timeoutMs} ms.`
    : `Exit code: ${result.exitCode ?? "none (killed by a signal)"}`;
  return `${end}\n${result.output || "(no output)"}`;
}

/** Runs `bash -c` in a process group of its own, which is killed at the end, on time-out and on abort. */
export function runCommand(
  command: string,
  options: { cwd: string; timeoutMs: number; signal?: AbortSignal; onOutput?: () => void },
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const output = new CappedOutput();
    const child = spawn("bash", ["-c", command], {
      cwd: options.cwd,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let timedOut = false;
    function killGroup(): void {
      killProcessGroup(child.pid);
    }
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup();
    }, options.timeoutMs);
    options.signal?.addEventListener("abort", killGroup, { once: true });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output.push(text);
        options.onOutput?.();
      });
    }
    let drain: NodeJS.Timeout | undefined;
    function finish(exitCode: number | null): void {
      clearTimeout(timer);
      clearTimeout(drain);
      options.signal?.removeEventListener("abort", killGroup);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ exitCode, timedOut, output: output.text() });
    }
    child.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once("exit", (code) => {
      killGroup();
      drain = setTimeout(() => finish(code), DRAIN_MS);
    });
    child.once("close", (code) => finish(code));
    if (options.signal?.aborted) killGroup();
  });
}

function killProcessGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing of the group is left.
  }
}
