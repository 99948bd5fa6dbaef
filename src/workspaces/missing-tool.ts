import type { Evidence } from "../domain/gate/evidence.ts";
import type { CommandPlace } from "./run-command.ts";

const NOT_FOUND = 127;

/** Adds one clear sentence to the evidence of a command whose program this machine does not have. */
export async function missingTool(
  place: CommandPlace,
  evidence: Evidence,
  signal: AbortSignal,
): Promise<Evidence> {
  const program = programOf(evidence.command);
  if (evidence.exitCode !== NOT_FOUND || program === undefined) return evidence;
  if (await isThere(place, program, signal)) return evidence;
  const sentence =
    `This machine has no ${program}, which \`${evidence.command}\` needs. Install it where the orchestrator runs, ` +
    "or name other commands in .github/orchestrator.yml.";
  return { ...evidence, outputTail: `${evidence.outputTail}\n${sentence}`.trim() };
}

/** The first word of a command that is a program's name, behind assignments. */
function programOf(command: string): string | undefined {
  const word = command
    .trim()
    .split(/\s+/)
    .find((each) => !/^[A-Za-z_]\w*=/.test(each));
  return word !== undefined && /^[\w.+-]+$/.test(word) ? word : undefined;
}

async function isThere(
  place: CommandPlace,
  program: string,
  signal: AbortSignal,
): Promise<boolean> {
  signal.throwIfAborted();
  const process = await place.jail.spawn({
    ...place.spec,
    argv: ["sh", "-c", 'command -v -- "$1"', "sh", program],
    cwd: place.dir,
    wallMs: 20_000,
  });
  process.stdin.end();
  for (const stream of [process.stdout, process.stderr]) stream.resume();
  return (await process.exited).code === 0;
}
