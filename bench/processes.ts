import { readdirSync, readFileSync } from "node:fs";

/** One process of this machine, from `/proc`. */
interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly command: string;
}

/** The children and children's children of a process, those of the database not counted. */
export function descendantsOf(pid: number): Process[] {
  const all = processes();
  const found: Process[] = [];
  const from = new Set([pid]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const process of all) {
      if (!from.has(process.parent) || from.has(process.pid)) continue;
      from.add(process.pid);
      found.push(process);
      grown = true;
    }
  }
  return found.filter(({ name }) => name !== "postgres");
}

/** False also for one that has ended and only waits for its parent to notice. */
export function lives(pid: number): boolean {
  const stat = statOf(pid);
  return stat !== undefined && stat.state !== "Z" && stat.state !== "X";
}

function processes(): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const pid = Number(name);
      const stat = statOf(pid);
      if (!stat || stat.state === "Z") return [];
      return [{ pid, parent: stat.parent, name: stat.name, command: commandOf(pid) }];
    });
}

function statOf(pid: number): { name: string; state: string; parent: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const end = text.lastIndexOf(")");
    const [state = "", parent = "0"] = text.slice(end + 2).split(" ");
    return { name: text.slice(text.indexOf("(") + 1, end), state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
}
