import { execFile } from "node:child_process";
import { statfs } from "node:fs/promises";
import { promisify } from "node:util";
import { WorldError } from "../domain/failure.ts";

const run = promisify(execFile);

export interface DiskSettings {
  /** A folder on the file system that is watched. */
  readonly path: string;
  /** Bytes that stay free for the database and for people: below, nothing is begun and the largest writer is ended. */
  readonly keepFreeBytes: number;
  /** Milliseconds between looks while somebody writes; 1,000 unless told. */
  readonly everyMs?: number;
  /** Free bytes of the file system; asked of the system unless given. */
  readonly free?: (path: string) => Promise<number>;
}

interface Writer {
  readonly folders: readonly string[];
  readonly end: () => void;
}

const MB = 1_000_000;
const MEASURE_MS = 10_000;

/**
 * Keeps jails from filling the disk. There is no quota for a folder that every file system knows, so that the free
 * space is watched: when it runs low, whoever holds most is ended, one at a time, until there is room again.
 */
export class DiskWatch {
  readonly #settings: DiskSettings;
  readonly #writers = new Set<Writer>();
  #timer: NodeJS.Timeout | undefined;
  #looking = false;

  constructor(settings: DiskSettings) {
    this.#settings = settings;
  }

  /** Throws a failure that passes by itself when there is no room to begin anything. */
  async admit(): Promise<void> {
    const free = await this.#free();
    const { keepFreeBytes, path } = this.#settings;
    if (free >= keepFreeBytes) return;
    const text = `Start a jail: the disk of ${path} has ${megabytes(free)} free and keeps ${megabytes(keepFreeBytes)}. Make room on it`;
    throw new WorldError(text, "retry", { code: "ENOSPC" });
  }

  /** Watches what is written into `folders`; the returned function ends the watch. */
  watch(folders: readonly string[], end: () => void): () => void {
    const writer = { folders, end };
    this.#writers.add(writer);
    this.#timer ??= setInterval(() => void this.#look(), this.#settings.everyMs ?? 1_000).unref();
    return () => {
      this.#writers.delete(writer);
      if (this.#writers.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      if ((await this.#free()) >= this.#settings.keepFreeBytes) return;
      const sizes = await Promise.all(
        [...this.#writers].map(async (writer) => ({ writer, size: await sizeOf(writer.folders) })),
      );
      const [largest] = sizes.toSorted((one, other) => other.size - one.size);
      if (largest && this.#writers.delete(largest.writer)) largest.writer.end();
    } catch {
      // What cannot be measured now is looked at again the next time.
    } finally {
      this.#looking = false;
    }
  }

  async #free(): Promise<number> {
    const { path, free = freeBytes } = this.#settings;
    return await free(path);
  }
}

async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

/** Bytes that these folders take on disk; what cannot be read counts as nothing. */
async function sizeOf(folders: readonly string[]): Promise<number> {
  if (folders.length === 0) return 0;
  const args = ["-skx", "--", ...folders];
  const options = { timeout: MEASURE_MS, env: { PATH: "/usr/bin:/bin", LC_ALL: "C" } };
  const { stdout } = await run("du", args, options).catch((error: { stdout?: string }) => ({
    stdout: error.stdout ?? "",
  }));
  return stdout
    .split("\n")
    .reduce((sum, line) => sum + 1024 * Number(/^(\d+)\t/.exec(line)?.[1] ?? 0), 0);
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / MB)} MB`;
}
