/** `npm run local-github`: the local GitHub alone, with a sample repository, people and an app. */
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { createLocalGitHub } from "../playground/github/create.ts";
import type { LocalGitHub } from "../playground/github/hub.ts";
import { createPages } from "../playground/pages/pages.ts";

const HELP = `Usage: npm run local-github -- [--port N] [--data DIR] [--webhook URL] [--json]

  --port N     port to listen on (default 4100; 0 = any free one)
  --data DIR   keep repositories and state there and adopt them at the next start
               (default: a temporary folder, deleted at the end)
  --webhook U  address to which the sample app's webhooks are sent (default: none are)
  --json       print one line of JSON instead of text
`;

const FILES = {
  "README.md": "# Sample\n\nA repository on the local GitHub.\n",
  "package.json": '{ "name": "sample", "type": "module", "scripts": { "test": "node --test" } }\n',
  "src/sum.js": "export function sum(a, b) {\n  return a + b;\n}\n",
} as const;

const PEOPLE = [
  ["alice", "admin"],
  ["bob", "write"],
  ["olive", "read"],
] as const;

const PERMISSIONS = {
  checks: "write",
  contents: "write",
  issues: "write",
  pull_requests: "write",
  statuses: "write",
} as const;

const EVENTS = [
  "check_run",
  "check_suite",
  "issue_comment",
  "issues",
  "pull_request",
  "pull_request_review",
  "pull_request_review_comment",
  "pull_request_review_thread",
  "push",
];

interface Options {
  port: number;
  data: string | undefined;
  webhook: string | undefined;
  json: boolean;
}

interface Shown {
  url: string;
  api: string;
  repository: string;
  users: { login: string; role: string; token: string }[];
  app: {
    id: number;
    slug: string;
    installation: number;
    privateKeyFile: string;
    webhookSecret: string;
    webhookUrl: string | null;
  };
  data: string;
}

function readOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      port: { type: "string", default: "4100" },
      data: { type: "string" },
      webhook: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    process.exit(0);
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`Read --port ${values.port}: give a number from 0 to 65535.`);
  }
  return { port, data: values.data, webhook: values.webhook, json: values.json };
}

/** Fills an empty hub; one that was adopted keeps what it has. */
async function furnish(hub: LocalGitHub, dir: string): Promise<void> {
  if (hub.store.accounts.size > 0) return;
  for (const [login] of PEOPLE) hub.createUser({ login, name: capitalized(login) });
  await hub.createRepository({ owner: "alice", name: "sample", from: FILES });
  for (const [login, role] of PEOPLE.slice(1)) hub.setCollaborator("alice/sample", login, role);
  const app = hub.createApp({ slug: "sample-app", permissions: PERMISSIONS, events: EVENTS });
  await hub.install("sample-app", "alice", "all");
  const file = keyFile(dir);
  await writeFile(file, app.privateKeyPem);
  await chmod(file, 0o600);
}

function keyFile(dir: string): string {
  return join(dir, "sample-app.private-key.pem");
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function describe(hub: LocalGitHub, dir: string): Shown {
  const app = hub.store.app("sample-app");
  const installation = hub.store.installations.find((i) => i.appId === app?.id);
  if (app === undefined || installation === undefined) {
    throw new Error(`Adopt ${dir}: it was left by another program; choose another --data folder.`);
  }
  return {
    url: hub.url,
    api: `${hub.url}/api/v3`,
    repository: `${hub.url}/alice/sample`,
    users: PEOPLE.map(([login, role]) => ({ login, role, token: hub.userToken(login) })),
    app: {
      id: app.id,
      slug: app.slug,
      installation: installation.id,
      privateKeyFile: keyFile(dir),
      webhookSecret: app.webhookSecret ?? "",
      webhookUrl: app.webhookUrl,
    },
    data: dir,
  };
}

function text(shown: Shown): string {
  const [alice] = shown.users;
  const git = shown.repository.replace("http://", `http://x-access-token:${alice?.token ?? ""}@`);
  return `The local GitHub is running. Ctrl-C ends it.

Pages        ${shown.url}
REST         ${shown.api}  (GHES form; also without /api/v3)
GraphQL      ${shown.url}/graphql
Repository   ${shown.repository}

People (token in: Authorization: Bearer TOKEN)
${shown.users.map((u) => `  ${u.login.padEnd(6)} ${u.role.padEnd(6)} ${u.token}`).join("\n")}

GitHub App ${shown.app.slug}
  app id          ${shown.app.id}
  installation    ${shown.app.installation}
  private key     ${shown.app.privateKeyFile}
  webhook secret  ${shown.app.webhookSecret}
  webhooks to     ${shown.app.webhookUrl ?? "nobody; start with --webhook URL"}

Try
  git clone ${git}.git
  curl -H "Authorization: Bearer ${alice?.token ?? ""}" ${shown.api}/repos/alice/sample/issues \\
    -d '{"title": "Hello"}'
Data in ${shown.data}
`;
}

/** Starts and furnishes a hub; leaves nothing behind when that fails. */
async function start(options: Options): Promise<() => Promise<void>> {
  const kept = options.data !== undefined;
  const dir = resolve(options.data ?? (await mkdtemp(join(tmpdir(), "local-github-"))));
  const path = process.env["PATH"];
  let hub: LocalGitHub | undefined;
  async function end(): Promise<void> {
    await hub?.close();
    if (!kept) await rm(dir, { recursive: true, force: true });
  }
  try {
    hub = await createLocalGitHub({
      dataDir: dir,
      port: options.port,
      persist: kept,
      pages: createPages(),
      ...(path === undefined ? {} : { path }),
    });
    await furnish(hub, dir);
    if (options.webhook !== undefined) {
      hub.updateApp("sample-app", { webhookUrl: options.webhook });
    }
    const shown = describe(hub, dir);
    process.stdout.write(options.json ? `${JSON.stringify(shown)}\n` : text(shown));
  } catch (error) {
    await end();
    throw error;
  }
  return end;
}

async function main(): Promise<void> {
  const starting = start(readOptions(process.argv.slice(2)));
  const asked = new Promise((wake) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, wake);
  });
  // A Ctrl-C while it starts waits for that, so that nothing half made is left.
  const end = await starting;
  await asked;
  await end();
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
