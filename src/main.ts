import { startApplication } from "./app.ts";
import { UserError } from "./domain/failure.ts";
import { outlive } from "./log.ts";
import { jailedMachine } from "./machine.ts";
import { readSettings } from "./settings.ts";

/** Exit code for a start that was refused because something must be put right first (sysexits: configuration). */
const EXIT_CONFIG = 78;

async function main(): Promise<void> {
  outlive(process.stdout);
  const read = readSettings(process.env);
  if ("problems" in read)
    throw new UserError(
      `The app cannot start:\n${read.problems.map((problem) => `- ${problem}`).join("\n")}`,
    );
  const { settings } = read;
  const { dataDir, egressAllow, limits } = settings;
  const { jailMemoryBytes } = limits;
  const machine = await jailedMachine({ dataDir, egressAllow, jailMemoryBytes, env: process.env });
  const app = await startApplication(settings, machine);
  process.stdout.write(`Listening on ${app.url}\n`);
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => {
      app.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`Could not stop in order: ${String(error)}\n`);
          process.exit(1);
        },
      );
    });
}

main().catch((error: unknown) => {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(EXIT_CONFIG);
});
