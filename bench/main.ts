/** `npm run bench [-- PART...] [--quick] [--write]`: measures against baselines of the same run, and asserts nothing. */
import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { CONTROL } from "./control.ts";
import { ENGINE } from "./engine.ts";
import { INGRESS } from "./ingress.ts";
import { load } from "./measure.ts";
import { RUN } from "./run.ts";
import { markdownOf, type Part } from "./section.ts";
import { INSTRUCTIONS } from "./told.ts";

const PARTS: readonly Part[] = [INGRESS, RUN, ENGINE, INSTRUCTIONS, CONTROL];
const NAMES = PARTS.map(({ name }) => name).join(", ");
const PAGE = fileURLToPath(new URL("../docs/benchmarks.md", import.meta.url));
const USAGE = `npm run bench [-- PART...] [--quick] [--write]
  PART     one or more of ${NAMES}; all of them unless told
  --quick  so few measurements that only the bench itself is tried
  --write  put what was measured into docs/benchmarks.md
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const unknown = positionals.filter((name) => PARTS.every((part) => part.name !== name));
  if (values.help || unknown.length > 0) {
    if (unknown.length > 0) process.stderr.write(`There is no part ${unknown.join(", ")}.\n`);
    process.stderr.write(USAGE);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const chosen = PARTS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  for (const part of chosen) {
    const text = await measured(part, values.quick);
    if (text === undefined) continue;
    process.stdout.write(`${text}\n\n`);
    if (values.write) await writeInto(part.name, text);
  }
}

/** Undefined when the part broke: the others are measured all the same, and the exit code tells. */
async function measured(part: Part, quick: boolean): Promise<string | undefined> {
  function say(text: string): void {
    process.stderr.write(`[${part.name}] ${text}\n`);
  }
  const begun = performance.now();
  const before = load();
  try {
    const section = await part.run({ quick, say });
    const took = Math.round((performance.now() - begun) / 1_000);
    return `${markdownOf(section)}\n\n${machine()}, load average ${before} before and ${load()} after; took ${took} s.`;
  } catch (error) {
    say(`could not be measured: ${(error as Error).stack ?? String(error)}`);
    process.exitCode = 1;
    return undefined;
  }
}

function machine(): string {
  const model = cpus()[0]?.model.trim() ?? "unknown processor";
  const day = new Date().toISOString().slice(0, 10);
  return `Measured ${day} on ${availableParallelism()} cores (${model}), Node ${process.versions.node}`;
}

/** Replaces what the page says of one part, and nothing else of it. */
async function writeInto(name: string, text: string): Promise<void> {
  const page = await readFile(PAGE, "utf8");
  const begin = `<!-- begin ${name}: written by npm run bench -- --write -->`;
  const from = page.indexOf(begin);
  const to = page.indexOf(`<!-- end ${name} -->`);
  if (from < 0 || to < from)
    throw new Error(`${PAGE} has lost the markers of ${name}: put them back.`);
  await writeFile(PAGE, `${page.slice(0, from)}${begin}\n\n${text}\n\n${page.slice(to)}`);
}

await main();
