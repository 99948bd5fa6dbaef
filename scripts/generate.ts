/** Writes every generated file of the repository; with `--check` it only says which are out of date. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { helpText } from "../src/domain/command/command.ts";
import { repoConfigJsonSchema } from "../src/domain/repo-config.ts";
import { StatusReport } from "../src/domain/status-schema.ts";
import { RunDetails } from "../src/reports/run-details.ts";
import { envExample } from "../src/settings-table.ts";
import { oxlintConfig } from "./oxlint-floors.ts";
import { threatsPage } from "./threats.ts";

/** Files that are derived from code: path relative to the repository -> its content. */
function generatedFiles(): Map<string, string> {
  return new Map([
    [".oxlintrc.json", json(oxlintConfig())],
    ["docs/schemas/orchestrator-config.schema.json", json(repoConfigJsonSchema())],
    [
      "docs/schemas/status-report.schema.json",
      json(schema("The status report of a run, version 1", StatusReport)),
    ],
    [
      "docs/schemas/run-details.schema.json",
      json(
        schema(
          "The state record of a run: details beside the status report, version 2",
          RunDetails,
        ),
      ),
    ],
    [".env.example", envExample()],
    ["docs/threats.md", threatsPage()],
    ["README.md", between(current("README.md") ?? "", "commands", helpText())],
  ]);
}

function schema(title: string, shape: z.ZodType): object {
  return { title, ...z.toJSONSchema(shape, { io: "output" }) };
}

/** `text` with what stands between the markers of that name replaced. */
function between(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`README.md lacks the markers of ${name}.`);
  return `${before}${begin}\n\n${content}\n\n${end}${after}`;
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
