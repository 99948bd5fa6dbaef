import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

// The build of a service without a compiler: every file must at least parse.
const files = process.argv
  .slice(2)
  .flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, name)))
  .filter((file) => file.endsWith(".js"));

const broken = files.filter((file) => {
  const check = spawnSync(process.execPath, ["--check", file], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  return check.status !== 0;
});

console.log(`${files.length} files checked, ${broken.length} broken`);
process.exitCode = broken.length > 0 ? 1 : 0;
