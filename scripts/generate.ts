/** Writes every generated file of the repository; with `--check` it only says which are out of date. */
import { readFileSync, writeFileSync } from "node:fs";
import { oxlintConfig } from "./oxlint-floors.ts";

/** Files that are derived from code: path relative to the repository -> its content. */
function generatedFiles(): Map<string, string> {
  return new Map([[".oxlintrc.json", `${JSON.stringify(oxlintConfig(), null, 2)}\n`]]);
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
    else writeFileSync(path, content);
  }
  if (checkOnly && stale > 0) process.exitCode = 1;
}

main();
