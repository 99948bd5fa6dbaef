/** The app as the demo runs it: the same as `main.ts`, but with the scripted model it may run without a jail, and says so. */
import { type Application, startApplication } from "../app.ts";
import { UserError } from "../domain/failure.ts";
import { jailedMachine, type Machine, type MachineOptions, machineWith } from "../machine.ts";
import { readSettings } from "../settings.ts";
import { createPlainProcess } from "../workspaces/plain-process.ts";
import { type AppMessage, ReplayRequest } from "./demo/app-process.ts";

const EXIT_CONFIG = 78;

function tell(message: AppMessage): void {
  process.send?.(message);
}

/** Our own scripted model may run unjailed where there is no bubblewrap; a real model never does. */
async function demoMachine(
  options: MachineOptions,
  scripted: boolean,
): Promise<{ machine: Machine; jailed: boolean }> {
  try {
    return { machine: await jailedMachine(options), jailed: true };
  } catch (error) {
    if (!scripted || !(error instanceof UserError)) throw error;
    const { dataDir } = options;
    const machine = await machineWith(options, (toolchains) =>
      Promise.resolve(
        createPlainProcess({ onlyFor: "the scripted model of the demo", dataDir, toolchains }),
      ),
    );
    return { machine, jailed: false };
  }
}

async function replay(app: Application, message: unknown): Promise<void> {
  const asked = ReplayRequest.safeParse(message);
  if (!asked.success) return;
  const { runId } = asked.data;
  for (const event of await app.storage.ledger.read(runId)) tell({ type: "event", runId, event });
}

async function main(): Promise<void> {
  const scripted = process.env["DEMO_MODEL"] === "scripted";
  const read = readSettings(process.env);
  if ("problems" in read) throw new UserError(read.problems.join("\n"));
  const { dataDir, egressAllow, limits } = read.settings;
  const { jailMemoryBytes } = limits;
  const { machine, jailed } = await demoMachine(
    { dataDir, egressAllow, jailMemoryBytes, env: process.env },
    scripted,
  );
  const app = await startApplication(read.settings, machine, {
    onEvent: (runId, event) => tell({ type: "event", runId, event }),
  });
  process.once("SIGTERM", () => void app.stop().then(() => process.exit(0)));
  process.once("SIGINT", () => undefined);
  process.on("message", (message) => void replay(app, message));
  process.on("disconnect", () => void app.stop().then(() => process.exit(0)));
  tell({ type: "ready", url: app.url, jailed });
}

main().catch((error: unknown) => {
  const reason =
    error instanceof UserError
      ? error.message
      : `The app could not start: ${String((error as Error).stack ?? error)}`;
  tell({ type: "refused", reason });
  process.exitCode = EXIT_CONFIG;
  process.disconnect();
});
