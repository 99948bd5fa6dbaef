import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { RunId } from "../../domain/ids.ts";
import { LedgerEvent } from "../../domain/run/ledger-event.ts";

/** What the app tells the demo over the channel between them. */
export const AppMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready"), url: z.string(), jailed: z.boolean() }),
  z.object({ type: z.literal("refused"), reason: z.string() }),
  z.object({ type: z.literal("event"), runId: z.string(), event: LedgerEvent }),
  z.object({
    type: z.literal("requests"),
    runId: z.string(),
    total: z.number(),
    contentCreating: z.number(),
    edits: z.number(),
  }),
]);
export type AppMessage = z.infer<typeof AppMessage>;

/** What the demo asks the app over that channel: tell everything of a run again. */
export const ReplayRequest = z.object({ type: z.literal("replay"), runId: RunId });

export interface AppProcess {
  /** Has the app tell a run's whole ledger again: what a killed one could not tell any more is in it. */
  replay(runId: string): void;
  /** Stops the app in order; resolves when it is gone. */
  stop(): Promise<void>;
}

const STOP_MS = 15_000;

/**
 * Runs the app as a process of its own, as it runs in production, and starts it again when it dies: kill it in the
 * middle of a run and watch the run go on. `env` is all the environment it gets.
 */
export function startAppProcess(options: {
  env: Readonly<Record<string, string>>;
  onMessage(message: AppMessage): void;
  onRestart(): void;
}): AppProcess {
  const entry = fileURLToPath(new URL("../demo-app.ts", import.meta.url));
  let stopping = false;
  let child: ChildProcess = launch();

  function launch(): ChildProcess {
    const started = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", entry], {
      env: options.env,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    started.on("message", (message) => {
      const read = AppMessage.safeParse(message);
      if (read.success) options.onMessage(read.data);
    });
    started.on("exit", (code) => {
      if (stopping || code === 78) return;
      options.onRestart();
      child = launch();
    });
    return started;
  }

  return {
    replay: (runId) => void child.send({ type: "replay", runId }),
    async stop() {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      await gone;
      clearTimeout(timer);
    },
  };
}
