/** `npm run bench [-- PART...] [--quick] [--write]`: measures against baselines of the same run, and asserts nothing. */
import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { CONTROL } from "./control.ts";
import { INGRESS } from "./ingress.ts";
import { load } from "./measure.ts";
import { RUN } from "./run.ts";
import { markdownOf, type Part } from "./section.ts";
import { INSTRUCTIONS } from "./told.ts";

const PARTS: readonly Part[] = [INGRESS, RUN, INSTRUCTIONS, CONTROL];
const PAGE = fileURLToPath(new URL("../docs/benchmarks.md", import.meta.url));
const BEGIN = "<!-- begin: written by npm run bench -- --write -->";
const END = "<!-- end -->";

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { quick: { type: "boolean", default: false }, write: { type: "boolean" } },
  });
  const unknown = positionals.filter((name) => PARTS.every((part) => part.name !== name));
  if (unknown.length > 0) {
    const names = PARTS.map((part) => part.name).join(", ");
    process.stderr.write(`There is no part ${unknown.join(", ")}: use ${names}.\n`);
    process.exitCode = 2;
    return;
  }
  const chosen = PARTS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const texts = [machine()];
  process.stdout.write(`${texts[0]}\n\n`);
  for (const part of chosen) {
    const text = await runPart(part, values.quick);
    process.stdout.write(`${text}\n\n`);
    texts.push(text);
  }
  if (values.write) await writePage(texts.join("\n\n"));
}

async function runPart(part: Part, quick: boolean): Promise<string> {
  const begun = performance.now();
  const before = load();
  function say(text: string): void {
    process.stderr.write(`[${part.name}] ${text}\n`);
  }
  const section = await part.run({ quick, say });
  const took = Math.round((performance.now() - begun) / 1_000);
  return `${markdownOf(section)}\n\nLoad average ${before} before and ${load()} after; took ${took} s.`;
}

function machine(): string {
  const model = cpus()[0]?.model.trim() ?? "unknown processor";
  return `Measured ${new Date().toISOString().slice(0, 10)} on ${availableParallelism()} cores (${model}), Node ${process.versions.node}, load average ${load()} at the start.`;
}

/** Replaces the generated part of the page, and nothing else of it. */
async function writePage(text: string): Promise<void> {
  const page = await readFile(PAGE, "utf8");
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < from) throw new Error(`${PAGE} has lost its markers: put them back.`);
  await writeFile(PAGE, `${page.slice(0, from)}${BEGIN}\n\n${text}\n\n${page.slice(to)}`);
}

await main();
