import { existsSync, globSync, readFileSync } from "node:fs";
import { ATTACKS, FAULTS, LIMITS } from "./threat-cases.ts";

const ID = /\b(?:[WAPISGXODBM]-\d{2}|F\d{2})\b/g;
/** Decisions inject no fault: there F10 is a row of the behaviour, not the fault. */
const NO_FAULTS = /^test\/unit\/domain\//;
const SHOWN = 2;

/** The page of attacks and faults: how each is met, and the tests whose names say so. Throws on a case without either. */
export function threatsPage(): string {
  const tests = testsById();
  return `# Attacks and faults

Made by \`npm run generate\` from \`scripts/threat-cases.ts\` and the names of the tests: a test is named by the cases that it shows. Where it is feasible the attack is first shown to work with the guard composed away.

## Known limits
${LIMITS}
## Attacks

${table(ATTACKS, tests)}

## Faults

${table(FAULTS, tests)}
`;
}

function table(cases: string, tests: ReadonlyMap<string, readonly string[]>): string {
  const rows = cases
    .trim()
    .split("\n")
    .map((line) => rowOf(line, tests));
  return ["| Case | What holds | Where | Tests |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

function rowOf(line: string, tests: ReadonlyMap<string, readonly string[]>): string {
  const [id = "", holds = "", file = "", reason] = line.split("|").map((part) => part.trim());
  if (!existsSync(`src/${file}`))
    throw new Error(
      `scripts/threat-cases.ts, ${id}: there is no src/${file}; name the file that holds now.`,
    );
  const found = tests.get(id) ?? [];
  if (found.length === 0 && !reason)
    throw new Error(
      `${id} has no test that is named by it: name one, or say why in scripts/threat-cases.ts.`,
    );
  const more = found.length > SHOWN ? ` and others` : "";
  const shown =
    found
      .slice(0, SHOWN)
      .map((path) => `\`${path}\``)
      .join(", ") + more;
  return `| ${id} | ${holds} | \`${file}\` | ${[shown, reason].filter(Boolean).join("; ")} |`;
}

/** Test files by the ids that stand in them, comments left out; paths below \`test/\` without their ending. */
function testsById(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const path of globSync("test/**/*.ts").sort()) {
    const text = readFileSync(path, "utf8").replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, "");
    for (const id of new Set(text.match(ID))) {
      if (id.startsWith("F") && NO_FAULTS.test(path)) continue;
      const short = path.replace(/^test\//, "").replace(/(?:\.test)?\.ts$/, "");
      found.set(id, [...(found.get(id) ?? []), short]);
    }
  }
  return found;
}
