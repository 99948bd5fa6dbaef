/** `npm run doctor`: the environment and our own definitions; with `--agents` or `--skills`, any folders instead. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type CheckOutcome, checkEnvironment } from "../doctor/environment.ts";
import { examineTree, type Tree, type TreeReport } from "../doctor/examine.ts";
import { checksText, treeText } from "../doctor/print.ts";
import { readSettings } from "../settings.ts";

const PACKAGE_DIR = resolve(import.meta.dirname, "..", "..");
const USAGE = `Usage: npm run doctor [-- --agents DIR] [--skills DIR] [--json]

Without folders: checks this machine and our own agents and skills.
With folders: examines these instead. Exit code 1 if anything is an error.
`;

const SETTINGS_OF_AN_APP = ["APP_ID", "PRIVATE_KEY", "WEBHOOK_SECRET"];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      agents: { type: "string" },
      skills: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const isOwn = values.agents === undefined && values.skills === undefined;
  const environment = isOwn ? await checkEnvironment(environmentOf(process.env)) : undefined;
  const report = await examineTree(isOwn ? ownTree() : givenTree(values));
  print(values.json, { environment, report });
  const broken = environment?.some((outcome) => outcome.state === "error") ?? false;
  if (broken || !report.ok) process.exitCode = 1;
}

function environmentOf(env: NodeJS.ProcessEnv): Parameters<typeof checkEnvironment>[0] {
  const configured = SETTINGS_OF_AN_APP.some((name) => env[name] ?? env[`${name}_FILE`]);
  return { path: env["PATH"] ?? "", home: homedir(), configured, read: readSettings(env), fetch };
}

function ownTree(): Tree {
  return {
    agentsDir: join(PACKAGE_DIR, "agents"),
    skillsDir: join(PACKAGE_DIR, "skills"),
    own: true,
  };
}

function givenTree(values: { agents?: string; skills?: string }): Tree {
  return {
    ...(values.agents === undefined ? {} : { agentsDir: resolve(values.agents) }),
    ...(values.skills === undefined ? {} : { skillsDir: resolve(values.skills) }),
    own: false,
  };
}

function print(
  json: boolean,
  found: { environment: readonly CheckOutcome[] | undefined; report: TreeReport },
): void {
  const { environment, report } = found;
  if (json)
    process.stdout.write(
      `${JSON.stringify({ ...(environment && { environment }), ...report }, null, 2)}\n`,
    );
  else process.stdout.write(`${environment ? checksText(environment) : ""}${treeText(report)}`);
}

try {
  await main();
} catch (error) {
  const { code, path, message } = error as NodeJS.ErrnoException;
  const text = code === "ENOENT" ? `There is no folder ${path ?? ""}.` : message;
  process.stderr.write(`doctor: ${text}\n`);
  process.exitCode = 1;
}
