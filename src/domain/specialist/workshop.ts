/** What the host did in a clone before its agent began, and what it started beside it. */
interface Workshop {
  readonly setup: readonly {
    readonly command: string;
    readonly exitCode: number;
    readonly timedOut: boolean;
  }[];
  readonly services: readonly {
    readonly name: string;
    readonly ready: string;
    readonly log: string;
  }[];
}

/** Tells an agent what it finds prepared, as a last section of its prompt; empty when there is nothing to tell. */
export function workshopNote({ setup, services }: Workshop): string {
  const lines = [
    ...setup.map(
      ({ command, exitCode, timedOut }) =>
        `The host has run the setup command ${code(command)} here, as verification does: ${endOf(exitCode, timedOut)}.`,
    ),
    ...services.map(
      ({ name, ready, log }) =>
        `The service ${name} is started beside you, on your loopback and for you alone. It is ready when ${code(ready)} ends with 0; what it says is in ${log}. Do not start it a second time; verification starts a fresh one for its tests.`,
    ),
  ];
  if (lines.length === 0) return "";
  return `\n\n# Prepared for you\n\n${lines.map((line) => `- ${line}`).join("\n")}`;
}

function endOf(exitCode: number, timedOut: boolean): string {
  if (timedOut) return "it ran out of time, so what it provides may be missing";
  return exitCode === 0
    ? "it ended with 0"
    : `it ended with ${exitCode}, so what it provides is missing`;
}

function code(text: string): string {
  return `\`${text.replace(/\s+/g, " ")}\``;
}
