import { open, readdir, readFile, stat } from "node:fs/promises";
import { tool } from "ai";
import { z } from "zod";
import { inside } from "./paths.ts";

const MAX_LINES = 2_000;
const MAX_LINE_CHARS = 2_000;
const MAX_BYTES = 5_000_000;

export function readTool(root: string) {
  return tool({
    description:
      "Read a text file with line numbers, or list a directory. Paths are relative to the working directory. " +
      `At most ${MAX_LINES} lines a call; give offset (first line, from 1) and limit for the rest.`,
    inputSchema: z.object({
      path: z.string(),
      offset: z.number().int().min(1).default(1),
      limit: z.number().int().min(1).max(MAX_LINES).default(MAX_LINES),
    }),
    execute: ({ path, offset, limit }) => read(root, path, { offset, limit }),
  });
}

async function read(
  root: string,
  path: string,
  range: { offset: number; limit: number },
): Promise<string> {
  const real = await inside(root, path);
  const info = await stat(real);
  if (info.isDirectory()) return list(real);
  if (!info.isFile()) throw new Error(`${path} is not a regular file.`);
  if (info.size > MAX_BYTES) {
    throw new Error(
      `${path} has ${info.size} bytes, above the ${MAX_BYTES} this tool reads; use grep.`,
    );
  }
  if (await isBinary(real)) throw new Error(`${path} is a binary file of ${info.size} bytes.`);
  return numbered(await readFile(real, "utf8"), range);
}

async function list(dir: string): Promise<string> {
  const entries = await readdir(dir, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.name !== ".git")
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
  return names.sort().join("\n") || "(empty directory)";
}

async function isBinary(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4_096), 0, 4_096, 0);
    return buffer.subarray(0, bytesRead).includes(0);
  } finally {
    await file.close();
  }
}

function numbered(text: string, range: { offset: number; limit: number }): string {
  if (text === "") return "(empty file)";
  const lines = text.replace(/\n$/, "").split("\n");
  const from = range.offset - 1;
  const chosen = lines.slice(from, from + range.limit);
  if (chosen.length === 0) return `(the file has ${lines.length} lines)`;
  const body = chosen.map((line, at) => `${from + at + 1}\t${line.slice(0, MAX_LINE_CHARS)}`);
  const rest = lines.length - from - chosen.length;
  if (rest > 0)
    body.push(`[... ${rest} more lines; continue with offset ${from + chosen.length + 1}]`);
  return body.join("\n");
}
