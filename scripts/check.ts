/** The one gate: generated files, format, lint with floors, types, unused code. Exits 1 if any of them fails. */
import { spawnSync } from "node:child_process";

const STEPS: readonly (readonly [name: string, command: string, args: readonly string[]])[] = [
  ["generated files are current", "node", ["scripts/generate.ts", "--check"]],
  ["format", "biome", ["check", "."]],
  ["lint and floors", "oxlint", ["--type-aware", "--deny-warnings"]],
  ["types", "tsc", ["-p", "tsconfig.json"]],
  ["unused code and dependencies", "knip", []],
];

let failed = 0;
for (const [name, command, args] of STEPS) {
  const { status } = spawnSync(command, args, { stdio: "inherit" });
  process.stdout.write(`${status === 0 ? "ok  " : "FAIL"} ${name}\n`);
  if (status !== 0) failed += 1;
}
process.exitCode = failed === 0 ? 0 : 1;
