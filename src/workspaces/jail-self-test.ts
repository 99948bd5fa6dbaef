import { randomUUID } from "node:crypto";
import { readlink, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Jail, JailedProcess } from "../ports/jail.ts";
import { ownDirectory } from "./own-directory.ts";

type Verdict = { ok: true } | { ok: false; reason: string };

/** Asks, from inside, for everything that must not be there. One line a finding, `done` at the end. */
const PROBE = `
secret=$1 outside=$2 forbidden=$3
for kind in net pid mnt ipc; do echo "ns $kind $(readlink /proc/self/ns/$kind)"; done
while read -r name rest; do case $name in *:*) echo "interface \${name%%:*}";; esac; done < /proc/net/dev
if cat "$secret" 2>/dev/null; then echo "read the host's files"; fi
for place in "$outside" /usr /etc /; do
  if ( : > "$place/.jail-probe" ) 2>/dev/null; then echo "wrote to $place"; fi
done
[ "$(id -u)" != 0 ] || echo "is root"
while read -r name value; do
  case $name in
    CapEff:|CapPrm:|CapBnd:) [ -z "$(printf %s "$value" | tr -d 0)" ] || echo "has $name $value";;
    NoNewPrivs:) [ "$value" = 1 ] || echo "may gain privileges";;
    Seccomp:) [ "$value" = 2 ] || echo "has no system call filter";;
  esac
done < /proc/self/status
env | while IFS='=' read -r name rest; do case $name in "$forbidden") echo "saw our environment";; esac; done
for process in /proc/[0-9]*; do
  if tr '\\0' '\\n' < "$process/environ" 2>/dev/null | grep -q "^$forbidden="; then echo "saw a host process"; fi
done
echo done
`;

/** Proves the jail on this machine, or says in one sentence why it does not hold and what to do. */
export async function testJail(jail: Jail, dataDir: string): Promise<Verdict> {
  const folder = await ownDirectory(dataDir, "jail", "probe");
  const secretFile = join(folder, "host-file");
  const secret = randomUUID();
  await writeFile(secretFile, `${secret}\n`);
  try {
    const said = await probe(jail, { folder, secretFile });
    const problem = (await judge(said, secret)) ?? (await judgeKill(jail));
    return problem === undefined ? { ok: true } : { ok: false, reason: problem };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  } finally {
    await rm(secretFile, { force: true });
  }
}

interface Said {
  readonly lines: readonly string[];
  readonly errors: string;
  readonly code: number | null;
}

async function probe(jail: Jail, at: { folder: string; secretFile: string }): Promise<Said> {
  const process = await jail.spawn({
    argv: ["sh", "-c", PROBE, "sh", at.secretFile, at.folder, "JAIL_PROBE"],
    cwd: "/tmp",
    env: {},
    writable: [],
    readable: [],
    wallMs: 20_000,
  });
  process.stdin.end();
  const [output, errors] = await Promise.all([text(process.stdout), text(process.stderr)]);
  const { code } = await process.exited;
  return { lines: output.split("\n").filter((line) => line !== ""), errors, code };
}

async function judge(said: Said, secret: string): Promise<string | undefined> {
  if (said.lines.at(-1) !== "done") return notStarted(said);
  const findings: string[] = [];
  for (const line of said.lines.slice(0, -1)) {
    const [word, first = "", second = ""] = line.split(" ");
    if (word === "ns") {
      if ((await readlink(`/proc/self/ns/${first}`)) === second)
        findings.push(`shares our ${first}`);
    } else if (word === "interface") {
      if (first !== "lo") findings.push(`has the network interface ${first}`);
    } else {
      findings.push(line === secret ? "read a file of the host" : line);
    }
  }
  return findings.length === 0 ? undefined : `The jail does not hold: it ${findings.join(", ")}.`;
}

function notStarted(said: Said): string {
  const words = said.errors.trim().replaceAll(/\s+/g, " ").slice(-300);
  const remedy =
    "Allow user namespaces for bubblewrap (an AppArmor profile on Ubuntu 24.04; relaxed seccomp in a container), " +
    "or run as root.";
  return `The jail cannot start (${words || `exit code ${said.code}`}). ${remedy}`;
}

/** A process that left its session and its parent must die with the jail. */
async function judgeKill(jail: Jail): Promise<string | undefined> {
  const process = await jail.spawn({
    argv: ["sh", "-c", "(setsid sleep 600 >/dev/null 2>&1 &); echo up; exec sleep 600"],
    cwd: "/tmp",
    env: {},
    writable: [],
    readable: [],
    wallMs: 20_000,
  });
  process.stdin.end();
  await firstLine(process);
  await process.kill();
  const { timedOut } = await process.exited;
  return timedOut ? "The jail does not end when it is killed." : undefined;
}

async function firstLine(process: JailedProcess): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  process.stdout.on("data", () => resolve());
  process.stdout.on("end", () => resolve());
  await promise;
}

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  let all = "";
  for await (const chunk of stream) all = (all + String(chunk)).slice(-100_000);
  return all;
}
