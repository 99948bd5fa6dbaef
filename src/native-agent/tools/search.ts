import { execFile } from "node:child_process";
import { glob } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { tool } from "ai";
import { z } from "zod";
import { inside, shown } from "./paths.ts";
import { firstLines } from "./truncate.ts";

const MAX_FILES = 500;
const MAX_MATCHES = 400;
const SKIPPED = [".git", "node_modules"];

export function globTool(root: string) {
  return tool({
    description:
      "List files whose path matches a glob such as src/**/*.ts, relative to the working directory. " +
      "node_modules and .git are left out.",
    inputSchema: z.object({ pattern: z.string().min(1) }),
    execute: ({ pattern }) => findFiles(root, pattern),
  });
}

export function grepTool(root: string) {
  return tool({
    description:
      "Search file contents by a regular expression (grep -P); returns path:line:text. Narrow by path (file or " +
      "directory) and by glob (file name pattern such as *.go).",
    inputSchema: z.object({
      pattern: z.string().min(1),
      path: z.string().default("."),
      glob: z.string().optional(),
      ignore_case: z.boolean().default(false),
    }),
    execute: (query, { abortSignal }) => searchText(root, query, abortSignal),
  });
}

async function findFiles(root: string, pattern: string): Promise<string> {
  if (isAbsolute(pattern) || pattern.split("/").includes("..")) {
    throw new Error(`Refused: the pattern ${pattern} leaves the working directory.`);
  }
  const found: string[] = [];
  const entries = glob(pattern, {
    cwd: root,
    withFileTypes: true,
    exclude: (entry) => SKIPPED.includes(entry.name),
  });
  for await (const entry of entries) {
    if (!entry.isDirectory()) found.push(await shown(root, `${entry.parentPath}/${entry.name}`));
    if (found.length > MAX_FILES * 10) break;
  }
  if (found.length === 0) return "(no files)";
  return firstLines(found.sort(), MAX_FILES, "narrow the pattern");
}

async function searchText(
  root: string,
  query: { pattern: string; path: string; glob?: string | undefined; ignore_case: boolean },
  signal: AbortSignal | undefined,
): Promise<string> {
  const where = await shown(root, await inside(root, query.path));
  const args = [
    "-rnIPH",
    "--color=never",
    ...SKIPPED.map((name) => `--exclude-dir=${name}`),
    ...(query.ignore_case ? ["-i"] : []),
    ...(query.glob === undefined ? [] : [`--include=${query.glob}`]),
    "-e",
    query.pattern,
    "--",
    where,
  ];
  const lines = await grep(args, { cwd: root, ...(signal && { signal }) });
  if (lines.length === 0) return "(no matches)";
  return firstLines(lines, MAX_MATCHES, "narrow the search");
}

function grep(args: string[], options: { cwd: string; signal?: AbortSignal }): Promise<string[]> {
  const limits = { timeout: 30_000, maxBuffer: 8_000_000, killSignal: "SIGKILL" } as const;
  return new Promise((resolve, reject) => {
    execFile("grep", args, { ...options, ...limits }, (error, stdout, stderr) => {
      const tooMuch =
        error && "code" in error && error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER";
      if (error && !tooMuch && error.code !== 1) {
        reject(new Error(stderr.trim() || `The search did not end: ${error.message}`));
        return;
      }
      resolve(stdout.split("\n").filter(Boolean).map(trimLine));
    });
  });
}

function trimLine(line: string): string {
  return line.replace(/^\.\//, "").slice(0, 500);
}
