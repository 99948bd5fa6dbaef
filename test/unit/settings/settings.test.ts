import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { readSettings, type Settings } from "../../../src/settings.ts";
import { DOCUMENTED, envExample } from "../../../src/settings-table.ts";

const key = generateKeyPairSync("rsa", { modulusLength: 2048 })
  .privateKey.export({ type: "pkcs1", format: "pem" })
  .toString();
const SECRET = "0123456789abcdef0123456789abcdef";

function minimal(more: Record<string, string> = {}): Record<string, string | undefined> {
  return {
    APP_ID: "7",
    PRIVATE_KEY: key,
    WEBHOOK_SECRET: SECRET,
    ANTHROPIC_API_KEY: "sk-test",
    ...more,
  };
}

function settingsOf(env: Record<string, string | undefined>): Settings {
  const read = readSettings(env);
  if ("problems" in read) throw new Error(read.problems.join("\n"));
  return read.settings;
}

function problemsOf(env: Record<string, string | undefined>): readonly string[] {
  const read = readSettings(env);
  return "problems" in read ? read.problems : [];
}

test(".env.example is what the table says", () => {
  expect(readFileSync(new URL("../../../.env.example", import.meta.url), "utf8")).toBe(
    envExample(),
  );
});

test("every variable that the reader asks for is documented, and the other way round", () => {
  const asked = new Set<string>();
  const spy = new Proxy(minimal(), {
    get(target, name) {
      asked.add(String(name));
      return Reflect.get(target, name) as string | undefined;
    },
  });
  readSettings(spy);
  const documented = Object.keys(DOCUMENTED);
  for (const name of documented) expect(asked, name).toContain(name);
  const usual =
    /^(ANTHROPIC|OPENAI|GOOGLE|GEMINI|GOOGLE_GENERATIVE_AI)_API_KEY(_FILE)?$|^XDG_DATA_HOME$/;
  for (const name of asked) {
    if (!usual.test(name)) expect(documented).toContain(name.replace(/_FILE$/, ""));
  }
});

test("the minimum gives the documented defaults", () => {
  const settings = settingsOf(minimal());
  expect(settings.server).toEqual({ host: "127.0.0.1", port: 3000, logLevel: "info" });
  expect(settings.github.apiUrl).toBe("https://api.github.com");
  expect(settings.model.provider).toBe("anthropic");
  expect(settings.model.apiKey?.reveal()).toBe("sk-test");
  expect(settings.limits.wallMs).toBe(30 * 60_000);
  expect(settings.app.allowedOwners).toBeUndefined();
  for (const [name, row] of Object.entries(DOCUMENTED)) {
    if (row.example === "" || "required" in row) continue;
    expect(problemsOf(minimal({ [name]: row.example })), name).toEqual([]);
  }
});

test("all problems are reported at once, each naming its variable", () => {
  const problems = problemsOf({ PORT: "70000", GITHUB_API_URL: "ftp://x", EGRESS_ALLOW: "nohost" });
  const named = problems.map((problem) => problem.split(/[: ]/)[0]);
  expect(named).toEqual(
    expect.arrayContaining(
      "APP_ID PRIVATE_KEY WEBHOOK_SECRET MODEL_PROVIDER PORT GITHUB_API_URL EGRESS_ALLOW".split(
        " ",
      ),
    ),
  );
  expect(problems).toHaveLength(7);
});

test.each(["", "development", "x".repeat(31), " ".repeat(40)])(
  "W-06: the webhook secret %j is refused",
  (secret) => {
    expect(problemsOf(minimal({ WEBHOOK_SECRET: secret })).join()).toContain("WEBHOOK_SECRET");
  },
);

test("secrets come from files too, and a file that cannot be read is one problem", () => {
  const path = join(mkdtempSync(join(tmpdir(), "settings-")), "secret");
  writeFileSync(path, `${SECRET}\n`);
  const env = minimal({ WEBHOOK_SECRET_FILE: path });
  delete env["WEBHOOK_SECRET"];
  expect(settingsOf(env).app.webhookSecrets.map((secret) => secret.reveal())).toEqual([SECRET]);
  const missing = minimal({ WEBHOOK_SECRET_FILE: `${path}-missing` });
  delete missing["WEBHOOK_SECRET"];
  expect(problemsOf(missing)).toEqual([
    expect.stringContaining("WEBHOOK_SECRET_FILE: cannot read"),
  ]);
});

test("secrets leave the environment and do not print", () => {
  const env = minimal({
    DATABASE_URL: "postgres://u:canary-in-url@db/x",
    OPENAI_API_KEY: "canary",
  });
  const settings = settingsOf(env);
  expect(inspect(env)).not.toMatch(/canary|sk-test|PRIVATE KEY|0123456789abcdef/);
  expect(inspect(settings, { depth: 9 }) + JSON.stringify(settings)).not.toMatch(
    /canary|sk-test|PRIVATE KEY|0123456789abcdef/,
  );
});

test("an escaped one-line key works and a broken one is refused", () => {
  const oneLine = key.replaceAll("\n", "\\n");
  expect(
    settingsOf(minimal({ PRIVATE_KEY: oneLine }))
      .app.privateKey.reveal()
      .trim(),
  ).toBe(key.trim());
  expect(problemsOf(minimal({ PRIVATE_KEY: "nonsense" }))).toHaveLength(1);
});

test("an openai-compatible server needs an address and a model, not a key", () => {
  const env = minimal({ MODEL_PROVIDER: "openai-compatible" });
  delete env["ANTHROPIC_API_KEY"];
  expect(problemsOf({ ...env })).toHaveLength(2);
  const local = { MODEL_BASE_URL: "http://127.0.0.1:11434/v1/", MODEL_MEDIUM: "local" };
  expect(settingsOf({ ...env, ...local }).model).toMatchObject({
    baseUrl: "http://127.0.0.1:11434/v1",
    tiers: { large: "local", medium: "local", small: "local" },
  });
});

test("P8: other installations are named with the ids of their apps", () => {
  const alone = settingsOf(minimal());
  expect(alone.orchestrators).toEqual({ name: "backend-orchestrator", others: new Map() });
  const two = settingsOf(
    minimal({
      ORCHESTRATOR_NAME: "frontend-orchestrator",
      HAND_OFF_APPS: "backend-orchestrator=12, mobile-orchestrator=34",
    }),
  );
  expect(two.orchestrators.name).toBe("frontend-orchestrator");
  expect([...two.orchestrators.others]).toEqual([
    [12, "backend-orchestrator"],
    [34, "mobile-orchestrator"],
  ]);
  for (const wrong of ["backend-orchestrator", "12", "a=b", "x y=1", "backend-orchestrator=0"])
    expect(problemsOf(minimal({ HAND_OFF_APPS: wrong })).join(), wrong).toContain("HAND_OFF_APPS");
});
