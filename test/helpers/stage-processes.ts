import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export interface Seen {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Processes whose command line, environment or working directory names `text`, and everything they started. */
export function processesOf(text: string): Seen[] {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const known = all.flatMap((name) => look(name, text));
  const found = new Set(known.filter(({ named }) => named).map(({ pid }) => pid));
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const { pid, parent } of known) if (found.has(parent)) found.add(pid);
  }
  return known.filter(({ pid }) => found.has(pid) && pid !== process.pid);
}

/** Processes whose command line has `text`. */
export function running(text: string): Seen[] {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return all.flatMap((name) => look(name, text)).filter(({ command }) => command.includes(text));
}

function look(name: string, text: string): (Seen & { readonly named: boolean })[] {
  const pid = Number(name);
  const status = read(`/proc/${name}/status`);
  if (status === "" || /^State:\s+[ZX]/m.test(status)) return [];
  const command = read(`/proc/${name}/cmdline`).replaceAll("\0", " ").trim();
  const parent = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? "0");
  const where = [command, read(`/proc/${name}/environ`), link(`/proc/${name}/cwd`)].join("\n");
  return [{ pid, parent, command, named: where.includes(text) }];
}

function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
