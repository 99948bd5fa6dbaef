/** Writes every generated file of the repository; with `--check` it only says which are out of date. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { repoConfigJsonSchema } from "../src/domain/repo-config.ts";
import { oxlintConfig } from "./oxlint-floors.ts";

/** Files that are derived from code: path relative to the repository -> its content. */
function generatedFiles(): Map<string, string> {
  return new Map([
    [".oxlintrc.json", json(oxlintConfig())],
    ["docs/schemas/orchestrator-config.schema.json", json(repoConfigJsonSchema())],
  ]);
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function current(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function main(): void {
  const checkOnly = process.argv.includes("--check");
  let stale = 0;
  for (const [path, content] of generatedFiles()) {
    if (current(path) === content) continue;
    stale += 1;
    if (checkOnly) process.stderr.write(`${path} is out of date: run npm run generate\n`);
    else {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
  }
  if (checkOnly && stale > 0) process.exitCode = 1;
}

main();
