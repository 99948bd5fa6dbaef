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
/** An app that so often in a row ends before it is ready would not become ready the next time either. */
const EARLY_ENDS = 3;
const ENTRY = fileURLToPath(new URL("../demo-app.ts", import.meta.url));

/**
 * Runs the app as a process of its own, as it runs in production, and starts it again when it dies: kill it in the
 * middle of a run and watch the run go on. `env` is all the environment it gets. One that ends before it is ready more
 * than three times in a row is given up, and that is told as `refused`.
 */
export function startAppProcess(options: {
  env: Readonly<Record<string, string>>;
  onMessage(message: AppMessage): void;
  onRestart(): void;
  /** The program to run; the app itself unless a test says otherwise. */
  entry?: string;
}): AppProcess {
  const { entry = ENTRY } = options;
  let stopping = false;
  let earlyEnds = 0;
  let child: ChildProcess = launch();

  function launch(): ChildProcess {
    const started = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", entry], {
      env: options.env,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    let ready = false;
    started.on("message", (message) => {
      const read = AppMessage.safeParse(message);
      if (!read.success) return;
      ready ||= read.data.type === "ready";
      options.onMessage(read.data);
    });
    started.on("exit", (code) => {
      if (stopping || code === 78) return;
      earlyEnds = ready ? 0 : earlyEnds + 1;
      if (earlyEnds > EARLY_ENDS) {
        const reason = `The app ended ${earlyEnds} times before it was ready (last exit code ${code}); what it printed above says why.`;
        options.onMessage({ type: "refused", reason });
        return;
      }
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
