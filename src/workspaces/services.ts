import { join } from "node:path";
import { z } from "zod";
import { type RepoCommand, ServiceEvidence, type ServiceSpec } from "../domain/gate/evidence.ts";
import type { CloneWorld } from "../ports/workspaces.ts";
import { tailOf, visible } from "./visible-text.ts";

const NATIVE = join(import.meta.dirname, "../native-agent");
const PROGRAM = [
  process.execPath,
  "--disable-warning=ExperimentalWarning",
  join(NATIVE, "attend.ts"),
];
const READABLE = [process.execPath, NATIVE, join(NATIVE, "../../package.json")];
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
  return {
    argv: [...PROGRAM, "--", ...argv],
    env: { ATTEND: JSON.stringify(plan) },
    readable: READABLE,
    extraMs: services.reduce((sum, { readyMs }) => sum + readyMs, 0),
  };
}

/** Where the services beside an agent write what they say, inside its jail. */
const LOGS = "/tmp/services";

/** The same for an agent: it is started at once, the services with it, and they end when it does. */
export function besideAgent(
  services: readonly ServiceSpec[],
  dir: string,
): Pick<Attended, "env" | "readable"> & {
  readonly before: readonly string[];
  readonly services: CloneWorld["services"];
} {
  const once = [...new Map(services.map((service) => [service.name, service])).values()];
  if (once.length === 0) return { before: [], env: {}, readable: [], services: [] };
  const plan = once.map((service) => ({ ...service, cwd: join(dir, service.cwd) }));
  return {
    before: [...PROGRAM, "--beside", LOGS, "--"],
    env: { ATTEND: JSON.stringify(plan) },
    readable: READABLE,
    services: once.map(({ name, ready }) => ({ name, ready, log: `${LOGS}/${name}.log` })),
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
