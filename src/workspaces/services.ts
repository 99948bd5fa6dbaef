import { join } from "node:path";
import { z } from "zod";
import { type RepoCommand, ServiceEvidence } from "../domain/gate/evidence.ts";
import { tailOf, visible } from "./visible-text.ts";

const NATIVE = join(import.meta.dirname, "../native-agent");
const TAIL = { lines: 40, characters: 4_000 };

/** What a command with services runs as inside the jail; the command itself where it has none. */
export interface Attended {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly readable: readonly string[];
  /** Milliseconds that getting ready may take on top of the command's own time. */
  readonly extraMs: number;
}

/**
 * Puts a program of ours before `argv` that starts the command's services in the same jail, and so on the same
 * loopback, waits until each is ready, and ends them with the command. `dir` is the checkout.
 */
export function attended(argv: readonly string[], command: RepoCommand, dir: string): Attended {
  const { services = [] } = command;
  if (services.length === 0) return { argv, env: {}, readable: [], extraMs: 0 };
  const plan = services.map((service) => ({ ...service, cwd: join(dir, service.cwd) }));
  const quiet = "--disable-warning=ExperimentalWarning";
  return {
    argv: [process.execPath, quiet, join(NATIVE, "attend.ts"), "--", ...argv],
    env: { ATTEND: JSON.stringify(plan) },
    readable: [process.execPath, NATIVE, join(NATIVE, "../../package.json")],
    extraMs: services.reduce((sum, { readyMs }) => sum + readyMs, 0),
  };
}

const Told = z.object({ attended: z.array(ServiceEvidence) });

/** What the services said and how they ended, from the last line of what the jail said; undefined without services. */
export function toldBy(
  errors: string,
  command: RepoCommand,
  redact: (text: string) => string,
): ServiceEvidence[] | undefined {
  if (!command.services?.length) return undefined;
  const line = errors.trimEnd().split("\n").at(-1) ?? "";
  const told = Told.safeParse(parsed(line));
  // Killed before it could tell: the command ran out of time, or something in the jail ended it.
  if (!told.success) return [];
  return told.data.attended.map((one) => ({
    ...one,
    logTail: tailOf(visible(redact(one.logTail)), TAIL),
  }));
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
